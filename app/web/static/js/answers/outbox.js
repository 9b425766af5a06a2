// Files on their way to the server, one after the other; what could not be sent is kept and tried again.
import { say } from "../words.js";

const PATIENCE = 60_000;
const WAITS = [4000, 8000, 15_000];

/**
 * `arrived(pages, stamp)` hears of every file that became pages, `told(state, says)` of everything else. What waits is
 * kept on this device by `keep(file, name)`, which resolves to the number under which `forget` drops it.
 */
export class Outbox {
  #files = [];
  #running = null;
  #failures = 0;
  #timer = null;

  constructor(address, token, { arrived, told, keep, forget }) {
    Object.assign(this, { address, token, arrived, told, keep, forget });
    addEventListener("online", () => this.flush());
  }

  /** How many files are not on the server yet. */
  get waiting() {
    return this.#files.length;
  }

  /** Send a file; `kept`: under which number it is kept already. */
  put(file, name, stamp, kept = null) {
    this.#files.push({ file, name, stamp, kept: kept === null ? this.keep(file, name, stamp) : Promise.resolve(kept) });
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
      const { file, name, stamp, kept } = this.#files[0];
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
      // A page that may not save keeps its files for the next one.
      if (response.status !== 403) kept.then(this.forget);
      if (response.ok) this.arrived(answer.pages.map((page) => page.sha256), stamp);
      else this.told("wrong", say("drawn-refused", { name, says: answer.detail ?? "" }));
    }
    return true;
  }

  async #tellWaiting() {
    const kept = await Promise.all(this.#files.map((one) => one.kept));
    const words = kept.includes(null) ? "drawn-waiting-here" : "drawn-waiting";
    if (kept.length) this.told("waiting", say(words, { n: kept.length }));
  }

  #later() {
    this.#tellWaiting();
    this.#timer = setTimeout(() => this.flush(), WAITS[Math.min(this.#failures, WAITS.length - 1)]);
    this.#failures += 1;
    return false;
  }
}
