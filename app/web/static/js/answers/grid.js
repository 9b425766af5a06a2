// Vectors and matrices: inputs in a table, of given size or of a size that is part of the answer.
import { AnswerElement } from "./element.js";
import { say } from "../words.js";

const MOST = 50;

class GridAnswer extends AnswerElement {
  prepare() {
    this.table = this.querySelector("table");
    this.free = this.widget.shape === null;
    for (const tools of this.querySelectorAll(".answer-tools")) tools.hidden = false;
    this.addEventListener("keydown", (event) => this.#arrow(event));
    this.addEventListener("paste", (event) => this.#paste(event));
    this.addEventListener("change", (event) => this.#list(event.target));
    this.addEventListener("click", (event) => {
      const tool = event.target.closest("[data-resize]");
      if (tool) this.#tool(...tool.dataset.resize.split(" "));
    });
    this.#size();
  }

  get rows() {
    return [...this.table.rows].map((row) => [...row.cells].map((cell) => cell.firstElementChild));
  }

  get cells() {
    const cells = this.rows.map((row) => row.map((input) => input.value));
    return this.free ? trimmed(cells) : cells;
  }

  write(cells) {
    if (this.free && cells.length) this.resize(cells.length, Math.max(...cells.map((row) => row.length)));
    this.rows.forEach((row, r) => row.forEach((input, c) => (input.value = cells[r]?.[c] ?? "")));
  }

  inputAt(cell) {
    if (!cell.length) return null;
    const [row, column] = cell.length === 1 ? [0, cell[0]] : cell;
    return this.rows[row]?.[column] ?? null;
  }

  typedText(cell) {
    return this.inputAt(cell)?.value ?? "";
  }

  /** Make the table `height` by `width`; what is cut off is gone, so callers only cut blanks or on request. */
  resize(height, width) {
    height = Math.min(MOST, Math.max(1, height));
    width = Math.min(MOST, Math.max(1, width));
    while (this.table.rows.length > height) this.table.deleteRow(-1);
    while (this.table.rows.length < height) this.table.insertRow();
    for (const row of this.table.rows) {
      while (row.cells.length > width) row.deleteCell(-1);
      while (row.cells.length < width) row.insertCell().append(this.#cell());
    }
    this.#name();
    this.#size();
  }

  enter(input) {
    const [r, c] = this.#position(input);
    const below = this.rows[r + 1]?.[c];
    if (below) below.focus();
    else super.enter(this.rows.at(-1).at(-1));
  }

  #cell() {
    const input = this.inputs[0].cloneNode();
    input.removeAttribute("id");
    input.removeAttribute("aria-invalid");
    input.value = "";
    input.defaultValue = "";
    return input;
  }

  #name() {
    this.rows.forEach((row, r) =>
      row.forEach((input, c) => {
        input.name = this.nameOf(r, c);
        input.setAttribute("aria-label", this.labelOf(r, c));
      }),
    );
  }

  #size() {
    const [height, width] = [this.rows.length, this.rows[0].length];
    for (const tool of this.querySelectorAll("[data-resize]")) {
      const [axis, way] = tool.dataset.resize.split(" ");
      const length = axis === "row" ? height : width;
      tool.setAttribute("aria-disabled", String(way === "-1" ? length <= 1 : length >= MOST));
    }
    for (const count of this.querySelectorAll("[data-count]")) {
      count.textContent = count.dataset.count === "row" ? height : width;
    }
    const place = this.querySelector("[data-size]");
    if (place) place.textContent = this.sizeInWords(height, width);
  }

  #tool(axis, way) {
    const rows = this.rows;
    const [height, width] = [rows.length, rows[0].length];
    if (axis === "row") this.resize(height + Number(way), width);
    else this.resize(height, width + Number(way));
    this.changed();
  }

