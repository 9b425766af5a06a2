// Computational graphs: a table of nodes is the answer, the picture beside it a view of it.
import { AnswerElement } from "./element.js";
import { Picture, signOf } from "./graph-drawing.js";
import { blankRow, inputsOf, isBlank, rowsOfRaw, textOf } from "./graph-text.js";
import { say } from "../words.js";

const MOST = 60;
const COLUMNS = ["name", "operator", "inputs", "value"];

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value === true ? "" : String(value));
  node.append(...children);
  return node;
}

export class GraphAnswer extends AnswerElement {
  #rows = [blankRow()];
  #asText = false;

  prepare() {
    this.area = this.querySelector("textarea");
    this.given = this.widget.inputs ?? [];
    this.asks = this.widget.asks ?? [];
    this.#build();
    this.raw = this.area.value;
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("click", (event) => this.#click(event));
    // The table is read before anybody is told about it.
    this.body.addEventListener("input", (event) => this.#take(event.target), { capture: true });
  }

  get inputs() {
    return this.#asText ? [this.area] : [...this.body.querySelectorAll("input, select")];
  }

  get touched() {
    return this.area.value !== this.area.defaultValue;
  }

  get raw() {
    if (this.#asText) return this.area.value;
    const rows = [...this.#rows];
    while (rows.length && isBlank(rows.at(-1))) rows.pop();
    return rows.map((row) => {
      const count = inputsOf(row).length;
      return [row.name, row.operator, row.inputs, ...(this.asks.length ? [row.value] : []), ...(this.asks.includes("gradient") ? [Array.from({ length: count }, (_, i) => row.gradients[i] ?? "")] : [])];
    });
  }

  set raw(value) {
    const rows = rowsOfRaw(value);
    const text = typeof value === "string" ? value : textOf(rows ?? []);
    if (this.area.value !== text) this.area.value = text;
    this.#rows = rows?.length ? rows.map((row) => ({ ...blankRow(), ...row, operator: this.#offered(row.operator) })) : [blankRow()];
    this.#switch(rows === null);
  }

  /** The word of the palette for an operator, so that the list can show it. */
  #offered(word) {
    return this.words.includes(word) ? word : (this.words.find((one) => one.toLowerCase() === word.trim().toLowerCase()) ?? word.trim());
  }

  get words() {
    return this.widget.words ?? [];
  }

  inputAt([row, column] = []) {
    if (this.#asText) return this.area;
    if (row === undefined) return null;
    const name = column === 4 ? "gradient" : (COLUMNS[column] ?? "name");
    return this.body.rows[row]?.querySelector(`[data-column=${name}]`) ?? null;
  }

  typedText() {
    return this.#asText ? this.area.value : "";
  }

  // --- the table ------------------------------------------------------------------------------------------------------

  #build() {
    const id = this.area.id;
    const titles = ["", say("graph-name"), say("graph-operator"), say("graph-inputs"), ...(this.asks.includes("value") ? [say("graph-value")] : []), ...(this.asks.includes("gradient") ? [say("graph-gradients")] : []), ""];
    const head = make("tr", {}, ...titles.map((title) => (title ? make("th", { scope: "col" }, title) : make("td"))));
    this.body = make("tbody");
    this.table = make("table", { class: "graph-table", "aria-labelledby": `label-${this.field}` }, make("thead", {}, head), this.body);
    this.told = make("span", { class: "unseen", "aria-live": "polite" });
    this.view = make("div", { class: "graph-view", role: "group", "aria-label": say("graph-picture") });
    this.picture = new Picture(this.view, (from, to) => this.#connect(from, to));
    this.switcher = make("button", { type: "button", class: "button small quiet", "data-as-text": true });
    this.adder = make("button", { type: "button", class: "button small", "data-add": true }, say("graph-add"));
    const tools = make("div", { class: "answer-tools" }, this.adder, ...this.#palette(), this.switcher);
    const given = this.given.length ? make("p", { class: "graph-given" }, say("graph-given", { names: this.given.join(", ") })) : "";
    this.board = make("div", { class: this.asks.length ? "graph-board valued" : "graph-board" }, make("div", { class: "graph-rows" }, given, make("div", { class: "grid-scroll" }, this.table)), this.view);
    this.area.before(this.board);
    (this.querySelector(`[data-text-hint]`) ?? this.area).after(tools, this.told);
    this.board.id = `${id}-board`;
  }

  /** Operators to put in with one click; for the keyboard one stop, with arrows between them. */
  #palette() {
    if (!this.words.length) return [];
    const buttons = this.words.map((word, i) => make("button", { type: "button", class: "button small operator", "data-operator": word, tabindex: i ? -1 : 0, "aria-label": say("graph-add-operator", { operator: word }) }, signOf(word)));
    return [make("div", { class: "graph-palette", role: "toolbar", "aria-label": say("graph-palette") }, ...buttons)];
  }

  #fill(focus) {
    this.body.replaceChildren(...this.#rows.map((row, number) => this.#line(row, number)));
    this.picture.show(this.#rows, this.given);
    if (focus) this.#cell(...focus)?.focus();
  }

  #line(row, number) {
    const n = number + 1;
    const options = [make("option", { value: "" }, "–"), ...[...new Set([...this.words, ...(row.operator ? [row.operator] : [])])].map((word) => make("option", { value: word }, signOf(word)))];
    const select = make("select", { "data-column": "operator", "aria-label": say("graph-operator-of", { n }) }, ...options);
    select.value = row.operator;
    const cells = [this.#box("name", row.name, say("graph-name-of", { n })), select, this.#box("inputs", row.inputs, say("graph-inputs-of", { n }))];
    const titles = ["", "", say("graph-inputs"), say("graph-value"), ""];
    if (this.asks.includes("value")) cells.push(this.#box("value", row.value, say("graph-value-of", { n, name: row.name || n })));
    if (this.asks.includes("gradient")) cells.push(this.#slopes(row, number));
    const remove = make("button", { type: "button", class: "button quiet small icon-button", "data-remove": true, "aria-label": say("graph-remove", { name: row.name || n }) }, "×");
    return make("tr", { "data-row": number }, make("td", { class: "number" }, String(n)), ...cells.map((cell, i) => make("td", cell.dataset.column && titles[i] ? { "data-title": titles[i] } : {}, cell)), make("td", {}, remove));
  }

  #box(column, value, label) {
    const box = make("input", { type: "text", class: "typed", "data-column": column, "aria-label": label, "aria-describedby": this.place?.id ?? "", autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false", maxlength: 400 });
    box.value = value;
    return box;
  }

  #slopes(row, number) {
    const edges = inputsOf(row).map((source, place) => {
      const box = this.#box("gradient", row.gradients[place] ?? "", say("graph-gradient-of", { name: row.name || number + 1, source }));
      box.dataset.place = place;
      return make("label", { class: "slope" }, make("span", { "aria-hidden": "true" }, `∂${row.name || "?"}/∂${source}`), box);
    });
    return make("div", { class: "slopes" }, ...edges);
  }

  #cell(row, column, place = 0) {
    return this.body.rows[row]?.querySelectorAll(`[data-column=${column}]`)[place] ?? null;
  }

  /** A cell changed. */
  #take(box) {
    const number = Number(box.closest("tr").dataset.row);
    const row = this.#rows[number];
    if (box.dataset.column === "gradient") row.gradients[Number(box.dataset.place)] = box.value;
    else row[box.dataset.column] = box.value;
    // New inputs are new edges to write at; what has the focus is never replaced.
    if (box.dataset.column === "inputs" && this.asks.includes("gradient")) this.body.rows[number].querySelector(".slopes").replaceWith(this.#slopes(row, number));
    if (box.dataset.column === "name") this.#rename(row, number);
    this.picture.show(this.#rows, this.given);
  }

  /** What is written beside a node names it. */
  #rename(row, number) {
    const fresh = this.#line(row, number);
    const labels = (line) => line.querySelectorAll("[data-column=value], [data-column=gradient], [data-remove]");
    const names = (line) => line.querySelectorAll(".slope span");
    labels(this.body.rows[number]).forEach((box, i) => box.setAttribute("aria-label", labels(fresh)[i].getAttribute("aria-label")));
    names(this.body.rows[number]).forEach((span, i) => (span.textContent = names(fresh)[i].textContent));
  }

  #say(sentence) {
    this.told.textContent = sentence;
  }

  #add(after, given = {}) {
    if (this.#rows.length >= MOST) return this.#say(say("graph-full", { n: MOST }));
    const blank = this.#rows.length === 1 && isBlank(this.#rows[0]) && given.operator;
    const at = blank ? 0 : after + 1;
    this.#rows.splice(at, blank ? 1 : 0, { ...blankRow(), ...given });
    this.#fill([at, given.operator ? "inputs" : "name"]);
    this.#say(say("graph-added", { n: at + 1, of: this.#rows.length }));
    if (given.operator) this.changed();
    return undefined;
  }

  #remove(number) {
    const [gone] = this.#rows.splice(number, 1);
    if (!this.#rows.length) this.#rows.push(blankRow());
    this.#fill([Math.min(number, this.#rows.length - 1), "name"]);
    this.#say(say("graph-removed", { name: gone.name || number + 1, n: this.#rows.length }));
    this.changed();
  }

  /** Two nodes of the picture: the first goes into the second, or no longer does. */
  #connect(from, to) {
    const row = this.#rows[to];
    const inputs = inputsOf(row);
    row.inputs = [...inputs, from.replace(/^\? /, "").split(" ")[0]].join(", ");
    this.#fill();
    this.#say(say("graph-connected", { from, to: row.name || to + 1 }));
    this.changed();
  }

  #freeName() {
    const taken = new Set([...this.given, ...this.#rows.map((row) => row.name.trim())]);
    for (let n = 1; ; n += 1) if (!taken.has(`n${n}`)) return `n${n}`;
  }

  #click({ target }) {
    const button = target.closest("button");
    if (!button || !this.contains(button)) return;
    if (button.dataset.add !== undefined) this.#add(this.#rows.length - 1);
    else if (button.dataset.operator) this.#add(this.#rows.length - 1, { operator: button.dataset.operator, name: this.#freeName() });
    else if (button.dataset.remove !== undefined) this.#remove(Number(button.closest("tr").dataset.row));
    else if (button.dataset.asText !== undefined) this.#toggle();
  }

  // --- the keyboard -----------------------------------------------------------------------------------------------------

  #key(event) {
    const { target, key } = event;
    if (target.closest(".graph-palette")) return this.#rove(event);
    const column = target.dataset?.column;
    if (!column || event.isComposing) return undefined;
    const number = Number(target.closest("tr").dataset.row);
    const place = Number(target.dataset.place ?? 0);
    if (key === "Enter" && target.localName === "select") {
      event.preventDefault();
      return this.enter(target);
    }
    if (key === "Delete" && (event.ctrlKey || event.shiftKey || (column === "name" && !target.value))) {
      event.preventDefault();
      return this.#remove(number);
    }
    const way = { ArrowUp: -1, ArrowDown: 1 }[key];
    if (way && target.localName === "input" && !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      const next = this.#cell(number + way, column, place) ?? this.#cell(number + way, column);
      if (!next) return undefined;
      event.preventDefault();
      next.focus();
      next.select?.();
    }
    return undefined;
  }

  #rove(event) {
    const buttons = [...this.querySelectorAll(".graph-palette button")];
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const at = buttons.indexOf(event.target) + (way ?? 0);
    if (!way || !buttons[at]) return;
    event.preventDefault();
    for (const button of buttons) button.tabIndex = button === buttons[at] ? 0 : -1;
    buttons[at].focus();
  }

  /** Return goes to the next row, and after the last one to a new row. */
  enter(box) {
    const number = Number(box.closest("tr")?.dataset.row);
    if (number + 1 < this.#rows.length) this.#cell(number + 1, "name").focus();
    else if (!isBlank(this.#rows[number])) this.#add(number);
    else this.adder.focus();
  }

  // --- as text ----------------------------------------------------------------------------------------------------------

  #toggle() {
    if (!this.#asText) {
      this.area.value = textOf(this.#rows);
      this.#switch(true);
      return this.area.focus();
    }
    const rows = rowsOfRaw(this.area.value);
    if (rows === null) return this.#say(say("graph-only-text"));
    this.raw = this.area.value;
    this.changed();
    return this.#cell(0, "name").focus();
  }

  #switch(asText) {
    this.#asText = asText;
    this.board.hidden = asText;
    this.adder.hidden = asText;
    for (const node of this.querySelectorAll(".graph-palette")) node.hidden = asText;
    for (const node of [this.area, ...this.querySelectorAll("[data-text-hint]")]) node.hidden = !asText;
    this.switcher.textContent = say(asText ? "graph-as-table" : "graph-as-text");
    if (!asText) this.#fill();
  }
}
