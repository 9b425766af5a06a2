// Fields as students will see them, to look at only.
import { say } from "../words.js";
import { authors } from "./authored.js";
import { h } from "./dom.js";

const box = () => h("span", { class: "blank-box" });

function grid(rows, columns) {
  const line = () => h("tr", {}, Array.from({ length: columns }, () => h("td", {}, box())));
  return h("div", { class: "grid-scroll" }, h("table", { class: "grid", role: "presentation" }, h("tbody", {}, Array.from({ length: rows }, line))));
}

const words = (all) => h("span", { class: "blank-box words" }, all.join(" · "));

function rowsOf(heads, cell) {
  const line = (head) => h("tr", {}, h("th", { scope: "row" }, head), cell());
  return h("div", { class: "grid-scroll" }, h("table", { class: "labelled-grid" }, h("tbody", {}, heads.map(line))));
}

const KINDS = {
  number: (widget) => h("p", { class: "answer-row" }, h("span", { class: "blank-box wide" }), widget.unit ? h("span", {}, widget.unit) : null),
  vector: (widget) => (widget.shape ? grid(1, widget.shape[0]) : [grid(1, 1), free()]),
  matrix: (widget) => (widget.shape ? grid(...widget.shape) : [grid(1, 1), free()]),
  graph: (widget) => [h("span", { class: "blank-box tall" }), h("p", { class: "hint" }, [(widget.inputs ?? []).join(", "), (widget.words ?? []).join("  ")].filter(Boolean).join(" · "))],
  sketch: (widget) => [h("span", { class: "blank-box tall" }), h("p", { class: "hint" }, (widget.frame?.names ?? []).join(", "))],
  text: () => h("span", { class: "blank-box tall" }),
  expression: (widget) => [led(widget, widget.shape ? grid(widget.shape[0], widget.shape[1] ?? 1) : h("span", { class: "blank-box wide" })), names(widget)],
  derivation: (widget) => [led(widget, h("span", { class: "blank-box tall" })), names(widget)],
  program: (widget) => [led(widget, h("span", { class: "blank-box tall" })), names(widget)],
  choice: (widget) => options(widget, widget.several === false ? "○" : "☐", widget.several !== false),
  truth: (widget) => options(widget, say("true / false"), false),
  select: (widget) => (widget.rows?.length ? rowsOf(widget.rows, () => h("td", {}, words(widget.words ?? []))) : words(widget.words ?? [])),
  table: (widget) =>
    h(
      "div",
      { class: "grid-scroll" },
      h(
        "table",
        { class: "labelled-grid" },
        h("thead", {}, h("tr", {}, h("td"), (widget.columns ?? []).map((one) => h("th", { scope: "col" }, one)))),
        h("tbody", {}, (widget.rows ?? []).map((row) => h("tr", {}, h("th", { scope: "row" }, row), (widget.columns ?? []).map(() => h("td", {}, widget.words?.length ? words(widget.words) : box()))))),
      ),
    ),
};

/** A box with the mathematics that stands before it. */
export function led(widget, box) {
  const lead = widget.lead ? h("span", { class: "math formula-lead", "data-tex": widget.lead }, widget.lead) : null;
  return h("div", { class: "formula-line" }, lead, box);
}

function names(widget) {
  const all = Object.keys(widget.symbols ?? {});
  return all.length ? h("p", { class: "hint" }, say("Names: {names}", { names: all.join(", ") })) : null;
}

function free() {
  return h("p", { class: "hint" }, say("Students choose the size."));
}

function options(widget, sign, none) {
  const all = widget.options?.length ? widget.options.map((one) => authors(one)) : (widget.options_text ?? []);
  const line = (content) => h("div", { class: "option" }, h("span", { class: "soft" }, sign), h("div", { class: "prose" }, content));
  return h("div", { class: "options" }, all.map(line), none ? line(say("None of them")) : null);
}

/** How a widget looks; nothing can be typed into it. */
export function widgetView(widget) {
  return h("div", { class: "widget-view" }, widget ? (KINDS[widget.kind]?.(widget) ?? null) : null);
}
