// Errors carried forward: which cells are replaced by what the student answered earlier.
import { say } from "../words.js";
import { fresh, h, keyed, listen } from "./dom.js";
import { concerns } from "./rows.js";

/** The cell whose answer a field asks for, where it is a variable. */
function cellOf(draft, field) {
  const answer = typeof field?.answer === "string" ? field.answer.trim() : "";
  return draft.get(["variables", answer]) === undefined ? null : answer;
}

/** The cells that can be carried into a part, or into a field of it, as [cell, field, label of the part]. */
export function candidates(draft, number, field = null) {
  const found = new Map();
  const note = (one, part) => {
    for (const [name, each] of Object.entries(one ?? {})) {
      const cell = cellOf(draft, each);
      if (cell && !found.has(cell)) found.set(cell, [cell, name, part]);
    }
  };
  const parts = draft.get(["parts"]) ?? [];
  for (const part of parts.slice(0, number)) note(part.fields, part.label || part.id);
  if (field !== null) {
    const earlier = Object.entries(parts[number]?.fields ?? {});
    const end = earlier.findIndex(([name]) => name === field);
    note(Object.fromEntries(earlier.slice(0, Math.max(0, end))), parts[number]?.label || parts[number]?.id);
    const own = cellOf(draft, parts[number]?.fields?.[field]);
    if (own) found.delete(own);
  }
  return [...found.values()];
}

/** Boxes to tick at `path()`; `options()` are the candidates. Hides `whole` where there is nothing to carry. */
export function carryBoxes(draft, path, options, whole) {
  const list = h("ul", { class: "ticks" });
  const now = () => [draft.get(path()) ?? []].flat();

  function show() {
    const offered = options();
    const strange = now().filter((cell) => !offered.some(([one]) => one === cell));
    const all = [...offered, ...strange.map((cell) => [cell, null, null])];
    (whole ?? list).hidden = !all.length;
    list.dataset.path = path().join(".");
    keyed(list, all, ([cell]) => cell, row);
  }
  function row([cell]) {
    const id = fresh("carry");
    const box = h("input", { type: "checkbox", id });
    const words = h("span", {});
    box.addEventListener("change", () => {
      const order = options().map(([one]) => one);
      const wanted = box.checked ? [...now(), cell] : now().filter((one) => one !== cell);
      wanted.sort((a, b) => order.indexOf(a) - order.indexOf(b));
      draft.set(path(), wanted.length ? wanted : undefined);
    });
    const node = h("li", {}, h("label", { class: "check", for: id }, box, words));
    node.update = ([, field, part]) => {
      box.checked = now().includes(cell);
      words.replaceChildren(h("code", {}, cell), field ? ` ${say("as answered in {field} (part {part})", { field, part })}` : ` ${say("which is the answer of no earlier field")}`);
    };
    node.update([cell, ...(options().find(([one]) => one === cell)?.slice(1) ?? [null, null])]);
    return node;
  }
  listen(list, draft, "change", ({ detail }) => concerns(detail, "parts", "variables") && show());
  show();
  return list;
}
