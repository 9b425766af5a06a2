// Prompt and solution, in the language chosen above, with what can be inserted.
import { say } from "../words.js";
import { codeEditor } from "./code.js";
import { button, h, insertAt, listen, live } from "./dom.js";
import { MAIN, fileOf, languageName } from "./languages.js";

const NOUNS = {
  prompt: { name: say("Prompt"), hint: say("What students read. Text before the first heading introduces the question; every part has a heading with its id.") },
  solution: { name: say("Worked solution"), hint: say("Shown after the exam, with the numbers of the student’s own variant.") },
};

export function mount(root, draft) {
  const editors = {};
  for (const noun of Object.keys(NOUNS)) root.append(section(noun));
  root.append(cheatSheet());

  function section(noun) {
    const file = () => fileOf(noun, draft.language);
    const editor = codeEditor(draft, file, NOUNS[noun].name);
    const missing = h("div", { class: "notice" });
    const language = h("span", { class: "chip" });
    const inserts = insertions(draft, noun, editor.control);
    editors[noun] = editor;

    function show() {
      const there = draft.texts[file()] !== undefined;
      editor.hidden = inserts.hidden = !there;
      missing.hidden = there;
      language.hidden = draft.languages.length < 2;
      language.textContent = languageName(draft.language);
      if (!there) offer();
    }
    function offer() {
      const main = draft.texts[fileOf(noun, MAIN)];
      const start = (text) => () => {
        draft.setText(file(), text);
        editor.control.focus();
      };
      missing.replaceChildren(
        h("p", {}, draft.language === MAIN ? say("There is no such text yet.") : say("This text has not been translated into {language}; students see it in English.", { language: languageName(draft.language) })),
        h(
          "p",
          { class: "toolbar" },
          draft.language !== MAIN && main !== undefined ? button(say("Start from the English text"), start(main)) : null,
          button(say("Start with the headings of the parts"), start(headings(draft))),
        ),
      );
    }
    listen(root, draft, "text", show);
    listen(root, draft, "language", () => {
      editor.refresh();
      show();
    });
    listen(root, draft, "goto", ({ detail }) => {
      const named = /^(prompt|solution)(?:\.([A-Za-z-]+))?\.md$/.exec(detail.file ?? "");
      if (named?.[1] !== noun) return;
      draft.setLanguage(named[2] ?? MAIN);
      if (!editor.hidden) editor.goTo(detail.line ?? 1);
    });
    show();
    return h("section", { class: "text-section" }, h("h2", {}, NOUNS[noun].name, " ", language), h("p", { class: "hint" }, NOUNS[noun].hint), inserts, editor, missing);
  }
}

/** The skeleton of a text: a heading for every part. */
function headings(draft) {
  const parts = (draft.get(["parts"]) ?? []).map((part) => `## ${part.id}\n\n…\n`);
  return `…\n\n${parts.join("\n")}`;
}

/** A fold of buttons that write into the text at the caret. */
function insertions(draft, noun, control) {
  const groups = h("div", { class: "insert-groups" });
  const add = (text, says) => () => {
    insertAt(control, text);
    live(says ?? say("Inserted"));
  };
  const group = (title, items) => (items.length ? h("div", { class: "insert-group" }, h("h3", {}, title), h("div", { class: "chips" }, items)) : null);
  const chip = (label, text) => h("button", { type: "button", class: "chip", onclick: add(text) }, label);

  function draw() {
    const variables = Object.keys(draft.get(["variables"]) ?? {});
    const figures = Object.keys(draft.get(["figures"]) ?? {});
    const written = control.value;
    const open = (draft.get(["parts"]) ?? []).map((part) => part.id).filter((id) => id && !new RegExp(`^##\\s+${id}\\s*$`, "m").test(written));
    groups.replaceChildren(
      ...[
        group(say("A value"), variables.map((name) => chip(name, `@{${name}}`))),
        group(say("Heading of a part"), open.map((id) => chip(id, `\n## ${id}\n\n|`))),
        group(say("Writing"), [
          chip(say("formula in the line"), "$|$"),
          chip(say("formula of its own"), "\n$$\n|\n$$\n"),
          chip(say("bold"), "**|**"),
          chip(say("list"), "\n- |\n- \n"),
          chip(say("only if …"), "\n@if |\n\n@else\n\n@end\n"),
          chip(say("for each …"), "\n@each x in |\n- @{x}\n@end\n"),
        ]),
        group(say("A drawing"), figures.map((name) => chip(name, `\n![](figure:${name})\n`))),
        group(say("An image"), draft.images.map(({ name }) => chip(name, `\n![|](file:${name})\n`))),
      ].filter(Boolean),
    );
  }
  const fold = h("details", { class: "inserts" }, h("summary", {}, noun === "prompt" ? say("Insert into the prompt") : say("Insert into the solution")), groups);
  fold.addEventListener("toggle", () => fold.open && draw());
  for (const type of ["change", "images", "text"]) listen(fold, draft, type, () => fold.open && !control.matches(":focus") && draw());
  return fold;
}

function cheatSheet() {
  const rows = [
    ["@{H}", say("the value of the variable H")],
    ["@{out**2}", say("any calculation")],
    ["@{x:.2f}", say("two decimal places")],
    ["@{x:paren}", say("in brackets if negative or a fraction")],
    ["@{x:signed}", say("always with its sign")],
    ["@{x:col}", say("a list as a column")],
    ["$\\frac{1}{2} x$", say("mathematics, as in LaTeX")],
    ["@if n > 3 … @else … @end", say("text for some variants only, each on a line of its own")],
    ["@each row in z … @end", say("text once for every entry of a list")],
    ["![](figure:batch)", say("a drawing made from the variables (tab Figures)")],
    ["![two layers](file:net.png)", say("an image (tab Images), with words for those who cannot see it")],
    ["## size", say("here begins the part with the id size")],
    ["**bold**, *italic*, `code`, - list", say("as usual in Markdown")],
  ];
  const table = h("table", { class: "rows cheat" }, h("tbody", {}, rows.map(([text, says]) => h("tr", {}, h("td", {}, h("code", {}, text)), h("td", {}, says)))));
  return h("details", { class: "inserts" }, h("summary", {}, say("How texts are written")), table);
}
