// Practising: what a button of [data-practise] leads to is fetched, and its region of the page is put in place.
import { typesetAll } from "./math.js";
import { say } from "./words.js";

/** Carry out `control` once everything typed is stored. `hold` waits for that and says whether it is. */
export async function practise(page, control, hold) {
  if (control.getAttribute("aria-busy") === "true") return;
  control.setAttribute("aria-busy", "true");
  tell("");
  try {
    if (!(await hold())) return tell(say("practice-unsaved"));
    const region = control.dataset.practise;
    if (region) await replace(page, control, region);
    else send(page, control);
  } catch {
    tell(say("practice-failed"));
  } finally {
    control.removeAttribute("aria-busy");
  }
}

// The answers are stored already, so they are not sent again.
function asked(page, control) {
  const body = new URLSearchParams({ csrf: page.elements.csrf.value, scripts: "yes" });
  if (control.name) body.set(control.name, control.value);
  return body;
}

async function replace(page, control, region) {
  const get = control.matches("a");
  const response = await fetch(get ? control.href : control.formAction, {
    method: get ? "GET" : "POST",
    body: get ? undefined : asked(page, control),
    headers: { Accept: get ? "text/html" : "text/html, application/json;q=0.9" },
    credentials: "same-origin",
    cache: "no-store",
  });
  const made = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = response.ok ? made.getElementById(region) : null;
  // Whatever it is, the page that the server answers says it in words.
  if (!fresh) return tell(made.querySelector("main p")?.textContent.trim() || say("practice-failed"));
  const put = document.adoptNode(fresh);
  document.getElementById(region).replaceWith(put);
  typesetAll(put);
  arrive(page, put, control.dataset.focus);
}

function arrive(page, put, place) {
  const within = place ? document.getElementById(place) : put;
  const aim = place
    ? within?.querySelector("input:not([type=hidden]), select, textarea, button")
    : put.querySelector("[data-arrive]") ?? put.querySelector("button");
  if (!aim) return;
  aim.focus({ preventScroll: true });
  // What came out follows its heading.
  aim.scrollIntoView({ block: aim.matches("h2") ? "start" : "nearest" });
  if (aim.matches("h2")) tell(aim.textContent.trim(), true);
}

// Another variant is another page.
function send(page, control) {
  const form = document.createElement("form");
  form.method = "post";
  form.action = control.formAction;
  form.hidden = true;
  for (const [name, value] of asked(page, control)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

// What stands on the page anyway is `spoken` only.
function tell(words, spoken = false) {
  const place = document.querySelector("[data-practice-status]");
  if (!place) return;
  place.classList.toggle("unseen", spoken || !words);
  if (place.textContent !== words) place.textContent = words;
}
