// The editor's page: tabs, status, undo, language, notices; the panels do the rest.
import { say } from "../words.js";
import { mount as claims } from "./claims.js";
import { mount as details } from "./details.js";
import { h, live } from "./dom.js";
import { Draft } from "./draft.js";
import { parsed } from "./exact.js";
import { mount as figures } from "./figures.js";
import { mount as images } from "./images.js";
import { languageName } from "./languages.js";
import { mount as notices } from "./notices.js";
import { mount as parts } from "./parts.js";
import { mount as pools } from "./pools.js";
import { mount as preview } from "./preview.js";
import { mount as problems } from "./problems.js";
import { mount as publishing } from "./publishing.js";
import { mount as readings } from "./readings.js";
import { mount as source } from "./source.js";
import { mount as testing } from "./testing.js";
import { mount as texts } from "./texts.js";
import { mount as trying } from "./trying.js";
import { mount as variables } from "./variables.js";

const PANELS = {
  texts: [texts],
  variables: [variables],
  pools: [pools],
  parts: [parts],
  readings: [readings],
  figures: [figures],
  images: [images],
  details: [details],
  source: [source],
  test: [testing, trying, claims],
};

const root = document.getElementById("editor");
const draft = new Draft(parsed(document.getElementById("draft-data").textContent));
const find = (name) => root.querySelector(name);

// --- tabs -----------------------------------------------------------------------------------------------------------

const narrow = matchMedia("(width < 64rem)");
const tabs = [...root.querySelectorAll("[role=tab]")];
const panelOf = (tab) => document.getElementById(tab.getAttribute("aria-controls"));
const previewTab = find("#tab-preview");
let chosen = "texts";

function shown() {
  return tabs.filter((tab) => tab !== previewTab || narrow.matches);
}

function lay() {
  previewTab.hidden = !narrow.matches;
  if (chosen === "preview" && !narrow.matches) chosen = "texts";
  const pane = panelOf(previewTab);
  pane.setAttribute("role", narrow.matches ? "tabpanel" : "region");
  for (const tab of tabs) {
    const on = tab.dataset.tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    panelOf(tab).hidden = !on && (tab !== previewTab || narrow.matches);
  }
}

/** Show the panel of that name. */
function select(name, { focus = false, remember = true } = {}) {
  const tab = shown().find((one) => one.dataset.tab === name);
  if (!tab) return;
  chosen = name;
  lay();
  if (remember) history.replaceState(null, "", `#${name}`);
  if (focus) tab.focus();
  // Only the row of tabs scrolls, never the page.
  const row = tab.parentElement;
  row.scrollLeft = Math.max(0, tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2);
  draft.tell("panel", { name });
}

find("[role=tablist]").addEventListener("click", (event) => {
  const tab = event.target.closest("[role=tab]");
  if (tab) select(tab.dataset.tab);
});
find("[role=tablist]").addEventListener("keydown", (event) => {
  const all = shown();
  const now = all.findIndex((tab) => tab.dataset.tab === chosen);
  const to = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  select(all[(to + all.length) % all.length].dataset.tab, { focus: true });
});
narrow.addEventListener("change", lay);
addEventListener("hashchange", () => select(location.hash.slice(1), { remember: false }));

// --- status, undo, language ---------------------------------------------------------------------------------------------

const status = find("[data-status]");
const undo = find("[data-undo]");
const redo = find("[data-redo]");
const STATES = { waiting: "kept", conflict: "refused" };

draft.addEventListener("status", ({ detail }) => {
  if (status.textContent !== detail.says) status.textContent = detail.says;
  status.dataset.state = STATES[detail.state] ?? detail.state;
});

function steps() {
  undo.disabled = !draft.canUndo;
  redo.disabled = !draft.canRedo;
}
for (const type of ["change", "text"]) draft.addEventListener(type, steps);

function back(work, says) {
  return () => {
    work();
    steps();
    live(says);
  };
}
const undone = back(() => draft.undo(), say("Undone"));
const redone = back(() => draft.redo(), say("Done again"));
undo.addEventListener("click", undone);
redo.addEventListener("click", redone);
addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  // In a field the browser itself undoes what was typed there.
  if (event.target.closest?.("input:not([type=checkbox], [type=radio]), textarea")) return;
  const key = event.key.toLowerCase();
  if (key === "z" && !event.shiftKey) undone();
  else if (key === "y" || (key === "z" && event.shiftKey)) redone();
  else return;
  event.preventDefault();
});
addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
    event.preventDefault();
    draft.flush();
  }
});

const languages = find("[data-language]");
function tongues() {
  const all = draft.languages;
  if (!all.includes(draft.language)) draft.setLanguage(all[0]);
  const wanted = all.join();
  if (languages.dataset.all !== wanted) {
    languages.replaceChildren(...all.map((one) => h("option", { value: one }, languageName(one))));
    languages.dataset.all = wanted;
  }
  languages.value = draft.language;
  find("[data-language-box]").hidden = all.length < 2;
}
languages.addEventListener("change", () => draft.setLanguage(languages.value));
for (const type of ["change", "text", "language"]) draft.addEventListener(type, tongues);

const title = find("[data-title]");
function named() {
  title.textContent = draft.words(["title"]) || draft.words(["title"], "en") || draft.question;
}
for (const type of ["change", "language"]) draft.addEventListener(type, named);

// --- panels -------------------------------------------------------------------------------------------------------------

/** Show what a problem is about: `place` is {path, file, line}. */
function go(place) {
  select(tabOf(place));
  draft.tell("goto", place);
  if (place.path && (!place.file || place.file === "question.yaml")) reach(place.path.split("."));
}

// Panels ask for a place by telling the draft.
draft.addEventListener("go", ({ detail }) => go(detail));
draft.addEventListener("try-answers", () => select("test"));

function tabOf({ path = "", file = "" }) {
  if (/^(prompt|solution)/.test(file)) return "texts";
  if (file.startsWith("files/")) return "images";
  if (file && file !== "question.yaml") return "source";
  const noun = path.split(".")[0];
  return { variables: "variables", where: "variables", pools: "pools", parts: "parts", readings: "readings", figures: "figures" }[noun] ?? (noun ? "details" : "source");
}

/** Focus the control nearest to a place: controls carry their place as data-path. */
function reach(steps) {
  const panel = panelOf(tabs.find((tab) => tab.dataset.tab === chosen));
  for (let length = steps.length; length > 0; length -= 1) {
    const place = CSS.escape(steps.slice(0, length).join("."));
    const box = panel.querySelector(`[data-path="${place}"]`);
    if (!box) continue;
    for (let outer = box.closest("details"); outer; outer = outer.parentElement.closest("details")) outer.open = true;
    const control = box.matches("input, select, textarea") ? box : box.querySelector("input, select, textarea, button");
    (control ?? box).focus();
    (control ?? box).scrollIntoView({ block: "center" });
    return;
  }
  panel.focus();
}

notices(find("[data-notices]"), draft, { select });
problems(find("[data-problems]"), draft, { go, tabOf, tabs });
preview(panelOf(previewTab), draft);
for (const [tab, mounts] of Object.entries(PANELS)) {
  const panel = document.getElementById(`panel-${tab}`);
  for (const mount of mounts) mount(panel.appendChild(h("div")), draft);
}
publishing(find("[data-panel=publishing]"), draft);

tongues();
named();
lay();
if (location.hash) select(location.hash.slice(1), { remember: false });
draft.schedulePreview(0);
