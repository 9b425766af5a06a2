// The exam page: fields, saving, flag, list of questions, moving on.
import { ANSWERS, define } from "./answers/elements.js";
import { arrive } from "./arriving.js";
import { followOthers, showStanding } from "./elsewhere.js";
import { saverOf } from "./saving.js";
import { sendFiles } from "./sending-files.js";
import { sit } from "./sitting.js";
import { say } from "./words.js";

const page = document.querySelector("[data-exam]");
const item = Number(page.dataset.item);
const MOVE_PATIENCE = 1500;

define();
const fields = new Map([...page.querySelectorAll(ANSWERS)].map((element) => [element.field, element]));
const revisionOf = (place) => Number(place.dataset.revision);
// What is not in the journal is what the server had told: it rests on itself.
const saver = saverOf(page, () => [...fields.values()].filter((element) => !element.blank).map((element) => (
  { item, field: element.field, revision: revisionOf(element), base: revisionOf(element), value: element.raw }
)));
const flag = page.querySelector("[data-flag]");

for (const element of fields.values()) saver.knows(item, element.field, revisionOf(element));
saver.knows(item, "@flag", revisionOf(flag));

const touched = [...fields.values()].filter((element) => element.touched);

// What an earlier visit could not save is shown again before it is sent.
for (const entry of saver.journal.entries()) {
  if (entry.item !== item) continue;
  const element = fields.get(entry.field);
  if (touched.includes(element)) continue;
  if (entry.base === undefined && entry.revision <= revisionOf(element ?? flag)) continue;
  if (element) element.show(entry.value);
  else if (entry.field === "@flag") showFlag(entry.value);
}

page.addEventListener("answer", ({ detail }) => saver.put(item, detail.field, detail.raw, detail.stamp));
page.addEventListener("reading", () => tellState());
// The question was left for good in another tab; the server says which one is open.
saver.addEventListener("left", ({ detail }) => {
  if (detail.item === item) location.reload();
});
followOthers(saver, { item, fields, flag: showFlag });
saver.addEventListener("saved", ({ detail }) => {
  const element = detail.item === item ? fields.get(detail.field) : null;
  if (element) element.dataset.revision = Math.max(detail.revision, revisionOf(element));
});
saver.addEventListener("conflict", ({ detail }) => {
  if (detail.item === item && fields.has(detail.field)) offer(fields.get(detail.field), detail);
});

for (const element of touched) element.changed();

flag.addEventListener("click", (event) => {
  event.preventDefault();
  const flagged = flag.getAttribute("aria-pressed") !== "true";
  showFlag(flagged);
  saver.put(item, "@flag", flagged);
});

function showFlag(flagged) {
  flag.setAttribute("aria-pressed", String(flagged));
  flag.querySelector("[data-words]").textContent = say(flagged ? "flagged" : "flag");
  for (const place of document.querySelectorAll(`[data-entry="${item}"] .flag-word`)) place.hidden = !flagged;
}

// The list beside the question follows what is typed.
function tellState() {
  const all = [...fields.values()];
  const answered = all.filter((element) => element.state !== "blank").length;
  const state = all.some((element) => element.state === "cannot be read")
    ? "cannot be read"
    : answered === 0 ? "not answered" : "answered";
  showStanding({ item, status: state, answered, of: all.length });
}

// The answer of another page, with the one kept here on offer, until somebody decides.
function offer(element, { field, value, mine, waiting, revision }) {
  element.dataset.revision = revision;
  element.show(value);
  const box = document.createElement("div");
  box.className = "notice attention conflict";
  box.setAttribute("role", "status");
  const words = document.createElement("p");
  const typed = element.inWords?.(mine) ?? [mine].flat(3).filter(Boolean).join(", ");
  words.textContent = say("conflict", { mine: typed || say("nothing-typed") });
  const choice = (name, decide) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = say(name);
    button.addEventListener("click", () => {
      decide();
      box.remove();
      element.inputs[0]?.focus();
    });
    return button;
  };
  const use = choice("use-mine", () => {
    element.show(mine);
    element.changed();
  });
  const choices = document.createElement("div");
  choices.className = "actions";
  choices.append(use, choice("use-other", () => saver.drop(item, field, waiting)));
  box.append(words, choices);
  element.querySelector(".conflict")?.remove();
  element.append(box);
}

// Leaving waits a moment for the save, so that the next page shows what was just typed.
async function leave(go) {
  if (!navigator.onLine) {
    // Another page cannot be had now, and leaving would show the browser's own error page.
    const place = document.querySelector("[data-saving]");
    place.dataset.state = "kept";
    place.textContent = say("stay-offline");
    return;
  }
  // What is drawn is on this page only until it is uploaded.
  const there = await Promise.all([...fields.values()].map((element) => element.settle?.() ?? true));
  if (there.includes(false)) {
    const place = document.querySelector("[data-saving]");
    place.dataset.state = "kept";
    place.textContent = say("drawn-stay");
    return;
  }
  await Promise.race([saver.flush(), new Promise((done) => setTimeout(done, MOVE_PATIENCE))]);
  go();
}

// Forward only: whoever goes on cannot come back, so everything has to be on the server before.
async function onward() {
  if (await saver.flush()) leave(() => document.getElementById("onward").submit());
}

const moveTo = (url) => leave(() => location.assign(url));

addEventListener("beforeunload", (event) => {
  if ([...fields.values()].some((element) => element.pending)) event.preventDefault();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-move]");
  if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  moveTo(link.href);
});

page.addEventListener("submit", (event) => {
  event.preventDefault();
  const to = event.submitter?.dataset.to;
  if (to) moveTo(to);
  else if (event.submitter?.hasAttribute("data-onward")) onward();
  else if (event.submitter?.matches("[data-practise]")) practising(event.submitter);
  else saver.flush();
});

/** Brings everything to the server, what is drawn too; whether it is there. */
async function stored() {
  const there = await Promise.all([...fields.values()].map((element) => element.settle?.() ?? true));
  return !there.includes(false) && saver.flush();
}

// Practice looks at what is stored, so everything typed is stored first.
async function practising(control) {
  const { practise } = await import("./practice.js");
  practise(page, control, stored);
}

page.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-practise]");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  practising(link);
});

// The same page in another language. Without scripts these buttons save the form; here it is saved already.
const languages = document.getElementById("languages");
for (const button of document.querySelectorAll("[data-languages] button")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    leave(() => {
      button.setAttribute("form", languages.id);
      languages.requestSubmit(button);
    });
  });
}

const side = document.querySelector("details.side");
const wide = matchMedia("(width >= 62rem)");
const arrange = () => {
  side.open = wide.matches;
  // On a wide screen the list always stands there, and its head folds nothing.
  side.querySelector("summary").tabIndex = wide.matches ? -1 : 0;
};
wide.addEventListener("change", arrange);
arrange();

// The list scrolls by itself; the page must not.
const here = side.querySelector("[aria-current]");
side.scrollTop = Math.max(0, here.offsetTop - side.clientHeight / 2);

sit(page, saver, stored);
saver.flush();
sendFiles(saver, page.dataset, (entry) => entry.item === item && fields.has(entry.field));
arrive(page);
