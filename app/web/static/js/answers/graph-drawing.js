// The picture of a graph: a view of its table. With a mouse, nodes can be connected in it.
import { say } from "../words.js";
import { inputsOf } from "./graph-text.js";
import { layout } from "./graph-layout.js";

let pictures = 0;
const SVG = "http://www.w3.org/2000/svg";
const HALF = 21;
const ORDERED = new Set(["-", "/", "**", "matmul", "outer", "conv"]);
const SIGNS = { "*": "×", "-": "−", "**": "^", matmul: "@" };
export const signOf = (operator) => SIGNS[operator] ?? operator;

function s(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/** What is drawn: the given inputs that are used or may be, numbers as often as they are used, nodes, and what is missing. */
export function nodesOf(rows, given) {
  const nodes = given.map((id) => ({ id, label: id, inputs: [], given: true }));
  const named = new Set(given);
  const own = rows.map((row, number) => ({ row, number, id: row.name.trim() || `n${number + 1}` })).filter(({ row }) => row.name.trim() || row.operator || row.inputs.trim());
  for (const { id } of own) named.add(id);
  for (const { row, number, id } of own) {
    const sources = inputsOf(row).map((source, place) => {
      if (named.has(source)) return source;
      const key = /^[-+]?[\d.]/.test(source) ? `${source} ${number} ${place}` : `? ${source}`;
      if (!nodes.some((node) => node.id === key)) nodes.push({ id: key, label: source, inputs: [], given: true, loose: key.startsWith("?") });
      return key;
    });
    nodes.push({ id, label: signOf(row.operator) || "?", name: id, inputs: sources, row, number });
  }
  return nodes;
}

/** The picture in words: “3 nodes. s is dot of w, x. …” */
export function inWords(rows) {
  const drawn = rows.filter((row) => row.operator || row.inputs.trim());
  const told = drawn.map((row) => say("graph-node-told", { name: row.name || "?", operator: row.operator || "=", inputs: inputsOf(row).join(", ") || "–" }));
  return [say("graph-nodes", { n: drawn.length }), ...told].join(" ");
}

/**
 * A picture in `view`. `connect(from, to)` is called when two nodes were clicked one after the other, or one was
 * dragged onto the other; `to` is the number of a row.
 */
export class Picture {
  #chosen = null;
  #pressed = null;

  constructor(view, connect) {
    this.view = view;
    this.head = `graph-arrow-${(pictures += 1)}`;
    this.svg = s("svg", { role: "img" });
    view.append(this.svg);
    this.connect = connect;
    this.svg.addEventListener("pointerdown", (event) => (this.#pressed = nodeAt(event)));
    this.svg.addEventListener("pointerup", (event) => this.#released(nodeAt(event)));
    // Only what scrolls is worth a stop of the Tab key.
    new ResizeObserver(() => this.#scrolls()).observe(view);
  }

  show(rows, given) {
    const nodes = nodesOf(rows, given);
    const { width, height, at } = layout(nodes);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("width", width);
    this.svg.setAttribute("height", height);
    this.svg.setAttribute("aria-label", inWords(rows));
    const edges = nodes.flatMap((node) => node.inputs.map((source, place) => edge(node, place, source, at, this.head)));
    this.svg.replaceChildren(arrowHead(this.head), ...edges, ...nodes.map((node) => shape(node, at.get(node.id), node.id === this.#chosen)));
    this.#scrolls();
  }

  #scrolls() {
    if (this.view.scrollWidth > this.view.clientWidth + 1) this.view.tabIndex = 0;
    else this.view.removeAttribute("tabindex");
  }

  #released(node) {
    const from = this.#pressed && node && this.#pressed.dataset.node !== node.dataset.node ? this.#pressed.dataset.node : this.#chosen;
    const dragged = from === this.#pressed?.dataset.node;
    this.#pressed = null;
    if (!node) return this.#choose(null);
    const to = node.dataset.node;
    if (from === null || (from === to && !dragged)) return this.#choose(from === to ? null : to);
    this.#choose(null);
    if (node.dataset.row === undefined) return this.#choose(to);
    return this.connect(from, Number(node.dataset.row));
  }

  #choose(id) {
    this.#chosen = id;
    for (const node of this.svg.querySelectorAll("[data-node]")) node.classList.toggle("chosen", node.dataset.node === id);
  }
}

const nodeAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest?.("[data-node]") ?? null;

function arrowHead(id) {
  const head = s("marker", { id, viewBox: "0 0 10 10", refX: 9, refY: 5, markerWidth: 7, markerHeight: 7, orient: "auto-start-reverse" }, s("path", { d: "M0 1 10 5 0 9z", class: "arrow" }));
  return s("defs", {}, head);
}

const halfOf = (node) => Math.max(HALF, node.label.length * 4.6 + 9);

function edge(node, place, source, at, head) {
  const [from, to] = [at.get(source), at.get(node.id)];
  const start = from.x + (source.length > 4 ? Math.min(40, source.length * 4.6 + 9) : HALF);
  const end = to.x - halfOf(node) - 2;
  const y = to.y + (node.inputs.length > 1 ? (lane(node, place, at) / (node.inputs.length - 1) - 0.5) * 22 : 0);
  const long = to.layer - from.layer > 1;
  const bend = Math.max(24, (end - start) / 2);
  // What passes other columns swings around their nodes.
  const swing = long ? (from.y <= to.y ? -1 : 1) * 34 : 0;
  const path = `M${start} ${from.y}C${start + bend} ${from.y + swing} ${end - bend} ${y + swing} ${end} ${y}`;
  const label = node.row?.gradients?.[place]?.trim();
  const drawn = s("g", { class: "edge" }, s("path", { d: path, "marker-end": `url(#${head})` }));
  if (label) drawn.append(text(start + (end - start) * 0.55, (from.y + y) / 2 + swing * 0.75 - 5, cut(label, 12), "slope"));
  return drawn;
}

/** Several edges into a node end beside each other: the first one above where their order counts, else as they come. */
function lane(node, place, at) {
  if (ORDERED.has(node.row.operator)) return place;
  const order = node.inputs.map((_, i) => i).sort((a, b) => at.get(node.inputs[a]).y - at.get(node.inputs[b]).y || a - b);
  return order.indexOf(place);
}

function shape(node, { x, y }, chosen) {
  const half = halfOf(node);
  const group = s("g", { class: `node${node.given ? " given" : ""}${node.loose ? " loose" : ""}${chosen ? " chosen" : ""}`, "data-node": node.id });
  if (node.number !== undefined) group.dataset.row = node.number;
  group.append(s("rect", { x: x - half, y: y - HALF, width: 2 * half, height: 2 * HALF, rx: node.given ? 6 : HALF }), text(x, y + 6, cut(node.label, 14), "label"));
  if (node.name) group.append(text(x, y + HALF + 15, cut(node.row.value?.trim() ? `${node.name} = ${node.row.value.trim()}` : node.name, 18), "name"));
  return group;
}

const cut = (label, most) => (label.length > most ? `${label.slice(0, most - 1)}…` : label);

function text(x, y, content, style) {
  const node = s("text", { x, y, class: style, "text-anchor": "middle" });
  node.textContent = content;
  return node;
}
