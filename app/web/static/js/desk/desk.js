// The marking desk without a mouse. Everything here is a shortcut to something that the page's forms do by themselves.
import { say } from "../words.js";
import { rememberAsked } from "./asked.js";
import { keepClaim } from "./claim.js";
import { openKeys } from "./keys.js";
import { openRubric } from "./rubric.js";

const form = document.getElementById("deciding");
const undoing = document.getElementById("undoing");
rememberAsked(/\/quizzes\/[^/]+/.exec(location.pathname)?.[0] ?? "");
const told = form.querySelector("[data-told]");
const rubric = openRubric(form, tell);
const asPosted = snapshot();
let warned = "";

// For those who only listen, after every key; what stands in a marker's way is also seen.
function tell(sentence, seen = false) {
  told.classList.toggle("unseen", !seen);
  // The same sentence twice is told twice.
  told.textContent = "";
  requestAnimationFrame(() => (told.textContent = sentence));
}

function snapshot() {
  return JSON.stringify([...new FormData(form)]);
}

function press(value) {
  const button = form.querySelector(`.desk-buttons button[value="${value}"]`);
  if (button && !button.disabled) form.requestSubmit(button);
  else tell(say(value === "accept" ? "desk-no-suggestion" : "desk-not-yours"), true);
}

function walk(relation) {
  const link = document.querySelector(`a[rel="${relation}"]`);
  if (!link) return tell(say("desk-no-more"), true);
  if (!wouldLose(relation)) link.click();
}

// Whether something was typed that is not saved: the first time that is said, the same key again means it.
function wouldLose(way) {
  if (snapshot() === asPosted || warned === way) return false;
  warned = way;
  tell(say("desk-not-saved"), true);
  return true;
}

function into(id) {
  const field = document.getElementById(id);
  field.focus();
  field.setSelectionRange?.(field.value.length, field.value.length);
}

openKeys({
  digits: (digit) => rubric.toggle(Number(digit)),
  0: () => rubric.none(),
  y: () => press("accept"),
  g: () => press("next"),
  j: () => walk("next"),
  k: () => walk("prev"),
  f: () => into("comment"),
  a: () => into("adjustment"),
  u: () => (undoing ? undoing.requestSubmit() : tell(say("desk-nothing-to-undo"), true)),
});

// By key or by mouse: what was typed here would be gone.
undoing?.addEventListener("submit", (event) => {
  if (wouldLose("undo")) event.preventDefault();
});

// A comment that is used again goes into its box at once.
for (const button of form.querySelectorAll("[data-snippet]")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const box = document.getElementById("comment");
    box.value = [box.value.trim(), button.dataset.snippet].filter(Boolean).join("\n");
    into("comment");
  });
}

// Pressed twice, a key would send the form twice: the second time it would meet the first one's decision.
let sent = false;
document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog" || (event.defaultPrevented && !sent)) return;
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => (sent = false));

keepClaim(form, () => tell(say("desk-lost"), true));
