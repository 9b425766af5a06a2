// `where`: what every drawn variant has to meet.
import { say } from "../words.js";
import { formulaInput } from "./cells.js";
import { button, h, keyed, listen, live, marked, movable } from "./dom.js";

const EXAMPLES = [
  ["a != b", say("two values differ")],
  ["distinct(x)", say("no two entries of a list are equal")],
  ["H % f == 0", say("H can be divided by f")],
  ["whole(out)", say("the result is a whole number")],
  ["abs(y) < 100", say("numbers stay small")],
  ["any(v != 0 for v in x)", say("not all entries are zero")],
];

/** The list of conditions, with its heading. */
export function conditions(draft) {
  const list = h("div", { class: "sheet", role: "group", "aria-label": say("Conditions") });
  const all = () => draft.get(["where"]) ?? [];

  const show = () => keyed(list, all(), (item, index) => index, (item, key, index) => row(index));

  function row(index) {
    const complaint = h("p", { class: "complaint", hidden: true });
    const path = () => ["where", index];
    const node = h(
      "div",
      { class: "sheet-row condition", role: "group", "data-path": `where.${index}`, "aria-label": say("Condition {n}", { n: index + 1 }) },
      formulaInput(draft, path, say("Condition {n}", { n: index + 1 })),
      h("div", { class: "row-tools" }, [
        button(say("Move up"), () => move(-1), { icon: "↑" }),
        button(say("Move down"), () => move(1), { icon: "↓" }),
        button(say("Remove"), remove, { icon: "×" }),
      ]),
      complaint,
    );
    function problems() {
      const says = [...new Set(draft.problemsAt(path()).map((one) => one.says))].join(" ");
      complaint.replaceChildren(...marked(says));
      complaint.hidden = !says;
    }
    function move(step) {
      const to = index + step;
      if (to < 0 || to >= all().length) return;
      draft.move(["where"], index, to);
      list.children[to].querySelector("textarea").focus();
      live(say("Condition {n} of {all}", { n: to + 1, all: all().length }));
    }
    function remove() {
      draft.set(["where"], all().length > 1 ? all().filter((_, i) => i !== index) : undefined);
      (list.lastElementChild?.querySelector("textarea") ?? adder).focus();
    }
    movable(node, move);
    listen(node, draft, "problems", problems);
    problems();
    return node;
  }

  function add(text) {
    draft.insert(["where"], all().length, text);
    list.lastElementChild.querySelector("textarea").focus();
  }
  const adder = button(say("Add a condition"), () => add(""));
  listen(list, draft, "change", show);
  show();
  return h(
    "section",
    { class: "text-section" },
    h("h2", {}, say("Conditions")),
    h("p", { class: "hint" }, say("Draws are repeated until all of these are true. The printed paper stays as it was printed.")),
    list,
    h("p", { class: "toolbar" }, adder),
    h(
      "details",
      { class: "inserts" },
      h("summary", {}, say("Examples of conditions")),
      h("div", { class: "chips" }, EXAMPLES.map(([text, says]) => h("button", { type: "button", class: "chip", title: says, onclick: () => add(text) }, h("code", {}, text), ` ${says}`))),
    ),
  );
}
