// Testing the draft over many variants, before anybody else does.
import { say } from "../words.js";
import { button, fresh, h, listen, live, marked, scroll } from "./dom.js";
import { gathered, listed, placeOf, sameContent, sentenceList } from "./sentences.js";

const AT_ONCE = 10;
const SUMS = ["seeds", "keys", "blanks", "mistakes", "cases", "waiting", "tries"];
const MOST_UGLY = 12;

export function mount(root, draft) {
  const many = h("select", { id: fresh("many") }, [20, 100, 300].map((n) => h("option", { value: String(n) }, say("{n} variants", { n }))));
  many.value = "100";
  const start = button(say("Test the draft"), run, { class: "button" });
  const stop = button(say("Stop"), () => (stopped = true), { hidden: true });
  const progress = h("progress", { max: 100, value: 0, hidden: true, "aria-label": say("Progress of the test") });
  const status = h("p", { class: "soft", role: "status" });
  const stale = h("p", { class: "notice attention", hidden: true }, say("The draft has changed since this test."));
  const results = h("div", { class: "test-results" });
  let stopped = false;
  let running = false;
  let tested = null;

  async function run() {
    if (running) return;
    const content = draft.content;
    [running, stopped, tested] = [true, false, content];
    const end = Number(many.value);
    const found = nothing();
    results.replaceChildren();
    stale.hidden = true;
    start.setAttribute("aria-disabled", "true");
    stop.hidden = progress.hidden = false;
    progress.max = end;
    progress.value = 0;
    try {
      for (let from = 0; from < end && !stopped && !found.problems.length; from += AT_ONCE) {
        status.textContent = say("{n} of {all} variants tried", { n: from, all: end });
        add(found, await draft.post("test", { ...content, from, to: Math.min(end, from + AT_ONCE) }), from);
        progress.value = found.seeds;
        results.replaceChildren(...report(found, draft, false));
      }
      status.textContent = verdict(found, stopped, end);
      results.replaceChildren(...report(found, draft, true));
    } catch (error) {
      status.textContent = say("The test could not go on: {says}", { says: error.says ?? error.message });
    }
    live(status.textContent);
    const focused = stop === document.activeElement;
    stop.hidden = progress.hidden = true;
    start.removeAttribute("aria-disabled");
    if (focused) start.focus();
    running = false;
    age();
  }

  const age = () => (stale.hidden = running || !tested || sameContent(tested, draft.content));
  listen(root, draft, ["change", "text"], age);
  root.append(
    h("h2", {}, say("Test")),
    h("p", { class: "hint" }, say("Every variant is tried as students would: the right answer has to earn everything, a blank one nothing, every typical mistake has to be recognised, and every recorded case has to earn its points. Publishing does the same.")),
    h("div", { class: "row-of-controls" }, h("div", { class: "labelled" }, h("label", { for: many.id }, say("How many")), many), start, stop),
    progress,
    status,
    stale,
    results,
  );
}

function nothing() {
  return { ...Object.fromEntries(SUMS.map((name) => [name, 0])), variants: [], rejected: {}, ugly: [], shortfalls: [], problems: [] };
}

/** Adds what a piece of the test, beginning with seed `from`, has found. */
function add(found, answer, from) {
  for (const name of SUMS) found[name] += answer[name] ?? 0;
  // A variant that could not be made has no digest; then nobody can say which seed a digest belongs to.
  const whole = (answer.variants ?? []).length === (answer.seeds ?? 0);
  found.variants.push(...(answer.variants ?? []).map((digest, i) => ({ digest, seed: whole ? from + i : null })));
  for (const [condition, times] of Object.entries(answer.rejected ?? {})) found.rejected[condition] = (found.rejected[condition] ?? 0) + times;
  for (const name of ["ugly", "shortfalls", "problems"]) found[name].push(...(answer[name] ?? []));
}

