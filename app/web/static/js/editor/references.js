// What else names a part, field, mistake or criterion: a new name is taken along, in one step that can be undone.
import { freeName } from "./dom.js";

const POINTS = ["expect", "marked", "decisions"];
const FORMULAS = new Set(["when", "unless", "if", "carry_if"]);

/** Formulas of the rubric below `value`, changed by `change`. */
function inRubric(value, change, key = "", within = "") {
  if (typeof value === "string") return FORMULAS.has(key) || within === "facts" ? change(value) : value;
  if (Array.isArray(value)) return value.map((item) => inRubric(item, change, key, within));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, inRubric(item, change, name, name === "facts" ? "facts" : within)]));
}

/** Outside quotation marks. */
function outside(formula, change) {
  return formula.replace(/("[^"]*"|'[^']*')|[^"']+/g, (piece, quoted) => (quoted ? piece : change(piece)));
}

const withField = (from, to) => (formula) => outside(formula, (piece) => piece.replace(new RegExp(`(?<![\\w.])${literally(from)}(?=\\.[A-Za-z_])`, "g"), to));
const withFact = (field, from, to) => (formula) => outside(formula, (piece) => piece.replace(new RegExp(`(?<![\\w.])(${literally(field)}\\.)${literally(from)}(?!\\w)`, "g"), `$1${to}`));
const withMistake = (from, to) => (formula) => formula.replace(new RegExp(`(\\bmistake\\(\\s*)${literally(from)}(?=\\s*\\))`, "g"), `$1${to}`);

const literally = (text) => String(text).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** In cases.yaml the keys `from` (a pattern) of `sections` (answers, expect, …) are called `to(what its group found)`. */
function inCases(draft, sections, from, to) {
  const text = draft.texts["cases.yaml"];
  if (!text) return;
  const key = new RegExp(`((?:^|[{,])\\s*(?:- )?)(["']?)${from}\\2(?=\\s*:(?:\\s|$))`, "gm");
  let section = "";
  const pieces = text.split(/(\b(?:case|seed|answers|expect|marked|decisions|reading)\s*:)/).map((piece, i) => {
    if (i % 2) section = piece.replace(/\s*:$/, "");
    return i % 2 || !sections.includes(section) ? piece : piece.replace(key, (whole, lead, quote, ...found) => `${lead}${quote}${to(found[0])}${quote}`);
  });
  if (pieces.join("") !== text) draft.setText("cases.yaml", pieces.join(""));
}

const files = (draft) => Object.entries(draft.texts).filter(([file]) => /^(prompt|solution|hints)(\.[A-Za-z-]+)?\.md$/.test(file));

// --- renaming ---------------------------------------------------------------------------------------------------------

export function renameField(draft, path, from, to) {
  draft.together(() => {
    draft.rename(path, from, to);
    for (const key of ["parts", "readings"]) {
      if (draft.get([key]) === undefined) continue;
      const changed = inRubric(draft.get([key]), withField(from, to));
      if (JSON.stringify(changed) !== JSON.stringify(draft.get([key]))) draft.set([key], changed);
    }
    inCases(draft, ["answers"], literally(from), () => to);
  });
}

/** An entry of an option of the field at `path`: concepts and roles stand in patterns, claims and counts are facts. */
export function renameEntry(draft, path, option, from, to) {
  const word = new RegExp(`(?<![\\w-])${literally(from)}(?![\\w-])`, "g");
  const inPatterns = (list) => (Array.isArray(list) ? list.map((one) => (typeof one === "string" ? one.replace(word, to) : one)) : list);
  const inClaim = (claim) => Object.fromEntries(Object.entries(claim).map(([kind, list]) => [kind, inPatterns(list)]));
  draft.together(() => {
    draft.rename([...path, option], from, to);
    const { claims, counts, nocredit } = draft.get(path);
    if (option === "concepts" || option === "roles") {
      const changed = { ...draft.get(path) };
      if (claims) changed.claims = mapped(claims, inClaim);
      if (nocredit) changed.nocredit = inPatterns(nocredit);
      draft.set(path, changed);
      return;
    }
    const counted = (one) => ({ ...one, of: Array.isArray(one.of) ? one.of.map((name) => (name === from ? to : name)) : one.of });
    if (option === "claims" && counts) draft.set([...path, "counts"], mapped(counts, counted));
    const field = path.at(-1);
    draft.set(["parts"], inRubric(draft.get(["parts"]), withFact(field, from, to)));
  });
}

const mapped = (map, change) => Object.fromEntries(Object.entries(map).map(([name, one]) => [name, one !== null && typeof one === "object" ? change(one) : one]));

export function renameMistake(draft, part, from, to) {
  draft.together(() => {
    draft.rename([...part, "mistakes"], from, to);
    draft.set(part, inRubric(draft.get(part), withMistake(from, to)));
  });
}

/** A condition of a part that has a name. */
export function renameFact(draft, part, from, to) {
  const named = (formula) => outside(formula, (piece) => piece.replace(new RegExp(`(?<![\\w.])${literally(from)}(?![\\w(])`, "g"), to));
  draft.together(() => {
    draft.rename([...part, "facts"], from, to);
    draft.set(part, inRubric(draft.get(part), named));
  });
}

export function renameFigure(draft, from, to) {
  draft.together(() => {
    draft.rename(["figures"], from, to);
    for (const [file, text] of Object.entries(draft.texts)) {
      const changed = text.replaceAll(`(figure:${from})`, `(figure:${to})`);
      if (file.endsWith(".md") && changed !== text) draft.setText(file, changed);
    }
  });
}

export function renamePart(draft, path, from, to) {
  draft.together(() => {
    draft.set([...path, "id"], to);
    if (!from) return;
    for (const [file, text] of files(draft)) {
      const changed = text.replace(new RegExp(`^(##[ \\t]+)${literally(from)}(?=[ \\t#]*$)`, "gm"), `$1${to}`);
      if (changed !== text) draft.setText(file, changed);
    }
    inCases(draft, POINTS, `${literally(from)}((?:\\.[\\w-]+)?)`, (criterion) => `${to}${criterion}`);
  });
}

export function renameCriterion(draft, path, part, from, to) {
  draft.together(() => {
    draft.set([...path, "id"], to || undefined);
    if (from && to) inCases(draft, POINTS, literally(`${part}.${from}`), () => `${part}.${to}`);
  });
}

// --- parts come and go with their sections -------------------------------------------------------------------------------

/** Every text gets a section for the part; `like` names the part whose sections are copied. */
export function addSections(draft, id, like) {
  for (const [file, text] of files(draft)) {
    const found = like ? section(text, like) : null;
    const body = (found && text.slice(found.body, found.end).trim()) || (file.startsWith("prompt") ? "What is asked in this part?" : "…");
    draft.setText(file, `${text.trimEnd()}\n\n## ${id}\n\n${body}\n`);
  }
}

export function removeSections(draft, id) {
  for (const [file, text] of files(draft)) {
    const found = section(text, id);
    if (found) draft.setText(file, `${text.slice(0, found.start)}${text.slice(found.end)}`.trimEnd() + "\n");
  }
}

/** Where the section of a part begins (with its heading), where its text begins, and where it ends; or null. */
function section(text, id) {
  const heading = new RegExp(`^##[ \\t]+${literally(id)}[ \\t#]*$\\n?`, "m").exec(text);
  if (!heading) return null;
  const body = heading.index + heading[0].length;
  const next = /^##[ \t]/m.exec(text.slice(body));
  return { start: heading.index, body, end: next ? body + next.index : text.length };
}

/** A copy of a part whose fields have new names; all names that are taken are in `fields`. */
export function copyOfPart(part, id, fields) {
  const taken = [...fields];
  let copy = { ...part, id };
  delete copy.item;
  const named = {};
  for (const [name, field] of Object.entries(part.fields ?? {})) {
    const fresh = freeName(taken, name);
    taken.push(fresh);
    named[fresh] = field;
    copy = inRubric(copy, withField(name, fresh));
  }
  return { ...copy, fields: named };
}
