// Drawings made from the variables, so that every variant has its own.
import { say } from "../words.js";
import { formulaInput } from "./cells.js";
import { button, h, listen, live } from "./dom.js";
import { picker, variableGroup } from "./facts.js";
import { MAIN, fileOf } from "./languages.js";
import { namedRows } from "./named.js";
import { renameFigure } from "./references.js";
import { placed, troubles, wordsInput } from "./rows.js";

export function mount(root, draft) {
  const path = () => ["figures"];
  const empty = h("p", { class: "soft" }, say("There are no drawings. Photographs and other pictures that are the same for everybody belong to Images."));
  const adder = button(say("Add a drawing"), () => {
    const of = Object.keys(draft.get(["variables"]) ?? {})[0] ?? "[[1, 2], [3, 4]]";
    rows.add({ draw: draft.figures.includes("table") ? "table" : (draft.figures[0] ?? ""), of, alt: "" }, "figure");
  });
  const rows = namedRows(draft, {
    path,
    nouns: ["figures"],
    label: say("Drawings"),
    called: (name) => say("Drawing {name}", { name }),
    clash: (wanted) => say("There is another drawing called {wanted}.", { wanted }),
    rename: (from, to) => renameFigure(draft, from, to),
    content: (row) => figure(draft, row),
    refresh: (node) => node.refresh?.(),
    after: () => adder,
  });
  const count = () => (empty.hidden = rows.names().length > 0);
  listen(root, draft, "change", count);
  root.append(
    h("h2", {}, say("Drawings")),
    h("p", { class: "hint" }, say("A drawing shows the value of a formula and changes with it. Texts show it where its name stands; the preview shows how it looks.")),
    rows.list,
    empty,
    troubles(draft, path),
    h("p", { class: "toolbar" }, adder),
  );
  count();
}

function figure(draft, { here, name, head, tools }) {
  const kind = h("select", { "data-role": "kind" });
  kind.addEventListener("change", () => draft.set(here("draw")(), kind.value));
  const of = formulaInput(draft, here("of"), say("Of"), { "data-role": "of" });
  of.removeAttribute("aria-label");
  const used = h("p", { class: "hint" });
  const insert = button(say("Insert into the prompt"), () => {
    const translated = fileOf("prompt", draft.language);
    const file = Object.hasOwn(draft.texts, translated) ? translated : fileOf("prompt", MAIN);
    draft.setText(file, `${(draft.texts[file] ?? "").trimEnd()}\n\n![](figure:${name()})\n`);
    live(say("Inserted at the end of {file}", { file }));
  });
  function show() {
    const drawn = draft.get(here("draw")()) ?? "";
    const offered = draft.figures.includes(drawn) ? draft.figures : [drawn, ...draft.figures];
    if (kind.dataset.all !== offered.join()) {
      kind.dataset.all = offered.join();
      kind.replaceChildren(...offered.map((one) => h("option", { value: one }, one.replaceAll("_", " "))));
    }
    kind.value = drawn;
    const files = Object.entries(draft.texts).filter(([file, text]) => file.endsWith(".md") && text.includes(`(figure:${name()})`));
    used.textContent = files.length ? say("Used in {files}", { files: files.map(([file]) => file).join(", ") }) : say("Not used in any text yet.");
  }
  listen(kind, draft, ["change", "text"], show);
  show();
  return [
    h("div", { class: "mistake-head" }, head, placed(draft, here("draw"), say("Drawing"), kind), tools),
    h("div", { class: "condition-box" }, placed(draft, here("of"), say("Of"), of), picker(of, () => [variableGroup(draft)], say("Insert a variable"))),
    placed(draft, here("alt"), say("For those who cannot see it (needed)"), wordsInput(draft, here("alt"), { rows: 2, maxlength: 2000 }), { hint: say("What the drawing shows; values may stand in it, as in `A batch of @{len(z)} samples`.") }),
    placed(draft, here("caption"), say("Caption"), wordsInput(draft, here("caption"), { maxlength: 1000 })),
    h("div", { class: "row-of-controls" }, insert, used),
  ];
}
