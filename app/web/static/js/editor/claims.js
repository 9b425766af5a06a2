// Trying answers to a short text: pasted, judged claim by claim, and turned against the rubric.
import { readFraction } from "../fractions.js";
import { say } from "../words.js";
import { button, fresh, h, labelled, listen, live } from "./dom.js";
import { matrix } from "./matrix.js";
import { sameContent } from "./sentences.js";

const AT_ONCE = 10;
const MOST = 200;

/** One on a line, or with empty lines between; in front, what a person gives: "1/2 | text". */
export function pasted(text) {
  const all = text.trim().split(/\n[^\S\n]*\n/.test(text.trim()) ? /\n[^\S\n]*\n/ : /\n/);
  return all
    .map((one) => one.trim())
    .filter(Boolean)
    .map((one) => {
      const found = /^([^|\n]{1,12})\|\s*(\S[\s\S]*)$/.exec(one);
      const mark = found && readFraction(found[1].trim());
      return mark ? { points: mark.toString(), text: found[2] } : { text: one };
    });
}

/** The short texts as {field, words, alone}: whether nothing else is asked in the part. */
function shortTexts(draft) {
  return (draft.get(["parts"]) ?? []).flatMap((part) => {
    const fields = Object.entries(part?.fields ?? {});
    const called = part?.label ? say("Part {label}", { label: part.label }) : String(part?.id);
    const alone = fields.length === 1;
    return fields.filter(([, one]) => one?.grader === "text").map(([field]) => ({ field, words: alone ? called : `${called}: ${field}`, alone }));
  });
}

export function mount(root, draft) {
  const part = h("select", { id: fresh("part") });
  const number = h("input", { type: "text", class: "typed points-input", inputmode: "numeric", value: "0", maxlength: 9 });
  const given = h("textarea", { rows: 6, maxlength: 200_000, class: "words-input", spellcheck: "false" });
  const start = button(say("Try these answers"), run, { class: "button" });
  const trouble = h("p", { class: "complaint", role: "alert" });
  const status = h("p", { class: "soft", role: "status" });
  const stale = h("p", { class: "notice attention", hidden: true }, say("The draft has changed since these answers were tried."));
  const results = h("div", { class: "tried" });
  const partBox = labelled(say("Of which part"), part);
  const beside = h("p", { class: "hint" }, say("Everything else that is asked in this part counts as answered rightly."));
  let running = false;
  let tried = null;

  function offer() {
    const all = shortTexts(draft);
    root.hidden = !all.length;
    partBox.hidden = all.length < 2;
    const wanted = JSON.stringify(all);
    if (part.dataset.all !== wanted) {
      const kept = part.value;
      part.dataset.all = wanted;
      part.replaceChildren(...all.map(({ field, words }) => h("option", { value: field }, words)));
      if (all.some(({ field }) => field === kept)) part.value = kept;
    }
    beside.hidden = all.find(({ field }) => field === part.value)?.alone ?? true;
  }

  async function run() {
    if (running) return;
    trouble.textContent = "";
    const answers = pasted(given.value);
    if (!answers.length) return complain(say("Write or paste at least one answer."), given);
    if (answers.length > MOST) return complain(say("These are {n} answers; at most {most} are tried at once.", { n: answers.length, most: MOST }), given);
    if (!/^\d{1,9}$/.test(number.value.trim())) return complain(say("The variant is a whole number from 0; 0 is the printed paper."), number);
    const about = { field: part.value, seed: Number(number.value) };
    const content = draft.content;
    running = true;
    start.setAttribute("aria-disabled", "true");
    const found = { rows: [], points: "0", part: "", others: {}, ...about };
    try {
      while (found.rows.length < answers.length) {
        status.textContent = say("{n} of {all} answers tried", { n: found.rows.length, all: answers.length });
        const next = answers.slice(found.rows.length, found.rows.length + AT_ONCE);
        const { rows, ...rest } = await draft.post("answers", { ...content, ...about, answers: next });
        Object.assign(found, rest, { rows: [...found.rows, ...rows], legend: joined(found.legend, rest.legend) });
      }
      tried = content;
      status.textContent = told(found);
      results.replaceChildren(...matrix(draft, found));
      live(status.textContent);
    } catch (error) {
      status.textContent = "";
      complain([error.says ?? error.message, ...(error.problems ?? []).filter((one) => one !== error.says)].join(" "));
    }
    running = false;
    start.removeAttribute("aria-disabled");
    age();
    return undefined;
  }

  function complain(says, control) {
    trouble.textContent = says;
    control?.focus();
  }

  const age = () => (stale.hidden = running || !tried || sameContent(tried, draft.content, ["cases.yaml"]));
  listen(root, draft, ["change", "text"], age);
  listen(root, draft, "change", offer);
  part.addEventListener("change", offer);
  listen(root, draft, "try-answers", ({ detail }) => {
    if ([...part.options].some((one) => one.value === detail.field)) part.value = detail.field;
    offer();
    if (root.hidden) return;
    given.focus();
    given.scrollIntoView({ block: "center" });
  });
  root.append(
    h("h2", {}, say("Try answers to a short text")),
    h("p", { class: "hint" }, say("You see claim by claim what each makes, what it earns, and what its changes would earn: negated, shuffled, as a list of words. A rubric is as good as the answers it was tried on.")),
    partBox,
    beside,
    labelled(say("Answers"), given, { hint: say("One on a line, or with empty lines between them. What a person gives may stand in front: 1/2 | the answer") }),
    h("div", { class: "row-of-controls" }, labelled(say("Variant (0 is the printed paper)"), number), start),
    trouble,
    status,
    stale,
    results,
  );
  offer();
}

const joined = (one = [], other = []) => [...one, ...other.filter(([mark]) => !one.some(([known]) => known === mark))];

/** The sum of it, in a few sentences. */
function told({ rows }) {
  const count = (check) => rows.filter(check).length;
  const decided = count((row) => row.lo === row.hi);
  const marked = count((row) => row.judged);
  const wrong = count((row) => row.judged.startsWith("too"));
  const paid = rows.flatMap((row) => row.mutations).filter((one) => one.warns).length;
  return [
    rows.length === 1 ? say("1 answer tried.") : say("{n} answers tried.", { n: rows.length }),
    say("{n} decided, {open} left to a person.", { n: decided, open: rows.length - decided }),
    marked ? (wrong ? say("{n} judged otherwise than by the person.", { n: wrong }) : say("None judged otherwise than by the person.")) : "",
    paid ? (paid === 1 ? say("1 change of a right answer still earns full points.") : say("{n} changes of right answers still earn full points.", { n: paid })) : "",
  ].filter(Boolean).join(" ");
}
