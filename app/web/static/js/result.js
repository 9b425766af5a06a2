// While grading is under way the page asks now and then, and shows the result in its place as soon as it is there:
// without leaving the page, so that nobody loses their place, what is unfolded, or the focus.
import { typesetAll } from "./math.js";
import { showTimes } from "./times.js";

const page = document.querySelector("[data-state-url]");
const told = document.querySelector("[data-told]");
const LONGEST = 8000;
const FOCUSABLE = "a[href], summary, button, input, select, textarea";

/** The pieces that change: the total, and every question by its heading. */
function pieces(root) {
  const found = [...root.querySelectorAll("[data-state-url], .result[aria-labelledby]")];
  return new Map(found.map((one) => [one.getAttribute("aria-labelledby") ?? "total", one]));
}

/** What a thing is called, so that the same thing is found in another version of the piece. */
const nameOf = (one) => one.getAttribute("href") ?? `${one.closest("[aria-labelledby]")?.getAttribute("aria-labelledby")} ${one.textContent.trim()}`;

const like = (old, piece, what) => [...piece.querySelectorAll(what)].find((one) => nameOf(one) === nameOf(old));

function exchange(old, fresh) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const unfolded of old.querySelectorAll("details[open] > summary")) {
    const same = like(unfolded, fresh, "summary");
    if (same) same.parentElement.open = true;
  }
  old.replaceWith(fresh);
  typesetAll(fresh);
  showTimes(fresh);
  if (!focused) return;
  const next = like(focused, fresh, FOCUSABLE) ?? fresh.querySelector(FOCUSABLE) ?? document.querySelector("main");
  next.focus({ preventScroll: true });
}

async function show() {
  const response = await fetch(location.href, { credentials: "same-origin", cache: "no-store" });
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  const now = pieces(fresh);
  const here = pieces(document);
  // Another page than before, such as the one for signing in, is shown as what it is.
  if (!response.ok || [...here.keys()].some((name) => !now.has(name))) return location.reload();
  for (const [name, old] of here) exchange(old, document.adoptNode(now.get(name)));
  const total = document.querySelector("[data-says]");
  told.textContent = total.dataset.says;
  return total.dataset.state === "being graded" ? ask(LONGEST) : null;
}

async function ask(wait) {
  await new Promise((done) => setTimeout(done, wait));
  try {
    const response = await fetch(page.dataset.stateUrl, { credentials: "same-origin", cache: "no-store" });
    if (response.ok && (await response.json()).state !== page.dataset.state) return await show();
  } catch {
    // Offline for a moment: ask again later.
  }
  return ask(Math.min(LONGEST, wait * 1.5));
}

if (page?.dataset.state === "being graded") ask(600);
