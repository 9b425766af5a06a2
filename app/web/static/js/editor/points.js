// Points as people type them, stored exactly.
import { say } from "../words.js";
import { bind, h } from "./dom.js";
import { readFraction } from "../fractions.js";

/** An input for points at `path()`: 1, 1/2, 0.5 and 2½ are read; what cannot be read stays as typed, and is told. */
export function pointsInput(draft, path, attributes = {}) {
  const control = h("input", { type: "text", class: "typed points-input", inputmode: "text", maxlength: 12, autocomplete: "off", spellcheck: "false", ...attributes });
  return bind(control, draft, {
    read: () => String(draft.get(path()) ?? ""),
    write: (text) => draft.set(path(), text.trim() === "" ? undefined : (readFraction(text)?.data ?? text)),
  });
}

/** "½ point", "1 point", "2½ points" */
export function inPoints(fraction) {
  return ["1", "1/2", "1/4", "3/4", "1/3", "2/3"].includes(fraction.toString()) ? say("{n} point", { n: fraction.words }) : say("{n} points", { n: fraction.words });
}
