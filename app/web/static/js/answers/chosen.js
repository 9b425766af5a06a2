// Answers that are chosen: options, true or false, words from a list, tables.
import { AnswerElement } from "./element.js";

export class ChoiceAnswer extends AnswerElement {
  prepare() {
    this.addEventListener("input", (event) => this.#exclude(event.target), { capture: true });
    this.querySelector("[data-clear]")?.addEventListener("click", () => {
      this.raw = "";
      this.changed();
      this.inputs[0].focus();
    });
    this.#tools();
    this.addEventListener("reading", () => this.#tools());
  }

  get raw() {
    const checked = this.inputs.filter((input) => input.checked).map((input) => input.value);
    return checked.join(",");
  }

  set raw(value) {
    const chosen = new Set([value ?? ""].flat().join(",").split(/[,;\s]+/));
    for (const input of this.inputs) input.checked = chosen.has(input.value);
  }

  // "None of them" and the options exclude each other.
  #exclude(changed) {
    if (!this.widget.several || !changed.checked) return;
    for (const input of this.inputs) {
      if (input !== changed && (changed.value === "none" || input.value === "none")) input.checked = false;
    }
  }

  #tools() {
    const clear = this.querySelector("[data-clear]");
    if (clear) clear.hidden = this.blank;
  }
}

export class TruthAnswer extends AnswerElement {
  get groups() {
    return [...this.querySelectorAll("[data-statement]")].map((group) => [...group.querySelectorAll("input")]);
  }

  get raw() {
    return this.groups.map((group) => group.find((input) => input.checked)?.value ?? "");
  }

  set raw(value) {
    const words = typeof value === "string" ? value.split(",") : (value ?? []);
    this.groups.forEach((group, i) => group.forEach((input) => (input.checked = input.value === (words[i] ?? ""))));
  }
}

export class SelectAnswer extends AnswerElement {
  get raw() {
    const words = this.inputs.map((input) => input.value);
    return this.widget.rows?.length ? words : words[0];
  }

  set raw(value) {
    const words = [value ?? ""].flat();
    this.inputs.forEach((input, i) => (input.value = words[i] ?? ""));
  }
}

export class TableAnswer extends AnswerElement {
  get rows() {
    return [...this.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input, select")]);
  }

  get raw() {
    return this.rows.map((row) => row.map((input) => input.value));
  }

  set raw(value) {
    this.rows.forEach((row, r) => row.forEach((input, c) => (input.value = (value ?? [])[r]?.[c] ?? "")));
  }

  inputAt(cell) {
    return this.rows[cell[0]]?.[cell[1]] ?? null;
  }

  typedText(cell) {
    return this.inputAt(cell)?.value ?? "";
  }
}
