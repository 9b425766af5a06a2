// The fields of a variant to answer in: the same elements that students have, made from what the preview tells.
import { define } from "../answers/elements.js";
import { say } from "../words.js";
import { authors } from "./authored.js";
import { fresh, h } from "./dom.js";
import { led } from "./widgets.js";

const TYPED = new Set(["number", "vector", "matrix", "table", "expression", "derivation", "program", "graph", "sketch"]);
let defined = false;

const typed = { type: "text", class: "typed", autocomplete: "off", autocapitalize: "none", autocorrect: "off", spellcheck: "false", maxlength: 2000 };

/** The element for a field {id, label, widget}; its `raw` is the answer. */
export function answerElement(field) {
  if (!defined) define();
  defined = true;
  const { widget } = field;
  const id = fresh("try");
  const chosen = widget.kind === "table" && widget.words?.length;
  const element = document.createElement(widget.kind === "expression" && widget.shape ? "formulas-answer" : `${widget.kind}-answer`);
  Object.assign(element.dataset, { field: field.id, item: "0", widget: JSON.stringify(lean(widget)), state: "blank", readingUrl: "/reading" });
  if (TYPED.has(widget.kind) && !chosen) element.dataset.typed = "";
  element.className = "answer";
  const label = h("div", { class: "answer-label", id: `${id}-label` }, field.label ? authors(field.label) : field.id, " ", h("code", { class: "soft" }, field.id));
  element.append(label, ...[KINDS[widget.kind](widget, { id, field: field.id, spoken: label.textContent.trim() })].flat());
  return element;
}

/** What the server needs to read an answer: no statements, only how many. */
function lean({ options, options_text, ...rest }) {
  return { ...rest, options_text: (options_text ?? []).map(() => "") };
}

const reading = (id) => h("div", { class: "read-as", id: `${id}-reading`, "data-reading": true, "aria-live": "polite" });
const count = (n, make) => Array.from({ length: n }, (_, i) => make(i));
const wordOptions = (words) => [h("option", { value: "" }, "–"), ...words.map((word) => h("option", {}, word))];

const KINDS = {
  number: (widget, { id, spoken }) => h("div", { class: "answer-row" }, h("input", { ...typed, class: "typed number", "aria-label": spoken, "aria-describedby": `${id}-reading` }), widget.unit ? h("span", {}, widget.unit) : null, reading(id)),
  expression: (widget, about) => (widget.shape ? formulas(widget, about) : [led(widget, formulaBox(about, "formula-box", 1)), ...told(widget, about)]),
  derivation: (widget, about) => [led(widget, null), formulaBox(about, "", 6, { "data-whole": true }), ...told(widget, about)],
  program: (widget, about) => [led(widget, formulaBox(about, "program-box", 4, { wrap: "off" })), ...told(widget, about)],
  graph: (widget, { id, spoken }) => [h("textarea", { ...unaided, id: `${id}-input`, class: "typed graph-text", rows: 6, maxlength: 20000, "aria-label": spoken }), reading(id)],
  sketch: (widget, { id }) => reading(id),
  // Pages belong to an attempt, so nothing can be uploaded here; the description is an answer, too.
  drawing: (widget, { spoken }) => h("textarea", { rows: 2, maxlength: 4000, "aria-label": spoken, "data-description": true }),
  text: (widget, { spoken }) => h("textarea", { rows: 4, maxlength: 20000, "aria-label": spoken }),
  vector: (widget, about) => grid(1, widget.shape?.[0] ?? 1, true, widget, about),
  matrix: (widget, about) => grid(widget.shape?.[0] ?? 1, widget.shape?.[1] ?? 1, false, widget, about),
  choice: choices,
  order: ordered,
  truth: (widget, about) => h("div", { class: "statements", role: "group", "aria-labelledby": `${about.id}-label` }, statements(widget).map((text, i) => judged(text, i, about))),
  select(widget, { id, spoken }) {
    if (!widget.rows?.length) return h("select", { "aria-label": spoken }, wordOptions(widget.words ?? []));
    return table(h("tbody", {}, widget.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row), h("td", {}, h("select", { "aria-label": row }, wordOptions(widget.words ?? [])))))), id);
  },
  table(widget, { id }) {
    const cell = (row, column) => (widget.words?.length ? h("select", { "aria-label": `${row}, ${column}` }, wordOptions(widget.words)) : h("input", { ...typed, "aria-label": `${row}, ${column}` }));
    const head = h("thead", {}, h("tr", {}, h("td"), widget.columns.map((column) => h("th", { scope: "col" }, column))));
    const body = h("tbody", {}, widget.rows.map((row) => h("tr", {}, h("th", { scope: "row" }, row), widget.columns.map((column) => h("td", {}, cell(row, column))))));
    return [table([head, body], id), widget.words?.length ? "" : reading(id)];
  },
};

const { type: _type, class: _class, ...unaided } = typed;
const formulaBox = ({ id, spoken }, style, rows, more = {}) => h("textarea", { ...unaided, class: `typed ${style}`, rows, maxlength: rows === 1 ? 2000 : 20000, "aria-label": spoken, "aria-describedby": `${id}-reading`, ...more });

