// What stands in a cell of the spreadsheet, and the inputs for it.
import { say } from "../words.js";
import { bind, fresh, h } from "./dom.js";
import { readFlow, writeFlow } from "./flow.js";

/** formula, value or drawn */
export function how(cell) {
  if (typeof cell === "string" || cell?.formula !== undefined) return "formula";
  if (cell !== null && typeof cell === "object" && !Array.isArray(cell) && ("draw" in cell || "printed" in cell)) return "drawn";
  return "value";
}

const isValueMap = (cell) => cell !== null && typeof cell === "object" && !Array.isArray(cell) && "value" in cell;
const valueOf = (cell) => (isValueMap(cell) ? cell.value : cell);

/** A cell made into another kind, keeping what can be kept; `now` is its value on the printed paper, in words. */
export function turned(cell, kind, now = "") {
  const was = how(cell);
  if (was === kind) return cell;
  const fixed = () => {
    try {
      return readFlow(now || "1");
    } catch {
      return 1;
    }
  };
  const formula = was === "formula" ? String(cell?.formula ?? cell) : was === "drawn" ? String(cell.draw ?? "") : "";
  if (kind === "formula") return was === "drawn" ? formula : writeFlow(valueOf(cell));
  if (kind === "value") return { value: was === "drawn" ? cell.printed : fixed() };
  return { printed: was === "value" ? valueOf(cell) : fixed(), draw: formula || "integer(1, 9)" };
}

function line(label, attributes = {}) {
  const control = h("textarea", { class: "typed one-line", rows: 1, autocomplete: "off", autocapitalize: "none", spellcheck: "false", "aria-label": label, maxlength: 4000, ...attributes });
  // Formulas have one line; Return means "done".
  control.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      control.blur();
      control.focus();
    }
  });
  return control;
}

/** An input for a formula at `path()`. */
export function formulaInput(draft, path, label, attributes = {}) {
  return bind(line(label, attributes), draft, {
    read: () => source(draft.get(path())),
    write: (text) => draft.set(path(), text.replace(/\n/g, " ")),
  });
}

function source(value) {
  if (value === undefined || value === null) return "";
  if (value === true) return "True";
  if (value === false) return "False";
  return typeof value === "string" ? value : writeFlow(value);
}

/** An input for a value at `path()`; what cannot be read yet stays typed, with a sentence. */
export function valueInput(draft, path, label, attributes = {}) {
  const control = line(label, attributes);
  const says = h("p", { class: "complaint", id: fresh("value"), hidden: true });
  control.setAttribute("aria-describedby", says.id);
  const complain = (text) => {
    says.textContent = text;
    says.hidden = !text;
    if (text) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  };
  bind(control, draft, {
    read: () => (says.hidden || control.value === "" ? writeFlow(draft.get(path())) : control.value),
    write: (text) => {
      try {
        const value = readFlow(text);
        complain("");
        draft.set(path(), value);
      } catch (error) {
        complain(say("{says} The last value that could be read still holds.", { says: error.message }));
      }
    },
  });
  return [control, says];
}

/** The inputs of a cell of that kind. */
export function control(draft, path, kind) {
  if (kind === "drawn") {
    return [
      h("div", { class: "cell-pair" }, h("span", { class: "cell-lead", "aria-hidden": "true" }, say("printed")), valueInput(draft, () => [...path(), "printed"], say("Value on the printed paper"))),
      h("div", { class: "cell-pair" }, h("span", { class: "cell-lead", "aria-hidden": "true" }, say("draw")), formulaInput(draft, () => [...path(), "draw"], say("Draw"), { placeholder: "integer(1, 9)" })),
    ];
  }
  if (kind === "value") {
    const wrapped = () => (isValueMap(draft.get(path())) ? [...path(), "value"] : path());
    return valueInput(draft, wrapped, say("Value"), { placeholder: "[1, 2, 3]" });
  }
  const place = () => (draft.get(path())?.formula !== undefined ? [...path(), "formula"] : path());
  return [formulaInput(draft, place, say("Formula"), { placeholder: "2*a + 1" })];
}
