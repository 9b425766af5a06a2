// Conditions of a part that have a name, to be used in several criteria.
import { say } from "../words.js";
import { formulaInput } from "./cells.js";
import { button, h } from "./dom.js";
import { factGroups, picker } from "./facts.js";
import { namedRows } from "./named.js";
import { renameFact } from "./references.js";
import { placed } from "./rows.js";

/** The named conditions of the part at `part()`. */
export function ownFacts(draft, part) {
  const path = () => [...part(), "facts"];
  const adder = button(say("Add a condition with a name"), () => rows.add("True", "fact"));
  const rows = namedRows(draft, {
    path,
    nouns: ["parts"],
    label: say("Conditions with a name"),
    called: (name) => say("Condition {name}", { name }),
    taken: () => [...Object.keys(draft.get(path()) ?? {}), ...Object.keys(draft.get(["variables"]) ?? {})],
    clash: (wanted) => say("There is a condition or a variable called {wanted}.", { wanted }),
    rename: (from, to) => renameFact(draft, part(), from, to),
    content({ here, head, tools }) {
      const control = formulaInput(draft, here(), say("Formula"), { "data-role": "formula" });
      control.removeAttribute("aria-label");
      return [head, h("div", { class: "condition-box" }, placed(draft, here(), say("Formula"), control), picker(control, () => factGroups(draft, part), say("What a condition can name"))), tools];
    },
    after: () => adder,
    style: "fact-row",
  });
  return h("div", { class: "fields" }, rows.list, h("p", { class: "toolbar" }, adder));
}
