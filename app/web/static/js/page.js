// Every page: mathematics, the theme switch, times in the reader's own time zone, the height of the bar.
import { keepOverLanguages } from "./language.js";
import { typesetAll } from "./math.js";
import { showTimes } from "./times.js";

typesetAll();
keepOverLanguages();

const root = document.documentElement;

function isDark() {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

for (const button of document.querySelectorAll("[data-theme-switch]")) {
  button.hidden = false;
  button.setAttribute("aria-pressed", String(isDark()));
  button.addEventListener("click", () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    button.setAttribute("aria-pressed", String(isDark()));
    try {
      localStorage.setItem("gradus.theme", root.dataset.theme);
    } catch {
      // Blocked storage: the choice holds for this page.
    }
  });
}

showTimes();

// What the focus moves to is never under the bar, however many lines the bar has just now.
const bar = document.querySelector(".bar");
if (bar) {
  new ResizeObserver(() => {
    const covers = getComputedStyle(bar).position === "sticky" ? bar.offsetHeight : 0;
    root.style.setProperty("--bar-now", `${covers}px`);
  }).observe(bar);
}
