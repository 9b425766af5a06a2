// While grading is under way the page asks now and then, and shows the result as soon as it is there.
const page = document.querySelector("[data-state-url]");
const LONGEST = 8000;

async function ask(wait) {
  await new Promise((done) => setTimeout(done, wait));
  try {
    const response = await fetch(page.dataset.stateUrl, { credentials: "same-origin", cache: "no-store" });
    if (response.ok && (await response.json()).state !== page.dataset.state) return location.reload();
  } catch {
    // Offline for a moment: ask again later.
  }
  return ask(Math.min(LONGEST, wait * 1.5));
}

if (page?.dataset.state === "being graded") ask(600);
