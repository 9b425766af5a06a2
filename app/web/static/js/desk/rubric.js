// The rubric: points by button or by key, from nothing over the machine's to all of them.
import { ZERO, readFraction, sum } from "../fractions.js";
import { say } from "../words.js";

class Line {
  constructor(element, number) {
    this.element = element;
    this.number = number;
    this.input = element.querySelector("input.worth");
    this.buttons = [...element.querySelectorAll("[data-worth]")];
    this.far = element.dataset.far;
    this.machine = element.dataset.machine;
    this.open = "open" in element.dataset;
    this.stored = this.input.defaultValue.trim();
    this.step = -1;
  }

  /** What a key gives press by press, on every answer alike: all points, none, and what the machine says or suggests. */
  get choices() {
    return [this.far, "0", this.open ? this.machine : ""];
  }

  /** None where nobody has decided, or where these are no points that there are. */
  get worth() {
    const worth = readFraction(this.input.value.trim() || (this.open ? "" : this.machine));
    const far = readFraction(this.far) ?? ZERO;
    const [least, most] = far.sign < 0 ? [far, ZERO] : [ZERO, far];
    return worth && worth.compare(least) >= 0 && worth.compare(most) <= 0 ? worth : null;
  }

  /** Whether it takes points off a part that was moved before: as stored, or if it is decided now. */
  get onTop() {
    if (Number(this.element.dataset.level) || !this.input.value.trim() || !(this.worth?.sign < 0)) return false;
    return "onTop" in this.element.dataset || !same(this.input.value.trim(), this.stored);
  }

  put(value) {
    this.input.value = value;
    this.input.dispatchEvent(new Event("input", { bubbles: true }));
  }

  next() {
    // Two of them may be the same: a press leads on from the last one, and begins anew where the value was changed.
    if (this.step >= 0 && !same(this.choices[this.step], this.input.value.trim())) this.step = -1;
    this.step = (this.step + 1) % this.choices.length;
    this.put(this.choices[this.step]);
  }

  show() {
    const value = this.input.value.trim();
    this.element.toggleAttribute("data-decided", value !== "");
    let pressed = false;
    for (const button of this.buttons) {
      const hit = !pressed && same(button.dataset.worth, value) && !(value === "" && this.open);
      button.setAttribute("aria-pressed", String(hit));
      pressed ||= hit;
    }
  }
}

function same(one, other) {
  if (one === other) return true;
  const [a, b] = [readFraction(one), readFraction(other)];
  return Boolean(a && b && a.compare(b) === 0);
}

/** The criteria of this form; `tell` says what a key has done. */
export function openRubric(form, tell) {
  const lines = [...form.querySelectorAll("[data-criterion]")].map((element, place) => new Line(element, place + 1));
  const shown = form.querySelector("[data-sum]");
  const adjustment = document.getElementById("adjustment");

  function total() {
    if (!shown) return;
    const worths = lines.map((line) => line.worth);
    shown.hidden = worths.includes(null);
    if (shown.hidden) return;
    const most = readFraction(shown.dataset.max);
    const within = (number) => (number.sign < 0 ? ZERO : number.compare(most) > 0 ? most : number);
    const moved = readFraction(adjustment?.value || "0") ?? ZERO;
    // Moved in one go with the criteria, the part is moved from what they come to.
    const before = moved.sign !== 0 && adjustment.value === adjustment.defaultValue;
    const worth = (some) => sum(some.map((line) => line.worth));
    const onTop = before ? lines.filter((line) => line.onTop) : [];
    const rest = within(within(worth(lines.filter((line) => !onTop.includes(line)))).plus(moved));
    shown.textContent = say("desk-sum", { points: within(rest.plus(worth(onTop))).points, max: most.points });
  }

  function spoken(line) {
    const value = line.input.value.trim();
    return value === "" ? say("desk-machine", { n: line.number }) : say("desk-worth", { n: line.number, points: value });
  }

  for (const line of lines) {
    line.element.querySelector("[data-worths]").hidden = false;
    line.input.addEventListener("input", () => {
      line.show();
      total();
    });
    for (const button of line.buttons) button.addEventListener("click", () => line.put(button.dataset.worth));
    line.show();
  }
  adjustment?.addEventListener("input", total);
  total();

  return {
    toggle(number) {
      const line = lines[number - 1];
      if (!line) return tell(say("desk-no-criterion", { n: number }));
      line.next();
      tell(spoken(line));
      line.element.scrollIntoView({ block: "nearest" });
    },
    none() {
      for (const line of lines) {
        line.put("0");
        line.step = -1;
      }
      tell(say("desk-none"));
    },
  };
}
