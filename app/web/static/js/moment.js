// When something was typed: by the clock of the page, which nobody sets, and by the date of the device.
const ASLEEP = 2000;
const LONGEST = 2 ** 31 - 1;

/** Now, as it is kept in the journal. */
export const now = () => ({ clock: performance.now(), date: Date.now() });

/**
 * How many milliseconds ago that was: `age` where this page knows, `about` by the date; nothing where nobody noted it.
 * `here`: it was in this very page. Its clock may have stood still while the device slept; the date then went on.
 */
export function since(moment, here) {
  if (!moment) return {};
  const [byClock, byDate] = [performance.now() - moment.clock, Date.now() - moment.date];
  if (here && byDate - byClock < ASLEEP) return { age: whole(byClock) };
  return byDate < 0 ? {} : { about: whole(byDate) };
}

const whole = (milliseconds) => Math.min(Math.max(0, Math.round(milliseconds)), LONGEST);
