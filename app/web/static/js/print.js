// Printing from a button, because a page without inline scripts cannot do it in an attribute.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}
