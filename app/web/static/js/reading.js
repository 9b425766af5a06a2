// How the server reads an answer: one request a field, the last one counts.
const PAUSE = 150;

/** Reads the answers of one field, at most once per pause. */
export class Reader {
  #timer = null;
  #asked = 0;

  constructor(url, widget) {
    this.url = url;
    this.widget = widget;
  }

  /** Calls `show(reading)` with {state, latex, says, start, end, cell} unless something newer was asked meanwhile. */
  ask(raw, show) {
    clearTimeout(this.#timer);
    const asked = (this.#asked += 1);
    this.#timer = setTimeout(async () => {
      const reading = await this.#fetch(raw);
      if (reading && asked === this.#asked) show(reading);
    }, PAUSE);
  }

  async #fetch(raw) {
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ widget: this.widget, raw }),
        credentials: "same-origin",
      });
      return response.ok ? await response.json() : null;
    } catch {
      return null; // Offline: the preview rests, the answer is kept all the same.
    }
  }
}
