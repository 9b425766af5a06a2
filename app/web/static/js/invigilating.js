// The table of those who sit a quiz: fetched every few seconds, changed in place. What somebody has ticked, focused or
// marked stays as it is; what has changed on the whole is read out.
const EVERY = 5000;
const page = document.querySelector("[data-sitting]");
const form = document.getElementById("orders");
const news = document.querySelector("[data-news]");
const stale = document.querySelector("[data-stale]");
const rowsAddress = `${location.pathname.replace(/\/$/, "")}/rows${location.search}`;

/** Whether somebody is at that element: its focus is inside, or text in it is marked. */
function isInUse(element) {
  if (element.contains(document.activeElement)) return true;
  const marked = document.getSelection();
  return Boolean(marked && !marked.isCollapsed && marked.rangeCount && marked.getRangeAt(0).intersectsNode(element));
}

function put(old, fresh) {
  if (!old.isEqualNode(fresh) && !isInUse(old)) old.replaceChildren(...fresh.childNodes);
}

function putRow(old, fresh) {
  const cells = [...fresh.cells];
  for (const [index, cell] of [...old.cells].entries()) {
    if (!cell.classList.contains("pick")) put(cell, cells[index]);
  }
}

/** Bring the rows into the fresh order: those that stay are kept, with everything somebody did to them. */
function putRows(body, fresh) {
  const known = new Map([...body.rows].map((row) => [row.dataset.key, row]));
  let before = null;
  for (const row of [...fresh.rows]) {
    const old = known.get(row.dataset.key);
    known.delete(row.dataset.key);
    if (old) putRow(old, row);
    const here = old ?? row;
    const next = before ? before.nextElementSibling : body.firstElementChild;
    if (next !== here && !(old && isInUse(old))) body.insertBefore(here, next);
    before = here;
  }
  for (const gone of known.values()) if (!isInUse(gone) && !gone.querySelector("input:checked")) gone.remove();
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector("[data-sitting]");
  if (!fresh) return;
  const [body, freshBody] = [page.querySelector("tbody"), fresh.querySelector("tbody")];
  const said = fresh.dataset.said;
  put(page.querySelector("[data-piece]"), fresh.querySelector("[data-piece]"));
  if (body && freshBody) putRows(body, freshBody);
  else if ((body || freshBody) && !isInUse(page)) {
    page.replaceChildren(...fresh.childNodes);
    offerAll();
  }
  if (said !== page.dataset.said) news.textContent = page.dataset.said = said;
  count();
}

async function refresh() {
  try {
    const response = await fetch(rowsAddress, { credentials: "same-origin", cache: "no-store" });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    show(await response.text());
    stale.hidden = true;
  } catch {
    stale.textContent = stale.dataset.stale;
    stale.hidden = false;
  }
}

async function keepFresh() {
  for (;;) {
    await new Promise((done) => setTimeout(done, EVERY));
    if (!document.hidden) await refresh();
  }
}

function boxes() {
  return [...page.querySelectorAll('input[name="person"]')];
}

function count() {
  const hint = form?.querySelector("[data-chosen]");
  const ticked = boxes().filter((box) => box.checked).length;
  if (hint) hint.textContent = hint.dataset.chosen.replace("{n}", ticked);
  const all = page.querySelector("[data-all]");
  if (all) {
    all.checked = ticked > 0 && ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
  }
}

function offerAll() {
  const all = page.querySelector("[data-all]");
  if (all && form) all.hidden = false;
}

page.addEventListener("change", (event) => {
  if (event.target.matches("[data-all]")) for (const box of boxes()) box.checked = event.target.checked;
  count();
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
offerAll();
count();
keepFresh();
