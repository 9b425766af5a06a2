// An attempt that is over: what this device still holds of it is sent, and kept for the staff to decide about.
import { Journal } from "./journal.js";
import { KeptFiles } from "./kept-files.js";
import { Saver } from "./saver.js";
import { sendFiles } from "./sending-files.js";

const place = document.querySelector("[data-left-over]");
const { attempt, saveUrl, token } = place.dataset;
const journal = new Journal(token.split(".")[0], attempt);

const files = await new KeptFiles(token.split(".")[0], attempt).waiting();

if (journal.entries().length || files.length) {
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
  says("sending");
  const sent = await sendFiles(saver, { attempt, token });
  if ((await saver.flush()) && !sent) says("kept");
}
