// Carries answers to the server: soon after typing, again until it is there, newest revision first.
import { randomName, tabName } from "./tab.js";

const SOON = 500;
const LATEST = 1000;
const WHEN_LATE = 8000;
const PATIENCE = 10_000;
const LONGEST_WAIT = 15_000;
const KEEPALIVE_BYTES = 60_000;
const MOST_AT_ONCE = 200;
const FOLLOW_EVERY = 3000;
const FOLLOW_FOR = 120_000;

const same = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");
const moment = (stamp) => Number((stamp ?? "").split(".")[0]) || 0;

/**
 * Saves what the journal holds. Events: "status" with detail {state, says, item} (state: saved, saving, kept, late, refused),
 * "saved" with {item, field, revision}, "conflict" with {item, field, revision, value, mine}, "changed" with
 * {item, field, revision, value} of what another page has stored, "standing" with [{item, status, answered, of, flagged}],
 * and "left" with {item, field}.
 */
export class Saver extends EventTarget {
  #device = null;
  #seq = 0;
  #known = new Map();
  #typedHere = new Set();
  #refused = new Map();
  #alone = false;
  #timer = null;
  #firstWaiting = 0;
  #failures = 0;
  #running = null;
  #looking = null;
  #other = null;
  #following = false;
  #followUntil = 0;
  #closed = false;
  #late = false;

  /** When the server last said that something was saved, as an ISO text. */
  savedAt = "";

