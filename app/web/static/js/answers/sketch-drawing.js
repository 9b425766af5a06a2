// The drawing of a sketch: a view of its table in which points and tips can be placed, dragged and moved by keys.
// The server draws the same picture without scripts (app/web/sketch_drawing.py).
const SVG = "http://www.w3.org/2000/svg";
const [WIDE, HIGH, LEFT, RIGHT, ABOVE, BELOW] = [380, 260, 48, 16, 26, 40];
const HEAD = 10;
const REACH = 20;
const NEAR = 14;
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export function s(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

function text(x, y, content, attributes = {}) {
  return s("text", { x: x.toFixed(1), y: y.toFixed(1), ...attributes }, ...[content].flat());
}

/** A name as it is set: the a of f_a lower and smaller. */
function lettered(name) {
  const [stem, ...low] = name.split("_");
  return low.length ? [stem, s("tspan", { class: "lowered", dy: 4 }, low.join("_"))] : [name];
}

/** 1, 2 or 5 times a power of ten, not below `rough`. */
function stepOf(rough) {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].find((one) => one * power >= rough * (1 - 1e-9)) * power;
}

const digitsOf = (step) => Math.max(0, -Math.floor(Math.log10(step) + 1e-9));

/** What a typed coordinate is worth: a number or a fraction; null for anything else. */
export function numberOf(typed) {
  const plain = typed.trim().replace("−", "-").replace(/^([-+]?\d*),(\d+)$/, "$1.$2");
  const found = /^([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d{1,2})?)(?:\s*\/\s*(\d+(?:\.\d+)?))?$/i.exec(plain);
  const value = found ? Number(found[1]) / Number(found[2] ?? 1) : Number.NaN;
  return Number.isFinite(value) ? value : null;
}

/** Places of a frame in pixels, and back in round numbers. */
export class Sheet {
  constructor(frame) {
    this.frame = frame;
    const [wide, high] = [frame.x.high - frame.x.low, frame.y.high - frame.y.low];
    const unit = Math.min(WIDE / wide, (HIGH + 60) / high);
    [this.wide, this.high] = frame.draw === "arrows" ? [unit * wide, unit * high] : [WIDE, HIGH];
    // Directions need the same step both ways.
    this.steps = frame.draw === "arrows" ? Array(2).fill(stepOf(Math.max(wide, high) / 150)) : [stepOf(wide / 150), stepOf(high / 150)];
  }

  at([x, y]) {
    const { x: across, y: up } = this.frame;
    return [LEFT + ((x - across.low) / (across.high - across.low)) * this.wide, ABOVE + ((up.high - y) / (up.high - up.low)) * this.high];
  }

  back(px, py) {
    const { x: across, y: up } = this.frame;
    const place = [across.low + ((px - LEFT) / this.wide) * (across.high - across.low), up.high - ((py - ABOVE) / this.high) * (up.high - up.low)];
    return this.rounded([Math.min(across.high, Math.max(across.low, place[0])), Math.min(up.high, Math.max(up.low, place[1]))]);
  }

  rounded(place) {
    return place.map((value, i) => Number((Math.round(value / this.steps[i]) * this.steps[i]).toFixed(digitsOf(this.steps[i]))) || 0);
  }

  /** Axes, grid and what is given. */
  parts() {
    const [right, bottom] = [LEFT + this.wide, ABOVE + this.high];
    const ticks = s("g", { class: "ticks" });
    let grid = "";
    for (const [value, label] of ticksOf(this.frame.x)) {
      const [x] = this.at([value, 0]);
      grid += `M${x} ${ABOVE}V${bottom}`;
      ticks.append(text(x, bottom + 16, label, { "text-anchor": "middle" }));
    }
    for (const [value, label] of ticksOf(this.frame.y)) {
      const [, y] = this.at([0, value]);
      grid += `M${LEFT} ${y}H${right}`;
      ticks.append(text(LEFT - 7, y + 4, label, { "text-anchor": "end" }));
    }
    const given = this.frame.points.flatMap((place, i) => {
      const [x, y] = this.at(place);
      const name = this.frame.labels[i];
      const dot = s("circle", { class: "point", cx: x, cy: y, r: 4.5 });
      return name ? [dot, text(x - 8, y + 18, lettered(name), { class: "point-name", "text-anchor": "end" })] : [dot];
    });
    return [
      s("path", { class: "grid-line", d: grid }),
      s("path", { class: "axis", d: `M${LEFT} ${ABOVE}V${bottom}H${right}` }),
      ticks,
      text(right, bottom + 33, this.frame.x.label, { class: "axis-name", "text-anchor": "end" }),
      text(LEFT - 7, ABOVE - 11, this.frame.y.label, { class: "axis-name", "text-anchor": "middle" }),
      ...given,
    ];
  }
}

