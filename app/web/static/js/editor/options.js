// The form of a grader's options, made from the JSON schema of the grader: nothing in here knows any grader.
import { say } from "../words.js";
import { formulaInput, valueInput } from "./cells.js";
import { bind, button, fresh, h, keyed, listen, marked } from "./dom.js";
import { entriesForm } from "./entries.js";
import { picker, variableGroup } from "./facts.js";
import { readFlow, writeFlow } from "./flow.js";
import { optionalFormula } from "./optional.js";
import { concerns, placed, tick, wordsInput } from "./rows.js";

/** What every field has, whatever its grader. */
const OWN = new Set(["grader", "label", "carry"]);

/** The form for the options of the field at `path()`. */
export function optionsForm(draft, path) {
  const form = h("div", { class: "options-form" });
  const schemaOf = () => draft.graders[draft.get([...path(), "grader"])]?.schema ?? {};

  function show() {
    const field = draft.get(path());
    if (field === undefined) return;
    const schema = schemaOf();
    const known = Object.keys(schema.properties ?? {}).filter((name) => field[name] !== undefined || !resolved(schema, name).readOnly);
    const unknown = Object.keys(field).filter((name) => !OWN.has(name) && !(name in (schema.properties ?? {})));
    // Another grader has other options of the same name.
    const keys = [...known.map((name) => [name, true]), ...unknown.map((name) => [name, false])];
    keyed(form, keys, ([name, is]) => `${is ? field.grader : "?"} ${name}`, ([name, is]) => (is ? option(draft, path, schema, name) : stranger(draft, path, name)));
  }
  listen(form, draft, "change", ({ detail }) => concerns(detail, "parts") && show());
  show();
  return form;
}

/** The schema of a property: references followed, "or nothing" left out. */
function resolved(schema, name) {
  return follow(schema, schema.properties?.[name] ?? {});
}

function follow(root, property) {
  let found = property;
  if (found.$ref) {
    const { $ref, ...rest } = found;
    const target = $ref.replace(/^#\//, "").split("/").reduce((value, step) => value?.[step], root) ?? {};
    found = { ...follow(root, target), ...rest };
  }
  const ways = (found.anyOf ?? found.oneOf ?? []).map((way) => follow(root, way)).filter((way) => way.type !== "null");
  if (ways.length === 1) found = { ...ways[0], ...found, anyOf: undefined, oneOf: undefined };
  return { ...found, ways };
}

const FORMATS = ["expression", "pool", "named", "prose"];

/** One of FORMATS, words, choice, yes-no, lines, number, line, or value (for all that has no form of its own). */
export function kindOf(property) {
  if (FORMATS.includes(property.format)) return property.format;
  if (property.enum) return "choice";
  if (property.type === "boolean") return "yes-no";
  const isWords = (way) => way.type === "object" && way.additionalProperties?.type === "string";
  if (property.ways.length === 2 && property.ways.some(isWords) && property.ways.some((way) => way.type === "string")) return "words";
  if (property.type === "array" && follow({}, property.items ?? {}).type !== undefined && !["array", "object"].includes(property.items.type)) return "lines";
  if (property.type === "number" || property.type === "integer") return "number";
  if (property.type === "string") return "line";
  return "value";
}

const nameOf = (property, name) => {
  const words = (property.title ?? name).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1).toLowerCase();
};

function option(draft, field, schema, name) {
  const property = resolved(schema, name);
  const path = () => [...field(), name];
  const needed = (schema.required ?? []).includes(name);
  const label = needed ? say("{name} (needed)", { name: nameOf(property, name) }) : nameOf(property, name);
  const hint = property.description;
  const kind = kindOf(property);
  if (kind === "yes-no") {
    const usual = property.default === true;
    const box = tick(draft, path, label, { hint, read: (value) => value ?? usual, write: (on) => (on === usual ? undefined : on) });
    listen(box, draft, "change", () => (box.dataset.path = path().join(".")));
    return box;
  }
  if (kind === "expression") {
    const control = (needed ? formulaInput : optionalFormula)(draft, path, label);
    control.removeAttribute("aria-label");
    const box = placed(draft, path, label, control, { hint });
    return h("div", { class: "option-box" }, h("div", { class: "condition-box" }, box, picker(control, () => [variableGroup(draft)], say("Insert a variable"))), values(draft, path));
  }
  if (kind === "named") {
    const entry = { ...follow(schema, property.additionalProperties ?? {}), $defs: schema.$defs };
    const list = (at, one) => placed(draft, at, say("Words, one on a line"), linesInput(draft, at, one)[0]);
    const inner = (at, one, called) => option(draft, at, one, called);
    const form = entriesForm(draft, field, name, { title: nameOf(property, name), label, hint, entry, control: list, option: inner });
    return h("div", { class: "option-box whole" }, form);
  }
  const control = CONTROLS[kind](draft, path, property, needed);
  const [input, ...more] = [control].flat();
  input.removeAttribute("aria-label");
  return h("div", { class: "option-box" }, placed(draft, path, label, input, { hint }), more);
}

const CONTROLS = {
  pool: poolSelect,
  choice: choiceSelect,
  lines: linesInput,
  number: numberInput,
  words: (draft, path) => wordsInput(draft, path),
  line: lineInput,
  prose: proseInput,
  value: (draft, path) => valueInput(draft, path, ""),
};

