// Moving criteria with a mouse, pen or finger. Buttons and keys do the same (rubric.js).

const ENOUGH = 5;
const EDGE = 60;

/**
 * Rows are `[data-node]` below `root`, each with a `.grip`; a group's own list ends with `[data-end]`.
 * `drop(from, place)` is told both as data-node of the dragged row, and {before | after | first | last: data-node}
 * ("" is the whole rubric).
 */
export function draggable(root, drop) {
  root.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button !== 0 || !root.contains(grip)) return;
    event.preventDefault();
    follow(root, grip, event, drop);
  });
}

function follow(root, grip, start, drop) {
  const row = grip.closest("[data-node]");
  let place = null;
  let moving = false;
  let scrolling = 0;

  function unmark() {
    for (const one of root.querySelectorAll("[data-drop]")) delete one.dataset.drop;
  }
  function move(event) {
    if (!moving && Math.hypot(event.clientX - start.clientX, event.clientY - start.clientY) < ENOUGH) return;
    moving = true;
    row.classList.add("dragged");
    unmark();
    place = nearest(root, row, event.clientX, event.clientY);
    if (place) place.node.dataset.drop = place.how;
    cancelAnimationFrame(scrolling);
    creep(event.clientY);
  }
  // At the edges of the window the page goes on.
  function creep(y) {
    const speed = y < EDGE + 60 ? y - EDGE - 60 : y > innerHeight - EDGE ? y - innerHeight + EDGE : 0;
    if (!speed) return;
    scrollBy(0, speed / 4);
    scrolling = requestAnimationFrame(() => creep(y));
  }
  function end(event) {
    cancelAnimationFrame(scrolling);
    grip.removeEventListener("pointermove", move);
    for (const type of ["pointerup", "pointercancel"]) grip.removeEventListener(type, end);
    removeEventListener("keydown", escape, true);
    unmark();
    row.classList.remove("dragged");
    if (event?.type === "pointerup" && moving && place) drop(row.dataset.node, { [place.how]: place.target });
  }
  function escape(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    end();
  }
  grip.setPointerCapture(start.pointerId);
  grip.addEventListener("pointermove", move);
  for (const type of ["pointerup", "pointercancel"]) grip.addEventListener(type, end);
  addEventListener("keydown", escape, true);
}

/** The place to drop at that is nearest to the pointer: before or after a row, first in a group, or last in one. */
function nearest(root, dragged, x, y) {
  const places = [];
  const add = (node, rect, how, target) => {
    const [dy, dx] = [Math.max(rect.top - y, y - rect.bottom, 0), Math.max(rect.left - x, x - rect.right, 0)];
    places.push({ node, how, target, far: dy * 4 + dx });
  };
  for (const row of root.querySelectorAll("[data-node]")) {
    if (dragged.contains(row)) continue;
    const head = row.querySelector(":scope > .criterion-head")?.getBoundingClientRect();
    const whole = head ?? row.getBoundingClientRect();
    const above = y < (whole.top + whole.bottom) / 2;
    add(row, whole, above ? "before" : head ? "first" : "after", row.dataset.node);
  }
  for (const end of root.querySelectorAll("[data-end]")) {
    if (!dragged.contains(end)) add(end, end.getBoundingClientRect(), "last", end.dataset.end);
  }
  return places.sort((a, b) => a.far - b.far)[0] ?? null;
}
