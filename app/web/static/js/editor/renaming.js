// Renaming a variable or a pool takes the formulas and texts along, as in a spreadsheet.

import { isTree } from "./exact.js";

// What people read: only the calculations in it change.
const PROSE = new Set(["title", "label", "says", "text", "why", "alt", "caption", "unit", "words"]);
const NAMES = new Set(["id", "item", "grader", "draw-kind", "twin", "tags", "source", "form", "mode", "if-name"]);
const CALLED_BY_CELL = new Set(["set", "carry"]);
export const NAME = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
export const RESERVED = new Set(["person", "mistake", "True", "False", "None", "and", "or", "not", "if", "else", "for", "in"]);

/** A formula with the name replaced; not in quotation marks, not where it is a field (`name.right`) or a fact. */
function inFormula(formula, from, to) {
  const word = new RegExp(`(?<![\\w.])${from}(?![\\w(]|\\.[A-Za-z_])`, "g");
  return formula.replace(/("[^"]*"|'[^']*')|[^"']+/g, (piece, quoted) => (quoted ? piece : piece.replace(word, to)));
}

/** A text with the name replaced in `@{…}`, `@if` and `@each … in`. */
function inText(text, from, to) {
  return text
    .replace(/@\{([^}\n:]*)/g, (whole, formula) => `@{${inFormula(formula, from, to)}`)
    .replace(/^(@if\s+)(.*)$/gm, (whole, lead, formula) => lead + inFormula(formula, from, to))
    .replace(/^(@each\s+\w+\s+in\s+)(.*)$/gm, (whole, lead, formula) => lead + inFormula(formula, from, to));
}

function walk(value, key, change) {
  if (typeof value === "string") return change(value, key);
  if (Array.isArray(value)) return value.map((item) => walk(item, key, change));
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, walk(item, PROSE.has(key) ? key : name, change)]));
}

function keysOf(value, from, to) {
  if (Array.isArray(value)) return value.map((item) => keysOf(item, from, to));
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      if (CALLED_BY_CELL.has(name) && item !== null && typeof item === "object" && !Array.isArray(item)) {
        return [name, Object.fromEntries(Object.entries(item).map(([cell, one]) => [cell === from ? to : cell, one]))];
      }
      return [name, keysOf(item, from, to)];
    }),
  );
}

function apply(draft, document, changeText) {
  let places = 0;
  for (const key of Object.keys(document)) {
    if (JSON.stringify(document[key]) === JSON.stringify(draft.document[key])) continue;
    draft.set([key], document[key]);
    places += 1;
  }
  for (const [file, text] of Object.entries(draft.texts)) {
    if (!file.endsWith(".md")) continue;
    const changed = changeText(text);
    if (changed === text) continue;
    draft.setText(file, changed);
    places += 1;
  }
  return places;
}

/** Rename a variable everywhere, in one step. */
export function renameVariable(draft, from, to) {
  draft.together(() => {
    draft.rename(["variables"], from, to);
    const change = (text, key) => (PROSE.has(key) ? inText(text, from, to) : NAMES.has(key) ? text : inFormula(text, from, to));
    const { variables, ...rest } = draft.document;
    const cells = Object.fromEntries(Object.entries(variables).map(([name, cell]) => [name, cellWith(cell, from, to)]));
    apply(draft, { variables: cells, ...keysOf(walk(rest, "", change), from, to) }, (text) => inText(text, from, to));
  });
}

function cellWith(cell, from, to) {
  if (typeof cell === "string") return inFormula(cell, from, to);
  if (cell?.draw !== undefined) return { ...cell, draw: inFormula(String(cell.draw), from, to) };
  return cell;
}

/** Rename a pool with the fields and draws that use it, in one step. */
export function renamePool(draft, from, to) {
  draft.together(() => {
    draft.rename(["pools"], from, to);
    const called = new RegExp(`(\\bpick\\(\\s*)(["'])${from}\\2`, "g");
    const change = (text, key) => (key === "pool" && text === from ? to : text.replace(called, `$1$2${to}$2`));
    const { pools, ...rest } = draft.document;
    apply(draft, { pools, ...walk(rest, "", change) }, (text) => text);
  });
}
