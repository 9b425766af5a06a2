// Blocks in order: two lists, moved between by buttons, keys and dragging. The choices for each place are the answer.
import { say } from "../words.js";
import { AnswerElement } from "./element.js";
import { carrying } from "./order-dragging.js";

const TOOLS = [
  ["add", "+", "order-add"],
  ["up", "↑", "order-up"],
  ["down", "↓", "order-down"],
  ["remove", "×", "order-remove"],
];

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

export class OrderAnswer extends AnswerElement {
  prepare() {
    this.places = this.querySelector("[data-places]");
    this.blocks = [...this.querySelectorAll("[data-block]")];
    this.#build();
    this.#arrange();
    this.addEventListener("click", ({ target }) => {
      const tool = target.closest("[data-tool]");
      if (tool && tool.getAttribute("aria-disabled") !== "true") this.#use(tool.closest("[data-block]"), tool.dataset.tool);
    });
    this.addEventListener("keydown", (event) => this.#key(event));
    carrying(this, [this.pool, this.order], (block, list, place) => (list === this.pool ? this.#remove(block) : this.#put(block, place)));
  }

  get raw() {
    return this.inputs.map((input) => input.value).filter(Boolean).join(",");
  }

  set raw(value) {
    const wanted = [value ?? ""].flat().join(",").split(/[,;\s]+/).filter(Boolean);
    this.inputs.forEach((input, place) => (input.value = wanted[place] ?? ""));
    this.#arrange();
  }

  read(raw) {
    // Sent by other means, a block may stand in two places: then the sentence of the server stays.
    const pieces = raw.split(",");
    if (new Set(pieces).size === pieces.length) super.read(raw);
  }

  /** The blocks in their order; what was sent by other means may name one that is not there, or twice. */
  get #chosen() {
    return [...new Set(this.raw.split(","))].map((number) => this.blocks[Number(number) - 1]).filter(Boolean);
  }

  #build() {
    const plain = this.querySelector("[data-blocks]");
    this.pool = make("ul", { class: "order-list", "data-list": "pool" });
    this.order = make("ol", { class: "order-list", "data-list": "order" });
    const sides = [
      [this.pool, "order-pool", "order-pool-empty"],
      [this.order, "order-mine", "order-mine-empty"],
    ].map(([list, title, empty]) => {
      const id = `${this.id || this.field}-${title}`;
      list.setAttribute("aria-labelledby", id);
      return make("div", { class: "order-side" }, make("p", { class: "order-title", id }, say(title)), list, make("p", { class: "order-empty" }, say(empty)));
    });
    for (const block of this.blocks) {
      const n = block.dataset.block;
      const tools = TOOLS.map(([tool, sign, name]) => make("button", { type: "button", class: "button small quiet order-tool", "data-tool": tool, "aria-label": say(name, { n }), title: say(name, { n }) }, sign));
      block.prepend(make("span", { class: "order-grip", "data-grip": "", "aria-hidden": "true" }));
      block.append(make("div", { class: "order-tools" }, ...tools));
    }
    this.told = make("span", { class: "unseen", "aria-live": "polite" });
    const hint = make("p", { class: "order-hint small soft" }, say("order-hint"));
    plain.replaceWith(make("div", { class: "order-board" }, ...sides), hint, this.told);
    this.places.hidden = true;
  }

  /** Show the blocks where the answer has them. */
  #arrange() {
    const chosen = this.#chosen;
    const left = this.blocks.filter((block) => !chosen.includes(block));
    for (const [list, blocks] of [[this.pool, left], [this.order, chosen]]) {
      // What stands there already stays, so that it keeps its scroll and selection.
      if (blocks.length !== list.children.length || blocks.some((block, place) => list.children[place] !== block)) list.replaceChildren(...blocks);
    }
    for (const block of this.blocks) {
      const at = chosen.indexOf(block);
      const off = { up: at === 0, down: at === chosen.length - 1 };
      for (const tool of block.querySelectorAll("[data-tool]")) {
        tool.hidden = (tool.dataset.tool === "add") === at >= 0;
        if (tool.dataset.tool in off) tool.setAttribute("aria-disabled", String(off[tool.dataset.tool]));
      }
    }
  }

  #use(block, tool) {
    const at = this.#chosen.indexOf(block);
    if (tool === "add") this.#put(block, this.#chosen.length, "up");
    else if (tool === "remove") this.#remove(block);
    else this.#put(block, at + (tool === "up" ? -1 : 1), tool);
  }

  /** Put a block to a place of the answer (counted without it), with the focus on one of its buttons. */
  #put(block, place, tool = "up") {
    const before = this.#chosen;
    const others = before.filter((one) => one !== block);
    const at = Math.max(0, Math.min(place, others.length));
    this.#write(others.toSpliced(at, 0, block), block, tool);
    this.told.textContent = say(before.includes(block) ? "order-moved" : "order-added", { n: block.dataset.block, place: at + 1, of: others.length + 1 });
  }

  #remove(block) {
    const others = this.#chosen.filter((one) => one !== block);
    this.#write(others, block, "add");
    this.told.textContent = say("order-removed", { n: block.dataset.block, of: others.length });
  }

  #write(blocks, block, tool) {
    this.raw = blocks.map((one) => one.dataset.block).join(",");
    this.#focus(block, tool);
    this.changed();
  }

  #focus(block, tool) {
    const wanted = block?.querySelector(`[data-tool=${tool}]:not([hidden])`) ?? block?.querySelector("[data-tool]:not([hidden])");
    wanted?.focus();
  }

  #key(event) {
    const tool = event.target.closest?.("[data-tool]");
    if (!tool || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const block = tool.closest("[data-block]");
    const list = block.parentElement;
    const at = [...list.children].indexOf(block);
    const mine = list === this.order;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (step && event.altKey) {
      if (mine && list.children[at + step]) this.#put(block, at + step, tool.dataset.tool);
    } else if (event.altKey) return;
    else if (step) this.#focus(list.children[at + step], tool.dataset.tool);
    else if (event.key === "Home") this.#focus(list.firstElementChild, tool.dataset.tool);
    else if (event.key === "End") this.#focus(list.lastElementChild, tool.dataset.tool);
    else if (event.key === "ArrowLeft" && mine) this.#focus(this.pool.firstElementChild, "add");
    else if (event.key === "ArrowRight" && !mine) this.#focus(this.order.lastElementChild, "up");
    else if (["Delete", "Backspace"].includes(event.key) && mine) this.#remove(block);
    else if (!["ArrowLeft", "ArrowRight"].includes(event.key)) return;
    event.preventDefault();
  }
}
