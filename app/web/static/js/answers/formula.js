// Formulas: one, several in the cells of a vector or matrix, and programs.
import { AnswerElement } from "./element.js";
import { MatrixAnswer } from "./grid.js";
import { formulaTools } from "./names.js";
import { lineAt } from "./readings.js";
import { say } from "../words.js";

const GROWS = CSS.supports("field-sizing", "content");

/** Make a box as high as what is in it, in browsers whose style sheets cannot. */
export function fit(box) {
  if (GROWS) return;
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

export class ExpressionAnswer extends AnswerElement {
  prepare() {
    this.box = this.querySelector("textarea");
    this.addEventListener("input", () => fit(this.box));
    fit(this.box);
    formulaTools(this);
  }

  get inputs() {
    return [this.box];
  }

  get raw() {
    // Pasted line ends are spaces; places stay where they are.
    return this.box.value.replace(/\n/g, " ");
  }

  set raw(value) {
    this.box.value = [value ?? ""].flat(3).join(", ");
    fit(this.box);
  }

  typedText() {
    return this.raw;
  }

  oneLine(box) {
    return box === this.box;
  }
}

export class FormulasAnswer extends MatrixAnswer {
  prepare() {
    super.prepare();
    formulaTools(this);
  }

  get column() {
    return this.widget.shape.length === 1;
  }

  get raw() {
    return this.column ? this.cells.map((row) => row[0]) : this.cells;
  }

  set raw(value) {
    const rows = [value ?? []].flat().map((row) => [row].flat());
    this.write(rows);
  }

  inputAt(cell) {
    return cell.length ? (this.rows[cell[0]]?.[cell[1] ?? 0] ?? null) : null;
  }
}

export class ProgramAnswer extends AnswerElement {
  prepare() {
    this.box = this.querySelector("textarea");
    this.addEventListener("input", () => fit(this.box));
    this.addEventListener("keydown", (event) => this.#indent(event));
    fit(this.box);
    formulaTools(this);
  }

  get inputs() {
    return [this.box];
  }

  get raw() {
    return this.box.value;
  }

  set raw(value) {
    this.box.value = [value ?? ""].flat(3).join("\n");
    fit(this.box);
  }

  shows(reading) {
    const { state, says, start } = reading;
    const many = state === "cannot be read" && this.raw.includes("\n") && (start ?? null) !== null;
    const where = many ? say("line-problem", { n: lineAt(this.raw, start), says }) : says;
    super.shows({ ...reading, says: where });
  }

  // A new line begins where the one before it began. Tab leaves the box, as everywhere.
  #indent(event) {
    if (event.key !== "Enter" || event.isComposing || event.target !== this.box) return;
    const before = this.box.value.slice(0, this.box.selectionStart);
    const [spaces] = /^ */.exec(before.slice(before.lastIndexOf("\n") + 1));
    if (!spaces) return;
    event.preventDefault();
    document.execCommand("insertText", false, `\n${spaces}`);
  }
}
