// Answers to a short text against its claims: what each makes, on which words, and what its changes would earn.
import { readFraction } from "../fractions.js";
import { say } from "../words.js";
import { authors } from "./authored.js";
import { h, scroll } from "./dom.js";
import { keeper } from "./keeping.js";

const DECISIONS = { made: say("made"), "not made": say("not made"), unsure: say("for a person") };
const MARKS = { earned: say("fits"), denied: say("speaks against it"), contrary: say("says the opposite of"), supposed: say("only supposes"), near: say("is near") };
const DOUBTS = {
  keywords: say("A bare list of words: a person looks."),
  shuffled: say("The words seem to be in disorder: a person looks."),
  addressed: say("It speaks to the marker: a person looks."),
  copied: say("It copies the question and adds next to nothing: a person looks."),
  denial: say("It takes back what it says, as “it is not true that” does: a person looks."),
  contradicts: say("It earns, and also says something against a right answer: a person looks."),
  denies: say("It earns, and also denies something, or speaks ill of it: a person looks."),
  roles: say("It would earn the same with two roles exchanged: a person looks."),
};
const CHANGES = {
  denied: say("behind “It is not true that”"),
  dismissed: say("inside words that call it wrong"),
  withdrawn: say("taken back behind it"),
  negated: say("with a “not” in it"),
  swapped: say("with two roles exchanged"),
  shuffled: say("with its words in disorder"),
  keywords: say("as a bare list of words"),
  injected: say("only asking for points"),
};

const words = (text) => readFraction(text)?.words ?? String(text);
const span = ({ lo, hi }) => (lo === hi ? words(lo) : say("{lo} to {hi}", { lo: words(lo), hi: words(hi) }));

/** The table for what was `found`: {part, field, seed, points, rows, legend}. */
export function matrix(draft, found) {
  const claims = Object.keys(found.rows[0]?.claims ?? {});
  const column = (name, style) => h("th", { scope: "col", class: style }, name);
  const head = h("tr", {}, [
    column(say("Answer")),
    column(say("Points of {n}", { n: words(found.points) }), "number"),
    claims.map((name) => column(h("code", {}, name))),
  ]);
  const body = found.rows.map((row, i) => h("tbody", { "data-judged": row.judged }, [line(row, i + 1, claims), below(draft, found, row, claims.length + 2, i + 1)]));
  const legend = (found.legend ?? []).map(([mark, says]) => h("span", {}, h("mark", { "data-mark": mark }, say("abc")), " ", says));
  return [legend.length ? h("p", { class: "legend", "aria-hidden": "true" }, legend) : null, scroll(say("Answers and claims"), h("table", { class: "rows matrix" }, h("thead", {}, head), body))].filter(Boolean);
}

function line(row, number, claims) {
  return h("tr", {}, [
    h("th", { scope: "row", class: "tried-text" }, h("span", { class: "soft" }, `${number} `), h("span", { class: "marked-text" }, authors(row.marked_text))),
    h("td", { class: "number" }, h("strong", {}, span(row)), judged(row)),
    claims.map((name) => h("td", { "data-decision": row.claims[name] }, h("span", { class: "decision" }, DECISIONS[row.claims[name]]), why(row.evidence.filter((one) => one.claim === name)))),
  ]);
}

/** Whether a person gave the same. */
function judged({ judged: is, marked }) {
  const given = { n: words(marked) };
  if (is === "right") return h("span", { class: "soft" }, say("as by the person"));
  if (is === "open") return h("span", { class: "soft" }, say("a person gave {n}", given));
  if (is === "too much") return h("span", { class: "complaint" }, say("too much: a person gave {n}", given));
  if (is === "too little") return h("span", { class: "complaint" }, say("too little: a person gave {n}", given));
  return null;
}

/** The patterns that found something, each once. */
function why(evidence) {
  const seen = new Map(evidence.map((one) => [`${one.mark} ${one.pattern}`, one]));
  if (!seen.size) return null;
  return h("ul", { class: "fitting" }, [...seen.values()].map((one) => h("li", {}, MARKS[one.mark] ?? one.mark, " ", h("code", {}, one.pattern))));
}

function below(draft, found, row, width, number) {
  const remarks = [
    ...row.doubts.map((one) => DOUBTS[one] ?? one),
    row.unread.length ? say("Not understood: {words}", { words: row.unread.join(", ") }) : "",
  ].filter(Boolean);
  const box = h("div", { class: "tried-below" }, [
    remarks.length ? h("ul", { class: "remarks" }, remarks.map((one) => h("li", {}, one))) : null,
    changes(row),
    keeper(draft, found, row, number),
  ]);
  return h("tr", {}, h("td", { colspan: width }, box));
}

/** What the same answer would earn if somebody changed it; warnings stand in the open. */
function changes(row) {
  const item = (one) => h("li", {}, h("span", {}, CHANGES[one.kind] ?? one.kind, ": ", h("strong", {}, span(one))), one.warns ? h("span", { class: "complaint" }, say("It still earns full points.")) : null, h("span", { class: "soft" }, `“${one.text}”`));
  const warned = row.mutations.filter((one) => one.warns);
  const others = row.mutations.filter((one) => !one.warns);
  const said = others.map((one) => `${CHANGES[one.kind] ?? one.kind}: ${span(one)}`).join("; ");
  return [
    warned.length ? h("ul", { class: "changes warned" }, warned.map(item)) : null,
    others.length ? h("details", { class: "criterion-more" }, h("summary", {}, say("If it were changed: {said}", { said })), h("ul", { class: "changes" }, others.map(item))) : null,
  ];
}
