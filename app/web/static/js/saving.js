// The saver of an attempt page, with its always-visible status in words.
import { Journal } from "./journal.js";
import { Saver } from "./saver.js";
import { say } from "./words.js";

const SENTENCES = { saved: "all-saved", saving: "saving", kept: "kept-offline", refused: "refused" };

/** Build the saver described by `<… data-attempt data-save-url data-token>` and show its status in [data-saving]. */
export function saverOf(page) {
  const { attempt, saveUrl, token } = page.dataset;
  const saver = new Saver({ url: saveUrl, token, journal: new Journal(attempt) });
  const place = document.querySelector("[data-saving]");
  saver.addEventListener("status", ({ detail }) => {
    if (!place) return;
    const words = detail.state === "kept" && detail.says ? say("kept-busy") : say(SENTENCES[detail.state]);
    const sentence = detail.state === "refused" && detail.says ? detail.says : words;
    place.dataset.state = detail.state;
    if (place.textContent !== sentence) place.textContent = sentence;
  });
  return saver;
}
