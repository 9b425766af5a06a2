// One statement of a pool.
import { say } from "../words.js";
import { formulaInput } from "./cells.js";
import { bind, button, h, labelled, listen, live, movable } from "./dom.js";
import { MAIN } from "./languages.js";

/** The row of statement number `index` of the pool at `pool()`; `list` holds all rows. */
export function statement(draft, pool, index, list) {
  const path = (...steps) => [...pool(), index, ...steps];
  const all = () => draft.get(pool()) ?? [];
  const at = (name) => () => path(name);

  const words = (name, rows) => {
    const control = bind(h("textarea", { rows, dir: "auto" }), draft, { read: () => draft.words(path(name)), write: (text) => draft.setWords(path(name), text) });
    const original = () => {
      control.placeholder = draft.language === MAIN ? "" : draft.words(path(name), MAIN);
    };
    listen(control, draft, "language", original);
    original();
    return control;
  };
  const plain = (name, attributes, { read = (value) => value ?? "", write = (text) => text || undefined } = {}) =>
    bind(h("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes }), draft, {
      read: () => String(read(draft.get(path(name)))),
      write: (text) => draft.set(path(name), write(text)),
    });

  const truth = h("select", {}, h("option", { value: "true" }, say("true")), h("option", { value: "false" }, say("false")), h("option", { value: "formula" }, say("it depends")));
  const formula = formulaInput(draft, at("truth"), say("True if"), { placeholder: "a > b" });
  const depends = h("div", { class: "statement-formula" }, formula);
  const kind = () => ({ true: "true", false: "false" })[String(draft.get(path("truth")))] ?? "formula";
  const showTruth = () => {
    truth.value = kind();
    depends.hidden = truth.value !== "formula";
  };
  truth.addEventListener("change", () => {
    draft.set(path("truth"), truth.value === "formula" ? "a > b" : truth.value === "true");
    if (truth.value === "formula") formula.select();
  });
  listen(truth, draft, "change", showTruth);
  showTruth();

  const box = (label, control, name, hint) => {
    const made = labelled(label, control, { path: at(name), draft, hint });
    // Rows are numbered anew when one is moved.
    listen(made, draft, "change", () => (made.dataset.path = path(name).join(".")));
    return made;
  };
  const node = h(
    "div",
      { class: "sheet-row statement-row", role: "group", "aria-label": say("Statement {n}", { n: index + 1 }) },
    box(say("Statement {n}", { n: index + 1 }), words("text", 2), "text"),
    h("div", { class: "statement-truth" }, box(say("is"), truth, "truth"), depends),
    box(say("Because"), words("why", 2), "why"),
    h("div", { class: "statement-facts" }, [
      box(say("Id"), plain("id", { class: "typed", maxlength: 64, autocapitalize: "none" }), "id"),
      box(say("Twin"), plain("twin", { class: "typed", maxlength: 64, autocapitalize: "none" }), "twin"),
      box(
        say("Place on paper"),
        plain("printed", { inputmode: "numeric", maxlength: 3 }, { write: (text) => (/^\d+$/.test(text.trim()) ? Number(text) : text.trim() || undefined) }),
        "printed",
      ),
      box(
        say("Tags"),
        plain(
          "tags",
          { maxlength: 300 },
          {
            read: (tags) => (Array.isArray(tags) ? tags.join(", ") : (tags ?? "")),
            write: (text) => {
              const tags = text.split(",").map((one) => one.trim()).filter(Boolean);
              return tags.length ? tags : undefined;
            },
          },
        ),
        "tags",
      ),
    ]),
    h("div", { class: "row-tools" }, [
      button(say("Move up"), () => move(-1), { icon: "↑" }),
      button(say("Move down"), () => move(1), { icon: "↓" }),
      button(say("Remove"), remove, { icon: "×" }),
    ]),
  );

  function move(step) {
    const to = index + step;
    if (to < 0 || to >= all().length) return;
    // The same control of the row that now shows this statement.
    const controls = (row) => [...row.querySelectorAll("input, select, textarea, button")];
    const number = Math.max(0, controls(node).indexOf(document.activeElement));
    draft.move(pool(), index, to);
    controls(list.children[to])[number]?.focus();
    live(say("Statement {n} of {all}", { n: to + 1, all: all().length }));
  }
  function remove() {
    draft.remove(path());
    (list.children[Math.min(index, all().length - 1)]?.querySelector("textarea") ?? list.parentElement.querySelector("button")).focus();
    live(say("Statement removed; undo brings it back"));
  }
  return movable(node, move);
}
