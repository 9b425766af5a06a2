// Makes the variants of papers portion by portion, once the button has been pressed.
const section = document.querySelector("[data-preparing]");

section?.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const progress = section.querySelector("[data-progress]");
  form.querySelector("button").disabled = true;
  try {
    for (;;) {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const next = page.querySelector("[data-preparing]");
      if (!answer.ok || !next) {
        // All made, or something to read: the server's page says it.
        location.assign(answer.ok ? answer.url : location.href);
        return;
      }
      progress.textContent = next.querySelector("[data-progress]").textContent;
      section.querySelector(".meter").replaceWith(next.querySelector(".meter"));
    }
  } catch {
    form.querySelector("button").disabled = false;
  }
});
