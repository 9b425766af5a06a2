// Before handing in: whatever is still on this device only is sent first.
import { saverOf } from "./saving.js";
import { sendFiles } from "./sending-files.js";
import { sit } from "./sitting.js";
import { say } from "./words.js";

const page = document.querySelector("[data-exam]");
const saver = saverOf(page);

async function bring() {
  const before = saver.journal.entries().length > 0;
  await sendFiles(saver, page.dataset);
  const waited = before || saver.journal.entries().length > 0;
  // The lists were made before these answers arrived.
  if ((await saver.flush()) && waited) location.reload();
}
bring();

const form = document.querySelector("form[data-hand-in]");
form?.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (!(await saver.flush()) && !confirm(say("hand-in-unsaved"))) return;
  page.dataset.handingIn = "";
  form.submit();
});

sit(page, saver);
