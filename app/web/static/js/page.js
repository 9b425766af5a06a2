// Every page: mathematics, the theme switch, times in the reader's own time zone.
import { keepOverLanguages } from "./language.js";
import { typesetAll } from "./math.js";

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

// English as the server writes it: 21 Nov 2026, 14:05.
const language = root.lang === "en" ? "en-GB" : root.lang || undefined;
const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
for (const time of document.querySelectorAll("time[datetime]")) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.valueOf())) {
    time.title = time.textContent;
    time.textContent = clock.format(at);
  }
}
