// After the last answer of a pile: what was decided there is undone with the same key as beside an answer.
import { onKey } from "./keys.js";

const undoing = document.getElementById("undoing");
let sent = false;
undoing.addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});
addEventListener("pageshow", () => (sent = false));
onKey("u", () => undoing.requestSubmit());
