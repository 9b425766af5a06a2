// How an answer was read, shown beside it: the formula, or the sentence why not with its place under the typed text.
import { typeset } from "../math.js";
import { say } from "../words.js";

const AROUND = 34;
const REST = 900;

/** Show `latex` as what was read; nothing where there is none. What is there already stays untouched. */
export function readAs(place, latex) {
  if (!latex) {
    if (place.firstChild) place.replaceChildren();
    return;
  }
  let formula = place.querySelector(":scope > .math");
  if (!formula) {
    formula = document.createElement("span");
    formula.className = "math";
    place.replaceChildren(say("read-as"), " ", formula);
  }
  if (formula.dataset.tex === latex) return;
  formula.textContent = latex;
  typeset(formula, latex);
}

/** Show the sentence why something cannot be read, and under it the typed text with its place marked. */
export function unread(place, says, text = "", start = null, end = null) {
  let box = place.querySelector(":scope > .unread");
  if (!box) {
    box = document.createElement("span");
    box.className = "unread";
    box.append(document.createElement("span"));
    place.replaceChildren(box);
  }
  const sentence = box.firstElementChild;
  // An unchanged sentence is not told again.
  if (sentence.textContent !== says) sentence.textContent = says;
  box.querySelector(".place")?.remove();
  if (text && start !== null && start !== undefined) box.append(marked(text, start, Math.max(start + 1, end ?? 0)));
}

/** The line of the text in which the place lies, shortened around it, and marks under the place. */
function marked(text, start, end) {
  // Places are counted in characters, not in the halves that scripts make of rare ones.
  const letters = Array.from(text);
  const first = start ? letters.lastIndexOf("\n", start - 1) + 1 : 0;
  const stop = letters.indexOf("\n", start);
  const last = stop < 0 ? letters.length : stop;
  const from = start - first > AROUND ? start - AROUND : first;
  const to = last - end > AROUND ? Math.max(end, start + 1) + AROUND : last;
  const piece = (a, b) => letters.slice(Math.max(a, from), Math.min(b, to)).join("").replace(/\s/g, " ");
  const lead = from > first ? "…" : "";
  const line = document.createElement("span");
  line.className = "place";
  line.setAttribute("aria-hidden", "true");
  const mark = document.createElement("mark");
  mark.textContent = piece(start, end);
  const caret = document.createElement("span");
  caret.className = "caret";
  const width = Math.max(1, Math.min(end, to) - start);
  caret.textContent = `${" ".repeat(Array.from(lead).length + start - from)}${"^".repeat(width)}`;
  line.append(lead + piece(from, start), mark, piece(end, to), to < last ? "…" : "", caret);
  return line;
}

/** The number (from 1) of the line in which a place lies. */
export function lineAt(text, place) {
  return Array.from(text).slice(0, place).filter((letter) => letter === "\n").length + 1;
}

/** Tells in a live region what a place shows, when the typing rests, and once as long as it stays the same. */
export class Telling {
  #timer = null;
  #told = null;

  constructor(region) {
    this.region = region;
  }

  /** `place` shows a reading, known by `key`. The first one was there before anybody typed. */
  of(place, key) {
    if (!this.region) return;
    clearTimeout(this.#timer);
    if (this.#told === null && !this.region.closest(".answer").contains(document.activeElement)) {
      this.#told = key;
      return;
    }
    this.#timer = setTimeout(() => {
      if (key === this.#told) return;
      this.#told = key;
      this.region.replaceChildren(...spoken(place));
    }, REST);
  }
}

/** What is shown, without the doubles for eyes only: KaTeX makes each formula twice. */
function spoken(place) {
  const copy = place.cloneNode(true);
  for (const silent of copy.querySelectorAll("[aria-hidden=true], annotation")) silent.remove();
  return [...copy.childNodes];
}
