// What was typed and is not yet known to be on the server, kept on this device and forgotten once it is saved.
const PREFIX = "gradus.journal.";

function localStore() {
  try {
    return window.localStorage;
  } catch {
    return null; // blocked: merely asking for it is an error then
  }
}

/** The attempts of a person of which this device holds something that is not known to be saved. */
export function attemptsKept(person, storage = localStore()) {
  try {
    const begins = `${PREFIX}${person}.`;
    return Object.keys(storage).filter((key) => key.startsWith(begins)).map((key) => key.slice(begins.length));
  } catch {
    return [];
  }
}

/**
 * One attempt's journal of one person. Entries are {item, field, revision, value, stamp, base, page, tab, typed}: `stamp` is
 * what the server had last told the page when it was typed, `base` the stored revision it rests on, `page` and `tab` where
 * it was typed, `typed` when (moment.js). On one device the newest revision of a field wins.
 */
export class Journal {
  #key;
  #memory = new Map();

  /** Whether what is put here outlives the page; false where the browser keeps nothing for us. */
  durable = true;

  constructor(person, attempt, storage = localStore()) {
    this.#key = `${PREFIX}${person}.${attempt}`;
    this.storage = storage;
    this.#try();
  }

  /** Everything that waits, oldest first; other tabs of the same attempt included. */
  entries() {
    const entries = this.#stored();
    for (const [key, mine] of this.#memory) {
      if (!(entries.get(key)?.revision >= mine.revision)) entries.set(key, mine);
    }
    return [...entries.values()];
  }

  put(entry) {
    this.#change((entries) => entries.set(`${entry.item}/${entry.field}`, entry));
  }

  /** The server has this field at `revision`: what is no newer is forgotten. */
  acknowledge(item, field, revision) {
    const key = `${item}/${field}`;
    this.#change((entries) => {
      if ((entries.get(key)?.revision ?? Infinity) <= revision) entries.delete(key);
    });
  }

  #change(action) {
    action(this.#memory);
    const stored = this.#stored();
    action(stored);
    try {
      if (stored.size) this.storage.setItem(this.#key, JSON.stringify([...stored.values()]));
      else this.storage.removeItem(this.#key);
      this.durable = true;
    } catch {
      // Full or blocked: what is in memory is there as long as the page is open, and the page says so.
      this.durable = false;
    }
  }

  #try() {
    try {
      this.storage.setItem(`${PREFIX}try`, "1");
      this.storage.removeItem(`${PREFIX}try`);
    } catch {
      this.durable = false;
    }
  }

  #stored() {
    try {
      const entries = JSON.parse(this.storage.getItem(this.#key) ?? "[]");
      return new Map(entries.map((entry) => [`${entry.item}/${entry.field}`, entry]));
    } catch {
      return new Map();
    }
  }
}
