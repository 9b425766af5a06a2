// The answer fields of a part: what is asked for, who judges it, and with which options.
import { say } from "../words.js";
import { carryBoxes, candidates } from "./carrying.js";
import { button, h, live, marked } from "./dom.js";
import { namedRows } from "./named.js";
import { optionsForm } from "./options.js";
import { drawsFrom } from "./picking.js";
import { renameField } from "./references.js";
import { placed, troubles, wordsInput } from "./rows.js";

const titled = (name) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("_", " ");

/** All names of fields of the question. */
export const fieldNames = (draft) => (draft.get(["parts"]) ?? []).flatMap((part) => Object.keys(part?.fields ?? {}));

/** The fields of the part at `part()`. */
export function fields(draft, part) {
  const path = () => [...part(), "fields"];
  const chooser = kinds(draft, (grader) => rows.add({ grader, ...needed(draft, grader) }, "answer"));
  const rows = namedRows(draft, {
    path,
    nouns: ["parts"],
    label: say("Answer fields"),
    called: (name) => say("Field {name}", { name }),
    taken: () => fieldNames(draft),
    clash: (wanted) => say("Another field of this question is called {wanted}.", { wanted }),
    rename: (from, to) => renameField(draft, path(), from, to),
    content: (row) => field(draft, part, row),
    refresh: (node) => node.querySelector("[data-role=kind]").refresh(),
    after: () => chooser.querySelector("summary"),
  });
  return h("div", { class: "fields" }, rows.list, chooser, troubles(draft, path));
}

function field(draft, part, { here, name, head, tools }) {
  const summary = h("p", { class: "hint" });
  const tries = h("p", { class: "toolbar" }, button(say("Try answers"), () => draft.tell("try-answers", { field: name() })));
  const kind = h("select", { "data-role": "kind" });
  kind.addEventListener("change", () => change(draft, here()(), kind.value));
  kind.refresh = () => {
    const now = draft.get(here("grader")()) ?? "";
    const all = Object.keys(draft.graders);
    const offered = all.includes(now) ? all : [now, ...all];
    if (kind.dataset.all !== offered.join()) {
      kind.dataset.all = offered.join();
      kind.replaceChildren(...offered.map((one) => h("option", { value: one }, all.includes(one) ? titled(one) : say("{one} (there is none)", { one: one || "–" }))));
    }
    kind.value = now;
    summary.replaceChildren(...marked(draft.graders[now]?.summary ?? ""));
    tries.hidden = now !== "text";
  };
  const carries = h("details", { class: "criterion-more", open: Boolean(draft.get(here("carry")())) }, h("summary", {}, say("Follow the student’s own earlier values")));
  carries.append(
    h("p", { class: "hint" }, say("This field is judged a second time with these values as the student answered them; the better result counts.")),
    carryBoxes(draft, here("carry"), () => candidates(draft, part()[1], name()), carries),
  );
  return [
    h("div", { class: "field-head" }, [
      head,
      placed(draft, here("grader"), say("Kind"), kind),
      placed(draft, here("label"), say("Label for students"), wordsInput(draft, here("label"), { maxlength: 500 })),
      tools,
    ]),
    summary,
    optionsForm(draft, here()),
    tries,
    carries,
  ];
}

/** Another grader keeps the options that it knows as well. */
function change(draft, at, grader) {
  const before = draft.get(at);
  const options = Object.entries(draft.graders[grader]?.schema?.properties ?? {});
  const known = new Set(["label", "carry", ...options.filter(([, one]) => !one.readOnly).map(([name]) => name)]);
  // A sample text is no number: a cell that was the answer says nothing about it.
  if (draft.graders[grader]?.schema?.examples?.[0]?.key) known.delete("answer");
  const kept = Object.fromEntries(Object.entries(before).filter(([name]) => known.has(name)));
  const lost = Object.keys(before).filter((name) => name !== "grader" && !known.has(name));
  draft.set(at, { grader, ...needed(draft, grader, kept), ...kept });
  live(lost.length ? say("{kind} chosen; left out: {lost}. Undo brings them back.", { kind: titled(grader), lost: lost.join(", ") }) : say("{kind} chosen", { kind: titled(grader) }));
}

/** What a grader's options need, as far as it can be proposed: the first pool, the last variable. */
function needed(draft, grader, kept = {}) {
  const schema = draft.graders[grader]?.schema ?? {};
  // Where a grader says what one may begin with, that is more than what is needed.
  const [begun] = schema.examples ?? [];
  if (begun) return Object.fromEntries(Object.entries(begun).filter(([name]) => !(name in kept)));
  const variables = Object.keys(draft.get(["variables"]) ?? {});
  const proposed = {};
  for (const name of schema.required ?? []) {
    if (name in kept) continue;
    const property = schema.properties?.[name] ?? {};
    if (property.format === "pool") proposed[name] = Object.keys(draft.get(["pools"]) ?? {})[0] ?? "";
    else if (property.format === "expression") proposed[name] = "";
    else if (property.enum) proposed[name] = property.enum[0];
  }
  const drawn = schema.properties?.shown && !("shown" in kept) ? drawsFrom(draft, proposed.pool ?? kept.pool) : null;
  if (drawn) proposed.shown = drawn;
  const takesAnswer = schema.properties?.answer && !schema.properties.answer.readOnly;
  if (takesAnswer && !("answer" in kept) && !("key" in kept)) proposed.answer = variables.at(-1) ?? "0";
  return proposed;
}

/** All graders with what they judge; a click adds a field. */
function kinds(draft, add) {
  const node = h("details", { class: "inserts" }, h("summary", {}, say("Add an answer field")));
  const choose = (name) => () => {
    node.open = false;
    add(name);
  };
  node.append(h("ul", { class: "kinds" }, Object.entries(draft.graders).map(([name, { summary }]) => h("li", {}, button(titled(name), choose(name)), h("span", {}, marked(summary ?? ""))))));
  return node;
}
