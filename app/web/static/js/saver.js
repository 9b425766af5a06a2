// Carries answers to the server: soon after typing, again until it is there. The server judges what was typed last.
import { now, since } from "./moment.js";
import { randomName, tabName } from "./tab.js";
import { say } from "./words.js";

const SOON = 500;
const LATEST = 1000;
const WHEN_LATE = 8000;
const PATIENCE = 10_000;
const LONGEST_WAIT = 15_000;
const KEEPALIVE_BYTES = 60_000;
const MOST_AT_ONCE = 200;
const FOLLOW_EVERY = 3000;
const FOLLOW_FOR = 120_000;

const FLAG = "@flag";

const same = (a, b) => JSON.stringify(a ?? "") === JSON.stringify(b ?? "");
const moment = (stamp) => Number((stamp ?? "").split(".")[0]) || 0;

/**
 * Saves what the journal holds. Events: "status" with detail {state, says, item} (state: saved, saving, kept, late, refused,
 * undecided), "saved" with {item, field, revision}, "conflict" with {item, field, revision, value, mine, waiting}: `value` is
 * stored, and `mine` waits in the journal (as revision `waiting`) until somebody decides; "changed" with {item, field, revision, value} of what another page
 * has stored, "standing" with [{item, status, answered, of, flagged}], and "left" with {item, field}.
 */
export class Saver extends EventTarget {
  #page = randomName(8);
  #device = null;
  #seq = 0;
  #stored = new Map();
  #known = new Map();
  #aside = new Map();
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

  /** The revision of a field that is stored, as the server has told. */
  knows(item, field, revision) {
    const key = `${item}/${field}`;
    this.#stored.set(key, Math.max(revision, this.#stored.get(key) ?? 0));
    this.#known.set(key, Math.max(revision, this.#known.get(key) ?? 0));
  }

  /** What the server said about its time; the newest counts. */
  heard(stamp) {
    if (moment(stamp) > moment(this.stamp)) this.stamp = stamp;
  }

  // What has not been set aside as it stands, refused or undecided: that keeps no other from being saved.
  #waiting() {
    return this.journal.entries().filter((one) => one.revision > (this.#aside.get(`${one.item}/${one.field}`)?.revision ?? 0));
  }

  #entry(item, field) {
    return this.journal.entries().find((one) => one.item === item && one.field === field);
  }

  /** Whether something of a field waits to be sent. */
  waits(item, field) {
    return this.#waiting().some((entry) => entry.item === item && entry.field === field);
  }

