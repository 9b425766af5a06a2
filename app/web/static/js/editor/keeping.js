// Keeping a tried answer as a recorded case, with the points that a person gives.
import { ZERO, readFraction, sum } from "../fractions.js";
import { say } from "../words.js";
import { button, h, labelled, live } from "./dom.js";

const LONGEST_TITLE = 60;

/** A button that becomes a small form; `found` says the part, the field, the answers beside it and the variant. */
export function keeper(draft, found, row, number) {
  const opener = button(say("Keep as a case"), open, { "aria-label": say("Keep as a case: answer {n}", { n: number }) });
  const node = h("div", { class: "keep-answer" }, opener);

  function open() {
    const title = h("input", { type: "text", maxlength: 200, autocomplete: "off", value: shortened(row.text) });
    const points = h("input", { type: "text", class: "typed points-input", maxlength: 20, autocomplete: "off", value: row.marked ?? (row.lo === row.hi ? row.lo : "") });
    const says = h("p", { class: "complaint", role: "alert" });
    const criteria = byCriterion(points);
    node.replaceChildren(
      h("div", { class: "row-of-controls" }, labelled(say("What it is about"), title), labelled(say("Points a person gives"), points), button(say("Keep it"), () => keep(title, points, criteria, says), { class: "button" })),
      ...(criteria.length > 1 ? [h("fieldset", {}, h("legend", {}, say("Or criterion by criterion, which other points of the rubric do not contradict")), h("div", { class: "row-of-controls" }, criteria.map(({ one, input }) => labelled(say("{says}, of {max}", { says: one.says, max: one.max }), input))))] : []),
      says,
    );
    (points.value ? title : points).focus();
  }

  /** A box for every criterion, filled where the rubric and the person give the same points. */
  function byCriterion(points) {
    const agrees = row.lo === row.hi && (row.marked ?? row.lo) === row.lo;
    const boxes = (row.criteria ?? []).map((one) => ({ one, input: h("input", { type: "text", class: "typed points-input", maxlength: 20, autocomplete: "off", value: agrees && one.counts ? one.lo : "" }) }));
    // Other points of the part say nothing about its criteria, unless there is but one; those of all of them say what the
    // part is worth.
    const only = boxes.length === 1 && row.plain;
    if (only) boxes[0].input.value = points.value;
    points.addEventListener("input", () => boxes.forEach(({ input }) => (input.value = only ? points.value : "")));
    for (const { input } of boxes) {
      input.addEventListener("input", () => {
        const worths = boxes.map((box) => readFraction(box.input.value.trim()));
        if (!row.plain || worths.includes(null)) return;
        const [together, most] = [sum(worths), readFraction(found.points)];
        points.value = (together.sign < 0 ? ZERO : together.compare(most) > 0 ? most : together).toString();
      });
    }
    return boxes;
  }

  async function keep(title, points, criteria, says) {
    says.textContent = "";
    const typed = criteria.filter(({ input }) => input.value.trim());
    const wrong = [...typed.map(({ input }) => input), ...(typed.length ? [] : [points])].find((input) => !readFraction(input.value.trim()));
    if (wrong) {
      says.textContent = say("A person gives points such as 1, 1/2 or 2.5.");
      return (wrong.isConnected ? wrong : points).focus();
    }
    const marks = typed.length ? typed.map(({ one, input }) => ({ ...one, place: `${found.part}.${one.id}`, given: readFraction(input.value.trim()) })) : [{ place: found.part, max: found.points, lo: row.lo, hi: row.hi, given: readFraction(points.value.trim()) }];
    if (!title.value.trim()) {
      says.textContent = say("Say what the case is about, for example “the official answer”.");
      return title.focus();
    }
    try {
      await draft.post("cases", { title: title.value.trim(), seed: found.seed, answers: { ...found.others, [found.field]: row.text }, marked: Object.fromEntries(marks.map((one) => [one.place, `${one.given} of ${one.max}`])) });
    } catch (error) {
      says.textContent = error.says ?? error.message;
      return undefined;
    }
    const agrees = marks.every(({ lo, hi, given }) => readFraction(lo).compare(given) <= 0 && given.compare(readFraction(hi)) <= 0);
    const kept = say("Kept in cases.yaml as “{title}”.", { title: title.value.trim() });
    const warning = say("The rubric decides otherwise, so the draft cannot be published until one of the two is mended.");
    node.replaceChildren(h("p", { class: agrees ? "notice calm" : "notice attention", tabindex: -1 }, agrees ? kept : `${kept} ${warning}`));
    live(node.textContent);
    return node.firstChild.focus();
  }
  return node;
}

/** The first words of an answer. */
function shortened(text) {
  const plain = text.replace(/\s+/g, " ").trim();
  return plain.length <= LONGEST_TITLE ? plain : `${plain.slice(0, plain.lastIndexOf(" ", LONGEST_TITLE) > 20 ? plain.lastIndexOf(" ", LONGEST_TITLE) : LONGEST_TITLE)} …`;
}
