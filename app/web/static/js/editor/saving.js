// Carries the draft to the server: soon after a change, one request at a time, again until it is there.
import { say } from "../words.js";

const SOON = 800;
const LONGEST_WAIT = 15_000;
const DOCUMENT = "question.yaml";

export class Saving {
  #draft;
  #wire;
  #document = false;
  #texts = new Set();
  #timer = null;
  #running = null;
  #failures = 0;
  #stopped = false;
  #queue = Promise.resolve();

  constructor(draft, wire) {
    this.#draft = draft;
    this.#wire = wire;
    addEventListener("online", () => this.unsaved && this.flush());
    addEventListener("beforeunload", (event) => {
      if (!this.unsaved) return;
      this.flush();
      event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden" && this.unsaved && !this.#stopped) this.flush();
    });
  }

  /** The document is no longer what the server has. */
  document() {
    this.#document = true;
    // The source will be rewritten from the document.
    this.#texts.delete(DOCUMENT);
  }

  /** That text is no longer what the server has. */
  text(file) {
    this.#texts.add(file);
    if (file === DOCUMENT) this.#document = false;
  }

  waits(file) {
    return this.#texts.has(file);
  }

  /** Files that were taken away here and are still on the server. */
  get removed() {
    return [...this.#texts].filter((file) => this.#draft.texts[file] === undefined);
  }

  get documentWaits() {
    return this.#document;
  }

  get unsaved() {
    return this.#document || this.#texts.size > 0;
  }

  schedule(after = SOON) {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), after);
    if (!this.#failures) this.#tell("saving", say("Saving…"));
  }

  /** Answers whether everything is saved. */
  flush() {
    clearTimeout(this.#timer);
    if (this.#stopped) return Promise.resolve(!this.unsaved);
    this.#running ??= this.alone(() => this.#send()).finally(() => (this.#running = null));
    return this.#running;
  }

  /** Work that changes the draft on the server waits for what is under way. */
  alone(work) {
    const done = this.#queue.then(work);
    this.#queue = done.catch(() => {});
    return done;
  }

  /** After a conflict has been settled: nothing waits any more. */
  startAgain() {
    this.#stopped = false;
    this.#failures = 0;
    this.#document = false;
    this.#texts.clear();
    this.#tell("saving", say("Saving…"));
  }

  async #send() {
    while (this.unsaved) {
      const sent = this.#pack();
      let answer;
      try {
        answer = await this.#wire.post("", { revision: this.#draft.revision, ...sent.body });
      } catch (error) {
        sent.back();
        return this.#failed(error);
      }
      this.#failures = 0;
      this.#draft.took(answer);
    }
    this.#tell("saved", say("Saved"));
    this.#draft.tell("saved");
    return true;
  }

  /** What waits, taken out of the waiting; `back` puts it in again. What changes meanwhile waits anew. */
  #pack() {
    const body = {};
    const [withDocument, files] = [this.#document, [...this.#texts]];
    if (withDocument) body.document = this.#draft.document;
    if (files.length) body.texts = Object.fromEntries(files.map((file) => [file, this.#draft.texts[file] ?? null]));
    this.#document = false;
    this.#texts.clear();
    const back = () => {
      // A newer change of the other kind has the last word about question.yaml.
      const [newerDocument, newerSource] = [this.#document, this.#texts.has(DOCUMENT)];
      this.#document = newerDocument || (withDocument && !newerSource);
      for (const file of files) if (file !== DOCUMENT || !newerDocument) this.#texts.add(file);
    };
    return { body, back };
  }

  #failed(error) {
    if (error.status === 409) return this.conflict(error);
    this.#failures += 1;
    const says = error.status === 0 ? say("you are offline. Everything stays in this page, and is sent when you are back") : error.says;
    this.#tell(error.temporary || error.status === 401 ? "waiting" : "refused", say("Not saved: {says}", { says }));
    // What the server refuses is sent again with the next change; what it could not take, by itself.
    if (error.temporary || error.status === 401 || error.status === 403) {
      this.schedule(Math.min(LONGEST_WAIT, 1000 * 2 ** (this.#failures - 1)));
    }
    return false;
  }

  /** Somebody else was first: nothing more is sent until a person has decided. */
  conflict(error) {
    this.#stopped = true;
    this.#tell("conflict", say("Not saved: somebody else has changed this draft"));
    this.#draft.tell("conflict", { says: error.says });
    return false;
  }

  #tell(state, says) {
    this.state = state;
    this.#draft.tell("status", { state, says });
  }
}
