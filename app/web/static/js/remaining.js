// The time that is left: counted from what the server said, never from this device's date.
import { say } from "./words.js";

const SHORT = 5 * 60;
const TOLD_AT = [30 * 60, 10 * 60, 5 * 60, 60];
const SLEPT = 2000;
const HIDDEN = "gradus.time"; // "early": until it is short; "always"

function remember(storage, key, value) {
  try {
    if (value === undefined) return storage.getItem(key);
    if (value === null) storage.removeItem(key);
    else storage.setItem(key, value);
  } catch {
    // Blocked storage: it holds for this page.
  }
  return null;
}

/** "2 min", "1 min 30 s", "45 s". */
export function inWords(seconds) {
  const whole = Math.round(seconds);
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (!minutes) return say("span-seconds", { n: rest });
  return rest ? say("span-both", { n: minutes, s: rest }) : say("span-minutes", { n: minutes });
}

/**
 * Shows the time in [data-time] and says it in [data-announce] at 30, 10, 5 and 1 minutes, each once.
 * Events: "over" once it has run out; "doubt" when this device seems to have slept or its date was changed.
 */
export class Remaining extends EventTarget {
  #timer = null;
  #over = false;

  constructor(bar, attempt) {
    super();
    this.place = bar.querySelector("[data-time]");
    this.shown = this.place.querySelector("[data-left]");
    this.button = this.place.querySelector("[data-hide-time]");
    this.voice = bar.querySelector("[data-announce]");
    this.key = `gradus.time.${attempt}`;
    const { secondsLeft } = this.place.dataset;
    this.seconds = secondsLeft ? Number(secondsLeft) : null;
    this.stands = bar.dataset.paused !== undefined;
    this.began = performance.now();
    this.skew = Date.now() - this.began;
    // Over several pages each is said once; the smallest time that was seen tells which are behind us.
    const before = remember(sessionStorage, this.key);
    this.before = before ? Number(before) : this.seconds;
    this.button.addEventListener("click", () => this.#hide(!this.shown.hidden));
    this.#hide(this.#wanted() !== null, false);
  }

  /** Begin to count. */
  start() {
    this.#tick();
  }

  /** Seconds; null without a deadline. */
  left() {
    if (this.seconds === null) return null;
    return Math.max(0, this.stands ? this.seconds : this.seconds - (performance.now() - this.began) / 1000);
  }

  /** What the server says counts from here on; `at` is when that was heard. */
  correct({ state, seconds_left: seconds, at }) {
    const left = this.left();
    if (left !== null && seconds !== null && seconds > left + SHORT / 10) this.before = seconds;
    Object.assign(this, { seconds, stands: state === "paused", began: at, skew: Date.now() - performance.now() });
    if (seconds === null || seconds > 0) this.#over = false;
    this.#tick();
  }

  say(sentence) {
    this.voice.textContent = sentence;
  }

  #tick() {
    clearTimeout(this.#timer);
    const left = this.left();
    this.place.hidden = left === null;
    if (left === null) return;
    this.#show(left);
    this.#announce(left);
    if (Math.abs(Date.now() - performance.now() - this.skew) > SLEPT) {
      this.skew = Date.now() - performance.now();
      this.dispatchEvent(new Event("doubt"));
    }
    if (left > 0) this.#timer = setTimeout(() => this.#tick(), left < SHORT + 10 ? 1000 : 10_000);
    else if (!this.#over) {
      this.#over = true;
      this.dispatchEvent(new Event("over"));
    }
  }

  #show(left) {
    const short = left < SHORT;
    const minutes = Math.ceil(left / 60);
    const words = short
      ? say("seconds-left", { time: `${Math.floor(left / 60)}:${String(Math.floor(left % 60)).padStart(2, "0")}` })
      : minutes > 90 ? say("hours-left", { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
      : say("minutes-left", { n: minutes });
    if (short && !this.place.hasAttribute("data-short") && this.#wanted() === "early") this.#hide(false, false);
    this.place.toggleAttribute("data-short", short);
    if (this.shown.textContent !== words) this.shown.textContent = words;
  }

  #announce(left) {
    const passed = TOLD_AT.filter((mark) => this.before > mark && left <= mark);
    if (passed.length && left > 0) this.say(say(`time-${Math.min(...passed) / 60}`));
    this.before = left;
    remember(sessionStorage, this.key, String(left));
  }

  #wanted() {
    return remember(localStorage, HIDDEN);
  }

  #hide(hidden, kept = true) {
    this.shown.hidden = hidden;
    this.button.hidden = false;
    this.button.title = say(hidden ? "show-time" : "hide-time");
    this.button.setAttribute("aria-label", this.button.title);
    this.button.toggleAttribute("data-shows", hidden);
    if (kept) remember(localStorage, HIDDEN, !hidden ? null : this.left() < SHORT ? "always" : "early");
  }
}