function verdict(found, stopped, end) {
  if (found.problems.length) return say("The draft cannot be tested yet: {n} problems come first.", { n: found.problems.length });
  const lead = stopped && found.seeds < end ? say("Stopped after {n} of {all} variants.", { n: found.seeds, all: end }) : say("{n} variants tried.", { n: found.seeds });
  return `${lead} ${shortfalls(gathered(found.shortfalls).length)}`;
}

const shortfalls = (n) => (n === 0 ? say("Nothing falls short.") : n === 1 ? say("One thing falls short.") : say("{n} things fall short.", { n }));

function report(found, draft, done) {
  const go = (place) => draft.tell("go", place);
  if (found.problems.length) return [h("h3", {}, say("What comes first")), sentenceList(draft, found.problems.map((one) => one.says), go, found.problems)];
  const short = gathered(found.shortfalls);
  return [
    short.length ? h("h3", {}, say("What falls short")) : null,
    short.length ? sentenceList(draft, short.map((one) => one.shown), go, short.map((one) => placeOf(draft, one.says))) : null,
    summary(found, done),
    rejected(found),
    ugly(found),
  ].filter(Boolean);
}

function summary(found, done) {
  const same = duplicates(found.variants);
  const distinct = new Set(found.variants.map((one) => one.digest)).size;
  const rows = [
    [say("Variants tried"), found.seeds, ""],
    [say("Right answers graded"), found.keys, ""],
    [say("Blank answers graded"), found.blanks, ""],
    [say("Typical mistakes tried"), found.mistakes, found.mistakes ? "" : say("There are none yet. A mistake that is recognised can be explained.")],
    [say("Recorded cases"), found.cases, found.cases ? "" : say("There are none yet. Record the official answer below.")],
    [say("Waited for a person"), found.waiting, ""],
    [say("Different variants"), distinct, done && same.length ? say("The same for students: {groups}", { groups: same.slice(0, 4).map((seeds) => listed(seeds)).join("; ") + (same.length > 4 ? " …" : "") }) : ""],
    [say("Draws for each variant"), found.seeds ? (found.tries / found.seeds).toFixed(1) : "–", ""],
  ];
  const body = rows.map(([name, n, remark]) => h("tr", {}, h("th", { scope: "row" }, name), h("td", { class: "number" }, String(n)), h("td", {}, remark)));
  const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, say("What")), h("th", { scope: "col", class: "number" }, say("How many")), h("th", { scope: "col" }, say("Remark"))));
  return scroll(say("Summary of the test"), h("table", { class: "rows" }, head, h("tbody", {}, body)));
}

/** Lists of seeds that look the same to students. */
function duplicates(variants) {
  const seeds = new Map();
  for (const { digest, seed } of variants) if (seed !== null) seeds.set(digest, [...(seeds.get(digest) ?? []), seed]);
  return [...seeds.values()].filter((all) => all.length > 1);
}

function rejected(found) {
  const all = Object.entries(found.rejected).sort(([, a], [, b]) => b - a);
  if (!all.length) return null;
  return h("section", {}, h("h3", {}, say("Draws that were repeated")), h("ul", { class: "plain-list" }, all.map(([condition, times]) => h("li", {}, condition.includes("`") ? marked(condition) : h("code", {}, condition), ` ${times === 1 ? say("once") : say("{n} times", { n: times })}`))));
}

function ugly(found) {
  if (!found.ugly.length) return null;
  const fields = new Map();
  for (const one of found.ugly) fields.set(one.field, [...(fields.get(one.field) ?? []), one]);
  const items = [...fields].slice(0, MOST_UGLY).map(([field, all]) => h("li", {}, h("code", {}, field), ": ", h("code", {}, all[0].text), ` ${say("(variants {seeds})", { seeds: listed(all.map((one) => one.seed)) })}`));
  return h("section", {}, h("h3", {}, say("Answers that are tedious to write")), h("p", { class: "hint" }, say("Not wrong, but perhaps other draws give rounder numbers.")), h("ul", { class: "plain-list" }, items));
}
