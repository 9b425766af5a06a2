// Moving rows of a list with the mouse. The keyboard has buttons for it; this is only a shorter way.
export function dragging(list, selector, drop) {
  let dragged = null;

  const mark = (row, where) => {
    for (const one of list.querySelectorAll("[data-over]")) delete one.dataset.over;
    if (row && where) row.dataset.over = where;
  };

  list.addEventListener("pointerover", ({ target }) => {
    const handle = target.closest("[data-number]");
    if (handle) handle.draggable = true;
  });
  list.addEventListener("dragstart", (event) => {
    if (!event.target.closest?.("[data-number]")) return;
    dragged = event.target.closest(selector);
    dragged.dataset.dragged = "";
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged, 10, 10);
  });
  list.addEventListener("dragover", (event) => {
    const row = event.target.closest(selector);
    if (!dragged || !row) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    mark(row, event.clientY < top + height / 2 ? "before" : "after");
  });
  list.addEventListener("drop", (event) => {
    const row = event.target.closest(selector);
    if (!dragged || !row) return;
    event.preventDefault();
    const before = row.dataset.over === "before" ? row : row.nextElementSibling;
    if (before !== dragged && row !== dragged) drop(dragged, before);
  });
  list.addEventListener("dragend", () => {
    mark(null);
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  });
}