/** What was read, and the tools of a formula: its names, and drawing. */
function told(widget, { id }) {
  const name = (one, i) => h("button", { type: "button", class: "name", "data-insert": one, "data-latex": widget.symbols[one].write || one, tabindex: i ? -1 : 0 }, h("code", {}, one));
  const names = Object.keys(widget.symbols ?? {}).map(name);
  const bar = names.length ? h("div", { class: "names" }, h("span", { id: `${id}-names` }, say("You can use")), h("span", { class: "names-row", role: "toolbar", "aria-labelledby": `${id}-names ${id}-label`, "data-names": true }, names)) : null;
  const drawing = widget.kind === "program" ? null : h("button", { type: "button", class: "button small quiet", "data-visual-switch": true, "aria-pressed": "false", hidden: true }, say("Visual input"));
  const quiet = h("div", { class: "read-as", id: `${id}-reading`, "data-reading": true });
  return [quiet, h("div", { class: "unseen", "data-announce": true, "aria-live": "polite" }), h("div", { class: "formula-tools" }, bar, drawing)];
}

function formulas(widget, about) {
  const [rows, columns = 1] = widget.shape;
  const called = (r, c) => (widget.shape.length > 1 ? say("Row {row}, column {column}", { row: r + 1, column: c + 1 }) : say("Entry {n}", { n: r + 1 }));
  const cells = count(rows, (r) => h("tr", {}, count(columns, (c) => h("td", {}, h("input", { ...typed, "aria-label": called(r, c) })))));
  const grid = h("div", { class: "grid-scroll" }, h("table", { class: "grid of-formulas", role: "presentation" }, h("tbody", {}, cells)));
  return [h("div", { role: "group", "aria-labelledby": `${about.id}-label`, "aria-describedby": `${about.id}-reading` }, led(widget, grid)), ...told(widget, about)];
}

const table = (content, id) => h("div", { class: "grid-scroll" }, h("table", { class: "labelled-grid", "aria-labelledby": `${id}-label` }, content));
const statements = (widget) => (widget.options?.length ? widget.options.map((html) => h("span", { class: "prose" }, authors(html))) : (widget.options_text ?? []).map((text) => h("span", { class: "prose" }, text)));

function grid(rows, columns, vector, widget, { id }) {
  const name = (r, c) => (vector ? say("Entry {n}", { n: c + 1 }) : say("Row {row}, column {column}", { row: r + 1, column: c + 1 }));
  const cells = count(rows, (r) => h("tr", {}, count(columns, (c) => h("td", {}, h("input", { ...typed, "aria-label": name(r, c) })))));
  const free = widget.shape === null || widget.shape === undefined;
  const tools = free
    ? h("div", { class: "answer-tools", role: "group", "aria-label": say("Size"), hidden: true }, [
        vector ? stepper("column", say("Entries"), say("Add entry"), say("Remove entry")) : [stepper("row", say("Rows"), say("Add row"), say("Remove row")), stepper("column", say("Columns"), say("Add column"), say("Remove column"))],
        h("span", { class: "unseen", "data-size": true, "aria-live": "polite" }),
      ])
    : null;
  return [h("div", { role: "group", "aria-labelledby": `${id}-label`, "aria-describedby": `${id}-reading` }, h("div", { class: "grid-scroll" }, h("table", { class: "grid", role: "presentation" }, h("tbody", {}, cells))), tools), reading(id)];
}

function stepper(axis, name, add, remove) {
  const tool = (way, label, sign) => h("button", { type: "button", "data-resize": `${axis} ${way}`, "aria-label": label }, sign);
  return h("div", { class: "stepper" }, h("span", {}, name), tool("-1", remove, "−"), h("b", { "data-count": axis, "aria-hidden": "true" }), tool("1", add, "+"));
}

function choices(widget, { id }) {
  const type = widget.several ? "checkbox" : "radio";
  const option = (text, value, style = "option") => h("label", { class: style }, h("input", { type, name: id, value }), text);
  return [
    h("div", { class: "options", role: widget.several ? "group" : "radiogroup", "aria-labelledby": `${id}-label` }, [
      statements(widget).map((text, i) => option(text, String(i + 1))),
      widget.several ? option(h("span", { class: "prose" }, say("None of them")), "none", "option none-of-these") : null,
    ]),
    widget.several ? "" : h("div", { class: "answer-tools" }, h("button", { type: "button", class: "button small quiet", "data-clear": true, hidden: true }, say("Clear the answer"))),
  ];
}

function ordered(widget, { id }) {
  const blocks = statements(widget);
  const numbers = () => blocks.map((_, i) => h("option", { value: String(i + 1) }, say("order-block", { n: i + 1 })));
  const place = (n) => h("label", { class: "order-place" }, say("order-place", { n }), h("select", {}, h("option", { value: "" }, "–"), numbers(), n === 1 ? h("option", { value: "none" }, "none") : null));
  return [
    h("ol", { class: "order-list", "data-blocks": true, "aria-label": say("order-blocks") }, blocks.map((text, i) => h("li", { class: "order-block", "data-block": String(i + 1) }, h("span", { class: "order-number" }, String(i + 1)), h("div", { class: "prose" }, text)))),
    h("div", { class: "order-places", "data-places": true, role: "group", "aria-labelledby": `${id}-label` }, blocks.map((_, i) => place(i + 1))),
  ];
}

function judged(text, number, { id }) {
  const radio = (value, words, style = "") => h("label", { class: style }, h("input", { type: "radio", name: `${id}-${number}`, value, checked: value === "" }), words);
  const name = `${id}-statement-${number}`;
  return h(
    "div",
    { class: "statement", role: "radiogroup", "aria-labelledby": name, "data-statement": true },
    h("div", { class: "statement-text prose", id: name }, text),
    h("div", { class: "segments" }, radio("true", say("True")), radio("false", say("False")), radio("", say("No answer"), "no-answer")),
  );
}
