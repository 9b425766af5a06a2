// Notices under the bar of an attempt: what the staff writes, and what has become of the time.
import { say } from "./words.js";

const MOST_KEPT = 200;

/** Notices in one place, each by a name. Messages stay until they are dismissed, over all pages of the attempt. */
export class Notices {
  #place;
  #key;
  #shown = new Map();
  #dismissed;

  constructor(place, attempt) {
    this.#place = place;
    this.#key = `gradus.read.${attempt}`;
    this.#dismissed = new Set(this.#stored());
  }

  /** Take over what the server has put into the page. */
  wake() {
    for (const box of this.#place.querySelectorAll("[data-message]")) {
      const id = Number(box.dataset.message);
      if (this.#dismissed.has(id)) box.remove();
      else {
        this.#shown.set(`message-${id}`, box);
        this.#closable(`message-${id}`, box, () => this.#dismiss(id));
      }
    }
  }

  /** Show a sentence, or put another one into the notice of that name. */
  show(name, sentence, { calm = false, link = null, dismissed = null } = {}) {
    const box = this.#shown.get(name) ?? this.#add(name);
    box.classList.toggle("attention", !calm);
    box.classList.toggle("calm", calm);
    const words = box.querySelector("p");
    if (words.textContent !== sentence) words.textContent = sentence;
    if (dismissed && !box.querySelector("button")) this.#closable(name, box, dismissed);
    if (link && !box.querySelector("a")) {
      const way = document.createElement("a");
      [way.href, way.textContent] = link;
      way.className = "button small";
      box.append(way);
    }
  }

  hide(name) {
    this.#shown.get(name)?.remove();
    this.#shown.delete(name);
  }

  /** Show those that have not been dismissed here. */
  messages(all) {
    for (const { id, text } of all) {
      if (this.#dismissed.has(id) || this.#shown.has(`message-${id}`)) continue;
      this.show(`message-${id}`, text, { dismissed: () => this.#dismiss(id) });
      this.#shown.get(`message-${id}`).prepend(this.#from());
    }
  }

  focus() {
    this.#place.querySelector(".told")?.focus({ preventScroll: true });
  }

  hasFocus() {
    return this.#place.contains(document.activeElement);
  }

  #from() {
    const from = document.createElement("strong");
    from.textContent = say("from-staff");
    return from;
  }

  #add(name) {
    const box = document.createElement("div");
    box.className = "notice told";
    box.tabIndex = -1;
    box.append(document.createElement("p"));
    this.#shown.set(name, box);
    this.#place.prepend(box); // the newest is in sight where there is little room
    return box;
  }

  #closable(name, box, dismissed) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "button small";
    close.textContent = say("dismiss");
    close.addEventListener("click", () => {
      dismissed();
      this.hide(name);
      document.getElementById("main")?.focus({ preventScroll: true });
    });
    box.append(close);
  }

  #dismiss(id) {
    this.#dismissed = new Set([...this.#stored(), ...this.#dismissed, id]);
    try {
      localStorage.setItem(this.#key, JSON.stringify([...this.#dismissed].slice(-MOST_KEPT)));
    } catch {
      // Blocked storage: it is dismissed on this page.
    }
  }

  #stored() {
    try {
      const ids = JSON.parse(localStorage.getItem(this.#key) ?? "[]");
      return Array.isArray(ids) ? ids : [];
    } catch {
      return [];
    }
  }
}
