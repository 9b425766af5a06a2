// Options that are maps: rows with names, each a list of texts or a small form of its own (concepts, claims, counts).
import { say } from "../words.js";
import { button, h, marked } from "./dom.js";
import { namedRows } from "./named.js";
import { renameEntry } from "./references.js";
import { troubles } from "./rows.js";

/**
 * The rows of the option `name` of the field at `field()`; `entry` is the schema of what each holds, `control(path,
 * entry)` makes the control of a list, `option(path, entry, name)` one option of a form.
 */
export function entriesForm(draft, field, name, { title, label, hint, entry, control, option }) {
  const path = () => [...field(), name];
  const single = name.replace(/s$/, "");
  const adder = button(say("Add: {noun}", { noun: single }), () => rows.add(begun(entry), single));
  const rows = namedRows(draft, {
    path,
    nouns: ["parts"],
    label: title,
    called: (one) => `${title}: ${one}`,
    clash: (wanted) => say("There is one called {wanted} already.", { wanted }),
    rename: (from, to) => renameEntry(draft, field(), name, from, to),
    content: ({ here, head, tools }) => [h("div", { class: "entry-head" }, head, tools), content(here)],
    after: () => adder,
    style: "field-row entry-row",
  });

  function content(here) {
    if (entry.properties === undefined) return control(here(), entry);
    return h("div", { class: "entry-form" }, Object.keys(entry.properties).map((one) => option(here(), entry, one)));
  }
  return h(
    "section",
    { class: "entries" },
    h("h5", {}, label),
    hint ? h("p", { class: "hint" }, marked(hint)) : null,
    rows.list,
    troubles(draft, path),
    h("p", { class: "toolbar" }, adder),
  );
}

/** The least that a new entry has: an empty list, or a map with what is needed. */
function begun(entry) {
  if (entry.properties === undefined) return [];
  const least = (one) => (one.type === "integer" ? (one.minimum ?? 0) : one.type === "array" ? [] : "");
  return Object.fromEntries((entry.required ?? []).map((name) => [name, least(entry.properties[name])]));
}