/** A select that keeps what it cannot offer, so that nothing is lost by looking. */
function select(draft, path, options, { needed, usual }) {
  const control = h("select");
  const fill = () => {
    const now = draft.get(path());
    const all = options();
    const [first] = needed ? [now === undefined ? [["", say("Choose …")]] : []] : [usual === undefined ? [["", say("(not set)")]] : []];
    const strange = now !== undefined && !all.some(([value]) => value === writeFlow(now)) ? [[writeFlow(now), say("{now} (there is none)", { now: writeFlow(now) })]] : [];
    const wanted = [...first, ...all, ...strange];
    if (JSON.stringify(wanted) !== control.dataset.all) {
      control.dataset.all = JSON.stringify(wanted);
      control.replaceChildren(...wanted.map(([value, words]) => h("option", { value }, words)));
    }
    control.value = now === undefined ? (usual ?? "") : writeFlow(now);
  };
  fill();
  listen(control, draft, "change", fill);
  control.addEventListener("change", () => {
    const value = control.value;
    draft.set(path(), value === "" || value === usual ? undefined : value);
  });
  return control;
}

function poolSelect(draft, path, property, needed) {
  return select(draft, path, () => Object.keys(draft.get(["pools"]) ?? {}).map((name) => [name, name]), { needed });
}

function choiceSelect(draft, path, property, needed) {
  const usual = property.default === undefined || property.default === null ? undefined : writeFlow(property.default);
  const all = property.enum.filter((value) => value !== null).map((value) => [writeFlow(value), writeFlow(value) === usual ? say("{value} (as a rule)", { value: writeFlow(value) }) : writeFlow(value)]);
  const control = select(draft, path, () => all, { needed, usual });
  // What was chosen is one of the values of the schema, not its name.
  control.addEventListener("change", () => {
    const value = property.enum.find((one) => writeFlow(one) === control.value);
    if (value !== undefined && control.value !== usual && draft.get(path()) !== value) draft.set(path(), value);
  });
  return control;
}

function linesInput(draft, path, property) {
  const type = property.items?.type;
  const read = (line) => {
    if (type === "string") return line;
    try {
      return readFlow(line);
    } catch {
      return line;
    }
  };
  const write = (text) => {
    const lines = text.split("\n").map((line) => line.trim()).filter(Boolean);
    return lines.length ? lines.map(read) : undefined;
  };
  const control = h("textarea", { rows: 3, class: "lines-input", autocomplete: "off", spellcheck: "false" });
  bind(control, draft, {
    read: () => [draft.get(path()) ?? []].flat().map((one) => (typeof one === "string" ? one : writeFlow(one))).join("\n"),
    write: (text) => draft.set(path(), write(text)),
  });
  return [control, h("p", { class: "hint" }, say("One on a line."))];
}

function numberInput(draft, path, property) {
  const usual = property.default ?? "";
  const control = h("input", { type: "text", class: "typed points-input", inputmode: property.type === "integer" ? "numeric" : "decimal", autocomplete: "off", placeholder: writeFlow(usual) });
  return bind(control, draft, {
    read: () => String(draft.get(path()) ?? ""),
    write(text) {
      const word = text.trim().replace(",", ".");
      draft.set(path(), word === "" ? undefined : /^[+-]?(\d+\.?\d*|\.\d+)$/.test(word) && word.length <= 15 ? Number(word) : text);
    },
  });
}

/** A text as it stands, in one language. */
function proseInput(draft, path) {
  const control = h("textarea", { rows: 2, dir: "auto", class: "words-input", maxlength: 20000 });
  return bind(control, draft, { read: () => String(draft.get(path()) ?? ""), write: (text) => draft.set(path(), text.trim() === "" ? undefined : text) });
}

function lineInput(draft, path, property) {
  const examples = (property.examples ?? []).map(String);
  const list = fresh("examples");
  const usual = typeof property.default === "string" ? property.default : (examples[0] ?? "");
  const control = h("input", { type: "text", autocomplete: "off", spellcheck: "false", placeholder: usual, list: examples.length ? list : null });
  bind(control, draft, {
    read: () => (draft.get(path()) === undefined ? "" : writeFlow(draft.get(path()))),
    write: (text) => draft.set(path(), text.trim() === "" ? undefined : text),
  });
  return examples.length ? [control, h("datalist", { id: list }, examples.map((value) => h("option", { value })))] : control;
}

/** The values of three variants, where the formula is a variable that the preview has computed. */
function values(draft, path) {
  const node = h("dl", { class: "cell-values", "aria-label": say("Values"), hidden: true });
  function show() {
    const name = String(draft.get(path()) ?? "").trim();
    const seeds = (draft.preview?.seeds ?? []).filter((one) => one.cells?.[name]);
    node.hidden = !seeds.length;
    node.replaceChildren(
      ...seeds.map(({ seed, cells }) =>
        h("div", { class: cells[name].error ? "cell-value bad" : "cell-value" }, h("dt", {}, seed === 0 ? say("printed") : say("variant {n}", { n: seed })), h("dd", {}, cells[name].error ?? cells[name].text)),
      ),
    );
  }
  listen(node, draft, ["change", "preview"], show);
  show();
  return node;
}

/** An option that the grader does not have. */
function stranger(draft, field, name) {
  const node = h("div", { class: "option-box" });
  const says = h("p", { class: "complaint" });
  node.update = () => says.replaceChildren(...marked(say("This kind of field has no option `{name}` (now: {value}).", { name, value: writeFlow(draft.get([...field(), name])) })));
  node.append(says, button(say("Remove {name}", { name }), () => draft.remove([...field(), name])));
  node.dataset.path = [...field(), name].join(".");
  node.update();
  return node;
}
