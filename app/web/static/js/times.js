// Times in the reader's own time zone.
// English as the server writes it: 21 Nov 2026, 14:05.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang || undefined;
const clock = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });

/** Write every moment below `root` as the reader's own clock would show it. */
export function showTimes(root = document) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = time.textContent;
    time.textContent = clock.format(at);
  }
}
