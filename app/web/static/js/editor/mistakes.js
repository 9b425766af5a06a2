// Typical mistakes of a part: recognised, explained to the student, and kept apart from the right answer.
import { say } from "../words.js";
import { condition } from "./criterion.js";
import { button, fresh, h } from "./dom.js";
import { namedRows } from "./named.js";
import { renameMistake } from "./references.js";
import { placed, tick, troubles, wordsInput } from "./rows.js";
import { world } from "./worlds.js";

/** The mistakes of the part at `part()`. */
export function mistakes(draft, part) {
  const path = () => [...part(), "mistakes"];
  const byCells = (name) => draft.get([...path(), name, "when"]) === undefined;
  const adder = button(say("Add a mistake"), () => rows.add({ set: {}, says: "" }, "slip"));
  const rows = namedRows(draft, {
    path,
    nouns: ["parts"],
    label: say("Typical mistakes"),
    called: (name) => say("Mistake {name}", { name }),
    clash: (wanted) => say("Another mistake of this part is called {wanted}.", { wanted }),
    rename: (from, to) => renameMistake(draft, part(), from, to),
    content: (row) => mistake(draft, part, row, byCells(row.name())),
    variant: (name) => (byCells(name) ? "cells" : "when"),
    after: () => adder,
  });
  return h("div", { class: "fields" }, rows.list, h("p", { class: "toolbar" }, adder), troubles(draft, path));
}

function mistake(draft, part, { here, head, tools, list }, byCells) {
  // The row is made anew with other inputs; the focus stays at the choice.
  function turn(cells) {
    const { set, when, may_hide, ...rest } = draft.get(here()()) ?? {};
    const place = here()().join(".");
    draft.set(here()(), cells ? { set: {}, ...rest } : { when: "", ...rest });
    list.querySelector(`[data-path="${CSS.escape(place)}"] input[value=${cells ? "cells" : "when"}]`)?.focus();
  }
  return [
    h("div", { class: "mistake-head" }, head, kinds(byCells, turn), tools),
    byCells
      ? world(draft, here("set"), say("Whoever makes this mistake goes on as if"))
      : h("div", { class: "world" }, condition(draft, part, here("when"), say("Seen when"), "when", { placeholder: "x.value == 0" })),
    placed(draft, here("says"), say("Said to the student (needed)"), wordsInput(draft, here("says"), { rows: 2, maxlength: 2000 })),
    byCells ? tick(draft, here("may_hide"), say("In some variants it may not show"), { hint: say("As a rule draws are repeated where this mistake leads to the right answer. Tick this if that may happen.") }) : "",
  ];
}

function kinds(byCells, turn) {
  const group = fresh("kind");
  const choice = (value, words) => {
    const input = h("input", { type: "radio", name: group, value, checked: (value === "cells") === byCells });
    input.addEventListener("change", () => turn(value === "cells"));
    return h("label", {}, input, words);
  };
  return h("div", { class: "labelled" }, h("span", { class: "label-words", id: group }, say("Recognised by")), h("div", { class: "segments", role: "radiogroup", "aria-labelledby": group }, choice("cells", say("other values")), choice("when", say("a condition"))));
}
