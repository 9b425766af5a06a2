// Sketches: a table of coordinates is the answer, the drawing beside it a view of it.
import { AnswerElement } from "./element.js";
import { Drawing, numberOf, s } from "./sketch-drawing.js";
import { say } from "../words.js";

const MOST = 60;
const LEAST = 2;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value === true ? "" : String(value));
  node.append(...children);
  return node;
}

/** A name as it is set: the a of f_a lower. */
function lettered(name) {
  const [stem, ...low] = name.split("_");
  return low.length ? [stem, make("sub", {}, low.join("_"))] : [name];
}

const blankRow = () => ["", ""];
const isBlank = (row) => row.every((cell) => !cell.trim());
const written = (value) => String(Number(value.toFixed(9)));

export class SketchAnswer extends AnswerElement {
  #strokes = [];
  #chosen = 0;
  #touched = false;

  prepare() {
    this.frame = this.widget.frame;
    this.arrows = this.frame.draw === "arrows";
    const board = this.querySelector("[data-board]") ?? this.insertBefore(make("div", { class: "sketch-board", "data-board": true }), this.place);
    this.#touched = [...board.querySelectorAll("input")].some((input) => input.value !== input.defaultValue);
    this.#strokes = this.frame.names.map(() => []);
    for (const input of board.querySelectorAll("input")) {
      const [stroke, row, side] = input.name.split(".").slice(-3).map(Number);
      ((this.#strokes[stroke] ??= [])[row] ??= blankRow())[side] = input.value;
    }
    this.#build(board);
    this.#fill();
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("focusin", ({ target }) => target.dataset?.row && this.#choose(Number(target.dataset.stroke)));
    // The table is read before anybody is told about it.
    this.tables.addEventListener("input", ({ target }) => this.#take(target), { capture: true });
  }

  get inputs() {
    return this.tables ? [...this.tables.querySelectorAll("input")] : [];
  }

  get touched() {
    return this.#touched;
  }

  get raw() {
    return this.#strokes.map((rows) => {
      const kept = rows.map((row) => [...row]);
      while (kept.length && isBlank(kept.at(-1))) kept.pop();
      return kept;
    });
  }

  set raw(value) {
    const items = Array.isArray(value) ? value : this.#fromText(String(value ?? ""));
    this.#strokes = this.frame.names.map((_, number) => rowsOf(items[number]));
    this.#fill();
  }

  inputAt([stroke, row, side] = []) {
    return this.tables.querySelector(`[data-stroke="${stroke}"][data-row="${row}"][data-side="${side}"]`);
  }

  #fromText(text) {
    const lines = text.split("\n").filter((line) => line.trim());
    return this.frame.names.map((name, number) => {
      const own = lines.find((line) => line.split(":")[0].trim().toLowerCase() === name.toLowerCase()) ?? (text.includes(":") ? "" : (lines[number] ?? ""));
      return [...own.matchAll(/[([]([^()[\]]*)[)\]]/g)].map(([, pair]) => pair.split(pair.includes(";") ? ";" : ",").map((cell) => cell.trim()));
    });
  }

  // --- the table --------------------------------------------------------------------------------------------------------

  #build(board) {
    this.tables = make("div", { class: "sketch-tables" });
    this.told = make("span", { class: "unseen", "aria-live": "polite" });
    const view = make("div");
    // With one stroke there is nothing to choose.
    const pens = this.frame.names.length > 1 ? this.frame.names.map((name, number) => this.#pen(name, number)) : [];
    this.pens = make("div", { class: "sketch-tools", role: "group", "aria-label": say("sketch-pens") }, ...pens);
    const hint = make("p", { class: "small soft" }, say(this.arrows ? "sketch-how-arrows" : "sketch-how-lines"));
    board.replaceChildren(this.tables, make("div", { class: "sketch-view" }, ...(pens.length ? [this.pens] : []), view, hint, this.told));
    this.drawing = new Drawing(view, this.frame, {
      move: (stroke, i, place) => this.#move(stroke, i, place),
      add: (stroke, i, place) => this.#put(stroke, i, place),
      remove: (stroke, i) => this.#clear(stroke, this.#shown()[stroke][i]?.row ?? 0),
      chose: (stroke) => this.#choose(stroke),
      label: (stroke, i) => (this.arrows ? say("sketch-tip", { name: this.frame.names[stroke] }) : say("sketch-point", { name: this.frame.names[stroke], n: this.#shown()[stroke][i].row + 1 })),
      worded: (stroke, i) => this.#worded(stroke, i),
    });
  }

  #pen(name, number) {
    const swatch = s("svg", { class: "sketch-swatch", viewBox: "0 0 30 10", "aria-hidden": "true" }, s("g", { class: `stroke stroke-${number % 4}` }, s("path", { d: "M0 5H30" })));
    return make("button", { type: "button", class: "button small", "data-pen": number, "aria-pressed": "false" }, swatch, make("span", {}, ...lettered(name)));
  }

  #fill(focus) {
    this.#strokes = this.#strokes.map((rows) => {
      const all = Array.from(rows, (row) => row ?? blankRow());
      while (all.length < (this.arrows ? 1 : LEAST)) all.push(blankRow());
      return all;
    });
    const tables = this.arrows ? [this.#ofArrows()] : this.#strokes.map((rows, stroke) => this.#ofLine(rows, stroke));
    this.tables.replaceChildren(...tables);
    this.#draw();
    if (focus) this.inputAt(focus)?.focus();
  }

  #ofArrows() {
    const head = make("tr", {}, make("td"), make("th", { scope: "col" }, say("sketch-right")), make("th", { scope: "col" }, say("sketch-up")), make("td"));
    const lines = this.frame.names.map((name, stroke) => {
      const none = make("button", { type: "button", class: "button small quiet", "data-none": stroke, "aria-label": say("sketch-none-of", { name }) }, say("sketch-none"));
      return make("tr", {}, make("th", { scope: "row" }, ...lettered(name)), ...this.#cells(stroke, 0), make("td", {}, none));
    });
    return make("table", { class: "sketch-table" }, make("thead", {}, head), make("tbody", {}, ...lines));
  }

  #ofLine(rows, stroke) {
    const name = this.frame.names[stroke];
    const head = make("tr", {}, make("td"), make("th", { scope: "col" }, "x"), make("th", { scope: "col" }, "y"), make("td"));
    const lines = rows.map((_, row) => {
      const remove = make("button", { type: "button", class: "button quiet small icon-button", "data-remove": row, "data-of": stroke, "aria-label": say("sketch-remove", { name, n: row + 1 }) }, "×");
      return make("tr", {}, make("td", { class: "number" }, String(row + 1)), ...this.#cells(stroke, row), make("td", {}, remove));
    });
    const add = make("button", { type: "button", class: "button small", "data-add": stroke, "aria-label": say("sketch-add-to", { name }) }, say("sketch-add"));
    return make("div", {}, make("table", { class: "sketch-table" }, make("caption", {}, ...lettered(name)), make("thead", {}, head), make("tbody", {}, ...lines)), make("div", { class: "answer-tools" }, add));
  }

  #cells(stroke, row) {
    const name = this.frame.names[stroke];
    return [0, 1].map((side) => {
      const label = this.arrows ? say(side ? "sketch-up-of" : "sketch-right-of", { name }) : say("sketch-cell", { name, n: row + 1, axis: "xy"[side] });
      const attributes = { type: "text", class: "typed", name: `f.${this.field}.${stroke}.${row}.${side}`, "data-stroke": stroke, "data-row": row, "data-side": side, "aria-label": label, "aria-describedby": this.place?.id ?? "", maxlength: 40, autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false" };
      const input = make("input", attributes);
      input.value = this.#strokes[stroke][row][side];
      return make("td", {}, input);
    });
  }

  #take({ dataset, value }) {
    this.#strokes[Number(dataset.stroke)][Number(dataset.row)][Number(dataset.side)] = value;
    this.#draw();
  }

