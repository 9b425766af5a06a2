// Blocks carried from list to list with a mouse, a pen or a finger. The keyboard has keys and buttons for it.
const SLACK = 5;
const EDGE = 60;

/** Let `[data-block]`s of `root` be carried between `lists`; `drop(block, list, place)` counts places without it. */
export function carrying(root, lists, drop) {
  let held = null;

  root.addEventListener("pointerdown", (event) => {
    const block = event.target.closest("[data-block]");
    if (!block || held || event.button || event.target.closest("button")) return;
    // A finger anywhere else scrolls the page.
    if (event.pointerType !== "mouse" && !event.target.closest("[data-grip]")) return;
    held = { block, pointer: event.pointerId, x: event.pageX, y: event.pageY, at: event, moving: false };
  });

  const move = (event) => {
    if (held?.pointer !== event.pointerId) return;
    held.at = event;
    if (!held.moving && Math.hypot(event.pageX - held.x, event.pageY - held.y) < SLACK) return;
    if (!held.moving) lift();
    event.preventDefault();
    follow();
  };

  function lift() {
    held.moving = true;
    root.setPointerCapture(held.pointer);
    getSelection()?.removeAllRanges();
    held.block.dataset.dragged = "";
    held.gap = document.createElement("li");
    held.gap.className = "order-gap";
    held.gap.setAttribute("aria-hidden", "true");
    held.scrolling = requestAnimationFrame(scroll);
  }

  function follow() {
    const { block, at, x, y, gap } = held;
    block.style.transform = `translate(${at.clientX + scrollX - x}px, ${at.clientY + scrollY - y}px)`;
    held.list = lists.reduce((one, other) => (distance(at, one) <= distance(at, other) ? one : other));
    const others = [...held.list.children].filter((row) => row !== block && row !== gap);
    const next = others.findIndex((row) => {
      const { top, height } = row.getBoundingClientRect();
      return at.clientY < top + height / 2;
    });
    held.place = next < 0 ? others.length : next;
    const before = others[held.place] ?? null;
    if (gap.parentElement !== held.list || gap.nextElementSibling !== before) held.list.insertBefore(gap, before);
  }

  // Near an edge of the window the page moves along.
  function scroll() {
    if (!held?.moving) return;
    const y = held.at.clientY;
    const by = y < EDGE ? y - EDGE : Math.max(0, y - innerHeight + EDGE);
    if (by) {
      scrollBy(0, by / 5);
      follow();
    }
    held.scrolling = requestAnimationFrame(scroll);
  }

  function end(event, dropped) {
    if (!held || (event.pointerId !== undefined && held.pointer !== event.pointerId)) return;
    const { block, moving, gap, list, place, scrolling } = held;
    held = null;
    if (!moving) return;
    cancelAnimationFrame(scrolling);
    gap.remove();
    block.style.transform = "";
    delete block.dataset.dragged;
    if (dropped && list) drop(block, list, place);
  }

  root.addEventListener("pointermove", move);
  root.addEventListener("pointerup", (event) => end(event, true));
  root.addEventListener("pointercancel", (event) => end(event, false));
  // What a finger touched has it captured from the start, and loses it to the root.
  root.addEventListener("lostpointercapture", (event) => event.target === root && end(event, false));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") end({}, false);
  });
}

/** How far a pointer is from the side of the board that holds a list. */
function distance({ clientX, clientY }, list) {
  const { left, right, top, bottom } = list.parentElement.getBoundingClientRect();
  return Math.hypot(Math.max(left - clientX, 0, clientX - right), Math.max(top - clientY, 0, clientY - bottom));
}