function ticksOf({ low, high }) {
  const step = stepOf((high - low) / 6);
  const [first, last] = [Math.ceil(low / step - 1e-9), Math.floor(high / step + 1e-9)];
  return Array.from({ length: last - first + 1 }, (_, i) => [(first + i) * step, first + i ? ((first + i) * step).toFixed(digitsOf(step)).replace("-", "−") : "0"]);
}

function headOf([x1, y1], [x2, y2]) {
  const long = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [ux, uy] = [(x2 - x1) / long, (y2 - y1) / long];
  const [bx, by] = [x2 - HEAD * ux, y2 - HEAD * uy];
  const corners = [[x2, y2], [bx - 4.5 * uy, by + 4.5 * ux], [bx + 4.5 * uy, by - 4.5 * ux]];
  return s("polygon", { class: "head", points: corners.map((one) => one.map((value) => value.toFixed(1)).join(",")).join(" ") });
}

/**
 * The live picture. `tell.move(stroke, row, place)` and `tell.add(stroke, at, place)` change the table, `tell.remove`
 * takes a point out, `tell.label` and `tell.worded` name a handle; strokes are lists of {row, place} in sheet numbers.
 */
export class Drawing {
  #handles = new Map();
  #dragged = null;

  constructor(view, frame, tell) {
    this.sheet = new Sheet(frame);
    this.tell = tell;
    this.arrows = frame.draw === "arrows";
    this.frame = frame;
    const [wide, high] = [LEFT + this.sheet.wide + RIGHT, ABOVE + this.sheet.high + BELOW];
    this.marks = s("g");
    this.knobs = s("g");
    this.svg = s("svg", { class: "sketch live", viewBox: `0 0 ${wide} ${high}`, width: wide, height: high, role: "group" }, ...this.sheet.parts(), this.marks, this.knobs);
    view.replaceChildren(this.svg);
    this.svg.addEventListener("click", (event) => this.#placed(event));
    this.svg.addEventListener("pointerdown", (event) => this.#grab(event));
    this.svg.addEventListener("pointermove", (event) => this.#drag(event));
    for (const name of ["pointerup", "pointercancel"]) this.svg.addEventListener(name, () => (this.#dragged = null));
    this.svg.addEventListener("keydown", (event) => this.#key(event));
    this.svg.addEventListener("focusin", ({ target }) => target.dataset.stroke && tell.chose(Number(target.dataset.stroke)));
  }

  /** Show strokes, each a list of {row, place}; the one chosen is drawn into. */
  show(strokes, chosen, words) {
    Object.assign(this, { strokes, chosen });
    this.svg.setAttribute("aria-label", words);
    this.marks.replaceChildren(...strokes.map((stroke, number) => this.#mark(stroke, number)));
    const kept = new Set();
    strokes.forEach((stroke, number) => stroke.forEach(({ place }, i) => kept.add(this.#knob(number, i, place))));
    for (const [key, knob] of this.#handles) {
      if (kept.has(key)) continue;
      knob.remove();
      this.#handles.delete(key);
    }
  }

  focus(stroke, i) {
    this.#handles.get(`${stroke} ${i}`)?.focus();
  }

  #mark(stroke, number) {
    const group = s("g", { class: `stroke stroke-${number % 4}` });
    const ends = stroke.map(({ place }) => this.sheet.at(place));
    if (this.arrows) {
      const [start, tip] = [this.sheet.at(this.frame.starts[number]), ends[0]];
      if (!tip || !stroke[0].drawn) return group;
      if (Math.hypot(tip[0] - start[0], tip[1] - start[1]) < 0.5) group.append(s("circle", { class: "nowhere", cx: start[0], cy: start[1], r: 12 }));
      else group.append(s("path", { d: `M${start} L${tip}` }), headOf(start, tip));
      return group;
    }
    if (ends.length > 1) group.append(s("path", { d: `M${ends.join(" L")}` }));
    if (ends.length) group.append(text(ends.at(-1)[0], ends.at(-1)[1] - 12, lettered(this.frame.names[number]), { class: "stroke-name", "text-anchor": "end" }));
    return group;
  }

  #knob(number, i, place) {
    const key = `${number} ${i}`;
    let knob = this.#handles.get(key);
    if (!knob) {
      knob = s("g", { class: `handle stroke stroke-${number % 4}${this.arrows ? " tip" : ""}`, tabindex: 0, role: "slider", "data-stroke": number, "data-point": i }, s("circle", { class: "reach", r: REACH }), s("circle", { class: "knob", r: this.arrows ? 8 : 6 }));
      this.#handles.set(key, knob);
      // In the order of the table, without moving a handle that has the focus.
      const later = [...this.knobs.children].find((one) => Number(one.dataset.stroke) > number);
      this.knobs.insertBefore(knob, later ?? null);
    }
    const [x, y] = this.sheet.at(place);
    knob.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
    const { low, high } = this.frame.x;
    const told = { "aria-label": this.tell.label(number, i), "aria-valuemin": low, "aria-valuemax": high, "aria-valuenow": place[0], "aria-valuetext": this.tell.worded(number, i) };
    for (const [name, value] of Object.entries(told)) knob.setAttribute(name, String(value));
    return key;
  }

  #pixel(event) {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM().inverse());
    return [point.x, point.y];
  }

  #grab(event) {
    const knob = event.target.closest(".handle");
    if (!knob || event.button) return;
    event.preventDefault();
    knob.focus();
    knob.setPointerCapture?.(event.pointerId);
    this.#dragged = knob;
  }

  #drag(event) {
    if (!this.#dragged) return;
    const { stroke, point } = this.#dragged.dataset;
    this.tell.move(Number(stroke), Number(point), this.sheet.back(...this.#pixel(event)));
  }

  /** A click beside all handles places a point of the chosen line, or the tip of the chosen arrow. */
  #placed(event) {
    if (event.target.closest(".handle")) return;
    const at = this.#pixel(event);
    const place = this.sheet.back(...at);
    if (this.arrows) this.tell.move(this.chosen, 0, place);
    else this.tell.add(this.chosen, this.#between(at), place);
  }

  /** Between the points of a piece that was clicked on, else where it stands along a line that never turns back. */
  #between([x, y]) {
    const ends = this.strokes[this.chosen].map(({ place }) => this.sheet.at(place));
    for (let i = 1; i < ends.length; i += 1) {
      const [[x1, y1], [x2, y2]] = [ends[i - 1], ends[i]];
      const share = ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / ((x2 - x1) ** 2 + (y2 - y1) ** 2 || 1);
      if (share > 0 && share < 1 && Math.hypot(x - x1 - share * (x2 - x1), y - y1 - share * (y2 - y1)) <= NEAR) return i;
    }
    for (const way of [1, -1]) {
      if (!ends.every((end, i) => !i || way * (end[0] - ends[i - 1][0]) > 0)) continue;
      const next = ends.findIndex((end) => way * (end[0] - x) > 0);
      return next < 0 ? ends.length : next;
    }
    const far = (end) => Math.hypot(end[0] - x, end[1] - y);
    return ends.length > 1 && far(ends[0]) < far(ends.at(-1)) ? 0 : ends.length;
  }

  #key(event) {
    const knob = event.target.closest?.(".handle");
    if (!knob || event.altKey || event.ctrlKey || event.metaKey) return;
    const [stroke, i] = [Number(knob.dataset.stroke), Number(knob.dataset.point)];
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.tell.remove(stroke, i);
      return;
    }
    const way = KEYS[event.key];
    if (!way) return;
    event.preventDefault();
    const far = event.shiftKey ? 10 : 1;
    const { place } = this.strokes[stroke][i];
    const { x, y } = this.frame;
    const next = this.sheet.rounded(place.map((value, side) => value + far * way[side] * this.sheet.steps[side]));
    this.tell.move(stroke, i, [Math.min(x.high, Math.max(x.low, next[0])), Math.min(y.high, Math.max(y.low, next[1]))]);
  }
}
