// What the server says about an attempt while its page is open: as a stream; every four seconds where none can be had.
const ASK_EVERY = 4000; // less than the five seconds within which a page has to know
const SOON = 5000; // a stream that ends sooner was no use
const SILENCE = 25_000; // the server says something every eight seconds
const FIRST_WORD = 8000;
const PATIENCE = 12_000;
const ASKS_BEFORE_STREAM = 6;
const BEAT = 1000;
const SLEPT = 5000;

/**
 * Listens at `${base}/events`, and asks `${base}/state`. Events: "state" with the server's {state, seconds_left, now,
 * messages, another_page} and `at`, when it came (performance.now()); "reach" with {reached}, whenever that changes;
 * "woke" after the device has slept. `stream` is another address than "events" for what is streamed.
 */
export class News extends EventTarget {
  #over = false;
  #stop = new AbortController();
  #awake = () => {};
  #renew = () => {};
  #streams = true;

  constructor({ base, token, stream = "events" }) {
    super();
    Object.assign(this, { base, token, stream, reached: true });
  }

  start() {
    const { signal } = this.#stop;
    addEventListener("online", () => this.refresh(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#woke(), { signal });
    document.addEventListener("resume", () => this.#woke(), { signal });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.refresh(), { signal });
    this.#beat();
    this.#run();
  }

  // A device that has slept finds its clock further on than a page in front would have let it come between two beats.
  #beat() {
    let before = Date.now();
    const timer = setInterval(() => {
      const now = Date.now();
      if (now - before > SLEPT && document.visibilityState === "visible") this.#woke();
      before = now;
    }, BEAT);
    this.#stop.signal.addEventListener("abort", () => clearInterval(timer));
  }

  // The stream may have died meanwhile without a word: the server is asked at once, and another one is opened.
  #woke() {
    this.dispatchEvent(new Event("woke"));
    this.#renew();
    this.refresh();
  }

  /** Ask now, whatever else goes on: the device may have slept. */
  async refresh() {
    this.#awake();
    return this.#over ? null : this.#ask();
  }

  stop() {
    this.#over = true;
    this.#stop.abort();
    this.#awake();
  }

  async #run() {
    while (!this.#over) {
      const began = performance.now();
      // Renewed without waiting: a page that is not in front may have to wait a minute for a timer.
      if ((await this.#listen()) && performance.now() - began > SOON) continue;
      // A stream that is refused, or held back on the way, is tried again after a while; a lost connection soon.
      for (let asked = 0; asked < (this.#streams ? 1 : ASKS_BEFORE_STREAM) && !this.#over; asked += 1) {
        await this.#ask();
        await this.#wait(ASK_EVERY);
      }
      this.#streams = true;
    }
  }

  /** Resolves to whether there was a stream. */
  async #listen() {
    const gone = new AbortController();
    const stop = () => gone.abort();
    let renewed = false;
    this.#renew = () => {
      renewed = true;
      stop();
    };
    this.#stop.signal.addEventListener("abort", stop);
    let watch = setTimeout(stop, FIRST_WORD);
    let heard = false;
    try {
      const response = await this.#fetch(this.stream, "text/event-stream", gone.signal);
      if (!response.ok) {
        this.#refused(response.status);
        return false;
      }
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (let rest = ""; ;) {
        const { done, value } = await reader.read();
        if (done) return heard;
        heard = true;
        this.#reach(true);
        clearTimeout(watch);
        watch = setTimeout(stop, SILENCE);
        const pieces = (rest + value).split("\n\n");
        rest = pieces.pop();
        for (const piece of pieces) this.#take(piece);
      }
    } catch {
      // Silence from the beginning means that something on the way holds the stream back.
      if (!heard && gone.signal.aborted && !renewed) this.#streams = false;
      return false;
    } finally {
      this.#renew = () => {};
      clearTimeout(watch);
      this.#stop.signal.removeEventListener("abort", stop);
    }
  }

  #take(piece) {
    if (piece.startsWith(": there?")) this.#fetch("here", "*/*", AbortSignal.timeout(PATIENCE), "POST").catch(() => {});
    const data = piece.split("\n").find((line) => line.startsWith("data: "));
    if (data) this.#tell(JSON.parse(data.slice(6)));
  }

  async #ask() {
    try {
      const response = await this.#fetch("state", "application/json", AbortSignal.timeout(PATIENCE));
      this.#reach(true);
      if (!response.ok) return this.#refused(response.status);
      const told = await response.json();
      this.#tell(told);
      return told;
    } catch {
      this.#reach(false);
      return null;
    }
  }

  #fetch(name, accept, signal, method = "GET") {
    return fetch(`${this.base}/${name}`, {
      method,
      headers: { Accept: accept, "X-Attempt-Token": this.token },
      credentials: "same-origin",
      cache: "no-store",
      signal,
    });
  }

  #refused(status) {
    this.#streams = false;
    // The token opens nothing (any more): asking again would not help.
    if (status === 403 || status === 404) this.stop();
    return null;
  }

  #tell(told) {
    if (!this.#over) this.dispatchEvent(new CustomEvent("state", { detail: { ...told, at: performance.now() } }));
  }

  #reach(reached) {
    if (this.reached === reached) return;
    this.reached = reached;
    this.dispatchEvent(new CustomEvent("reach", { detail: { reached } }));
  }

  #wait(milliseconds) {
    return new Promise((done) => {
      const timer = setTimeout(done, milliseconds);
      this.#awake = () => {
        clearTimeout(timer);
        done();
      };
    });
  }
}
