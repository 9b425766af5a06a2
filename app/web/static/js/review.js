// Before handing in: whatever is still on this device only is sent first.
import { saverOf } from "./saving.js";
import { sit } from "./sitting.js";
import { say } from "./words.js";

const page = document.querySelector("[data-exam]");
const saver = saverOf(page);
const waited = saver.journal.entries().length > 0;

saver.flush().then((done) => {
  // The lists were made before these answers arrived.
  if (waited && done) location.reload();
});

const form = document.querySelector("form[data-hand-in]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!(await saver.flush()) && !confirm(say("hand-in-unsaved"))) return;
  page.dataset.handingIn = "";
  form.submit();
});

sit(page, saver);
