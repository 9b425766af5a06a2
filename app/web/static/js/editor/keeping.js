// Keeping a tried answer as a recorded case, with the points that a person gives.
import { readFraction } from "../fractions.js";
import { say } from "../words.js";
import { button, h, labelled, live } from "./dom.js";

const LONGEST_TITLE = 60;

/** A button that becomes a small form; `found` says the part, its field and the variant. */
export function keeper(draft, found, row, number) {
  const opener = button(say("Keep as a case"), open, { "aria-label": say("Keep as a case: answer {n}", { n: number }) });
  const node = h("div", { class: "keep-answer" }, opener);

  function open() {
    const title = h("input", { type: "text", maxlength: 200, autocomplete: "off", value: shortened(row.text) });
    const points = h("input", { type: "text", class: "typed points-input", maxlength: 20, autocomplete: "off", value: row.marked ?? (row.lo === row.hi ? row.lo : "") });
    const says = h("p", { class: "complaint", role: "alert" });
    node.replaceChildren(
      h("div", { class: "row-of-controls" }, labelled(say("What it is about"), title), labelled(say("Points a person gives"), points), button(say("Keep it"), () => keep(title, points, says), { class: "button" })),
      says,
    );
    (points.value ? title : points).focus();
  }

  async function keep(title, points, says) {
    says.textContent = "";
    const given = readFraction(points.value.trim());
    if (!given) {
      says.textContent = say("A person gives points such as 1, 1/2 or 2.5.");
      return points.focus();
    }
    if (!title.value.trim()) {
      says.textContent = say("Say what the case is about, for example “the official answer”.");
      return title.focus();
    }
    try {
      await draft.post("cases", { title: title.value.trim(), seed: found.seed, answers: { [found.field]: row.text }, marked: { [found.part]: given.toString() } });
    } catch (error) {
      says.textContent = error.says ?? error.message;
      return undefined;
    }
    const [lo, hi] = [readFraction(row.lo), readFraction(row.hi)];
    const agrees = lo.compare(given) <= 0 && given.compare(hi) <= 0;
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
