// What all answer fields share. The plain inputs inside are the truth; the element reads, shows and announces.
import { Reader } from "../reading.js";
import { readAs, Telling, unread } from "./readings.js";

/**
 * A field of a question. Subclasses say how `raw` is read from and written to their inputs.
 * Events: "answer" (typed or chosen; detail {field, raw, stamp}) and "reading" (detail {field, state}).
 */
export class AnswerElement extends HTMLElement {
  static formAssociated = true;
  #internals = this.attachInternals();
  #reader = null;

  connectedCallback() {
    this.field = this.dataset.field;
    this.item = Number(this.dataset.item);
    this.widget = JSON.parse(this.dataset.widget);
    this.state = this.dataset.state;
    this.place = this.querySelector("[data-reading]");
    this.telling = new Telling(this.querySelector("[data-announce]"));
    this.#reader = this.dataset.typed === undefined ? null : new Reader(this.dataset.readingUrl, this.widget);
    this.addEventListener("input", () => this.changed());
    this.addEventListener("keydown", (event) => this.#key(event));
    this.prepare();
    // The server wrote the sentence; only a fresh reading knows the cell and the place in it.
    if (this.state === "cannot be read") this.read(this.raw);
  }

  /** For subclasses: tools and listeners of their own. */
  prepare() {}

  get form() {
    return this.#internals.form;
  }

  get inputs() {
    return [...this.querySelectorAll("input:not([type=hidden]), select, textarea")];
  }

  get blank() {
    return [this.raw].flat(3).every((cell) => cell.trim() === "");
  }

  /** Whether somebody was faster than the scripts: the inputs are no longer what the server sent. */
  get touched() {
    return this.inputs.some((input) => {
      if (input.localName === "select") {
        const sent = [...input.options].find((option) => option.defaultSelected) ?? input.options[0];
        return input.value !== sent.value;
      }
      return ["checkbox", "radio"].includes(input.type) ? input.checked !== input.defaultChecked : input.value !== input.defaultValue;
    });
  }

  /** The inputs changed: say so, and ask how they are read. `stamp`: of the server, if what is new is older than now. */
  changed(stamp) {
    const raw = this.raw;
    this.dispatchEvent(new CustomEvent("answer", { bubbles: true, detail: { field: this.field, raw, stamp } }));
    this.read(raw);
  }

  /** Show another value, for example one kept on this device. */
  show(raw) {
    this.raw = raw;
    this.read(this.raw);
  }

  read(raw) {
    if (this.#reader && !this.blank) this.#reader.ask(raw, (reading) => this.shows(reading));
    else {
      this.#reader?.ask(raw, () => {});
      this.shows({ state: this.blank ? "blank" : "read", latex: "", says: "" });
    }
  }

  shows({ state, latex = "", says = "", start = null, end = null, cell = [] }) {
    this.state = state;
    this.#mark(cell);
    if (this.place) {
      if (state === "cannot be read") unread(this.place, says, this.typedText(cell), start, end);
      else readAs(this.place, state === "read" ? latex : "");
      this.telling.of(this.place, says || latex);
    }
    this.dispatchEvent(new CustomEvent("reading", { bubbles: true, detail: { field: this.field, state } }));
  }

  /** The text in which the place of an error is shown. */
  typedText() {
    return this.inputs.length === 1 ? this.inputs[0].value : "";
  }

  /** The input that a cell's error belongs to. */
  inputAt() {
    return this.inputs.length === 1 ? this.inputs[0] : null;
  }

  #mark(cell = []) {
    const bad = this.state === "cannot be read" ? this.inputAt(cell) : null;
    for (const input of this.inputs) {
      if (input === bad) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  #key(event) {
    // Return would submit the form; in a form of many answers it goes to the next field instead.
    const plain = event.key === "Enter" && !event.isComposing && this.oneLine(event.target);
    if (!plain || event.defaultPrevented) return;
    event.preventDefault();
    this.enter(event.target);
  }

  /** Whether a box holds one line, so that Return writes nothing into it. */
  oneLine(box) {
    return box.matches("input");
  }

  /** What Return does in an input. */
  enter(input) {
    const all = [...this.closest("form").querySelectorAll(".answer :is(input:not([type=hidden]), select, textarea)")];
    all[all.indexOf(input) + 1]?.focus();
  }
}
