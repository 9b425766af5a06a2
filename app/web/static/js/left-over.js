// An attempt that is over: what this device still holds of it is sent, and kept for the staff to decide about.
import { Journal } from "./journal.js";
import { Saver } from "./saver.js";

const place = document.querySelector("[data-left-over]");
const { attempt, saveUrl, token } = place.dataset;
const journal = new Journal(token.split(".")[0], attempt);

if (journal.entries().length) {
  const saver = new Saver({ url: saveUrl, token, journal });
  const says = (which) => {
    place.hidden = false;
    for (const sentence of place.querySelectorAll("[data-when]")) sentence.hidden = sentence.dataset.when !== which;
  };
  saver.addEventListener("status", ({ detail }) => {
    if (detail.state === "saving") says("sending");
    else if (detail.state === "late") says("late");
    else if (detail.state === "saved") place.hidden = true; // all of it was there
    else says("kept");
  });
  saver.flush();
}
