// Formulas that may be left out: an empty one takes its place away.
import { formulaInput } from "./cells.js";

export function optionalFormula(draft, path, label, attributes = {}) {
  const control = formulaInput(draft, path, label, attributes);
  control.addEventListener("input", () => control.value.trim() === "" && draft.set(path(), undefined));
  return control;
}
