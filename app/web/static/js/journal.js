// What was typed and is not yet known to be on the server, kept on this device and forgotten once it is saved.

/** One attempt's journal. Entries are {item, field, revision, value}; the newest revision of a field wins. */
export class Journal {
  #key;
  #memory = new Map();

  constructor(attempt, storage = window.localStorage) {
    this.#key = `gradus.journal.${attempt}`;
    this.storage = storage;
    this.#memory = this.#stored();
  }

  /** Everything that waits, oldest first; other tabs of the same attempt included. */
  entries() {
    for (const [key, entry] of this.#stored()) {
      const mine = this.#memory.get(key);
      if (!mine || mine.revision < entry.revision) this.#memory.set(key, entry);
    }
    return [...this.#memory.values()];
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
    } catch {
      // Storage is full or blocked; the entries are kept in memory as long as the page is open.
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
