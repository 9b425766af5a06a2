// What the forms for parts, fields, mistakes, readings and figures have in common.
import { say } from "../words.js";
import { bind, button, fresh, h, labelled, listen, marked } from "./dom.js";
import { MAIN } from "./languages.js";

/** Keys for things with names, which stay the same when a thing is renamed: `keyed` keeps its node. */
export class Keys {
  #keys = new Map();
  #made = 0;

  of(name) {
    if (!this.#keys.has(name)) this.#keys.set(name, (this.#made += 1));
    return this.#keys.get(name);
  }

  renamed(from, to) {
    this.#keys.set(to, this.of(from));
    this.#keys.delete(from);
  }
}

/** A labelled control at `path()`, whose place follows when things are moved. Its problems are said below it. */
export function placed(draft, path, label, control, options = {}) {
  const hint = typeof options.hint === "string" ? h("span", {}, marked(options.hint)) : options.hint;
  const box = labelled(label, control, { ...options, hint, draft, path });
  listen(box, draft, "change", () => (box.dataset.path = path().join(".")));
  return box;
}

/** What is wrong at `path()` itself, or wherever `others(problem)` says so. */
export function troubles(draft, path, others = () => false) {
  const node = h("p", { class: "complaint", hidden: true });
  const show = () => {
    const place = path().join(".");
    const found = draft.problemsAt(path()).filter((one) => one.path === place || others(one));
    node.replaceChildren(...marked([...new Set(found.map((one) => one.says))].join(" ")));
    node.hidden = !found.length;
  };
  listen(node, draft, "problems", show);
  show();
  return node;
}

/** An input for a text at `path()` that people read, in the language chosen above. */
export function wordsInput(draft, path, { rows = 0, ...attributes } = {}) {
  const made = rows ? h("textarea", { rows, dir: "auto", class: "words-input", ...attributes }) : h("input", { type: "text", dir: "auto", autocomplete: "off", ...attributes });
  const control = bind(made, draft, { read: () => draft.words(path()), write: (text) => draft.setWords(path(), text) });
  const original = () => {
    control.placeholder = draft.language === MAIN ? "" : draft.words(path(), MAIN);
  };
  listen(control, draft, ["language", "change"], original);
  original();
  return control;
}

/** An input for one short plain text at `path()`; an empty one takes the place away. */
export function lineInput(draft, path, attributes = {}) {
  return bind(h("input", { type: "text", autocomplete: "off", spellcheck: "false", ...attributes }), draft, {
    read: () => String(draft.get(path()) ?? ""),
    write: (text) => draft.set(path(), text === "" ? undefined : text),
  });
}

/** A box to tick; `read(value)` says whether it is ticked, `write(ticked)` what is stored (undefined: nothing). */
export function tick(draft, path, label, { hint, read = Boolean, write = (on) => on || undefined } = {}) {
  const id = fresh("tick");
  const control = h("input", { type: "checkbox", id, "aria-describedby": hint ? `${id}-hint` : null });
  bind(control, draft, { read: () => read(draft.get(path())), write: (on) => draft.set(path(), write(on)) });
  return h("div", { class: "tick", "data-path": path().join(".") }, h("label", { class: "check", for: id }, control, h("span", {}, label)), hint ? h("p", { class: "hint", id: `${id}-hint` }, marked(hint)) : null);
}

/**
 * An input for a name. `rename(to)` is called when somebody leaves it with another one that is allowed; `refused(to)`
 * answers a sentence where it is not. `show()` puts the present name there.
 */
export function nameInput(now, { refused, rename, ...attributes }) {
  const says = h("p", { class: "complaint", id: fresh("name"), hidden: true });
  const control = h("input", { type: "text", class: "typed", value: now(), maxlength: 64, autocomplete: "off", autocapitalize: "none", spellcheck: "false", "aria-describedby": says.id, ...attributes });
  const complain = (text) => {
    says.textContent = text;
    says.hidden = !text;
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  control.addEventListener("change", () => {
    const wanted = control.value.trim();
    const sentence = wanted === now() ? "" : refused(wanted);
    complain(sentence ? say("{says} It is still called {name}.", { says: sentence, name: now() || "–" }) : "");
    if (!sentence && wanted !== now()) rename(wanted);
  });
  return {
    control,
    says,
    show() {
      if (control !== document.activeElement && says.hidden) control.value = now();
    },
  };
}

/** ↑ ↓ and × for a row called `name()`. */
export function rowTools(name, { move, remove, more = [] }) {
  const label = (word) => `${word}: ${name()}`;
  const made = [
    button(say("Move up"), () => move(-1), { icon: "↑", "data-role": "up" }),
    button(say("Move down"), () => move(1), { icon: "↓", "data-role": "down" }),
    ...more,
    button(say("Remove"), remove, { icon: "×", "data-role": "remove" }),
  ];
  const words = made.map((one) => one.getAttribute("aria-label") ?? one.textContent);
  const node = h("div", { class: "row-tools", role: "group" }, made);
  node.rename = () => {
    made.forEach((one, i) => words[i] && one.setAttribute("aria-label", label(words[i])));
    node.setAttribute("aria-label", say("Tools of {name}", { name: name() }));
  };
  node.rename();
  return node;
}

/** The focus goes to the control that plays the same part in another row. */
export function focusRole(row, role) {
  const control = (role && row?.querySelector(`[data-role="${role}"]`)) || row?.querySelector("input, select, textarea, button");
  control?.focus();
}

export const roleOf = (element) => element?.dataset?.role ?? "";

/** Only when something at `steps` (or everything) changed. */
export const concerns = (detail, ...nouns) => detail.path[0] === undefined || nouns.includes(detail.path[0]);
