// Something to draw on, with a mouse, a finger or a pen. Loaded when somebody wants to draw.
import { say } from "../words.js";

const COLOURS = { black: "#1d2327", blue: "#1f5fbf", red: "#b3261e", green: "#1b7a3d" };
const WIDTHS = { thin: [0.7, 2], thick: [2.5, 5] };
const PAPER = "#ffffff";
const FINEST = 2;

let loading = null;

function load() {
  loading ??= import("../../vendor/signature_pad/signature_pad.js").then((module) => module.default, () => null);
  return loading;
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export class Board {
  #width = 0;

  /** A board in that place; null where it cannot be loaded. */
  static async in(space, actions) {
    const Pad = await load();
    return Pad ? new Board(space, actions, Pad) : null;
  }

  constructor(space, { add, close, drawn }, Pad) {
    this.changed = drawn;
    this.canvas = make("canvas", { class: "board-paper", role: "img", "aria-label": say("board-paper") });
    const pens = this.#chosen("board-colour", Object.keys(COLOURS), (name) => (this.pad.penColor = COLOURS[name]));
    const widths = this.#chosen("board-width", Object.keys(WIDTHS), (name) => this.#wide(name));
    const tool = (words, action, style = "button small") => {
      const button = make("button", { type: "button", class: style }, say(words));
      button.addEventListener("click", action);
      return button;
    };
    this.panel = make(
      "div",
      { class: "board" },
      make("div", { class: "board-tools", role: "toolbar", "aria-label": say("board-tools") }, pens, widths, tool("board-undo", () => this.#undo()), tool("board-clear", () => this.clear())),
      this.canvas,
      make("div", { class: "board-tools" }, tool("board-add", add, "button small primary"), tool("board-close", close, "button small quiet")),
    );
    space.append(this.panel);
    this.pad = new Pad(this.canvas, { backgroundColor: PAPER, penColor: COLOURS.black, minDistance: 2 });
    this.#wide("thin");
    this.pad.addEventListener("endStroke", () => this.changed());
    new ResizeObserver(() => this.#fit()).observe(this.canvas);
  }

  /** Whether there is anything on it. */
  get drawn() {
    return !this.pad.isEmpty();
  }

  show() {
    this.panel.hidden = false;
    this.#fit();
    this.panel.querySelector("button").focus({ preventScroll: true });
    this.panel.scrollIntoView({ block: "nearest" });
  }

  hide() {
    this.panel.hidden = true;
  }

  clear() {
    this.pad.clear();
    this.changed();
  }

  /** What is drawn, as a PNG; null where nothing is. */
  picture() {
    return this.drawn ? new Promise((done) => this.canvas.toBlob(done, "image/png")) : Promise.resolve(null);
  }

  #wide(name) {
    [this.pad.minWidth, this.pad.maxWidth] = WIDTHS[name];
  }

  #undo() {
    this.#draw(this.pad.toData().slice(0, -1));
    this.changed();
  }

  #draw(strokes) {
    this.pad.clear();
    this.pad.fromData(strokes, { clear: false });
  }

  /** Buttons of which one is pressed. */
  #chosen(words, names, choose) {
    const buttons = names.map((name, place) => make("button", { type: "button", class: "button small", "data-choice": name, "aria-pressed": String(place === 0) }, make("span", { class: `swatch ${name}`, "aria-hidden": "true" }), say(`${words}-${name}`)));
    for (const [place, button] of buttons.entries()) {
      button.addEventListener("click", () => {
        buttons.forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
        choose(names[place]);
      });
    }
    return make("div", { class: "board-group", role: "group", "aria-label": say(words) }, ...buttons);
  }

  /** The paper has as many pixels as the screen; what is drawn grows and shrinks with it. */
  #fit() {
    const width = this.canvas.offsetWidth;
    if (!width || width === this.#width) return;
    const scale = this.#width ? width / this.#width : 1;
    const strokes = this.pad.toData().map((stroke) => ({
      ...stroke,
      minWidth: stroke.minWidth * scale,
      maxWidth: stroke.maxWidth * scale,
      points: stroke.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })),
    }));
    const ratio = Math.min(FINEST, Math.max(1, devicePixelRatio));
    this.#width = width;
    this.canvas.width = width * ratio;
    this.canvas.height = this.canvas.offsetHeight * ratio;
    this.canvas.getContext("2d").scale(ratio, ratio);
    this.#draw(strokes);
  }
}