  constructor({ url, token, journal, stamp = "", item = 0 }) {
    super();
    Object.assign(this, { url, token, journal, stamp, item });
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => this.#leave());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.#leave();
      else this.look();
    });
  }

  /** The server's revision of a field when the page was made. */
  knows(item, field, revision) {
    const key = `${item}/${field}`;
    this.#known.set(key, Math.max(revision, this.#known.get(key) ?? 0));
  }

  /** What the server said about its time; the newest counts. */
  heard(stamp) {
    if (moment(stamp) > moment(this.stamp)) this.stamp = stamp;
  }

  // What has not been refused as it stands; a refused answer keeps no other from being saved.
  #waiting() {
    return this.journal.entries().filter((one) => one.revision > (this.#refused.get(`${one.item}/${one.field}`)?.revision ?? 0));
  }

  /** Whether something of a field waits. */
  waits(item, field) {
    return this.journal.entries().some((entry) => entry.item === item && entry.field === field);
  }

  /** Something was typed; `stamp`: what the server had said by then, where that is not what it has said by now. */
  put(item, field, value, stamp = this.stamp) {
    const key = `${item}/${field}`;
    const waiting = this.journal.entries().find((entry) => entry.item === item && entry.field === field);
    const revision = Math.max(this.#known.get(key) ?? 0, waiting?.revision ?? 0) + 1;
    this.#known.set(key, revision);
    this.#typedHere.add(key);
    this.journal.put({ item, field, revision, value, stamp });
    if (this.#closed) return;
    this.#tell("saving");
    this.#firstWaiting ||= Date.now();
    this.#later(this.#late ? WHEN_LATE : Math.max(0, Math.min(SOON, this.#firstWaiting + LATEST - Date.now())));
  }

  /** Send what waits; resolves to true once nothing waits any more. */
  flush() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#running ??= this.#send().finally(() => (this.#running = null));
    return this.#running;
  }

  /** Ask what is stored of the question of this page, and how all questions stand. */
  look() {
    if (!this.item) return null;
    this.#looking ??= this.#look().catch(() => {}).finally(() => (this.#looking = null));
    return this.#looking;
  }

  /** What the news of the attempt says: another page came to it. From now on this one asks what that page stores. */
  follow({ another_page: other, stamp }) {
    this.heard(stamp);
    if (!other || other === this.#other) return;
    this.#other = other;
    this.#followUntil = performance.now() + FOLLOW_FOR;
    if (!this.#following) this.#follow();
  }

  async #follow() {
    this.#following = true;
    while (performance.now() < this.#followUntil && !this.#closed) {
      if (document.visibilityState === "visible") await this.look();
      await new Promise((done) => setTimeout(done, FOLLOW_EVERY));
    }
    this.#following = false;
  }

  async #look() {
    const url = this.url.replace(/saves$/, `answers?item=${this.item}`);
    const headers = { "X-Attempt-Token": this.token, Accept: "application/json" };
    const response = await fetch(url, { headers, cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    if (!response.ok) return;
    const { stamp, fields, questions } = await response.json();
    this.heard(stamp);
    for (const field of fields) this.#changed({ item: this.item, ...field });
    this.dispatchEvent(new CustomEvent("standing", { detail: questions }));
  }

  #later(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), wait);
  }

  async #send() {
    let others = false;
    for (;;) {
      const changes = this.#waiting().slice(0, this.#alone ? 1 : MOST_AT_ONCE);
      if (!changes.length) return this.#allSent(others);
      if (this.#closed) return false;
      this.#firstWaiting = 0;
      this.#tell("saving");
      let response, answer;
      try {
        response = await this.#post(changes, AbortSignal.timeout(PATIENCE));
        answer = await response.json();
      } catch {
        return this.#tryAgain("kept");
      }
      if (response.ok && (answer?.kept || Array.isArray(answer?.fields))) {
        this.#failures = 0;
        this.#hear(changes, answer);
        others ||= changes.some((change) => change.item !== this.item);
        continue;
      }
      if (response.status >= 500 || response.status === 429 || response.status === 408) {
        return this.#tryAgain("busy", answer?.detail);
      }
      // What is no word of ours comes from something in between: as good as no connection.
      if (!response.headers.get("content-type")?.startsWith("application/problem+json")) return this.#tryAgain("kept");
      if (response.status === 422 || response.status === 413) {
        this.#setAside(changes, answer);
        continue;
      }
      // The server understood and refused: sending the same again would not help.
      this.#closed = true;
      this.#tell("refused", answer.detail);
      return false;
    }
  }

  #allSent(others) {
    this.#alone = false;
    if (others) this.look();
    const refused = this.journal.entries().find((one) => this.#refused.has(`${one.item}/${one.field}`));
    if (refused) this.#tell("refused", this.#refused.get(`${refused.item}/${refused.field}`).says, refused.item);
    else this.#tell(this.#late ? "late" : "saved");
    return !refused;
  }

  // One of these cannot be stored as it is: the others are sent without it. Where it is not named, each is sent alone.
  #setAside(changes, { place, detail }) {
    const named = changes[Number(/^changes\[(\d+)\]/.exec(place ?? "")?.[1] ?? -1)];
    const one = named ?? (changes.length === 1 ? changes[0] : null);
    if (one) this.#refused.set(`${one.item}/${one.field}`, { revision: one.revision, says: detail });
    else this.#alone = true;
  }

  #post(changes, signal, keepalive = false) {
    // The name is settled with the first save: a duplicated tab has found out by then that it is one.
    this.#device ??= `${tabName()}-${randomName(8)}`;
    const oldest = changes.map(({ stamp }) => stamp ?? "").reduce((a, b) => (moment(b) < moment(a) ? b : a));
    const sent = changes.map(({ item, field, revision, value }) => ({ item, field, revision, value }));
    const body = { device: this.#device, seq: (this.#seq += 1), changes: sent, stamp: oldest, seen: this.stamp };
    return fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Attempt-Token": this.token },
      body: JSON.stringify(body),
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

  #hear(sent, answer) {
    this.heard(answer.stamp);
    this.#late = Boolean(answer.kept);
    this.savedAt = answer.received_at;
    if (answer.kept) {
      // On the server, for the staff to decide about: this device need not keep it any longer.
      for (const { item, field, revision } of sent) this.journal.acknowledge(item, field, revision);
      return;
    }
    this.#take(sent, answer.fields);
    for (const field of answer.elsewhere ?? []) this.#changed(field);
  }

  #changed({ item, field, revision, value }) {
    if (revision <= (this.#known.get(`${item}/${field}`) ?? 0)) return;
    this.knows(item, field, revision);
    this.#followUntil = performance.now() + FOLLOW_FOR;
    this.dispatchEvent(new CustomEvent("changed", { detail: { item, field, revision, value } }));
  }

  #take(sent, fields) {
    for (const { item, field, state, revision, value } of fields) {
      const key = `${item}/${field}`;
      const mine = sent.find((change) => change.item === item && change.field === field);
      this.knows(item, field, revision);
      if (state === "left") {
        // The question was left for good; what arrived is kept by the server, but counts no more.
        this.journal.acknowledge(item, field, Math.max(revision, mine?.revision ?? 0));
        this.dispatchEvent(new CustomEvent("left", { detail: { item, field } }));
      } else if (state === "saved" || !mine || same(mine.value, value)) {
        this.journal.acknowledge(item, field, Math.max(revision, mine?.revision ?? 0));
        this.dispatchEvent(new CustomEvent("saved", { detail: { item, field, revision } }));
      } else if (this.#typedHere.has(key)) {
        // Typed here and now, so this is the last word: once more, above the stored revision.
        const newest = this.journal.entries().find((entry) => entry.item === item && entry.field === field) ?? mine;
        this.journal.put({ ...newest, revision: revision + 1 });
        this.#known.set(key, revision + 1);
      } else {
        // Left over from an earlier visit, and changed elsewhere since: the person decides.
        this.journal.acknowledge(item, field, Math.max(revision, mine.revision));
        this.dispatchEvent(new CustomEvent("conflict", { detail: { item, field, revision, value, mine: mine.value } }));
      }
    }
  }

  #leave() {
    const changes = this.#closed ? [] : this.#waiting().slice(0, MOST_AT_ONCE);
    if (!changes.length) return;
    const small = JSON.stringify(changes).length < KEEPALIVE_BYTES;
    // The journal keeps the answers whatever becomes of this last request.
    this.#post(changes, undefined, small).then(async (response) => {
      if (response.ok) this.#hear(changes, await response.json());
    }).catch(() => {});
  }

  #tell(state, says = "", item = this.item) {
    this.dispatchEvent(new CustomEvent("status", { detail: { state, says, item } }));
  }
}
