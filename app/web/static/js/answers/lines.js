// Derivations: every line in a box of its own, with its own reading. The box of all lines underneath is the answer.
import { AnswerElement } from "./element.js";
import { fit } from "./formula.js";
import { formulaTools } from "./names.js";
import { readAs, unread } from "./readings.js";
import { say } from "../words.js";

// Rows of this element; more lines than can be read are said to be too many, and none is dropped.
const MOST = 200;
let number = 0;

export class DerivationAnswer extends AnswerElement {
  prepare() {
    this.whole = this.querySelector("[data-whole]");
    this.sent = this.whole.value === this.whole.defaultValue;
    this.list = document.createElement("ol");
    this.list.className = "derivation";
    const add = document.createElement("button");
    add.type = "button";
    add.className = "button small";
    add.textContent = say("add-line");
    add.addEventListener("click", () => this.#put(this.inputs.length, ""));
    const tools = document.createElement("div");
    tools.className = "answer-tools";
    tools.append(add);
    const group = document.createElement("div");
    group.setAttribute("role", "group");
    const label = this.querySelector(".answer-label, [id^=label-]");
    if (label) {
      group.setAttribute("aria-labelledby", label.id);
      label.addEventListener("click", () => this.inputs[0].focus());
    }
    group.append(this.list, tools);
    this.whole.before(group);
    this.whole.hidden = true;
    this.place.classList.add("of-lines");
    this.raw = this.whole.value;
    this.addEventListener("keydown", (event) => this.#keys(event));
    this.addEventListener("input", (event) => this.#typed(event.target), { capture: true });
    this.list.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-remove]");
      if (tool) this.#remove([...this.list.children].indexOf(tool.closest("li")));
    });
    formulaTools(this);
    if (!this.blank) this.read(this.raw);
  }

  get inputs() {
    return [...(this.list?.querySelectorAll("textarea") ?? [])];
  }

  get touched() {
    return !this.sent;
  }

  get raw() {
    return this.inputs.map((box) => box.value).join("\n").replace(/\s+$/, "");
  }

  set raw(value) {
    const lines = fitting([value ?? ""].flat(2).join("\n").split("\n"), MOST);
    this.list.replaceChildren(...lines.map((text) => this.#line(text)));
    this.#name();
    this.whole.value = this.raw;
  }

  /** The lines show their own readings; the place below only tells what concerns them together. */
  shows(reading) {
    const { state, says = "", lines = [] } = reading;
    const bad = lines.some((line) => line.state === "cannot be read");
    super.shows({ state, says: bad ? "" : says, latex: "" });
    this.inputs.forEach((box, i) => {
      const place = box.closest("li").querySelector("[data-line]");
      const { state: own = "blank", latex = "", says: why = "", start = null, end = null } = lines[i] ?? {};
      if (own === "cannot be read") unread(place, why, box.value, start, end);
      else readAs(place, latex);
      if (own === "not shown") place.textContent = why;
      if (own === "cannot be read") box.setAttribute("aria-invalid", "true");
      else box.removeAttribute("aria-invalid");
    });
    if (bad && state === "cannot be read") this.place.replaceChildren();
    const at = this.inputs.indexOf(this.list.querySelector("textarea:focus"));
    if (at >= 0) {
      const { latex = "", says: why = "" } = lines[at] ?? {};
      this.telling.of(this.list.children[at].querySelector("[data-line]"), `${at} ${why || latex}`);
    }
  }

  oneLine() {
    return false;
  }

  #line(text) {
    const row = document.createElement("li");
    const box = document.createElement("textarea");
    box.className = "typed formula-box";
    box.rows = 1;
    box.maxLength = 2000;
    for (const name of ["autocomplete", "autocapitalize", "autocorrect", "spellcheck"]) box.setAttribute(name, this.whole.getAttribute(name));
    box.value = text;
    const place = document.createElement("div");
    place.className = "read-as";
    place.dataset.line = "";
    place.id = `line-${(number += 1)}`;
    box.setAttribute("aria-describedby", place.id);
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button small quiet icon-button";
    remove.dataset.remove = "";
    remove.textContent = "×";
    row.append(box, remove, place);
    return row;
  }

  #name() {
    const all = [...this.list.children];
    all.forEach((row, i) => {
      row.querySelector("textarea").setAttribute("aria-label", say("line", { n: i + 1 }));
      const remove = row.querySelector("[data-remove]");
      remove.setAttribute("aria-label", say("remove-line", { n: i + 1 }));
      remove.hidden = all.length === 1;
      fit(row.querySelector("textarea"));
    });
  }

