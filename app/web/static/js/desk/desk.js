// The marking desk without a mouse. Everything here is a shortcut to something that the page's forms do by themselves.
import { say } from "../words.js";
import { keepClaim } from "./claim.js";
import { openKeys } from "./keys.js";
import { openRubric } from "./rubric.js";

const form = document.getElementById("deciding");
const told = form.querySelector("[data-told]");
const rubric = openRubric(form, tell);
const asPosted = snapshot();
let warned = false;

function tell(sentence) {
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
  else tell(say(value === "accept" ? "desk-no-suggestion" : "desk-not-yours"));
}

function walk(relation) {
  const link = document.querySelector(`a[rel="${relation}"]`);
  if (!link) return tell(say("desk-no-more"));
  if (snapshot() !== asPosted && !warned) {
    warned = true;
    return tell(say("desk-not-saved"));
  }
  link.click();
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
  u: () => {
    const undoing = document.getElementById("undoing");
    if (undoing) undoing.requestSubmit();
    else tell(say("desk-nothing-to-undo"));
  },
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
  if (event.target.method === "dialog") return;
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => (sent = false));

keepClaim(form, () => tell(say("desk-lost")));
