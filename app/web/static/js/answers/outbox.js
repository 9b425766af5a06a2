// Files on their way to the server, one after the other; what could not be sent is kept and tried again.
import { say } from "../words.js";

const PATIENCE = 60_000;
const WAITS = [4000, 8000, 15_000];

/** `arrived(pages)` hears of every file that became pages, `told(state, says)` of everything else. */
export class Outbox {
  #files = [];
  #running = null;
  #failures = 0;
  #timer = null;

  constructor(address, token, { arrived, told }) {
    Object.assign(this, { address, token, arrived, told });
    addEventListener("online", () => this.flush());
  }

  /** How many files are not on the server yet. */
  get waiting() {
    return this.#files.length;
  }

  put(file, name) {
    this.#files.push({ file, name });
    this.flush();
  }

  /** Send what waits; resolves to true once nothing waits any more. */
  flush() {
    clearTimeout(this.#timer);
    this.#running ??= this.#send().finally(() => (this.#running = null));
    return this.#running;
  }

  async #send() {
    while (this.#files.length) {
      const { file, name } = this.#files[0];
      this.told("", say("drawn-sending", { name }));
      let response;
      try {
        response = await fetch(this.address, {
          method: "POST",
          headers: { "Content-Type": file.type || "application/octet-stream", Accept: "application/json", "X-Attempt-Token": this.token },
          body: file,
          credentials: "same-origin",
          cache: "no-store",
          signal: AbortSignal.timeout(PATIENCE),
        });
      } catch {
        return this.#later();
      }
      const answer = await response.json().catch(() => ({}));
      if (!response.ok && (response.status >= 500 || response.status === 429 || response.status === 408)) return this.#later();
      this.#failures = 0;
      this.#files.shift();
      if (response.ok) this.arrived(answer.pages.map((page) => page.sha256));
      else this.told("wrong", say("drawn-refused", { name, says: answer.detail ?? "" }));
    }
    return true;
  }

  #later() {
    this.told("waiting", say("drawn-waiting", { n: this.#files.length }));
    this.#timer = setTimeout(() => this.flush(), WAITS[Math.min(this.#failures, WAITS.length - 1)]);
    this.#failures += 1;
    return false;
  }
}
