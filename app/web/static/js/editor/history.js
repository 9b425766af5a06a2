// What can be undone: snapshots before and after each step. Typing on in one place is one step.
const SAME_STEP_WITHIN = 1500;
const MOST = 200;

export class History {
  #done = [];
  #undone = [];
  #place = null;
  #at = 0;
  #open = null;

  get canUndo() {
    return this.#done.length > 0;
  }

  get canRedo() {
    return this.#undone.length > 0;
  }

  /** Something changed; `place` names where it was typed, so that typing on there joins this step (null: never). */
  note(before, after, place) {
    if (this.#open) return;
    const last = this.#done.at(-1);
    if (last && place !== null && place === this.#place && Date.now() - this.#at < SAME_STEP_WITHIN) last.after = after;
    else this.#done.push({ before, after });
    if (this.#done.length > MOST) this.#done.shift();
    this.#undone = [];
    this.#place = place;
    this.#at = Date.now();
  }

  /** Everything noted until `close` is one step. */
  open(before) {
    this.#open ??= { before, depth: 0 };
    this.#open.depth += 1;
  }

  close(after) {
    this.#open.depth -= 1;
    if (this.#open.depth) return;
    const { before } = this.#open;
    this.#open = null;
    if (before.document !== after.document || before.texts !== after.texts) this.note(before, after, null);
  }

  /** The step to take back, as {from, to}, or nothing. */
  undo() {
    const step = this.#done.pop();
    if (!step) return null;
    this.#undone.push(step);
    this.#place = null;
    return { from: step.after, to: step.before };
  }

  redo() {
    const step = this.#undone.pop();
    if (!step) return null;
    this.#done.push(step);
    this.#place = null;
    return { from: step.before, to: step.after };
  }
}
