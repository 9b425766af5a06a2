// Rows of things that have names: fields, mistakes, conditions, readings, drawings. Each is added, renamed, moved and
// removed in the same way, by mouse and by keyboard, and keeps its node (and the caret in it) through all of this.
import { say } from "../words.js";
import { freeName, h, keyed, listen, live, movable } from "./dom.js";
import { NAME, RESERVED } from "./renaming.js";
import { concerns, focusRole, Keys, nameInput, placed, roleOf, rowTools } from "./rows.js";

/**
 * The rows of the map at `path()`.
 *   nouns     what must change for the rows to be looked at again
 *   label     the name of the list
 *   called    (name) => the name of a row, for those who hear it
 *   taken     () => all names that are taken (those of the map, if left out); `clash` says so
 *   rename    (from, to) => takes a new name along
 *   content   ({here, name, head, tools, list}) => the row's nodes; here(...steps)() is a path, head the box with the name
 *   refresh   (node, name) => called when something has changed
 *   variant   (name) => a word; where it changes the row is made anew
 *   after     () => what has the focus when the last row has gone
 * Answers {list, add(value, wanted), names}.
 */
export function namedRows(draft, { path, nouns, label, called, taken, clash, rename, content, refresh, variant = () => "", after, style = "field-row" }) {
  const list = h("div", { class: "sheet", role: "group", "aria-label": label });
  const names = () => Object.keys(draft.get(path()) ?? {});
  const keys = new Keys();
  const show = () => keyed(list, names(), (name) => `${keys.of(name)} ${variant(name)}`, (name) => row(name));

  function add(value, wanted) {
    const name = freeName([...(taken?.() ?? names()), ...RESERVED], wanted);
    draft.set([...path(), name], value);
    focusRole(list.lastElementChild, "name");
    list.lastElementChild.querySelector("input").select();
    live(say("{name} added", { name }));
    return name;
  }

  function row(first) {
    let name = first;
    const here = (...more) => () => [...path(), name, ...more];
    const named = nameInput(() => name, {
      "data-role": "name",
      refused(wanted) {
        if (!NAME.test(wanted) || RESERVED.has(wanted)) return say("A name is made of letters, digits and _, and begins with a letter.");
        return (taken?.() ?? names()).includes(wanted) ? clash(wanted) : "";
      },
      rename(wanted) {
        const before = name;
        keys.renamed(before, wanted);
        name = wanted;
        rename(before, wanted);
        live(say("{before} is now called {wanted} wherever it is named", { before, wanted }));
      },
    });
    const tools = rowTools(() => name, { move, remove });
    const head = h("div", {}, placed(draft, here(), say("Name"), named.control, { exact: true }), named.says);
    const node = h("div", { class: `sheet-row ${style}`, role: "group" });
    node.append(...content({ here, name: () => name, head, tools, list }));

    function move(step) {
      const from = names().indexOf(name);
      const to = from + step;
      if (to < 0 || to >= names().length) return live(step < 0 ? say("{name} is the first already", { name }) : say("{name} is the last already", { name }));
      const role = roleOf(document.activeElement);
      draft.move(path(), from, to);
      if (!node.contains(document.activeElement)) focusRole(node, role);
      return live(say("{name} is now number {n} of {all}", { name, n: to + 1, all: names().length }));
    }
    function remove() {
      const next = node.nextElementSibling ?? node.previousElementSibling;
      const left = Object.entries(draft.get(path())).filter(([one]) => one !== name);
      draft.set(path(), left.length ? Object.fromEntries(left) : undefined);
      if (next) focusRole(next, "name");
      else after().focus();
      live(say("{name} removed; undo brings it back", { name }));
    }
    node.update = (now) => {
      name = now;
      node.dataset.path = here()().join(".");
      node.setAttribute("aria-label", called(name));
      named.show();
      tools.rename();
      refresh?.(node, name);
    };
    node.update(name);
    return movable(node, move);
  }

  listen(list, draft, "change", ({ detail }) => concerns(detail, ...nouns) && show());
  show();
  return { list, add, names };
}
