// Carries answers to the server: soon after typing, again until it is there, newest revision first.
const SOON = 500;
const LATEST = 1000;
const PATIENCE = 10_000;
const LONGEST_WAIT = 15_000;
const KEEPALIVE_BYTES = 60_000;

function randomName() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const same = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");

/**
 * Saves what the journal holds. Events: "status" with detail {state, says} (state: saved, saving, kept, refused),
 * "saved" with {item, field, revision} and "conflict" with {item, field, revision, value, mine}.
 */
export class Saver extends EventTarget {
  #device = randomName();
  #seq = 0;
  #known = new Map();
  #typedHere = new Set();
  #timer = null;
  #firstWaiting = 0;
  #failures = 0;
  #running = null;
  #closed = false;

  constructor({ url, token, journal }) {
    super();
    Object.assign(this, { url, token, journal });
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#leave();
    });
  }

  /** The server's revision of a field when the page was made. */
  knows(item, field, revision) {
    const key = `${item}/${field}`;
    this.#known.set(key, Math.max(revision, this.#known.get(key) ?? 0));
  }

  /** Something was typed. */
  put(item, field, value) {
    const key = `${item}/${field}`;
    const waiting = this.journal.entries().find((entry) => entry.item === item && entry.field === field);
    const revision = Math.max(this.#known.get(key) ?? 0, waiting?.revision ?? 0) + 1;
    this.#known.set(key, revision);
    this.#typedHere.add(key);
    this.journal.put({ item, field, revision, value });
    if (this.#closed) return;
    this.#tell("saving");
    this.#firstWaiting ||= Date.now();
    this.#later(Math.max(0, Math.min(SOON, this.#firstWaiting + LATEST - Date.now())));
  }

  /** Send what waits; resolves to true once nothing waits any more. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#running ??= this.#send().finally(() => (this.#running = null));
    return this.#running;
  }

  #later(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  async #send() {
    for (;;) {
      const changes = this.journal.entries();
      if (!changes.length) {
        this.#tell("saved");
        return true;
      }
      if (this.#closed) return false;
      this.#firstWaiting = 0;
      this.#tell("saving");
      let response;
      try {
        response = await this.#post(changes, AbortSignal.timeout(PATIENCE));
      } catch {
        return this.#tryAgain("kept");
      }
      if (response.ok) {
        this.#failures = 0;
        this.#take(changes, (await response.json()).fields);
        continue;
      }
      const problem = await response.json().catch(() => ({}));
      if (response.status >= 500 || response.status === 429 || response.status === 408) {
        return this.#tryAgain("busy", problem.detail);
      }
      // The server understood and refused: sending the same again would not help.
      this.#closed = true;
      this.#tell("refused", problem.detail);
      return false;
    }
  }

  #post(changes, signal, keepalive = false) {
    return fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Attempt-Token": this.token },
      body: JSON.stringify({ device: this.#device, seq: (this.#seq += 1), changes }),
      credentials: "same-origin",
      cache: "no-store",
      keepalive,
      signal,
    });
  }

  #tryAgain(state, says) {
    this.#failures += 1;
    this.#tell(state === "busy" ? "kept" : state, says);
    this.#later(Math.min(LONGEST_WAIT, 1000 * 2 ** (this.#failures - 1)) * (0.75 + Math.random() / 2));
    return false;
  }

  #take(sent, fields) {
    for (const { item, field, state, revision, value } of fields) {
      const key = `${item}/${field}`;
      const mine = sent.find((change) => change.item === item && change.field === field);
      this.knows(item, field, revision);
      if (state === "saved" || !mine || same(mine.value, value)) {
        this.journal.acknowledge(item, field, revision);
        this.dispatchEvent(new CustomEvent("saved", { detail: { item, field, revision } }));
      } else if (this.#typedHere.has(key)) {
        // Typed here and now, so this is the last word: once more, above the stored revision.
        const newest = this.journal.entries().find((entry) => entry.item === item && entry.field === field) ?? mine;
        this.journal.put({ item, field, revision: revision + 1, value: newest.value });
        this.#known.set(key, revision + 1);
      } else {
        // Left over from an earlier visit, and changed elsewhere since: the person decides.
        this.journal.acknowledge(item, field, Math.max(revision, mine.revision));
        this.dispatchEvent(new CustomEvent("conflict", { detail: { item, field, revision, value, mine: mine.value } }));
      }
    }
  }

  #leave() {
    const changes = this.#closed ? [] : this.journal.entries();
    if (!changes.length) return;
    const small = JSON.stringify(changes).length < KEEPALIVE_BYTES;
    // The journal keeps the answers whatever becomes of this last request.
    this.#post(changes, undefined, small).then(async (response) => {
      if (response.ok) this.#take(changes, (await response.json()).fields);
    }).catch(() => {});
  }

  #tell(state, says = "") {
    this.dispatchEvent(new CustomEvent("status", { detail: { state, says } }));
  }
}
