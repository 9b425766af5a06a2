// A world: some cells of the spreadsheet hold something else, and all that follows from them is computed anew.
import { say } from "../words.js";
import { formulaInput } from "./cells.js";
import { button, h, keyed, listen, live } from "./dom.js";
import { picker, variableGroup } from "./facts.js";
import { concerns, focusRole, placed, troubles } from "./rows.js";

const MOST_NAMED = 6;

/** The cells changed at `path()`, with a sentence that says what this means; `lead` begins it. */
export function world(draft, path, lead) {
  const list = h("ul", { class: "cells-set" });
  const says = h("p", { class: "world-says" });
  const set = () => draft.get(path()) ?? {};
  const variables = () => Object.keys(draft.get(["variables"]) ?? {});
  const adder = h("select", { "aria-label": say("Change a cell") });
  const problem = troubles(draft, path);
  let searching = false;

  function show() {
    keyed(list, Object.keys(set()), (name) => name, row);
    const free = variables().filter((name) => !(name in set()));
    const wanted = ["", ...free].join();
    if (adder.dataset.all !== wanted) {
      adder.dataset.all = wanted;
      adder.replaceChildren(h("option", { value: "" }, say("Change a cell …")), ...free.map((name) => h("option", { value: name }, name)));
    }
    adder.disabled = !free.length;
    says.replaceChildren(...sentence());
  }

  function row(name) {
    const here = () => [...path(), name];
    const label = h("span", {}, h("code", {}, name), " ", say("is"));
    const control = formulaInput(draft, here, say("{name} is", { name }), { "data-role": "formula" });
    control.removeAttribute("aria-label");
    const box = placed(draft, here, label, control);
    return h(
      "li",
      { class: "condition-box" },
      box,
      picker(control, () => [variableGroup(draft)], say("Insert a variable")),
      button(say("Leave {name} as it is", { name }), () => remove(name), { icon: "×" }),
    );
  }

  function remove(name) {
    const left = Object.keys(set()).filter((one) => one !== name);
    draft.set(path(), left.length ? Object.fromEntries(left.map((one) => [one, set()[one]])) : {});
    (list.querySelector("textarea") ?? adder).focus();
    live(say("{name} is as it was again", { name }));
  }

  function add(moves = true) {
    const name = adder.value;
    searching = false;
    if (!name) return;
    draft.set([...path(), name], name);
    const made = [...list.children].find((one) => one.dataset.key === name);
    if (!moves) return;
    focusRole(made, "formula");
    made.querySelector("textarea").select();
  }
  // With keys a cell is searched for letter by letter or line by line: Tab or Return says that it is found.
  adder.addEventListener("change", () => searching || add());
  adder.addEventListener("pointerdown", () => (searching = false));
  adder.addEventListener("blur", () => searching && add(false));
  adder.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key !== "Enter" && (event.key !== "Tab" || event.shiftKey)) searching ||= event.key !== "Shift" && event.key !== "Tab";
    else if (adder.value) {
      event.preventDefault();
      add();
    }
  });

  /** "In this world z is dot(w, x), where … ; h, which follow from it, change with it." */
  function sentence() {
    const entries = Object.entries(set());
    if (!entries.length) return [say("No cell is changed yet.")];
    const pieces = [lead, " "];
    entries.forEach(([name, formula], i) => {
      if (i) pieces.push(i === entries.length - 1 ? ` ${say("and")} ` : ", ");
      pieces.push(h("code", {}, name), ` ${say("is")} `, h("code", {}, String(formula)));
    });
    const old = entries.filter(([, formula]) => entries.some(([name]) => mentions(String(formula), name))).length > 0;
    if (old) pieces.push(say(" (with the right values of the cells named here)"));
    const follow = followers(draft, Object.keys(set()));
    const named = follow.slice(0, MOST_NAMED);
    pieces.push(". ");
    if (!named.length) pieces.push(say("No other cell follows from this."));
    else {
      pieces.push(`${say("All that follows changes with it:")} `);
      named.forEach((name, i) => pieces.push(i ? ", " : "", h("code", {}, name)));
      pieces.push(follow.length > named.length ? say(" and {n} more.", { n: follow.length - named.length }) : ".");
    }
    return pieces;
  }

  listen(list, draft, "change", ({ detail }) => concerns(detail, "parts", "variables", "readings") && show());
  show();
  return h("div", { class: "world" }, list, h("p", { class: "toolbar" }, adder), says, problem);
}

const mentions = (formula, name) => new RegExp(`(?<![\\w.])${name}(?!\\w|\\s*\\()`).test(formula);

/** The variables that follow, directly or not, from those of `names`. */
function followers(draft, names) {
  const cells = Object.entries(draft.get(["variables"]) ?? {}).map(([name, cell]) => [name, formulaOf(cell)]);
  const found = new Set(names);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const [name, formula] of cells) if (formula && [...found].some((one) => one !== name && mentions(formula, one))) found.add(name);
  }
  return cells.map(([name]) => name).filter((name) => found.has(name) && !names.includes(name));
}

const formulaOf = (cell) => (typeof cell === "string" ? cell : typeof cell?.formula === "string" ? cell.formula : "");
