// The time that is left: counted from what the server said, never from this device's date.
import { say } from "./words.js";

const SHORT = 5 * 60;

/** Show the remaining time in `place` (nothing without a deadline), and call `over()` once it has run out. */
export function showTime(place, over) {
  if (!place) return;
  const start = performance.now();
  const seconds = Number(place.dataset.secondsLeft);
  const tick = () => {
    const left = Math.max(0, seconds - (performance.now() - start) / 1000);
    place.toggleAttribute("data-short", left < SHORT);
    const minutes = Math.ceil(left / 60);
    place.textContent = left < SHORT
      ? say("seconds-left", { time: `${Math.floor(left / 60)}:${String(Math.floor(left % 60)).padStart(2, "0")}` })
      : minutes > 90 ? say("hours-left", { hours: Math.floor(minutes / 60), minutes: minutes % 60 })
      : say("minutes-left", { n: minutes });
    if (left > 0) setTimeout(tick, left < SHORT ? 1000 : 10_000);
    else over?.();
  };
  tick();
}
