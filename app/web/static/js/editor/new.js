// The form for a new question: a short name is proposed from the title until somebody types one.
const form = document.querySelector("[data-new-question]");
const [title, id] = [form.elements.title, form.elements.id];

/** "Output size & max-pooling" → "output-size-max-pooling" */
function shortName(text) {
  const plain = text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss").toLowerCase();
  return plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "");
}

let own = id.value !== "" && id.value !== shortName(title.value);
id.addEventListener("input", () => (own = id.value !== ""));
title.addEventListener("input", () => {
  if (!own) id.value = shortName(title.value);
});
