// The parts of a question: what each asks for, what it is worth, and how it is judged.
import { say } from "../words.js";
import { carryBoxes, candidates } from "./carrying.js";
import { leaves } from "./criteria.js";
import { condition } from "./criterion.js";
import { bind, button, freeName, h, keyed, listen, live, movable } from "./dom.js";
import { fieldNames, fields } from "./fields.js";
import { readFraction } from "../fractions.js";
import { mistakes } from "./mistakes.js";
import { ownFacts } from "./ownfacts.js";
import { inPoints, pointsInput } from "./points.js";
import { addSections, copyOfPart, removeSections, renamePart } from "./references.js";
import { concerns, focusRole, Keys, lineInput, nameInput, placed, roleOf, rowTools, tick, troubles, wordsInput } from "./rows.js";
import { rubric } from "./rubric.js";

const ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const FEW = 2;

export function mount(root, draft) {
  const all = () => draft.get(["parts"]) ?? [];
  const partIds = () => all().map((part) => part?.id);
  const keys = new Keys();
  const list = h("div", { class: "parts" });
  const adder = button(say("Add a part"), add);

  // Two parts may have the same id for a while: the second is known by its place.
  const keyOf = (part, index) => (partIds().indexOf(part?.id) === index && part?.id ? keys.of(part.id) : `at ${index}`);
  const show = () => keyed(list, all(), keyOf, (one, key, index) => card(index));

  function add() {
    const id = freeName(partIds(), nextLetter(partIds().at(-1)) ?? `part${all().length + 1}`);
    const field = freeName(fieldNames(draft), "answer");
    const cell = Object.keys(draft.get(["variables"]) ?? {}).at(-1) ?? "0";
    const grader = fitting(draft, cell);
    draft.together(() => {
      draft.insert(["parts"], all().length, {
        id,
        label: nextLabel(all()),
        points: 1,
        fields: { [field]: { grader, answer: cell } },
        criteria: [{ id: "right", points: 1, when: `${field}.right` }],
      });
      addSections(draft, id);
    });
    const made = list.lastElementChild;
    made.open = true;
    focusRole(made, "id");
    live(say("Part {id} added; the texts have a heading for it", { id }));
  }

  function card(first) {
    let index = first;
    const part = () => ["parts", index];
    const here = (...more) => () => [...part(), ...more];
    const idNow = () => draft.get(here("id")()) ?? "";
    const title = h("h3", {});
    const facts = h("span", { class: "soft" });
    const id = nameInput(idNow, {
      "data-role": "id",
      refused: (wanted) =>
        !ID.test(wanted)
          ? say("An id begins with a letter and is made of letters, digits, _ and -.")
          : partIds().includes(wanted)
            ? say("Another part is called {wanted}.", { wanted })
            : "",
      rename(wanted) {
        const before = idNow();
        keys.renamed(before, wanted);
        renamePart(draft, part(), before, wanted);
        live(say("{before} is now called {wanted}, in the texts as well", { before, wanted }));
      },
    });
    const tools = rowTools(idNow, { move, remove, more: [button(say("Duplicate"), duplicate, { class: "button quiet small", "data-role": "copy" })] });
    const form = h("select", {}, h("option", { value: "" }, say("first form")), h("option", { value: "second" }, say("second form of the same item")));
    bind(form, draft, { event: "change", read: () => (draft.get(here("form")()) === "second" ? "second" : ""), write: (value) => draft.set(here("form")(), value || undefined) });

    const follow = h("section", { class: "part-section" });
    follow.append(
      h("h4", {}, say("Errors carried forward")),
      h("p", { class: "hint" }, say("The part is judged a second time with these values as the student answered them; the better result counts.")),
      carryBoxes(draft, here("carry"), () => candidates(draft, index), follow),
      h("div", { class: "carry-if" }, condition(draft, part, here("carry_if"), say("Only if (may be left empty)"), "carry_if", { placeholder: "out != 0" })),
    );

    const node = h(
      "details",
      { class: "part-card", open: all().length <= FEW || index === 0 },
      h("summary", {}, title, facts),
      h(
        "div",
        { class: "part-body" },
        h("div", { class: "part-tools" }, tools),
        troubles(draft, part, (one) => one.path === here("fields")().join(".")),
        h("div", { class: "part-facts" }, [
          h("div", {}, placed(draft, here("id"), say("Id"), id.control, { hint: say("Its sections in the texts begin with `## {id}`.", { id: "id" }) }), id.says),
          placed(draft, here("label"), say("Label"), lineInput(draft, here("label"), { maxlength: 20, "data-role": "label" }), { hint: say("As on paper: a, b, 2.1") }),
          placed(draft, here("points"), say("Points"), pointsInput(draft, here("points"), { "data-role": "points" }), { hint: say("1, 1/2 or 2.5") }),
          placed(draft, here("title"), say("Title"), wordsInput(draft, here("title"), { maxlength: 200 }), { hint: say("May be left empty.") }),
        ]),
        h("section", { class: "part-section" }, h("h4", {}, say("Answer fields")), fields(draft, part)),
        h("section", { class: "part-section" }, h("h4", {}, say("Rubric")), rubric(draft, part)),
        h("section", { class: "part-section" }, h("h4", {}, say("Typical mistakes")), mistakes(draft, part)),
        follow,
        h("details", { class: "criterion-more" }, h("summary", {}, say("Conditions with a name, bonus, item")), [
          h("p", { class: "hint" }, say("What several criteria ask for can have a name of its own.")),
          ownFacts(draft, part),
          h("div", { class: "part-facts" }, [
            tick(draft, here("bonus"), say("A bonus"), { hint: say("Its points count on top of the full marks.") }),
            tick(draft, here("score"), say("A survey"), { hint: say("Nothing in it gives points."), read: (value) => value === "none", write: (on) => (on ? "none" : undefined) }),
            placed(draft, here("item"), say("Item of the inventory"), lineInput(draft, here("item"), { class: "typed", maxlength: 100 })),
            placed(draft, here("form"), say("Form"), form),
          ]),
        ]),
      ),
    );

    function move(step) {
      const to = index + step;
      if (to < 0 || to >= all().length) return live(step < 0 ? say("{id} is the first part already", { id: idNow() }) : say("{id} is the last part already", { id: idNow() }));
      const role = roleOf(document.activeElement);
      draft.move(["parts"], index, to);
      if (!node.contains(document.activeElement)) focusRole(node, role);
      return live(say("Part {id} is now number {n} of {all}", { id: idNow(), n: to + 1, all: all().length }));
    }
    function duplicate() {
      const copied = freeName(partIds(), idNow());
      const from = draft.get(part());
      draft.together(() => {
        draft.insert(["parts"], index + 1, { ...copyOfPart(from, copied, fieldNames(draft)), label: nextLabel(all()) });
        addSections(draft, copied, from.id);
      });
      const made = list.children[index + 1];
      made.open = true;
      focusRole(made, "id");
      live(say("{id} duplicated; the copy is called {copied}", { id: from.id, copied }));
    }
    function remove() {
      const next = node.nextElementSibling ?? node.previousElementSibling;
      const gone = idNow();
      draft.together(() => {
        draft.remove(part());
        removeSections(draft, gone);
      });
      (next?.querySelector("summary") ?? adder).focus();
      live(say("Part {id} removed with its sections; undo brings them back", { id: gone }));
    }

    node.update = (one, now) => {
      index = now;
      const points = readFraction(one?.points);
      title.textContent = [one?.label ? `${one.label})` : "", draft.words(here("title")()) || one?.id || "?"].filter(Boolean).join(" ");
      const [count, criteria] = [Object.keys(one?.fields ?? {}).length, leaves(one?.criteria).length];
      facts.textContent = [one?.score === "none" ? say("survey") : points ? inPoints(points) : say("no points"), one?.bonus ? say("bonus") : "", count === 1 ? say("1 field") : say("{n} fields", { n: count }), criteria === 1 ? say("1 criterion") : say("{n} criteria", { n: criteria })].filter(Boolean).join(" · ");
      node.dataset.path = part().join(".");
      id.show();
      tools.rename();
    };
    node.update(all()[index], index);
    return movable(node, move);
  }

  listen(root, draft, "change", ({ detail }) => concerns(detail, "parts") && show());
  listen(root, draft, "language", show);
  root.append(
    h("h2", {}, say("Parts")),
    h("p", { class: "hint" }, say("A part asks for one thing: it has fields to answer in, a rubric that gives the points, and typical mistakes that are explained. Alt with the arrow keys moves what has the focus.")),
    list,
    troubles(draft, () => ["parts"]),
    h("p", { class: "toolbar" }, adder),
  );
  show();
}

/** The label after the last one: a, b, c; nothing where labels are not letters. */
function nextLabel(parts) {
  const last = parts.at(-1)?.label;
  if (!parts.length) return "a";
  return nextLetter(last);
}

const nextLetter = (last) => (/^[a-y]$/i.test(last) ? String.fromCharCode(last.charCodeAt(0) + 1) : undefined);

/** The kind of field that asks for a cell such as this one. */
function fitting(draft, cell) {
  const value = draft.preview?.seeds?.find((one) => one.seed === 0)?.cells?.[cell]?.text ?? "";
  const wanted = /^\[\[/.test(value) ? "matrix" : /^\[[-\d]/.test(value) ? "vector" : "number";
  return wanted in draft.graders ? wanted : Object.keys(draft.graders)[0];
}
