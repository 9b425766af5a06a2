// Visual input, on request: a field of MathLive in which a formula is drawn. What is drawn becomes the text of the box
// it belongs to, where it is read like typed text; the text stays the answer.
import { Reader } from "../reading.js";
import { say } from "../words.js";

const REMEMBERED = "gradus.visual";
const CHANGED = "gradus-visual";
const PATIENCE = 3000;
// What typed words become, where MathLive does not know them or means something else.
const WORDS = { log: "\\log", relu: "\\operatorname{ReLU}", sigmoid: "\\operatorname{sigmoid}", softmax: "\\operatorname{softmax}", diag: "\\operatorname{diag}", trace: "\\operatorname{trace}" };
let loading = null;

function engine() {
  loading ??= import("../../vendor/mathlive/mathlive.js").then(prepared, () => null);
  return loading;
}

// The content security policy refuses style attributes, so every one becomes a rule of this sheet.
const rules = new CSSStyleSheet();
const known = new Map();

function ruled(html) {
  return html.replace(/\sstyle="([^"]*)"/g, (_, written) => {
    const css = written.replaceAll("&quot;", '"');
    // Elements that are hidden until the field is ready show themselves by their own style.
    if (/^visibility/.test(css) || /[{}]/.test(css)) return "";
    if (!known.has(css)) {
      known.set(css, known.size);
      rules.insertRule(`[data-rule="${known.get(css)}"][data-rule][data-rule]{${css}}`, rules.cssRules.length);
    }
    return ` data-rule="${known.get(css)}"`;
  });
}

function prepared({ MathfieldElement }) {
  // The fonts are those of KaTeX, which every page has; sounds are never wanted.
  Object.assign(MathfieldElement, { fontsDirectory: null, soundsDirectory: null, plonkSound: null, keypressSound: null, createHTML: ruled });
  return MathfieldElement;
}

function remembered() {
  try {
    return localStorage.getItem(REMEMBERED) === "on";
  } catch {
    return false;
  }
}

function remember(on) {
  try {
    localStorage.setItem(REMEMBERED, on ? "on" : "off");
  } catch {
    // Not kept, then: the switch works as long as the page is open.
  }
}

/** The drawing tool of one answer element; `current()` is the box to draw for. */
export class Drawing {
  #on = false;
  #field = null;
  #panel = null;
  #hint = null;
  #box = null;
  #name = "";
  /** Text and drawing that mean the same: going back to the drawing gives back the text as it was typed. */
  #pair = { text: "", latex: "" };
  #reader = null;
  #loaded = null;