  /** Something was typed; `stamp`: what the server had said by then, where that is not what it has said by now. */
  put(item, field, value, stamp) {
    const key = `${item}/${field}`;
    const revision = Math.max(this.#known.get(key) ?? 0, this.#entry(item, field)?.revision ?? 0) + 1;
    const base = this.#stored.get(key) ?? 0;
    this.#known.set(key, revision);
    this.#aside.delete(key);
    // What is told to be older than now: when it was made, nobody has noted.
    const typed = stamp === undefined ? now() : null;
    const page = { page: this.#page, tab: tabName() };
    this.journal.put({ item, field, revision, value, stamp: stamp ?? this.stamp, base, ...page, typed });
    if (this.#closed) return;
    this.#tell("saving");
    this.#firstWaiting ||= Date.now();
    this.#later(this.#late ? WHEN_LATE : Math.max(0, Math.min(SOON, this.#firstWaiting + LATEST - Date.now())));
  }

  /** Somebody decided against an answer that waits, of that `revision`: what is stored stays. */
  drop(item, field, revision) {
    this.journal.acknowledge(item, field, revision);
    this.flush();
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
        // What is too large for something in between is refused in words of its own.
        answer = response.status === 413 ? await response.json().catch(() => null) : await response.json();
      } catch {
        return this.#tryAgain("kept");
      }
      if (response.status === 413) {
        this.#setAside(changes, answer ?? {});
        continue;
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
      if (response.status === 422) {
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
    const left = this.journal.entries().map((one) => ({ ...this.#aside.get(`${one.item}/${one.field}`), item: one.item }));
    const { state, says, item } = left.find((one) => one.state === "refused") ?? left.find((one) => one.state) ?? {};
    if (state) this.#tell(state, says, item);
    else this.#tell(this.#late ? "late" : "saved");
    return !state;
  }

  // One of these cannot be stored as it is: the others are sent without it. Where it is not named, each is sent alone.
  #setAside(changes, { place, detail }) {
    const named = changes[Number(/^changes\[(\d+)\]/.exec(place ?? "")?.[1] ?? -1)];
    const one = named ?? (changes.length === 1 ? changes[0] : null);
    const says = detail ?? say("too-large");
    if (one) this.#aside.set(`${one.item}/${one.field}`, { revision: one.revision, state: "refused", says });
    else this.#alone = true;
  }

  #post(changes, signal, keepalive = false) {
    // The name is settled with the first save: a duplicated tab has found out by then that it is one.
    this.#device ??= `${tabName()}-${this.#page}`;
    const oldest = changes.map(({ stamp }) => stamp ?? "").reduce((a, b) => (moment(b) < moment(a) ? b : a));
    const sent = changes.map((entry) => this.#change(entry));
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

  // What the server needs to judge which of two answers was typed last.
  #change({ item, field, revision, value, base, page, tab, typed }) {
    const here = page === this.#page;
    const elsewhere = page && !here ? { page: `${tab}-${page}` } : {};
    return { item, field, revision, value, base, ...elsewhere, ...since(typed, here) };
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
    this.#show({ item, field, revision, value });
  }

  #take(sent, fields) {
    for (const { item, field, state, revision, value } of fields) {
      const mine = sent.find((change) => change.item === item && change.field === field);
      if (!mine) continue;
      const newest = this.#entry(item, field);
      const known = this.#known.get(`${item}/${field}`) ?? 0;
      this.knows(item, field, revision);
      // An entry of an earlier version of this script does not say what it rests on, and is judged by its revision.
      if (state === "conflict" || (state === "stale" && mine.base === undefined && !same(mine.value, value))) {
        // What was typed since it was sent is judged by itself.
        if (newest?.revision === mine.revision) this.#dispute(mine, { item, field, revision, value });
        continue;
      }
      this.journal.acknowledge(item, field, mine.revision);
      if (state === "left") {
        // The question was left for good; what arrived is kept by the server, but counts no more.
        this.dispatchEvent(new CustomEvent("left", { detail: { item, field } }));
        continue;
      }
      if (newest?.revision > mine.revision && newest.page === this.#page) this.#rest(newest, revision);
      this.dispatchEvent(new CustomEvent("saved", { detail: { item, field, revision } }));
      // Typed on another page of this device: here it may not be seen yet.
      const last = !(newest?.revision > mine.revision) && revision >= known;
      if (mine.page !== this.#page && last) this.#show({ item, field, revision, value });
    }
  }

  // Typed while the one before was on its way: it rests on what has just been stored.
  #rest(entry, base) {
    const revision = Math.max(entry.revision, base + 1);
    this.#known.set(`${entry.item}/${entry.field}`, revision);
    this.journal.put({ ...entry, revision, base });
  }

  // Something else is stored that another page has typed, and was typed later as far as anybody knows.
  #dispute(mine, stored) {
    const key = `${mine.item}/${mine.field}`;
    this.#known.set(key, stored.revision);
    if (mine.field === FLAG) {
      this.journal.acknowledge(mine.item, mine.field, mine.revision);
      this.#show(stored);
      return;
    }
    this.#aside.set(key, { revision: mine.revision, state: "undecided", says: "" });
    const detail = { ...stored, mine: mine.value, waiting: mine.revision };
    this.dispatchEvent(new CustomEvent("conflict", { detail }));
  }

  #show(stored) {
    this.dispatchEvent(new CustomEvent("changed", { detail: stored }));
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
