// Readings: several ways in which the question may be understood; the one with the best total counts.
import { say } from "../words.js";
import { condition } from "./criterion.js";
import { button, h, listen } from "./dom.js";
import { namedRows } from "./named.js";
import { placed, troubles, wordsInput } from "./rows.js";
import { world } from "./worlds.js";

export function mount(root, draft) {
  const path = () => ["readings"];
  const empty = h("p", { class: "soft" }, say("There are no readings. The question has one meaning."));
  const adder = button(say("Add a reading"), () => rows.add({ set: {}, says: "" }, "reading"));
  const rows = namedRows(draft, {
    path,
    nouns: ["readings"],
    label: say("Readings"),
    called: (name) => say("Reading {name}", { name }),
    clash: (wanted) => say("There is another reading called {wanted}.", { wanted }),
    rename: (from, to) => draft.rename(path(), from, to),
    content: ({ here, head, tools }) => [
      h("div", { class: "mistake-head" }, head, h("span"), tools),
      world(draft, here("set"), say("Read this way,")),
      condition(draft, null, here("if"), say("Only if (may be left empty)"), "if", { placeholder: "declared.value == 'b-1'" }),
      placed(draft, here("says"), say("Said to the student"), wordsInput(draft, here("says"), { rows: 2, maxlength: 2000 })),
    ],
    after: () => adder,
  });
  const count = () => (empty.hidden = rows.names().length > 0);
  listen(root, draft, "change", count);
  root.append(
    h("h2", {}, say("Readings")),
    h("p", { class: "hint" }, say("Where a question can rightly be read in several ways, a reading says which cells it changes. All readings are tried, and the one with the best total over the whole question counts.")),
    rows.list,
    empty,
    troubles(draft, path),
    h("p", { class: "toolbar" }, adder),
  );
  count();
}
