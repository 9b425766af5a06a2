// What other pages of the same attempt have stored: shown here where nobody is just typing, and said politely.
import { say } from "./words.js";

const same = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");

/** Follow "changed" and "standing" of the saver on the page of question `item`; `flag(on)` shows its flag. */
export function followOthers(saver, { item, fields, flag }) {
  const later = new Map();
  const page = document.querySelector("[data-exam]");

  function show(detail) {
    const element = fields.get(detail.field);
    if (saver.waits(item, detail.field) || same(element.raw, detail.value)) return;
    element.dataset.revision = detail.revision;
    element.show(detail.value);
    tell(element);
  }

  saver.addEventListener("changed", ({ detail }) => {
    if (detail.item !== item) return;
    if (detail.field === "@flag") return flag(detail.value === true);
    const element = fields.get(detail.field);
    if (!element) return;
    if (element.contains(document.activeElement)) later.set(detail.field, detail);
    else show(detail);
  });

  // What is typed here after that is newer still.
  page.addEventListener("answer", ({ detail }) => {
    later.delete(detail.field);
    fields.get(detail.field)?.querySelector(".changed-elsewhere")?.remove();
  });
  page.addEventListener("focusout", () => setTimeout(() => {
    for (const [field, detail] of later) {
      if (fields.get(field).contains(document.activeElement)) continue;
      later.delete(field);
      show(detail);
    }
  }));

  saver.addEventListener("standing", ({ detail }) => {
    for (const one of detail) if (one.item !== item) showStanding(one);
  });
}

/** How a question stands, in the list beside the one that is open. */
export function showStanding({ item, status, answered, of, flagged }) {
  for (const place of document.querySelectorAll(`[data-entry="${item}"] .status`)) {
    place.dataset.status = status;
    place.textContent = status === "answered" && answered < of ? say("answered-in-part", { n: answered, of }) : say(status);
  }
  if (flagged === undefined) return;
  for (const place of document.querySelectorAll(`[data-entry="${item}"] .flag-word`)) place.hidden = !flagged;
}

function tell(element) {
  element.querySelector(".changed-elsewhere")?.remove();
  const words = document.createElement("p");
  words.className = "small soft changed-elsewhere";
  words.setAttribute("role", "status");
  element.append(words);
  words.textContent = say("changed-elsewhere");
}
