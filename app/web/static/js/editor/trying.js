// Trying an answer: what a student would see, what it earns and why; and keeping it as a recorded case.
import { typesetAll } from "../math.js";
import { say } from "../words.js";
import { answerElement } from "./answering.js";
import { authors, prose } from "./authored.js";
import { button, fresh, h, labelled, listen, live, marked, scroll } from "./dom.js";
import { readFraction } from "../fractions.js";
import { sameContent } from "./sentences.js";

export function mount(root, draft) {
  const number = h("input", { type: "text", class: "typed points-input", inputmode: "numeric", value: "0", maxlength: 9, id: fresh("seed") });
  const trouble = h("p", { class: "complaint", role: "alert" });
  const form = h("form", { class: "try-fields", "aria-label": say("Answers to try") });
  const verdict = h("div", { class: "try-verdict" });
  const keep = h("div", { class: "try-keep" });
  const stale = h("p", { class: "notice attention", hidden: true }, say("The draft has changed since these fields were shown."));
  let seed = null;
  let shownOf = null;

  number.addEventListener("keydown", (event) => event.key === "Enter" && show());

  async function show() {
    const wanted = Number(number.value.trim());
    if (!/^\d{1,9}$/.test(number.value.trim())) return complain(say("The variant is a whole number from 0; 0 is the printed paper."), number);
    complain("");
    const kept = answers();
    const content = draft.content;
    try {
      const found = await draft.post("preview", { ...content, seeds: [wanted], language: draft.language });
      const variant = found.seeds?.[0];
      if (!variant?.shown?.parts?.some((part) => part.fields?.length)) return complain(variant?.error || found.problems?.[0]?.says || say("This variant cannot be shown yet."));
      const again = seed === wanted;
      seed = wanted;
      shownOf = content;
      await fill(variant.shown, again ? kept : {});
      age();
    } catch (error) {
      return complain(error.says ?? error.message);
    }
    verdict.replaceChildren();
    keep.replaceChildren();
    return live(say("The fields of variant {n} are shown", { n: seed }));
  }

  async function fill(shown, kept) {
    const sections = shown.parts.map((part) =>
      h("section", { class: "paper-part" }, h("h3", {}, part.label ? say("Part {label}", { label: part.label }) : part.id), prose(part.prompt), (part.fields ?? []).map((field) => answerElement(field))),
    );
    form.replaceChildren(h("details", { class: "inserts" }, h("summary", {}, say("The introduction")), prose(shown.stem) ?? ""), ...sections, h("p", { class: "toolbar" }, button(say("Grade this answer"), grade, { class: "button primary" })));
    typesetAll(form);
    for (const element of elements()) if (kept[element.field] !== undefined) element.raw = kept[element.field];
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  const elements = () => [...form.querySelectorAll(".answer[data-field]")];
  const answers = () => Object.fromEntries(elements().filter((one) => !one.blank).map((one) => [one.field, one.raw]));

  async function grade() {
    complain("");
    try {
      const given = answers();
      const credit = await draft.post("try", { ...draft.content, seed, answers: given, language: draft.language });
      verdict.replaceChildren(...told(credit));
      typesetAll(verdict);
      keep.replaceChildren(recorder(draft, seed, given, credit));
      verdict.querySelector("h3").focus();
    } catch (error) {
      complain([error.says ?? error.message, ...(error.problems ?? []).filter((one) => one !== error.says)].join(" "));
    }
  }

  function complain(says, control) {
    trouble.textContent = says;
    if (says && control) control.setAttribute("aria-invalid", "true");
    else number.removeAttribute("aria-invalid");
    if (says) (control ?? trouble).focus?.();
  }

  const age = () => (stale.hidden = !shownOf || sameContent(shownOf, draft.content, ["cases.yaml"]));
  listen(root, draft, ["change", "text"], age);
  root.append(
    h("h2", {}, say("Try an answer")),
    h("p", { class: "hint" }, say("Answer as a student would. What you try can be kept as a recorded case: from then on every test makes sure that it earns these points.")),
    h("div", { class: "row-of-controls" }, labelled(say("Variant (0 is the printed paper)"), number), button(say("Show its fields"), show)),
    trouble,
    stale,
    form,
    verdict,
    keep,
  );
}

// --- what it earns ----------------------------------------------------------------------------------------------------

const words = (text) => readFraction(text)?.words ?? String(text);
const span = (one) => (one.points === one.upto ? words(one.points) : say("{lo} to {hi}", { lo: words(one.points), hi: words(one.upto) }));
const total = (credit) => say("{points} of {max} points", { points: span(credit), max: words(credit.max) });
const STATES = { graded: "", "needs-person": say("A person has to decide."), invalid: say("Something cannot be read.") };

function told(credit) {
  const parts = credit.parts.map((part) => {
    const rows = part.criteria.map((one) =>
      h("tr", {}, h("td", {}, spoken(one.says), " ", h("code", { class: "soft" }, one.id)), h("td", { class: "number" }, say("{n} of {max}", { n: span(one), max: words(one.max) })), h("td", {}, one.why)),
    );
    const head = h("thead", {}, h("tr", {}, h("th", { scope: "col" }, say("Criterion")), h("th", { scope: "col", class: "number" }, say("Points")), h("th", { scope: "col" }, say("Why"))));
    const remarks = [...part.mistakes.map((one) => say("Mistake {id}: {says}", one)), ...part.notes, ...part.feedback.map((one) => `${one.field}: ${one.says}`)];
    return h(
      "section",
      {},
      h("h4", {}, say("{id}: {points} of {max}", { id: part.id, points: span(part), max: words(part.max) })),
      rows.length ? scroll(say("Criteria of {id}", { id: part.id }), h("table", { class: "rows" }, head, h("tbody", {}, rows))) : null,
      remarks.length ? h("ul", { class: "remarks" }, remarks.map((one) => h("li", {}, spoken(one)))) : null,
    );
  });
  const unread = credit.invalid.map((one) => h("li", { class: "complaint" }, `${one.field}: ${one.why}`));
  const readings = (credit.readings ?? []).map((one) => h("li", {}, say("Read as “{id}”. {says}", one)));
  return [
    h("h3", { tabindex: -1 }, total(credit), STATES[credit.state] ? ` · ${STATES[credit.state]}` : ""),
    ...(unread.length || readings.length ? [h("ul", { class: "remarks" }, unread, readings)] : []),
    ...parts,
  ];
}

/** What students are told, with its formulas ($…$) and `code`. */
function spoken(text) {
  return text.split(/\$([^$\n]+)\$/).map((piece, i) => (i % 2 ? h("span", { class: "math", "data-tex": piece }, piece) : marked(piece)));
}

// --- keeping it -------------------------------------------------------------------------------------------------------

function recorder(draft, seed, answers, credit) {
  const title = h("input", { type: "text", maxlength: 200, autocomplete: "off" });
  const says = h("p", { class: "complaint", role: "alert" });
  const unread = new Set(credit.parts.filter((part) => part.state === "invalid").map((part) => part.id));
  const expected = credit.parts.map((part) => {
    const got = unread.has(part.id) ? "invalid" : part.points === part.upto ? part.points : `${part.points}..${part.upto}`;
    return [part.id, h("input", { type: "text", class: "typed points-input", value: got, maxlength: 20, autocomplete: "off", id: fresh("expected") })];
  });
  const save = button(say("Keep as a recorded case"), async () => {
    says.textContent = "";
    if (!title.value.trim()) {
      says.textContent = say("Say what the case is about, for example “the official answer”.");
      title.setAttribute("aria-invalid", "true");
      return title.focus();
    }
    title.removeAttribute("aria-invalid");
    const expect = Object.fromEntries(expected.filter(([, control]) => control.value.trim()).map(([id, control]) => [id, exact(control.value.trim())]));
    try {
      await draft.post("cases", { title: title.value.trim(), seed, answers, expect });
      node.replaceChildren(h("p", { class: "notice calm", tabindex: -1 }, say("Kept in cases.yaml as “{title}”. It is tried with every test.", { title: title.value.trim() })));
      live(node.textContent);
      return node.firstChild.focus();
    } catch (error) {
      says.textContent = error.says ?? error.message;
      return undefined;
    }
  });
  const node = h(
    "section",
    { class: "keep-case" },
    h("h3", {}, say("Keep it as a recorded case")),
    labelled(say("What it is about"), title, { hint: say("The official answer, a typical mistake, a border case …") }),
    h("fieldset", {}, h("legend", {}, say("Points it should give")), h("div", { class: "row-of-controls" }, expected.map(([id, control]) => labelled(id, control))), h("p", { class: "hint" }, say("As graded just now; change them where the rubric is still wrong. 0..1 means that a person decides, invalid that something cannot be read."))),
    says,
    h("p", { class: "toolbar" }, save),
  );
  return node;
}

/** Points as cases have them: "1/2" for ½, and as written what is no number. */
const exact = (text) => readFraction(text)?.toString() ?? text;
