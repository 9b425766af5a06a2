// The list of problems below the editor, each a way to its place, and how many there are behind every tab.
import { say } from "../words.js";
import { h, keyed, marked } from "./dom.js";

export function mount(root, draft, { go, tabOf, tabs }) {
  const list = root.querySelector("ul");
  const none = root.querySelector("[data-no-problems]");
  const above = document.querySelector("[data-to-problems]");
  above.addEventListener("click", () => {
    root.scrollIntoView({ block: "center" });
    (list.querySelector("button") ?? root.querySelector("h2")).focus({ preventScroll: true });
  });
  const worded = (count) => (count === 1 ? say("1 problem") : say("{n} problems", { n: count }));

  function show() {
    const found = draft.problems;
    none.hidden = found.length > 0;
    none.textContent = draft.preview ? say("Nothing is wrong with this draft as far as can be seen; Test tells more.") : say("The draft is being checked.");
    keyed(list, found, (one) => JSON.stringify([one.file, one.path, one.line, one.says]), row);
    above.hidden = !found.length;
    above.textContent = worded(found.length);
    const counts = new Map();
    for (const one of found) counts.set(tabOf(one), (counts.get(tabOf(one)) ?? 0) + 1);
    for (const tab of tabs) {
      const badge = tab.querySelector("[data-count]");
      const count = counts.get(tab.dataset.tab) ?? 0;
      badge.hidden = !count;
      if (count) badge.replaceChildren(h("span", { "aria-hidden": "true" }, String(count)), h("span", { class: "unseen" }, worded(count)));
    }
  }

  function row(one) {
    return h("li", {}, h("button", { type: "button", onclick: () => go(one) }, h("span", { class: "where" }, placeOf(one)), h("span", {}, marked(one.says))));
  }

  draft.addEventListener("problems", show);
  show();
}

/** A place in words: "Variables › m", "prompt.md, line 3". */
function placeOf({ path = "", file = "", line }) {
  if (file && file !== "question.yaml") return line ? say("{file}, line {line}", { file, line }) : file;
  if (!path) return line ? say("question.yaml, line {line}", { line }) : say("The question");
  return path.split(".").map((step) => (/^\d+$/.test(step) ? String(Number(step) + 1) : step)).join(" › ");
}