  #position(input) {
    for (const [r, row] of this.rows.entries()) {
      const c = row.indexOf(input);
      if (c >= 0) return [r, c];
    }
    return [0, 0];
  }

  #arrow(event) {
    const input = event.target;
    if (!input.matches("input") || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const [r, c] = this.#position(input);
    const atStart = input.selectionEnd === 0;
    const atEnd = input.selectionStart === input.value.length;
    const next = {
      ArrowUp: this.rows[r - 1]?.[c],
      ArrowDown: this.rows[r + 1]?.[c],
      ArrowLeft: atStart ? this.rows[r][c - 1] : null,
      ArrowRight: atEnd ? this.rows[r][c + 1] : null,
    }[event.key];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  // A pasted block (from a spreadsheet, or "1, 2; 3, 4") is spread over the cells, starting where the cursor is.
  #paste(event) {
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    const block = blockOf(text);
    if (!event.target.matches("input") || block.flat().length < 2 || /[a-z(^*/+]/i.test(text)) return;
    event.preventDefault();
    this.#spread(block, event.target);
  }

  // Who types "64, 64, 96" or "64x64x96" into the first, still lonely cell means the whole row.
  #list(input) {
    const text = input.value.trim();
    const list = /^\d+(\s*[x×]\s*\d+)+$/i.test(text) ? text.replace(/\s*[x×]\s*/gi, " ") : text;
    if (!input.matches("input") || input !== this.inputs[0] || !/^[-\d.,;\s]+$/.test(list) || !/\d[,;]?\s+-?\d|;|,.*,/.test(list)) return;
    const block = blockOf(list);
    const [height, width] = [block.length, Math.max(...block.map((row) => row.length))];
    const fits = this.free ? this.growsDown || height === 1 : height <= this.rows.length && width <= this.rows[0].length;
    if (!fits || this.inputs.some((other) => other !== input && other.value.trim())) return;
    this.#spread(block, input);
  }

  #spread(block, first) {
    const [r0, c0] = this.#position(first);
    const wide = Math.max(...block.map((row) => row.length));
    if (this.free) {
      this.resize(Math.max(this.rows.length, this.growsDown ? r0 + block.length : 1), Math.max(this.rows[0].length, c0 + wide));
    }
    const rows = this.rows;
    block.forEach((row, r) => row.forEach((cell, c) => {
      const input = rows[r0 + r]?.[c0 + c];
      if (input) input.value = cell;
    }));
    this.changed();
  }
}

/** Rows of cells out of a text such as "1, 2; 3, 4", "[[1, 2], [3, 4]]" or a piece of a spreadsheet. */
function blockOf(text) {
  return text
    .replace(/^[\s[({]+|[\s\])}]+$/g, "")
    .split(/\]\s*,?\s*\[|[;\n]+/)
    .map((line) => line.trim().split(/\t|\s*,\s+|,(?!\d)|(?<=\d),(?=-?\d)|\s+/).filter((cell) => cell !== ""))
    .filter((row) => row.length);
}

/** Without the blank rows and columns at the end: an empty cell that was merely offered is no part of the size. */
function trimmed(cells) {
  const rows = cells.map((row) => [...row]);
  while (rows.length > 1 && rows.at(-1).every((cell) => !cell.trim())) rows.pop();
  while (rows[0].length > 1 && rows.every((row) => !row.at(-1).trim())) rows.forEach((row) => row.pop());
  return rows;
}

export class VectorAnswer extends GridAnswer {
  growsDown = false;

  get raw() {
    return this.cells[0];
  }

  set raw(value) {
    this.write([typeof value === "string" ? value.split(",").map((cell) => cell.trim()) : [value ?? []].flat(2)]);
  }

  nameOf(_row, column) {
    return `f.${this.field}.${column}`;
  }

  labelOf(_row, column) {
    return say("entry", { n: column + 1 });
  }

  sizeInWords(_height, width) {
    return say("size-vector", { n: width });
  }
}

export class MatrixAnswer extends GridAnswer {
  growsDown = true;

  get raw() {
    return this.cells;
  }

  set raw(value) {
    const rows = typeof value === "string" ? value.split(/[;\n]/).map((row) => row.split(",").map((cell) => cell.trim())) : (value ?? []);
    this.write(rows.map((row) => [row].flat()));
  }

  nameOf(row, column) {
    return `f.${this.field}.${row}.${column}`;
  }

  labelOf(row, column) {
    return say("cell", { row: row + 1, column: column + 1 });
  }

  sizeInWords(height, width) {
    return say("size-matrix", { rows: height, columns: width });
  }
}
