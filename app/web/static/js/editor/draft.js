// The draft of a question in the browser: one JSON document (question.yaml), texts, images. It undoes and redoes,
// asks for a preview of what is on the screen, and saves. Panels read it, change it, and listen to it.
//
//   draft.get(path)  draft.set(path, value)  draft.insert(path, index, value)  draft.remove(path)
//   draft.move(path, from, to)  draft.rename(path, from, to)      path: an array of keys and indices
//   draft.setText(file, text)   text null takes the file away
//   draft.words(path)  draft.setWords(path, text)                 texts that may be a map of languages
//   draft.together(() => { … })                                   several changes that are undone as one
//   draft.undo()  draft.redo()  draft.problemsAt(path)  await draft.flush()  await draft.post(action, body)
//
// Never change what `get` answers: set a new value instead. Events:
//   "change"   detail {path, origin}: the document changed ("here", "undo" or "server"); path [] is all of it
//   "text"     detail {file, origin}  ·  "images"  ·  "preview"  ·  "problems"  ·  "saved"  ·  "language"
//   "status"   detail {state, says}   state: saved | saving | waiting | refused | conflict
//   "conflict" detail {says}: somebody else saved; then takeTheirs() or keepMine()
import { say } from "../words.js";
import { History } from "./history.js";
import { at, withInserted, withMoved, withRenamed, withValue, within } from "./places.js";
import { Saving } from "./saving.js";
import { formable } from "./shapes.js";
import { Wire } from "./wire.js";

const PREVIEW_AFTER = 150;
export const DOCUMENT = "question.yaml";
const MAIN_LANGUAGE = "en";

export class Draft extends EventTarget {
  preview = null;
  seeds = [0, 1, 2];
  language = MAIN_LANGUAGE;
  /** The source of question.yaml was typed into, and the server has not read it yet (or forms cannot show it). */
  sourceAhead = false;
  #history = new History();
  #saving;
  #wire;
  #previewTimer = null;
  #previewing = null;
  #previewed = 0;

  /** `data`: what the server says about the draft (GET …/draft), with graders, functions, figures and csrf. */
  constructor(data) {
    super();
    Object.assign(this, {
      question: data.question,
      title: data.title,
      version: data.version,
      graders: data.graders ?? {},
      functions: data.functions ?? [],
      draws: data.draws ?? [],
      figures: data.figures ?? [],
    });
    this.#wire = new Wire(`/bank/${encodeURIComponent(data.question)}/draft`, data.csrf);
    this.#saving = new Saving(this, this.#wire);
    this.#take(data);
  }

  // --- the document -----------------------------------------------------------------------------------------------

  get(path) {
    return at(this.document, path);
  }

  set(path, value) {
    this.#change(withValue(this.document, path, value), path);
  }

  insert(path, index, value) {
    this.#change(withInserted(this.document, path, index, value), path, "insert");
  }

  remove(path) {
    this.#change(withValue(this.document, path, undefined), path.slice(0, -1), "remove");
  }

  move(path, from, to) {
    this.#change(withMoved(this.document, path, from, to), path, "move");
  }

  rename(path, from, to) {
    this.#change(withRenamed(this.document, path, from, to), path, "rename");
  }

  /** Changes made by `work` are undone in one step. */
  together(work) {
    this.#history.open(this.#snapshot());
    try {
      work();
    } finally {
      this.#history.close(this.#snapshot());
    }
  }

