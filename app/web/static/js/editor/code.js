// A text with line numbers, marks at lines with problems, and a wash behind what is no plain text. The visible letters
// are those of a plain textarea; the copy behind it only carries numbers and colours.
import { say } from "../words.js";
import { bind, fresh, h, listen, marked } from "./dom.js";

const SPECIAL = /@\{[^}\n]*\}|^@(?:if|else|each|end)\b.*$|\$\$[^$]+\$\$|\$[^$\n]+\$|!\[[^\]\n]*\]\([^)\n]*\)|^##? .*$/gm;

/**
 * An editor of the text `file()` of the draft; `label` names it. Answers its node, with `control` (the textarea).
 * `file` is a function: the same editor may show another file after `node.refresh()`.
 */
export function codeEditor(draft, file, label, { washes = true } = {}) {
  const control = h("textarea", { id: fresh("text"), spellcheck: washes ? "true" : "false", autocapitalize: "none", autocomplete: "off", rows: 1, dir: "auto", "aria-label": label });
  const copy = h("div", { class: "code-copy", "aria-hidden": "true", dir: "auto" });
  const complaints = h("ul", { class: "code-problems" });
  const box = h("div", { class: "code-box" }, copy, control);
  const node = h("div", { class: "code" }, box, complaints);
  complaints.id = `${control.id}-problems`;
  control.setAttribute("aria-describedby", complaints.id);

  function draw() {
    const bad = new Map();
    for (const one of draft.problemsIn(file())) if (one.line) bad.set(one.line, [...(bad.get(one.line) ?? []), one.says]);
    const lines = control.value.split("\n");
    copy.replaceChildren(...lines.map((line, index) => lineOf(line, index + 1, bad.get(index + 1))));
  }

  function lineOf(line, number, says) {
    const made = h("div", { class: says ? "code-line bad" : "code-line" });
    // The button stands in the margin, where the textarea is not.
    made.append(says ? h("button", { type: "button", class: "line-number", tabindex: -1, title: says.join("\n"), onclick: () => node.goTo(number) }, String(number)) : h("span", { class: "line-number" }, String(number)));
    let at = 0;
    if (washes) {
      for (const found of line.matchAll(SPECIAL)) {
        made.append(line.slice(at, found.index), h("mark", {}, found[0]));
        at = found.index + found[0].length;
      }
    }
    made.append(line.slice(at) || "\u200b");
    return made;
  }

  function list() {
    const found = draft.problemsIn(file());
    complaints.replaceChildren(
      ...found.map((one) => h("li", {}, h("button", { type: "button", class: "linkish", onclick: () => node.goTo(one.line ?? 1) }, one.line ? say("Line {line}", one) : say("Here")), ": ", marked(one.says))),
    );
    if (found.length) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }

  /** Put the caret at the beginning of a line. */
  node.goTo = (line) => {
    const start = control.value.split("\n").slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const end = control.value.indexOf("\n", start);
    control.focus();
    control.setSelectionRange(start, end < 0 ? control.value.length : end);
    copy.children[line - 1]?.scrollIntoView({ block: "center" });
  };
  node.refresh = () => {
    control.value = draft.texts[file()] ?? "";
    draw();
    list();
  };
  node.control = control;

  bind(control, draft, {
    read: () => draft.texts[file()] ?? "",
    write: (text) => draft.setText(file(), text),
    types: ["text"],
  });
  control.addEventListener("input", draw);
  listen(node, draft, "text", draw);
  listen(node, draft, "problems", () => {
    draw();
    list();
  });
  draw();
  list();
  return node;
}