  // What a line holds goes into the box of all lines; a line with line ends in it becomes several.
  #typed(box) {
    if (!this.inputs.includes(box)) return;
    if (box.value.includes("\n")) {
      const [first, ...rest] = fitting(box.value.split("\n"), MOST - this.inputs.length + 1);
      const at = this.inputs.indexOf(box);
      box.value = first;
      const made = rest.map((text) => this.#line(text));
      this.list.children[at].after(...made);
      this.#name();
      (made.at(-1)?.querySelector("textarea") ?? box).focus();
    }
    fit(box);
    this.whole.value = this.raw;
  }

  #put(at, text) {
    if (this.inputs.length >= MOST) return null;
    const row = this.#line(text);
    if (at >= this.inputs.length) this.list.append(row);
    else this.list.children[at].before(row);
    this.#name();
    const box = row.querySelector("textarea");
    box.focus();
    box.setSelectionRange(0, 0);
    return box;
  }

  #remove(at) {
    if (at < 0 || this.inputs.length === 1) return;
    this.list.children[at].remove();
    this.#name();
    this.inputs[Math.max(0, at - 1)].focus();
    this.#changed();
  }

  #changed() {
    this.whole.value = this.raw;
    this.changed();
  }

  #keys(event) {
    const at = this.inputs.indexOf(event.target);
    if (at < 0 || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
    const box = event.target;
    const [start, end] = [box.selectionStart, box.selectionEnd];
    const inside = start !== end;
    if (event.key === "Enter") {
      event.preventDefault();
      const rest = box.value.slice(end);
      if (this.inputs.length >= MOST) return;
      box.value = box.value.slice(0, start);
      this.#put(at + 1, rest);
      if (rest || inside) this.#changed();
    } else if (event.key === "Backspace" && !inside && start === 0 && at > 0) {
      event.preventDefault();
      this.#join(at - 1);
    } else if (event.key === "Delete" && !inside && start === box.value.length && at < this.inputs.length - 1) {
      event.preventDefault();
      this.#join(at);
    } else if (event.key === "ArrowUp" && !event.shiftKey && at > 0 && !box.value.slice(0, start).includes("\n") && oneRow(box)) {
      event.preventDefault();
      this.inputs[at - 1].focus();
    } else if (event.key === "ArrowDown" && !event.shiftKey && at < this.inputs.length - 1 && oneRow(box)) {
      event.preventDefault();
      this.inputs[at + 1].focus();
    }
  }

  /** Line `at` and the one after it become one. */
  #join(at) {
    const [box, next] = [this.inputs[at], this.inputs[at + 1]];
    const place = box.value.length;
    box.value += next.value;
    next.closest("li").remove();
    this.#name();
    box.focus();
    box.setSelectionRange(place, place);
    this.#changed();
  }
}

/** The same lines in at most so many: what is over stands in the last. */
function fitting(lines, most) {
  return lines.length <= most ? lines : [...lines.slice(0, most - 1), lines.slice(most - 1).join(" ")];
}

/** Whether a box shows its text in one row, so that up and down mean the neighbouring lines. */
function oneRow(box) {
  const { lineHeight, paddingTop, paddingBottom } = getComputedStyle(box);
  return box.scrollHeight - parseFloat(paddingTop) - parseFloat(paddingBottom) < 1.8 * parseFloat(lineHeight) || box.scrollHeight <= 50;
}
