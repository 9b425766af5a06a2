// Whoever is at work keeps the answer: now and then the server is told, as long as somebody does something here.
const EVERY = 2 * 60 * 1000;
const AT_REST = 8 * 60 * 1000;

/** Prolongs the claim of this form's answer; `lost` is called when somebody else has it. */
export function keepClaim(form, lost) {
  let active = Date.now();
  const stir = () => (active = Date.now());
  for (const kind of ["keydown", "pointerdown", "scroll"]) addEventListener(kind, stir, { capture: true, passive: true });
  setInterval(async () => {
    if (document.hidden || Date.now() - active > AT_REST) return;
    const body = new URLSearchParams({ csrf: form.elements.csrf.value });
    try {
      const response = await fetch(form.dataset.claim, { method: "POST", body, credentials: "same-origin" });
      if (response.ok && !(await response.json()).mine) lost();
    } catch {
      // Offline for a moment: the claim holds a while, and saving asks again.
    }
  }, EVERY);
}
