// Drawings: pages on the server are the answer. Files and drawings are uploaded at once; what waits is said in words.
import { say } from "../words.js";
import { KeptFiles } from "../kept-files.js";
import { Board } from "./board.js";
import { partsOf } from "./drawn.js";
import { AnswerElement } from "./element.js";
import { Outbox } from "./outbox.js";

const LARGEST = 10 * 1024 * 1024;
const MOST = 20;
const KINDS = "image/png,image/jpeg,application/pdf";
const SKETCHED = 700;

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value === true ? "" : String(value));
  node.append(...children);
  return node;
}

const button = (words, attributes = {}) => make("button", { type: "button", class: "button small", ...attributes }, words);

export class DrawingAnswer extends AnswerElement {
  #pages = [];
  #sketching = null;
  #sketch = Promise.resolve(null);

  prepare() {
    const exam = this.closest("[data-exam]");
    this.list = this.querySelector("[data-pages]");
    this.area = this.querySelector("[data-description]");
    this.shown = this.querySelector("[data-shown]");
    this.named = this.querySelector("[data-named]");
    if (!this.list || !exam) return;
    this.exam = exam;
    this.files = new KeptFiles(exam.dataset.token.split(".")[0], exam.dataset.attempt);
    this.root = `/attempts/${exam.dataset.attempt}/pages`;
    this.#pages = [...this.list.querySelectorAll("[data-page]")].map((line) => line.dataset.page);
    // Somebody may have chosen a file before the scripts were there.
    const early = [...(this.querySelector("[data-plain] input[type=file]")?.files ?? [])];
    for (const plain of this.querySelectorAll("[data-plain]")) plain.remove();
    const address = `${this.root}?${new URLSearchParams({ item: this.item, field: this.field })}`;
    this.outbox = new Outbox(address, exam.dataset.token, {
      arrived: (pages, stamp) => this.#add(pages, stamp),
      told: (state, says) => this.#tell(state, says),
      keep: (file, name, stamp) => this.files.put({ item: this.item, field: this.field, name, file, stamp }),
      forget: (id) => this.files.remove(id),
    });
    this.#build();
    this.#fill();
    this.#upload(early);
    this.#resume();
    this.list.addEventListener("click", ({ target }) => this.#click(target.closest("[data-move]")));
    this.addEventListener("change", ({ target }) => {
      if (target === this.shown && !this.shown.checked) this.named.checked = false;
      if (target === this.named && this.named.checked) this.shown.checked = true;
    }, { capture: true });
  }

  get inputs() {
    return [this.area, this.shown, this.named].filter(Boolean);
  }

  get raw() {
    const text = this.area?.value ?? "";
    const consent = this.named?.checked ? "named" : this.shown?.checked ? "shown" : "";
    return text.trim() || consent ? [[...this.#pages], text, consent] : [...this.#pages];
  }

  set raw(value) {
    const { pages, text, consent } = partsOf(value);
    this.#pages = pages;
    if (this.area) this.area.value = text;
    if (this.shown) this.shown.checked = consent !== "";
    if (this.named) this.named.checked = consent === "named";
    if (this.outbox) this.#fill();
  }

  get blank() {
    return !this.#pages.length && !(this.area?.value ?? "").trim();
  }

  /** Whether something is not on the server yet, so that leaving would lose it. */
  get pending() {
    return Boolean(this.outbox?.waiting || this.board?.drawn);
  }

  /** Before the page is left: what is drawn becomes a page. Resolves to whether everything is on the server. */
  async settle() {
    if (!this.outbox) return true;
    if (this.board?.drawn) await this.#keepDrawing();
    return this.outbox.flush();
  }

  /** Another answer to this field, in words. */
  inWords(raw) {
    const { pages, text } = partsOf(raw);
    return [pages.length ? say("drawn-count", { n: pages.length }) : "", text].filter(Boolean).join(", ");
  }

  #build() {
    const label = `label-${this.field}`;
    this.file = make("input", { type: "file", accept: KINDS, multiple: true, class: "unseen", id: `file-${this.field}`, tabindex: -1, "aria-hidden": "true" });
    // Choosing a file is no answer yet.
    this.file.addEventListener("input", (event) => event.stopPropagation());
    this.file.addEventListener("change", () => {
      this.#upload([...this.file.files]);
      this.file.value = "";
    });
    this.opener = button(say("drawn-draw"), { "aria-expanded": "false" });
    this.opener.addEventListener("click", () => this.#open());
    const choose = button(say("drawn-upload"), { "aria-describedby": `hint-${this.field}` });
    choose.addEventListener("click", () => this.file.click());
    this.place = null;
    this.told = make("p", { class: "drawn-told", role: "status" });
    this.again = button(say("drawn-again"), { hidden: true });
    this.again.addEventListener("click", () => this.outbox.flush());
    const tools = make("div", { class: "answer-tools", role: "group", "aria-labelledby": label }, this.opener, choose, this.file);
    this.space = make("div", { class: "board-space" });
    this.space.addEventListener("input", (event) => event.stopPropagation());
    this.list.after(tools, this.space, this.told, this.again);
    this.addEventListener("dragover", (event) => event.dataTransfer?.types.includes("Files") && event.preventDefault());
    this.addEventListener("drop", (event) => {
      if (!event.dataTransfer?.files.length) return;
      event.preventDefault();
      this.#upload([...event.dataTransfer.files]);
    });
  }

  #fill(focus) {
    this.list.replaceChildren(...this.#pages.map((page, place) => this.#line(page, place + 1)));
    this.list.hidden = !this.#pages.length;
    if (focus) this.list.children[focus.place]?.querySelector(`[data-move=${focus.way}]`)?.focus();
  }

  #line(page, n) {
    const address = `${this.root}/${page}`;
    const picture = make("a", { href: address, target: "_blank", rel: "noopener" }, make("img", { src: address, alt: say("drawn-page", { n }) }));
    const tool = (way, sign, words, off) => make("button", { type: "button", class: "button small quiet icon-button", "data-move": way, "data-place": n - 1, "aria-label": say(words, { n }), ...(off ? { "aria-disabled": "true" } : {}) }, sign);
    const tools = make("div", { class: "page-tools" }, make("span", { class: "small soft" }, say("drawn-page", { n })), tool("earlier", "←", "drawn-earlier", n === 1), tool("later", "→", "drawn-later", n === this.#pages.length), tool("remove", "×", "drawn-remove"));
    return make("li", { class: "drawn-page", "data-page": page }, picture, tools);
  }

  #click(tool) {
    if (!tool || tool.getAttribute("aria-disabled") === "true") return;
    const place = Number(tool.dataset.place);
    const way = tool.dataset.move;
    const [page] = this.#pages.splice(place, 1);
    const to = place + (way === "later" ? 1 : -1);
    if (way !== "remove") this.#pages.splice(to, 0, page);
    this.#fill({ place: way === "remove" ? Math.min(place, this.#pages.length - 1) : to, way });
    if (way === "remove" && !this.#pages.length) this.opener.focus();
    this.#tell("", say(way === "remove" ? "drawn-removed" : "drawn-moved", { n: place + 1, to: to + 1 }));
    this.changed();
  }

  // What an earlier page had and could not send.
  async #resume() {
    for (const { id, item, field, name, file, stamp } of await this.files.waiting()) {
      if (item === this.item && field === this.field) this.outbox.put(file, name, stamp, id);
    }
  }

  // What is being drawn is kept, too, as the picture that it is by now.
  #draft() {
    clearTimeout(this.#sketching);
    this.#sketching = setTimeout(() => {
      this.#sketch = this.#sketch.then(async (id) => {
        const file = await this.board.picture();
        if (!file) return this.#forgetDraft(id);
        const { item, field } = this;
        return this.files.put({ id, item, field, name: say("drawn-drawing"), file, stamp: this.exam.dataset.stamp });
      });
    }, SKETCHED);
  }

  async #forgetDraft(id) {
    await this.files.remove(id);
    return null;
  }

  #upload(files) {
    for (const file of files) {
      if (file.size > LARGEST) this.#tell("wrong", say("drawn-large", { name: file.name }));
      else if (this.#pages.length >= MOST) this.#tell("wrong", say("drawn-full", { n: MOST }));
      else this.outbox.put(file, file.name, this.exam.dataset.stamp);
    }
  }

  #add(pages, stamp) {
    // The blank pages of a PDF are one picture.
    const fresh = [...new Set(pages)].filter((page) => !this.#pages.includes(page)).slice(0, MOST - this.#pages.length);
    this.#pages.push(...fresh);
    this.#fill();
    this.changed(stamp);
    this.#tell("", fresh.length ? say("drawn-added", { n: this.#pages.length }) : say("drawn-twice"));
  }

  /** `state`: "waiting", "wrong", or nothing special. */
  #tell(state, says) {
    this.told.dataset.state = state;
    this.told.textContent = says;
    this.again.hidden = state !== "waiting";
  }

  async #open() {
    if (!this.board) {
      this.board = await Board.in(this.space, {
        add: () => this.#keepDrawing(),
        close: () => this.#close(),
        drawn: () => this.#draft(),
      });
      if (!this.board) {
        this.#tell("wrong", say("drawn-no-board"));
        return;
      }
    }
    this.opener.setAttribute("aria-expanded", "true");
    this.board.show();
  }

  #close() {
    this.board.hide();
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }

  async #keepDrawing() {
    const picture = await this.board.picture();
    if (!picture) {
      this.#tell("", say("drawn-empty"));
      return;
    }
    this.board.clear();
    this.outbox.put(picture, say("drawn-drawing"), this.exam.dataset.stamp);
    clearTimeout(this.#sketching);
    this.#sketch = this.#sketch.then((id) => this.#forgetDraft(id));
    await this.outbox.flush();
  }
}