  #change(document, path, kind = "") {
    const before = this.#snapshot();
    this.document = document;
    // The forms have the last word over a source that could not be read.
    this.sourceAhead = false;
    this.#history.note(before, this.#snapshot(), kind ? null : `at ${path.join(".")}`);
    this.#saving.document();
    this.#tell("change", { path, origin: "here" });
    this.#touched();
  }

  // --- texts that people read -------------------------------------------------------------------------------------

  /** All languages: those of the files and those of the texts in the document, the main one first. */
  get languages() {
    const found = new Set([MAIN_LANGUAGE]);
    for (const file of Object.keys(this.texts)) {
      const named = /^(?:prompt|solution)\.([A-Za-z-]+)\.md$/.exec(file);
      if (named) found.add(named[1]);
    }
    if (typeof this.document?.title === "object") Object.keys(this.document.title ?? {}).forEach((one) => found.add(one));
    return [...found];
  }

  setLanguage(language) {
    if (language === this.language) return;
    this.language = language;
    this.#tell("language", {});
    this.schedulePreview();
  }

  /** The text at `path` in a language; "" where it has not been translated. */
  words(path, language = this.language) {
    const value = this.get(path);
    if (value !== null && typeof value === "object") return String(value[language] ?? "");
    return language === MAIN_LANGUAGE ? String(value ?? "") : "";
  }

  /** Set the text at `path` in a language. A plain text becomes a map with its first translation. */
  setWords(path, text, language = this.language) {
    const value = this.get(path);
    const isMap = value !== null && typeof value === "object";
    if (!isMap && language === MAIN_LANGUAGE) return this.set(path, text === "" ? undefined : text);
    const map = { ...(isMap ? value : value ? { [MAIN_LANGUAGE]: String(value) } : {}), [language]: text };
    if (text === "") delete map[language];
    const left = Object.keys(map);
    if (!left.length) return this.set(path, undefined);
    this.set(path, !isMap && left.length === 1 && left[0] === MAIN_LANGUAGE ? map[MAIN_LANGUAGE] : map);
  }

  setText(file, text) {
    const before = this.#snapshot();
    const texts = { ...this.texts };
    if (text === null) delete texts[file];
    else texts[file] = text;
    this.texts = texts;
    if (file === DOCUMENT) this.sourceAhead = true;
    this.#history.note(before, this.#snapshot(), `in ${file}`);
    this.#saving.text(file);
    this.#tell("text", { file, origin: "here" });
    this.#touched();
  }

  // --- undo -------------------------------------------------------------------------------------------------------

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  undo() {
    this.#restore(this.#history.undo());
  }

  redo() {
    this.#restore(this.#history.redo());
  }

  #snapshot() {
    return { document: this.document, texts: this.texts, sourceAhead: this.sourceAhead };
  }

  #restore(step) {
    if (!step) return;
    const { from, to } = step;
    const files = new Set([...Object.keys(from.texts), ...Object.keys(to.texts)]);
    const texts = { ...this.texts };
    const back = [];
    for (const file of files) {
      // The source of the document is rewritten by the server, unless this step was typed there.
      if (from.texts[file] === to.texts[file] || (file === DOCUMENT && from.document !== to.document)) continue;
      if (to.texts[file] === undefined) delete texts[file];
      else texts[file] = to.texts[file];
      back.push(file);
    }
    this.texts = texts;
    for (const file of back) {
      this.#saving.text(file);
      if (file === DOCUMENT) this.sourceAhead = true;
      this.#tell("text", { file, origin: "undo" });
    }
    if (from.document !== to.document) {
      this.document = to.document;
      this.sourceAhead = false;
      this.#saving.document();
      this.#tell("change", { path: [], origin: "undo" });
    }
    this.#touched();
  }

  // --- preview ----------------------------------------------------------------------------------------------------

  #touched() {
    this.schedulePreview();
    this.#saving.schedule();
  }

  /** What is sent where the content itself is asked about: preview, test and try. */
  get content() {
    // The server fills in what is not sent, so what was taken away is named.
    const { [DOCUMENT]: source, ...texts } = { ...Object.fromEntries(this.#saving.removed.map((file) => [file, null])), ...this.texts };
    return this.sourceAhead ? { texts: { ...texts, [DOCUMENT]: source } } : { document: this.document, texts };
  }

  schedulePreview(after = PREVIEW_AFTER) {
    clearTimeout(this.#previewTimer);
    this.#previewTimer = setTimeout(() => this.#preview(), after);
  }

  setSeeds(seeds) {
    this.seeds = seeds;
    this.schedulePreview(0);
  }

  async #preview() {
    const number = (this.#previewed += 1);
    this.#previewing?.abort();
    this.#previewing = new AbortController();
    try {
      const body = { ...this.content, seeds: this.seeds, language: this.language };
      const answer = await this.#wire.post("preview", body, this.#previewing.signal);
      if (number !== this.#previewed) return;
      this.preview = answer;
      this.problems = answer.problems ?? [];
      this.#tell("problems", {});
      this.#tell("preview", {});
    } catch (error) {
      if (error.name === "AbortError" || number !== this.#previewed) return;
      this.#tell("unseen", { says: error.says ?? say("The preview cannot be made just now.") });
      if (error.temporary) this.schedulePreview(3000);
    }
  }

  problemsAt(path) {
    return this.problems.filter((one) => (!one.file || one.file === DOCUMENT) && within(one.path ?? "", path));
  }

  /** The problems of a text file, or of a source. */
  problemsIn(file) {
    return this.problems.filter((one) => (one.file || DOCUMENT) === file);
  }

  // --- the server -------------------------------------------------------------------------------------------------

  /** Save now what has not been saved. Answers whether everything is. */
  flush() {
    return this.#saving.flush();
  }

  get unsaved() {
    return this.#saving.unsaved;
  }

  /**
   * Ask the server to do something: "test", "try", "cases", "images", "images/remove", "publish", …
   * What it changes in the draft is taken over. Throws an Error with .says, .place, .problems and .status.
   */
  async post(action, body) {
    const writes = !["preview", "test", "try", "answers"].includes(action);
    if (writes && !(await this.flush())) {
      throw Object.assign(new Error("unsaved"), { says: say("Your last changes could not be saved yet, so this has to wait."), problems: [] });
    }
    const ask = () => this.#wire.post(action, writes && !(body instanceof FormData) ? { revision: this.revision, ...body } : body);
    if (!writes) return ask();
    try {
      const answer = await this.#saving.alone(ask);
      this.took(answer);
      return answer;
    } catch (error) {
      if (error.status === 409) this.#saving.conflict(error);
      throw error;
    }
  }

  /** Take over what an answer says about the draft, except where something newer is on the screen. */
  took(answer) {
    if (answer.revision !== undefined) this.revision = answer.revision;
    if (answer.images) {
      this.images = answer.images;
      this.#tell("images", {});
    }
    for (const [file, text] of Object.entries(answer.texts ?? {})) {
      if (this.#saving.waits(file) || this.texts[file] === text) continue;
      this.texts = { ...this.texts, [file]: text };
      this.#tell("text", { file, origin: "server" });
    }
    if (formable(answer.document) && !this.#saving.waits(DOCUMENT) && !this.#saving.documentWaits) {
      this.sourceAhead = false;
      this.document = answer.document;
      this.#tell("change", { path: [], origin: "server" });
    }
    if (!this.sourceAhead) this.lastSource = this.texts[DOCUMENT];
    if (answer.problems && !this.preview) {
      this.problems = answer.problems;
      this.#tell("problems", {});
    }
  }

  #take(data) {
    this.revision = data.revision;
    this.document = formable(data.document) ? data.document : {};
    this.texts = data.texts ?? {};
    this.images = data.images ?? [];
    this.problems = data.problems ?? [];
    this.updated = { at: data.updated_at, by: data.updated_by };
    this.sourceAhead = !formable(data.document);
    this.lastSource = this.sourceAhead ? null : this.texts[DOCUMENT];
  }

  /** Back to the source of question.yaml that could be read last. */
  leaveSource() {
    this.setText(DOCUMENT, this.lastSource);
    return this.flush();
  }

  /** After a conflict: what the other person saved takes the place of what is here (undo brings it back). */
  async takeTheirs() {
    const theirs = await this.#wire.get();
    const before = this.#snapshot();
    this.#take(theirs);
    this.#history.note(before, this.#snapshot(), null);
    this.#saving.startAgain();
    this.#tell("change", { path: [], origin: "server" });
    for (const file of new Set([...Object.keys(before.texts), ...Object.keys(this.texts)])) {
      if (before.texts[file] !== this.texts[file]) this.#tell("text", { file, origin: "server" });
    }
    this.#tell("images", {});
    this.schedulePreview(0);
    await this.flush();
  }

  /** After a conflict: what is here replaces what the other person saved. */
  async keepMine() {
    const theirs = await this.#wire.get();
    this.revision = theirs.revision;
    this.images = theirs.images ?? this.images;
    this.#saving.startAgain();
    if (!this.sourceAhead) this.#saving.document();
    for (const file of new Set([...Object.keys(theirs.texts), ...Object.keys(this.texts)])) {
      if ((file !== DOCUMENT || this.sourceAhead) && theirs.texts[file] !== this.texts[file]) this.#saving.text(file);
    }
    this.#tell("images", {});
    return this.flush();
  }

  /** For the parts of the draft: announce something. */
  tell(type, detail = {}) {
    this.#tell(type, detail);
  }

  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