  constructor(element, toggle, current) {
    Object.assign(this, { element, toggle, current });
    const widget = { ...element.widget, kind: "expression", shape: null };
    this.#reader = new Reader(element.dataset.readingUrl, widget);
    toggle.hidden = false;
    toggle.addEventListener("click", async () => {
      const on = !this.#on;
      remember(on);
      await this.#turn(on);
      await this.#loaded;
      document.dispatchEvent(new CustomEvent(CHANGED, { detail: { on } }));
      if (this.#on) this.#field?.focus();
    });
    document.addEventListener(CHANGED, ({ detail }) => this.#turn(detail.on));
    element.addEventListener("focusin", ({ target }) => this.#on && element.inputs.includes(target) && this.#attach(target));
    element.addEventListener("input", ({ target }) => this.#on && target === this.#box && this.#load());
    if (remembered()) this.#turn(true);
  }

  /** Whether names are to be written into the drawing: it was used last. */
  get used() {
    return this.#on && this.#field?.dataset.used !== undefined;
  }

  /** Where MathLive takes keys. */
  get #sink() {
    return this.#field.shadowRoot.querySelector("[part=keyboard-sink]");
  }

  insert(latex) {
    this.#field.insert(latex);
    // MathLive learns late that it has lost the focus, and would not take it back.
    this.#sink.focus();
  }

  async #turn(on) {
    if (on === this.#on) return;
    this.#on = on;
    this.toggle.setAttribute("aria-pressed", String(on));
    if (!on) {
      this.#panel?.remove();
      this.#box = null;
      return;
    }
    const made = this.#field ? true : await this.#make();
    if (!made) {
      this.#on = false;
      this.toggle.setAttribute("aria-pressed", "false");
      this.toggle.disabled = true;
      this.toggle.textContent = say("visual-missing");
      return;
    }
    this.element.place.before(this.#panel);
    this.#attach(this.current());
  }

  async #make() {
    const MathfieldElement = await engine();
    if (!MathfieldElement) return false;
    const field = new MathfieldElement();
    field.shadowRoot.adoptedStyleSheets.push(rules);
    field.mathVirtualKeyboardPolicy = "manual";
    field.className = "drawing-field";
    field.addEventListener("mount", () => this.#settle(), { once: true });
    field.addEventListener("input", (event) => {
      event.stopPropagation();
      this.#drawn();
    });
    field.addEventListener("focusin", () => (field.dataset.used = ""));
    for (const name of ["change", "beforeinput"]) field.addEventListener(name, (event) => event.stopPropagation());
    field.addEventListener("keydown", (event) => this.#key(event), { capture: true });
    this.element.addEventListener("focusin", ({ target }) => {
      if (this.element.inputs.includes(target)) delete field.dataset.used;
    });
    this.#hint = document.createElement("p");
    this.#hint.className = "hint";
    this.#panel = document.createElement("div");
    this.#panel.className = "drawing";
    this.#panel.append(field, this.#hint);
    this.#field = field;
    return true;
  }

  // These can only be set once the field is in the page.
  #settle() {
    const field = this.#field;
    const shortcuts = Object.fromEntries(
      [...this.element.querySelectorAll("[data-insert]")]
        .filter(({ dataset }) => dataset.insert.length > 1)
        .map(({ dataset }) => [dataset.insert, dataset.latex]),
    );
    Object.assign(field, { menuItems: [], popoverPolicy: "off", environmentPopoverPolicy: "off", smartMode: false });
    field.inlineShortcuts = { ...field.inlineShortcuts, ...WORDS, ...shortcuts };
    // The keyboard of a phone, not one drawn over the page.
    this.#sink.setAttribute("inputmode", "text");
  }

  #attach(box) {
    if (!box || box === this.#box) return;
    this.#box = box;
    const name = box.getAttribute("aria-label") ?? this.element.querySelector("[id^=label-]")?.textContent ?? "";
    this.#field.setAttribute("aria-label", say("visual-for", { name }));
    // Of several boxes, the one that is drawn is named.
    this.#name = this.element.inputs.length > 1 ? `${name}. ` : "";
    this.#load();
  }

  // The drawing of what is typed: of LaTeX itself, of other text the LaTeX that it was read as.
  #load() {
    const box = this.#box;
    const text = box.value.replace(/\n/g, " ").trim();
    let done = () => {};
    const take = (latex, says) => {
      done();
      if (this.#box !== box || box.value.replace(/\n/g, " ").trim() !== text) return;
      this.#field.readOnly = false;
      this.#field.setValue(latex, { silenceNotifications: true });
      this.#pair = { text: box.value, latex: drawnLatex(this.#field) };
      this.#hint.textContent = this.#name + says;
    };
    if (!text || text.includes("\\")) {
      this.#reader.ask("", () => {});
      take(text, say("visual-hint"));
      return;
    }
    // Nothing is drawn over what is still on its way; without an answer the drawing begins empty.
    this.#field.readOnly = true;
    this.#loaded = new Promise((resolve) => (done = resolve));
    setTimeout(() => this.#field.readOnly && take("", say("visual-unread")), PATIENCE);
    this.#reader.ask(text, ({ state, latex }) => take(state === "read" ? latex : "", say(state === "read" ? "visual-hint" : "visual-unread")));
  }

  #drawn() {
    const latex = drawnLatex(this.#field);
    this.#box.value = latex === this.#pair.latex ? this.#pair.text : latex;
    // As if it had been typed, but the drawing is newer than what could be loaded into it.
    const box = this.#box;
    this.#box = null;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
    this.#box = box;
  }

  #key(event) {
    // Tab leaves the field, as everywhere; MathLive would walk through the parts of the formula first.
    if (event.key === "Tab") event.stopImmediatePropagation();
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    this.#box?.focus();
    this.#box?.setSelectionRange(this.#box.value.length, this.#box.value.length);
  }
}

/** What is drawn, in the LaTeX that everybody writes. */
function drawnLatex(field) {
  return field
    .getValue("latex-without-placeholders")
    .replace(/\\mleft/g, "\\left")
    .replace(/\\mright/g, "\\right")
    .replace(/\\operatorname\{\\mathrm\{([^{}]*)\}\}/g, "\\operatorname{$1}")
    .replace(/\\lbrack\b ?/g, "[")
    .replace(/\\rbrack\b ?/g, "]")
    .replace(/\\exponentialE\b/g, "e")
    .replace(/\\differentialD\b/g, "d")
    .replace(/\\imaginaryI\b/g, "i")
    .trim();
}
