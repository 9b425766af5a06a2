// Answers that this device holds and the server does not know yet: where to go so that they are sent.
import { attemptsKept } from "./journal.js";
import { attemptsWithFiles } from "./kept-files.js";

const place = document.querySelector("[data-kept-here]");
const { person } = place.dataset;
const kept = new Set([...attemptsKept(person), ...(await attemptsWithFiles(person))]);

if (kept.size) {
  const list = place.querySelector("ul");
  for (const attempt of kept) {
    const link = document.createElement("a");
    link.href = `/attempts/${encodeURIComponent(attempt)}`;
    link.textContent = place.dataset.words;
    const line = document.createElement("li");
    line.append(link);
    list.append(line);
  }
  place.hidden = false;
  document.querySelector("form[action='/sign-out']")?.addEventListener("submit", (event) => {
    if (!confirm(place.dataset.leaving)) event.preventDefault();
  });
}
