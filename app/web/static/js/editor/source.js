// The files themselves, for those who like to write them: YAML and Markdown, with problems by line.
import { say } from "../words.js";
import { codeEditor } from "./code.js";
import { button, fresh, h, listen } from "./dom.js";

const ORDER = ["question.yaml", "prompt.md", "solution.md", "hints.md", "cases.yaml"];

/** A place for the hints of every part, which are separated by lines `---`. */
const hintsOf = (draft) => (draft.get(["parts"]) ?? []).map((part) => `## ${part?.id}\n\n…\n\n---\n\n…\n`).join("\n");

export function mount(root, draft) {
  let file = "question.yaml";
  const choices = h("div", { class: "segments files", role: "radiogroup", "aria-label": say("File") });
  const editor = codeEditor(draft, () => file, say("Source"), { washes: false });
  const adds = h("p", { class: "toolbar" });
  const name = fresh("file");

  const files = () => {
    const all = Object.keys(draft.texts).sort();
    return [...ORDER.filter((one) => all.includes(one)), ...all.filter((one) => !ORDER.includes(one))];
  };

  function choose(wanted) {
    file = wanted;
    editor.control.setAttribute("aria-label", say("Source of {file}", { file }));
    editor.refresh();
    show();
  }

  function show() {
    const all = files();
    if (!all.includes(file)) return choose("question.yaml");
    if (choices.dataset.all !== all.join()) {
      choices.dataset.all = all.join();
      choices.replaceChildren(
        ...all.map((one) => {
          const input = h("input", { type: "radio", name, value: one });
          input.addEventListener("change", () => choose(one));
          return h("label", {}, input, one, h("span", { class: "tab-problems", "data-count": one, hidden: true }));
        }),
      );
    }
    for (const input of choices.querySelectorAll("input")) input.checked = input.value === file;
    adds.replaceChildren(
      ...(all.includes("cases.yaml") ? [] : [button(say("Add cases.yaml"), () => add("cases.yaml", "[]\n"))]),
      ...(all.includes("solution.md") ? [] : [button(say("Add solution.md"), () => add("solution.md", "…\n"))]),
      ...(all.includes("hints.md") ? [] : [button(say("Add hints.md"), () => add("hints.md", hintsOf(draft)))]),
      ...(file === "question.yaml" || file === "prompt.md" ? [] : [button(say("Remove {file}", { file }), () => draft.setText(file, null), { class: "button small quiet" })]),
    );
    return count();
  }

  function add(wanted, text) {
    draft.setText(wanted, text);
    choose(wanted);
    editor.control.focus();
  }

  function count() {
    for (const badge of choices.querySelectorAll("[data-count]")) {
      const found = draft.problemsIn(badge.dataset.count).length;
      badge.hidden = !found;
      badge.replaceChildren(...(found ? [h("span", { "aria-hidden": "true" }, String(found)), h("span", { class: "unseen" }, say("{n} problems", { n: found }))] : []));
    }
  }

  listen(root, draft, "text", show);
  listen(root, draft, "problems", count);
  listen(root, draft, "goto", ({ detail }) => {
    const wanted = detail.file || "question.yaml";
    if (root.closest("[hidden]") || draft.texts[wanted] === undefined) return;
    choose(wanted);
    editor.goTo(detail.line ?? 1);
  });
  root.append(
    h("h2", {}, say("Source")),
    h("p", { class: "hint" }, say("The same draft as files. What you change in the forms is written here, and the other way round; comments stay.")),
    choices,
    editor,
    adds,
  );
  choose(file);
}
