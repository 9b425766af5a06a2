// A link to a field puts the cursor into it: into what cannot be read, else into what is empty, else at its beginning.
const WRITABLE = "input:not([type=hidden], [type=file]), select, textarea, button";

function usable(input) {
  return !input.disabled && input.checkVisibility() && input.tabIndex >= 0;
}

function empty(input) {
  return input.matches("input:not([type=checkbox], [type=radio]), select, textarea") && input.value === "";
}

function target(page) {
  const place = document.getElementById(location.hash.slice(1));
  if (!place || !page.contains(place)) return null;
  if (place.matches("button, input, select, textarea")) return place;
  const inputs = [...place.querySelectorAll(WRITABLE)].filter(usable);
  const typed = inputs.filter((input) => !input.matches("button"));
  return (
    inputs.find((input) => input.getAttribute("aria-invalid") === "true") ??
    typed.find((input) => input.type === "radio" && input.checked) ??
    typed.find(empty) ??
    typed[0] ??
    inputs[0]
  );
}

/** Put the cursor where the address points; the field is seen from its label on. */
export function arrive(page) {
  const go = () => {
    const input = target(page);
    if (!input) return null;
    (input.closest(".answer") ?? input).scrollIntoView({ block: "start" });
    input.focus({ preventScroll: true });
    // A long field may have its first open cell further down.
    input.scrollIntoView({ block: "nearest" });
    return input;
  };
  const begin = () => {
    // Whoever was faster stays where they are.
    if (document.activeElement !== document.body) return;
    const first = go();
    const field = first?.closest(".answer");
    // Which cell cannot be read is known only once it has been read again.
    if (field?.dataset.state === "cannot be read" && !first.matches("[aria-invalid=true]")) {
      field.addEventListener("reading", () => document.activeElement === first && go(), { once: true });
    }
  };
  addEventListener("hashchange", go);
  // While a page loads, the browser goes to the place in the address by itself, and takes the focus away in doing so.
  if (document.readyState === "complete") begin();
  else addEventListener("load", () => setTimeout(begin));
}
