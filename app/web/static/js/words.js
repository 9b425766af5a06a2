// The sentences of the interface, translated by the server (templates/words.html).
const source = document.getElementById("words");
const words = source ? JSON.parse(source.textContent) : {};

/** The sentence of that name, with `{name}` places filled in. */
export function say(name, values = {}) {
  return (words[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}
