// Small pieces that the editor's panels are made of. Text is always text: nothing here reads HTML.
import { say } from "../words.js";

let number = 0;

/** A name for an element that no other element of the page has. */
export const fresh = (word = "e") => `${word}-${(number += 1)}`;

/**
 * h("p", {class: "hint", data-x: 1, onclick: fn, hidden: true}, "text", node, [more], null)
 * Functions are listeners; true and false set and leave out an attribute; `value` and `checked` are properties.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(name.replace(/^on/, ""), value);
    else if (name === "value" || name === "checked") continue;
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) node.setAttribute(name, String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  // A select takes its value only once its options are there.
  for (const name of ["value", "checked"]) if (attributes?.[name] !== undefined) node[name] = attributes[name];
  return node;
}

/** A button; `label` is its text, or its name where `options.icon` is what it shows. */
export function button(label, onclick, { icon = "", ...attributes } = {}) {
  const named = icon ? { "aria-label": label, title: label } : {};
  const style = icon ? "button quiet small icon-button" : "button small";
  return h("button", { type: "button", class: style, onclick, ...named, ...attributes }, icon ? h("span", { "aria-hidden": "true" }, icon) : label);
}

/**
 * A labelled control. With `draft` and `path`, what is wrong at that place (or below it, unless `exact`) is said under
 * the control and tied to it. Options: hint (text or node), unseen (the label is for screen readers only).
 */
export function labelled(label, control, { hint, path, draft, exact = false, unseen = false } = {}) {
  const id = (control.id ||= fresh("field"));
  const help = hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null;
  const complaint = h("p", { class: "complaint", id: `${id}-problem`, hidden: true });
  const box = h("div", { class: "labelled" }, h("label", { for: id, class: unseen ? "unseen" : "" }, label), control, help, complaint);
  const always = help ? [help.id] : [];
  if (always.length) control.setAttribute("aria-describedby", always.join(" "));
  if (draft && path) {
    complain(draft, box, control, complaint, always, () => (typeof path === "function" ? path() : path), exact);
  }
  return box;
}

function complain(draft, box, control, complaint, always, path, exact) {
  const show = () => {
    const place = path().join(".");
    const found = draft.problemsAt(path()).filter((one) => !exact || one.path === place);
    complaint.replaceChildren(...marked([...new Set(found.map((one) => one.says))].join(" ")));
    complaint.hidden = !found.length;
    if (found.length) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
    const described = found.length ? [...always, complaint.id] : always;
    if (described.length) control.setAttribute("aria-describedby", described.join(" "));
    else control.removeAttribute("aria-describedby");
  };
  box.dataset.path = path().join(".");
  show();
  listen(box, draft, "problems", show);
}

/** A sentence as nodes, its `names` set apart. */
export function marked(text) {
  return text.split("`").map((piece, index) => (index % 2 && piece ? h("code", {}, piece) : piece));
}

/** Listen to `draft` for as long as `node` is in the page: what was taken out of it stops listening. */
export function listen(node, draft, types, work) {
  let seen = false;
  for (const type of [types].flat()) {
    const heard = (event) => {
      seen ||= node.isConnected;
      if (seen && !node.isConnected) draft.removeEventListener(type, heard);
      else work(event);
    };
    draft.addEventListener(type, heard);
  }
}

/**
 * Keep the value of `control` and the draft the same. `read` and `write` say how. What somebody types is not written
 * back to them in another spelling before they leave the control.
 */
export function bind(control, draft, { read, write, event = "input", types = ["change", "language"] }) {
  let writing = false;
  const show = () => {
    if (writing) return;
    const value = read();
    if (control.type === "checkbox") control.checked = Boolean(value);
    else if (control.value !== value) control.value = value;
  };
  show();
  control.addEventListener(event, () => {
    writing = true;
    try {
      write(control.type === "checkbox" ? control.checked : control.value);
    } finally {
      writing = false;
    }
  });
  control.addEventListener("blur", show);
  listen(control, draft, types, show);
  return control;
}

/**
 * Make the children of `root` those of `items`, keeping the node of every key that was there: nobody loses the caret.
 * `make(item, key, index)` answers a node; `node.update?.(item, index)` is called for those that stay.
 */
export function keyed(root, items, keyOf, make) {
  const old = new Map([...root.children].map((node) => [node.dataset.key, node]));
  const focused = root.contains(document.activeElement) ? document.activeElement : null;
  const wanted = items.map((item, index) => {
    const key = String(keyOf(item, index));
    const kept = old.get(key);
    old.delete(key);
    if (kept) {
      kept.update?.(item, index);
      return kept;
    }
    const node = make(item, key, index);
    node.dataset.key = key;
    return node;
  });
  for (const node of old.values()) node.remove();
  // Moving a node takes the focus from it, so the others are moved around it.
  wanted.forEach((node, index) => {
    if (root.children[index] !== node) root.insertBefore(node, root.children[index] ?? null);
  });
  if (focused && focused.isConnected && document.activeElement !== focused) focused.focus({ preventScroll: true });
}

let announcer = null;

/** Say something politely to those who cannot see it. */
export function live(text) {
  announcer ??= document.body.appendChild(h("div", { class: "unseen", role: "status", "aria-live": "polite" }));
  announcer.textContent = "";
  setTimeout(() => (announcer.textContent = text), 50);
}

/** A table that may scroll sideways by itself. */
export function scroll(label, table) {
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);
}

/** Insert `text` at the caret of a control, as if it had been typed; "|" in it is where the caret goes. */
export function insertAt(control, text) {
  const caret = text.indexOf("|");
  const plain = caret < 0 ? text : text.slice(0, caret) + text.slice(caret + 1);
  const [start, end] = [control.selectionStart ?? control.value.length, control.selectionEnd ?? control.value.length];
  control.focus();
  control.setRangeText(plain, start, end, "end");
  if (caret >= 0) control.setSelectionRange(start + caret, start + caret);
  control.dispatchEvent(new Event("input", { bubbles: true }));
}

/** A name that is not taken: "x", "x2", "x3", … */
export function freeName(taken, wanted) {
  const names = new Set(taken);
  for (let i = 1; ; i += 1) {
    const name = i === 1 ? wanted : `${wanted}${i}`;
    if (!names.has(name)) return name;
  }
}

/** Alt with the up or down arrow moves `row`; `move(step)` does it and keeps the focus. */
export function movable(row, move) {
  row.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    move(step);
  });
  return row;
}

export { say };
