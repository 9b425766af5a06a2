// Files and drawings that are not on the server yet, kept on this device like what is typed (journal.js): too large for
// that, they have a database of their own.
import { livingTabs, tabName } from "./tab.js";

const DATABASE = "gradus";
const STORE = "files";

let opening = null;

function database() {
  opening ??= new Promise((done) => {
    try {
      const asked = indexedDB.open(DATABASE, 1);
      asked.onupgradeneeded = () => {
        const store = asked.result.createObjectStore(STORE, { keyPath: "id", autoIncrement: true });
        store.createIndex("person", "person");
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = asked.onblocked = () => done(null);
    } catch {
      done(null); // blocked: then files wait in the page only
    }
  });
  return opening;
}

/** What `work` asks of the store; null where nothing can be kept. */
async function ask(mode, work) {
  const opened = await database();
  if (!opened) return null;
  return new Promise((done) => {
    try {
      const asked = work(opened.transaction(STORE, mode).objectStore(STORE));
      asked.onsuccess = () => done(asked.result ?? null);
      asked.onerror = () => done(null);
    } catch {
      done(null);
    }
  });
}

const ofPerson = async (person) => (await ask("readonly", (store) => store.index("person").getAll(person))) ?? [];

/** The attempts of a person of which this device holds such files. */
export async function attemptsWithFiles(person) {
  return [...new Set((await ofPerson(person)).map(({ attempt }) => attempt))];
}

/** The files of one attempt of one person: {id, item, field, name, file, stamp, tab}. `stamp` as in the journal. */
export class KeptFiles {
  constructor(person, attempt) {
    Object.assign(this, { person, attempt });
  }

  /** Keep a file, in place of the one with that `id` if there is one; its id, null where it cannot be kept. */
  put({ id = null, item, field, name, file, stamp }) {
    const { person, attempt } = this;
    const entry = { person, attempt, item, field, name, file, stamp, tab: tabName() };
    return ask("readwrite", (store) => store.put(id === null ? entry : { ...entry, id }));
  }

  remove(id) {
    return id === null ? null : ask("readwrite", (store) => store.delete(id));
  }

  /** Those that no other open tab is at work with, oldest first. */
  async waiting() {
    const mine = (await ofPerson(this.person)).filter(({ attempt }) => attempt === this.attempt);
    if (!mine.length) return [];
    const living = await livingTabs();
    return mine.filter(({ tab }) => tab === tabName() || !living.has(tab));
  }
}
