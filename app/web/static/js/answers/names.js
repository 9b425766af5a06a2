// The tools under a formula: buttons that write the names it may use, and the switch for drawing it.
import { Drawing } from "./drawing.js";

/** Give an answer element its tools. Its boxes are its `inputs`; the last one used is written into. */
export function formulaTools(element) {
  const state = { box: null };
  element.addEventListener("focusin", ({ target }) => {
    if (element.inputs.includes(target)) state.box = target;
  });
  const current = () => (element.inputs.includes(state.box) ? state.box : element.inputs[0]);
  const toggle = element.querySelector("[data-visual-switch]");
  const drawing = toggle ? new Drawing(element, toggle, current) : null;
  const row = element.querySelector("[data-names]");
  if (!row) return;
  const names = [...row.querySelectorAll("button")];
  row.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    rove(names, button);
    if (drawing?.used) drawing.insert(button.dataset.latex);
    else write(current(), button.dataset);
  });
  row.addEventListener("keydown", (event) => {
    const at = names.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: names.length - 1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = names[(to + names.length) % names.length];
    rove(names, next);
    next.focus();
  });
}

function rove(names, chosen) {
  for (const name of names) name.tabIndex = name === chosen ? 0 : -1;
}

/** Write a name where the cursor is, apart from letters and digits beside it, and go on typing there. */
function write(box, { insert, latex }) {
  // Beside LaTeX it is LaTeX, too.
  const name = box.value.includes("\\") ? latex : insert;
  const [start, end] = [box.selectionStart ?? box.value.length, box.selectionEnd ?? box.value.length];
  const before = /[\p{L}\p{N}_]$/u.test(box.value.slice(0, start)) ? " " : "";
  const after = /^[\p{L}\p{N}_]/u.test(box.value.slice(end)) ? " " : "";
  box.focus();
  box.setSelectionRange(start, end);
  // Written this way it can be undone like typing.
  if (!document.execCommand("insertText", false, before + name + after)) {
    box.setRangeText(before + name + after, start, end, "end");
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
  const place = box.selectionEnd - after.length;
  box.setSelectionRange(place, place);
}