  #add(stroke, at = this.#strokes[stroke].length) {
    if (this.#strokes[stroke].length >= MOST) return this.#say(say("sketch-full", { n: MOST }));
    this.#strokes[stroke].splice(at, 0, blankRow());
    return this.#fill([stroke, at, 0]);
  }

  #clear(stroke, row) {
    const name = this.frame.names[stroke];
    if (this.arrows) this.#strokes[stroke] = [blankRow()];
    else this.#strokes[stroke].splice(row, 1);
    this.#fill();
    this.#say(say("sketch-removed", { name, n: row + 1 }));
    this.changed();
  }

  #say(sentence) {
    this.told.textContent = sentence;
  }

  // --- the drawing ------------------------------------------------------------------------------------------------------

  /** Per stroke the points that can be drawn, with the rows they stand in; an arrow always has its tip. */
  #shown() {
    return this.#strokes.map((rows, stroke) => {
      const found = rows.map((row, number) => ({ row: number, place: row.map(numberOf) })).filter(({ place }) => place[0] !== null && place[1] !== null);
      if (!this.arrows) return found;
      const [x, y] = this.frame.starts[stroke];
      // An arrow given by both ends goes from the first to the last.
      const [first, last] = [found.length > 1 ? found[0].place : [0, 0], found.at(-1)?.place];
      return [{ row: 0, drawn: Boolean(last), place: last ? [x + last[0] - first[0], y + last[1] - first[1]] : [x, y] }];
    });
  }

  #worded(stroke, i) {
    const { place, drawn } = this.#shown()[stroke][i];
    if (!this.arrows) return say("sketch-at", { x: written(place[0]), y: written(place[1]) });
    if (!drawn) return say("sketch-undrawn");
    const [x, y] = place.map((value, side) => value - this.frame.starts[stroke][side]);
    return x || y ? say("sketch-goes", { x: written(x), y: written(y) }) : say("sketch-none");
  }

  #draw() {
    const shown = this.#shown();
    const told = this.frame.names.map((name, stroke) => {
      const places = shown[stroke].filter(({ drawn }) => drawn !== false).map((_, i) => this.#worded(stroke, i));
      return `${name}: ${places.join(", ") || say("sketch-undrawn")}.`;
    });
    this.drawing.show(shown, this.#chosen, [say("sketch-picture"), ...told].join(" "));
    for (const pen of this.pens.children) pen.setAttribute("aria-pressed", String(Number(pen.dataset.pen) === this.#chosen));
  }

  #choose(stroke) {
    if (stroke === this.#chosen) return;
    this.#chosen = stroke;
    this.#draw();
  }

  #move(stroke, i, place) {
    const start = this.arrows ? this.frame.starts[stroke] : [0, 0];
    const row = this.#shown()[stroke][i].row;
    if (this.arrows) this.#strokes[stroke] = [blankRow()];
    this.#strokes[stroke][row] = place.map((value, side) => written(value - start[side]));
    for (const side of [0, 1]) this.inputAt([stroke, row, side]).value = this.#strokes[stroke][row][side];
    this.#choose(stroke);
    this.#draw();
    this.changed();
  }

  /** A point placed in the drawing before number `i` of those drawn; blank rows are used up first. */
  #put(stroke, i, place) {
    const shown = this.#shown()[stroke];
    const rows = this.#strokes[stroke].filter((row) => !isBlank(row));
    if (rows.length >= MOST) return this.#say(say("sketch-full", { n: MOST }));
    const before = i < shown.length ? rows.indexOf(this.#strokes[stroke][shown[i].row]) : rows.length;
    rows.splice(before, 0, place.map(written));
    this.#strokes[stroke] = rows;
    this.#fill();
    this.drawing.focus(stroke, i);
    this.#say(say("sketch-placed", { name: this.frame.names[stroke], n: before + 1, x: written(place[0]), y: written(place[1]) }));
    return this.changed();
  }

  // --- buttons and keys -------------------------------------------------------------------------------------------------

  #click({ target }) {
    const { dataset } = target.closest("button") ?? {};
    if (!dataset) return;
    if (dataset.add !== undefined) this.#add(Number(dataset.add));
    else if (dataset.pen !== undefined) this.#choose(Number(dataset.pen));
    else if (dataset.remove !== undefined) {
      this.#clear(Number(dataset.of), Number(dataset.remove));
      this.inputAt([Number(dataset.of), Math.max(0, Number(dataset.remove) - 1), 0])?.focus();
    } else if (dataset.none !== undefined) this.#move(Number(dataset.none), 0, this.frame.starts[Number(dataset.none)]);
  }

  #key(event) {
    const { target, key } = event;
    if (target.dataset?.row === undefined || event.isComposing || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [stroke, row, side] = ["stroke", "row", "side"].map((name) => Number(target.dataset[name]));
    const way = { ArrowUp: -1, ArrowDown: 1 }[key];
    const next = way && (this.arrows ? this.inputAt([stroke + way, 0, side]) : this.inputAt([stroke, row + way, side]));
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  /** Return goes from x to y to the next row, and after the last one to a new row; on a blank row it moves on. */
  enter(box) {
    const [stroke, row, side] = ["stroke", "row", "side"].map((name) => Number(box.dataset[name]));
    const next = this.inputAt([stroke, row, 1 - side]);
    if (side === 0) next.focus();
    else if (this.arrows) (this.inputAt([stroke + 1, 0, 0]) ?? this.querySelector(".handle"))?.focus();
    else if (this.inputAt([stroke, row + 1, 0])) this.inputAt([stroke, row + 1, 0]).focus();
    else if (!isBlank(this.#strokes[stroke][row])) this.#add(stroke);
    else (this.inputAt([stroke + 1, 0, 0]) ?? this.querySelector(".handle"))?.focus();
  }
}

function rowsOf(item) {
  if (!Array.isArray(item)) return item ? [...String(item).matchAll(/[([]([^()[\]]*)[)\]]/g)].map(([, pair]) => pair.split(",").map((cell) => cell.trim())) : [];
  const rows = item.some(Array.isArray) || !item.length ? item : [item];
  return rows.map((row) => [0, 1].map((side) => String([row].flat()[side] ?? "")));
}
