// Variables: a spreadsheet whose every cell is a formula, a fixed value, or drawn anew for each variant.
import { say } from "../words.js";
import { conditions } from "./conditions.js";
import { button, freeName, h, insertAt, keyed, listen, live, marked, movable } from "./dom.js";
import { NAME, RESERVED, renameVariable } from "./renaming.js";
import { cheats } from "./spreadsheet.js";
import { control, how, turned } from "./cells.js";

const HOWS = { formula: say("formula"), value: say("fixed value"), drawn: say("drawn") };

export function mount(root, draft) {
  const list = h("div", { class: "sheet", role: "group", "aria-label": say("Variables") });
  const empty = h("p", { class: "soft" }, say("There are no variables yet. A question with the same numbers for everybody needs none; add a drawn value to give every student numbers of their own."));
  let typedIn = null;
  // Which node shows a variable stays the same when it is renamed.
  const keys = new Map();
  let made = 0;
  const keyOf = (name) => {
    if (!keys.has(name)) keys.set(name, (made += 1));
    return keys.get(name);
  };

  const names = () => Object.keys(draft.get(["variables"]) ?? {});

  function show() {
    empty.hidden = names().length > 0;
    keyed(list, names(), keyOf, (name) => row(name));
  }

  function add(kind, cell, wanted = "x") {
    const name = freeName([...names(), ...RESERVED], wanted);
    draft.set(["variables", name], cell ?? { formula: "0", value: { value: 1 }, drawn: { printed: 1, draw: "integer(1, 9)" } }[kind]);
    const node = list.lastElementChild;
    node.querySelector("input").focus();
    node.querySelector("input").select();
    live(say("{name} added", { name }));
  }

  function row(first) {
    let name = first;
    const complaint = h("p", { class: "complaint", hidden: true });
    const named = h("input", { type: "text", class: "typed cell-name", value: name, autocomplete: "off", autocapitalize: "none", spellcheck: "false", "aria-label": say("Name"), maxlength: 64 });
    const kind = h("select", { class: "cell-how", "aria-label": say("How it gets its value") }, Object.entries(HOWS).map(([value, words]) => h("option", { value }, words)));
    const content = h("div", { class: "cell-content" });
    const values = h("dl", { class: "cell-values" });
    const node = h(
      "div",
      { class: "sheet-row", role: "group", "data-path": `variables.${name}` },
      named,
      kind,
      content,
      h("div", { class: "row-tools" }, [
        button(say("Move up"), () => move(-1), { icon: "↑" }),
        button(say("Move down"), () => move(1), { icon: "↓" }),
        button(say("Remove"), remove, { icon: "×" }),
      ]),
      values,
      complaint,
    );

    function fill() {
      const cell = draft.get(["variables", name]);
      kind.value = how(cell);
      if (content.dataset.how !== kind.value) {
        content.dataset.how = kind.value;
        content.replaceChildren(...control(draft, () => ["variables", name], kind.value));
      }
      node.setAttribute("aria-label", name);
      node.dataset.path = `variables.${name}`;
      if (named !== document.activeElement) named.value = name;
    }

    function results() {
      const seeds = draft.preview?.seeds ?? [];
      values.replaceChildren(
        ...draft.seeds.map((seed) => {
          const variant = seeds.find((one) => one.seed === seed);
          const cell = variant?.cells?.[name];
          const said = cell ? (cell.error ?? cell.text) : "…";
          return h(
            "div",
            { class: cell?.error ? "cell-value bad" : "cell-value" },
            h("dt", {}, seed === 0 ? say("printed") : say("variant {n}", { n: seed })),
            h("dd", {}, marked(said || "–")),
          );
        }),
      );
      const found = [...new Set(draft.problemsAt(["variables", name]).map((one) => one.says))];
      const refused = complaint.dataset.refused;
      complaint.replaceChildren(...marked(refused || found.join(" ")));
      complaint.hidden = !refused && !found.length;
    }

    function rename() {
      const wanted = named.value.trim();
      complaint.dataset.refused = "";
      if (wanted === name) return results();
      const says = !NAME.test(wanted) || RESERVED.has(wanted)
        ? say("A name is made of letters, digits and _, and begins with a letter; it is still called {name}.", { name })
        : names().includes(wanted)
          ? say("There is already a variable {wanted}; this one is still called {name}.", { wanted, name })
          : "";
      named.removeAttribute("aria-invalid");
      if (says) {
        complaint.dataset.refused = says;
        named.setAttribute("aria-invalid", "true");
        return results();
      }
      keys.set(wanted, keys.get(name));
      keys.delete(name);
      const before = name;
      name = wanted;
      renameVariable(draft, before, wanted);
      live(say("{before} is now called {wanted}, in formulas and texts as well", { before, wanted }));
      return undefined;
    }

    function move(step) {
      const from = names().indexOf(name);
      const to = from + step;
      if (to < 0 || to >= names().length) return;
      const focused = node.contains(document.activeElement) ? document.activeElement : null;
      draft.move(["variables"], from, to);
      focused?.focus();
      live(say("{name} is now number {n} of {all}", { name, n: to + 1, all: names().length }));
    }

    function remove() {
      const next = node.nextElementSibling ?? node.previousElementSibling;
      draft.remove(["variables", name]);
      (next?.querySelector("input") ?? root.querySelector("[data-add]")).focus();
      live(say("{name} removed", { name }));
    }

    named.addEventListener("change", rename);
    kind.addEventListener("change", () => {
      const cell = draft.preview?.seeds?.find((one) => one.seed === 0)?.cells?.[name];
      draft.set(["variables", name], turned(draft.get(["variables", name]), kind.value, cell?.error ? "" : cell?.text));
    });
    node.update = (now) => {
      name = now;
      fill();
      results();
    };
    listen(node, draft, ["preview", "problems"], results);
    movable(node, move);
    fill();
    results();
    return node;
  }

  // Undo brings names back: a node follows its name, and where a name is new, a node is made for it.
  listen(root, draft, "change", ({ detail }) => {
    if (["variables", undefined].includes(detail.path[0])) show();
  });
  root.addEventListener("focusin", ({ target }) => {
    if (target.matches(".cell-content textarea, .condition textarea")) typedIn = target;
  });

  root.append(
    h("h2", {}, say("Variables")),
    h("p", { class: "hint" }, say("Every line is a cell with a name. A formula may use all other cells and follows when they change. The printed paper shows the fixed or printed values; in every other variant the drawn ones are drawn anew.")),
    list,
    empty,
    h(
      "p",
      { class: "toolbar" },
      button(say("Add a formula"), () => add("formula"), { "data-add": true }),
      button(say("Add a drawn value"), () => add("drawn")),
      button(say("Add a fixed value"), () => add("value")),
    ),
    conditions(draft),
    cheats(draft, {
      insert(text) {
        if (typedIn?.isConnected) insertAt(typedIn, text);
        else add("formula", text.replace("|", ""));
      },
      draw: (text, printed) => add("drawn", { printed, draw: text }),
    }),
  );
  show();
}
