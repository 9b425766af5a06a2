// Runs before the first paint, so it is a classic script: the chosen theme, if one was chosen.
(function () {
  "use strict";
  try {
    const chosen = localStorage.getItem("gradus.theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage may be blocked; the system's theme is shown then.
  }
})();
