// The saver of an attempt page, with its always-visible status in words and the answers as a file.
import { answerFile, download } from "./answer-file.js";
import { Journal } from "./journal.js";
import { Saver } from "./saver.js";
import { say } from "./words.js";

const SENTENCES = { saved: "all-saved", saving: "saving", kept: "kept-offline", late: "kept-late", refused: "refused" };

/** The person of a token; the journal is theirs. */
const personOf = (token) => token.split(".")[0];

/**
 * Build the saver described by `<… data-attempt data-save-url data-token data-stamp>` and show its status in
 * [data-saving]. `current()` gives the answers of this page for the file: [{item, field, revision, value}].
 */
export function saverOf(page, current = () => []) {
  const { attempt, saveUrl, token, stamp, item } = page.dataset;
  const journal = new Journal(personOf(token), attempt);
  const saver = new Saver({ url: saveUrl, token, journal, stamp, item: Number(item ?? 0) });
  const place = document.querySelector("[data-saving]");
  saver.addEventListener("status", ({ detail }) => {
    page.dataset.stamp = saver.stamp;
    if (!place) return;
    place.dataset.state = detail.state;
    const sentence = sentenceOf(detail, journal.durable, saver.item);
    if (place.textContent !== sentence) place.textContent = sentence;
    showMoment(saver.savedAt);
  });
  page.addEventListener("news", ({ detail }) => {
    saver.follow(detail);
    page.dataset.stamp = saver.stamp;
  });
  offerFile(saver, attempt, current);
  return saver;
}

function sentenceOf({ state, says, item }, durable, here) {
  // What is in memory only is lost with the page, so the person has to know.
  if (state === "kept" && !durable) return say("kept-in-page");
  if (state === "kept" && says) return say("kept-busy");
  if (state === "undecided") return item === here ? say("undecided") : say("undecided-in", { n: item });
  if (state === "refused" && says) return item === here ? says : say("refused-in", { n: item, says });
  return say(SENTENCES[state]);
}

function showMoment(at) {
  const place = document.querySelector("[data-saved-at]");
  if (!place || !at) return;
  const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || undefined;
  const time = new Intl.DateTimeFormat(language, { timeStyle: "short" }).format(new Date(at));
  place.textContent = say("saved-at", { time });
}

function offerFile(saver, attempt, current) {
  const menu = document.querySelector("[data-answers-menu]");
  if (!menu) return;
  menu.hidden = false;
  menu.querySelector("[data-answer-file]").addEventListener("click", async () => {
    const entries = new Map(current().map((one) => [`${one.item}/${one.field}`, { ...one, stamp: saver.stamp }]));
    for (const one of saver.journal.entries()) entries.set(`${one.item}/${one.field}`, one);
    download(`answers-${attempt.slice(0, 8)}.json`, await answerFile(attempt, saver.stamp, [...entries.values()]));
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
