// What the answer to a drawing is made of, however it was sent.

/** Pages, description and consent of a raw answer. */
export function partsOf(raw) {
  if (Array.isArray(raw) && Array.isArray(raw[0])) return { pages: raw[0].filter(Boolean), text: raw[1] ?? "", consent: raw[2] ?? "" };
  const pages = Array.isArray(raw) ? raw : String(raw ?? "").split(/[\s,;]+/);
  return { pages: pages.filter(Boolean), text: "", consent: "" };
}

/** The raw answer that has these pages, too. */
export function withPages(raw, more) {
  const { pages, text, consent } = partsOf(raw);
  const all = [...new Set([...pages, ...more])];
  return text.trim() || consent ? [all, text, consent] : all;
}
