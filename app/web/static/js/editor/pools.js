// Pools of statements, from which fields with boxes to tick or to judge draw.
import { say } from "../words.js";
import { button, freeName, h, keyed, listen, live } from "./dom.js";
import { picking } from "./picking.js";
import { NAME, renamePool } from "./renaming.js";
import { statement } from "./statements.js";

export function mount(root, draft) {
  const all = h("div", { class: "pools" });
  const empty = h("p", { class: "soft" }, say("There are no pools yet. Add one to ask for boxes to tick."));
  const pools = () => Object.keys(draft.get(["pools"]) ?? {});
  const keys = new Map();
  let made = 0;
  const keyOf = (name) => {
    if (!keys.has(name)) keys.set(name, (made += 1));
    return keys.get(name);
  };

  function show() {
    empty.hidden = pools().length > 0;
    keyed(all, pools(), keyOf, (name) => pool(name));
  }

  function pool(first) {
    let name = first;
    const path = () => ["pools", name];
    const statements = () => draft.get(path()) ?? [];
    const named = h("input", { type: "text", class: "typed", value: name, maxlength: 64, autocomplete: "off", autocapitalize: "none", spellcheck: "false", "aria-label": say("Name of the pool") });
    const complaint = h("p", { class: "complaint", hidden: true });
    const sum = h("p", { class: "facts" });
    const list = h("div", { class: "sheet statements-sheet", role: "group" });
    const lines = h("textarea", { rows: 3, "aria-label": say("Statements, one on a line") });
    const node = h(
      "section",
      { class: "pool", role: "group" },
      h("div", { class: "pool-head" }, h("label", {}, say("Pool"), " ", named), sum, button(say("Remove the pool"), remove, { class: "button small quiet" })),
      complaint,
      list,
      h("p", { class: "toolbar" }, button(say("Add a true statement"), () => add(true)), button(say("Add a false statement"), () => add(false))),
      h(
        "details",
        { class: "inserts" },
        h("summary", {}, say("Add many at once")),
        h("p", { class: "hint" }, say("One statement on a line; begin a line with + if it is true and with - if it is false.")),
        lines,
        h("p", { class: "toolbar" }, button(say("Add these"), addLines)),
      ),
      picking(draft, () => name),
    );

    function fill() {
      list.setAttribute("aria-label", say("Statements of {name}", { name }));
      node.setAttribute("aria-label", say("Pool {name}", { name }));
      node.dataset.path = `pools.${name}`;
      if (named !== document.activeElement) named.value = name;
      keyed(list, statements(), (_, index) => index, (_, key, index) => statement(draft, path, index, list));
      const printed = statements().filter((one) => Number.isInteger(one?.printed)).length;
      const right = statements().filter((one) => one?.truth === true).length;
      sum.replaceChildren(
        h("span", {}, say("{n} statements", { n: statements().length })),
        h("span", {}, say("{n} true", { n: right })),
        h("span", {}, say("{n} on the printed paper", { n: printed })),
      );
    }

    const ids = () => statements().map((one) => one?.id);
    function fresh(truth, text = "") {
      return { id: freeName(ids(), text ? idOf(text) : "statement"), truth, text };
    }
    function add(truth) {
      draft.insert(path(), statements().length, fresh(truth));
      list.lastElementChild.querySelector("textarea").focus();
      live(say("Statement {n} added", { n: statements().length }));
    }
    function addLines() {
      const wanted = lines.value.split("\n").map((line) => line.trim()).filter(Boolean);
      if (!wanted.length) return lines.focus();
      draft.together(() => {
        // The lines take the place of statements that were never written.
        const written = statements().filter((one) => one?.text || one?.why);
        if (written.length < statements().length) draft.set(path(), written);
        for (const line of wanted) {
          draft.insert(path(), statements().length, fresh(line.startsWith("+"), line.replace(/^[+-]\s*/, "")));
        }
      });
      lines.value = "";
      live(say("{n} statements added", { n: wanted.length }));
      return list.lastElementChild.querySelector("textarea").focus();
    }
    function remove() {
      draft.set(["pools"], pools().length > 1 ? Object.fromEntries(Object.entries(draft.get(["pools"])).filter(([key]) => key !== name)) : undefined);
      live(say("Pool {name} removed; undo brings it back", { name }));
      adder.focus();
    }
    named.addEventListener("change", () => {
      const wanted = named.value.trim();
      const says = wanted === name ? "" : !NAME.test(wanted) ? say("A name is made of letters, digits and _, and begins with a letter.") : pools().includes(wanted) ? say("There is already a pool of this name.") : "";
      complaint.textContent = says;
      complaint.hidden = !says;
      if (says || wanted === name) return;
      keys.set(wanted, keys.get(name));
      keys.delete(name);
      const before = name;
      name = wanted;
      renamePool(draft, before, wanted);
      live(say("{before} is now called {wanted}", { before, wanted }));
    });
    node.update = (now) => {
      name = now;
      fill();
    };
    fill();
    return node;
  }

  const adder = button(say("Add a pool"), () => {
    const name = freeName(pools(), "claims");
    draft.set(["pools", name], [
      { id: "first", printed: 1, truth: true, text: "" },
      { id: "second", printed: 2, truth: false, text: "" },
    ]);
    all.lastElementChild.querySelector("textarea").focus();
  });
  listen(root, draft, "change", show);
  root.append(
    h("h2", {}, say("Pools of statements")),
    h("p", { class: "hint" }, say("A pool holds statements that are true or false. Every variant shows some of them, drawn at random, in a field of the kind choice or truth (tab Parts). Statements with the same word under “Twin” never appear together: use it for a statement and its opposite.")),
    all,
    empty,
    h("p", { class: "toolbar" }, adder),
  );
  show();
}

/** The first words of a statement as an id. */
function idOf(text) {
  const words = text.toLowerCase().normalize("NFKD").replace(/[^a-z0-9]+/g, "_").replace(/^[_0-9]+|_+$/g, "");
  return words.split("_").slice(0, 3).join("_").slice(0, 40) || "statement";
}
