// Sentences of a test or of a refusal, each a way to the place it is about.
import { h, marked } from "./dom.js";

/** The place that a sentence of the server names ("Seed 5, size: the mistake `x` …"), as {path} or {file}; or null. */
export function placeOf(draft, says) {
  if (/^Case “/.test(says)) return { file: "cases.yaml", path: "", line: 1 };
  const found = /^Seeds? \d.*?, ([\w-]+):/.exec(says);
  const part = (draft.get(["parts"]) ?? []).findIndex((one) => one?.id === found?.[1]);
  if (part < 0) return null;
  const mistake = /the mistake `(\w+)`/.exec(says)?.[1];
  return { path: mistake ? `parts.${part}.mistakes.${mistake}` : `parts.${part}.criteria` };
}

/** `sentences` as a list; `places` are those that the server knows. `go(place)` leads there. */
export function sentenceList(draft, sentences, go, places = []) {
  return h(
    "ul",
    { class: "problem-list" },
    sentences.map((says, i) => {
      const told = places[i];
      const place = told && (told.path || (told.file && told.file !== "question.yaml")) ? told : placeOf(draft, says);
      return h("li", {}, place ? h("button", { type: "button", onclick: () => go(place) }, h("span", {}, marked(says))) : h("p", { class: "problem-line" }, marked(says)));
    }),
  );
}

/** Equal sentences about several seeds as one: "Seed 3, a: …" and "Seed 7, a: …" → "Seeds 3, 7, a: …" */
export function gathered(sentences) {
  const groups = new Map();
  for (const says of sentences) {
    const found = /^Seed (\d+)(.*)$/s.exec(says);
    const key = found ? found[2] : says;
    if (!groups.has(key)) groups.set(key, { seeds: [], says });
    if (found) groups.get(key).seeds.push(found[1]);
  }
  return [...groups].map(([rest, { seeds, says }]) => ({ says, seeds, shown: seeds.length > 1 ? `Seeds ${listed(seeds)}${rest}` : says }));
}

const MOST = 8;

export function listed(all) {
  return all.length > MOST ? `${all.slice(0, MOST).join(", ")} … (${all.length})` : all.join(", ");
}

/** Whether two contents of a draft are the same but for the files `except`. */
export function sameContent(one, other, except = []) {
  const names = new Set([...Object.keys(one.texts), ...Object.keys(other.texts)]);
  return one.document === other.document && [...names].every((name) => except.includes(name) || one.texts[name] === other.texts[name]);
}
