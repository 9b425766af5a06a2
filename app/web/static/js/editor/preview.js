// What students will see: three variants as the server made them, with the solution on demand.
import { typeset } from "../math.js";
import { say } from "../words.js";
import { authors, prose } from "./authored.js";
import { button, fresh, h, marked } from "./dom.js";
import { widgetView } from "./widgets.js";

export function mount(root, draft) {
  let seed = draft.seeds[0];
  let solution = false;
  let drawn = 0;

  const choices = h("div", { class: "segments", role: "radiogroup", "aria-label": say("Which variant") });
  const shows = h("input", { type: "checkbox", id: fresh("solution") });
  const paper = h("div", { class: "paper", "aria-live": "off" });
  const trouble = h("div", { class: "preview-trouble" });
  root.append(
    h("h2", { class: "unseen" }, say("Preview")),
    h(
      "div",
      { class: "preview-bar" },
      choices,
      button(say("Others"), more, { title: say("Show three other variants") }),
      h("label", { class: "check", for: shows.id }, shows, say("with the solution")),
    ),
    trouble,
    paper,
  );
  shows.addEventListener("change", () => {
    solution = shows.checked;
    show();
  });

  /** The next seeds; the printed paper stays first. */
  function more() {
    const last = Math.max(...draft.seeds);
    draft.setSeeds([0, last + 1, last + 2]);
    seed = last + 1;
    segments();
  }

  function segments() {
    const name = fresh("seed");
    const focused = choices.contains(document.activeElement);
    choices.replaceChildren(
      ...draft.seeds.map((one) => {
        const input = h("input", { type: "radio", name, value: String(one), checked: one === seed });
        input.addEventListener("change", () => {
          seed = one;
          show();
        });
        return h("label", {}, input, one === 0 ? say("Printed paper") : say("Variant {n}", { n: one }));
      }),
    );
    if (focused) choices.querySelector("input:checked")?.focus();
  }

  async function show() {
    const number = (drawn += 1);
    const variant = draft.preview?.seeds?.find((one) => one.seed === seed);
    if (!variant?.shown) {
      // What could be shown last stays, marked as old.
      paper.classList.toggle("old", paper.childElementCount > 0);
      trouble.replaceChildren(notice(variant));
      return;
    }
    const made = h("div", {}, page(variant.shown, variant.solution));
    await Promise.all([...made.querySelectorAll(".math[data-tex]")].map((node) => typeset(node, node.dataset.tex, node.classList.contains("display"))));
    if (number !== drawn) return;
    trouble.replaceChildren(...(variant.error ? [h("p", { class: "complaint" }, marked(variant.error))] : []));
    paper.classList.remove("old");
    paper.replaceChildren(...made.childNodes);
  }

  function notice(variant) {
    const says = variant?.error || (draft.preview ? say("This variant cannot be shown yet; the problems below say why.") : say("The preview is on its way."));
    return h("div", { class: "notice attention" }, h("p", {}, marked(says)), paper.childElementCount ? h("p", { class: "hint" }, say("Below is the last version that could be shown.")) : null);
  }

  function page(shown, solved) {
    const parts = shown.parts ?? [];
    return [
      h("p", { class: "paper-title" }, shown.title || draft.question),
      prose(shown.stem),
      parts.map((part) =>
        h(
          "section",
          { class: "paper-part" },
          h("p", { class: "paper-head" }, h("strong", {}, headOf(part)), " ", h("span", { class: "soft" }, pointsOf(part.points))),
          prose(part.prompt),
          h("div", { class: "paper-fields" }, (part.fields ?? []).map(field)),
          solution && solved?.parts?.[part.id] ? h("div", { class: "paper-solution" }, h("p", { class: "soft" }, say("Solution")), prose(solved.parts[part.id])) : null,
        ),
      ),
      solution && solved?.stem ? h("div", { class: "paper-solution" }, h("p", { class: "soft" }, say("Solution")), prose(solved.stem)) : null,
    ];
  }

  function field(one) {
    const label = h("div", { class: "answer-label" });
    if (one.label) label.append(...authors(one.label));
    return h("div", { class: "answer" }, label, widgetView(one.widget));
  }

  draft.addEventListener("preview", show);
  draft.addEventListener("unseen", ({ detail }) => trouble.replaceChildren(h("p", { class: "hint" }, detail.says)));
  segments();
  show();
}

/** What a part is called, as on the exam page (templates/parts.html). */
function headOf({ id, label, title }) {
  if (title) return label ? `${label} · ${title}` : title;
  return label ? say("Part {label}", { label }) : id;
}

/** "3/2" → "1.5 points" */
export function pointsOf(text) {
  const words = pointsText(text);
  return words === "1" ? say("1 point") : say("{n} points", { n: words });
}

/** Points as people write them: "3/2" → "1.5", "1/3" → "1⁄3". */
function pointsText(text) {
  const [top, bottom = "1"] = String(text ?? "0").split("/");
  const value = Number(top) / Number(bottom);
  return 1000 % Number(bottom) === 0 ? String(value) : `${top}\u2044${bottom}`;
}
