// Changing the language of a page: what was typed into its forms is there again afterwards, passwords excepted.
const KEY = "gradus.typed";
const FORMS = "main form:not([data-exam]) :is(input, select, textarea)";
const SKIPPED = new Set(["hidden", "password", "file", "submit", "button"]);

function controls() {
  return [...document.querySelectorAll(FORMS)].filter((one) => one.name && !SKIPPED.has(one.type));
}

const ticked = (one) => one.type === "checkbox" || one.type === "radio";

function keep() {
  const typed = controls().map((one) => [one.form.action, one.name, ticked(one) ? one.value : null, ticked(one) ? one.checked : one.value]);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ path: location.pathname, typed }));
  } catch {
    // Blocked storage: the forms begin anew.
  }
}

function restore() {
  let kept = null;
  try {
    kept = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
  } catch {
    return;
  }
  if (kept?.path !== location.pathname) return;
  const waiting = [...kept.typed];
  for (const one of controls()) {
    const found = waiting.findIndex(([action, name, value]) => action === one.form.action && name === one.name && (!ticked(one) || value === one.value));
    if (found < 0) continue;
    const [[, , , now]] = waiting.splice(found, 1);
    if (now === (ticked(one) ? one.checked : one.value)) continue;
    if (ticked(one)) one.checked = now;
    else one.value = now;
    one.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** Make the switch of this page keep what was typed, and show again what the last one has kept. */
export function keepOverLanguages() {
  const menu = document.querySelector("[data-languages]");
  if (!menu) return;
  restore();
  menu.querySelector("form").addEventListener("submit", keep);
  const close = () => (menu.open = false);
  document.addEventListener("click", (event) => menu.contains(event.target) || close());
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    close();
    menu.querySelector("summary").focus();
  });
}
