// What a condition or formula can be made of, a click or a key away from where it is typed.
import { say } from "../words.js";
import { button, fresh, h, insertAt } from "./dom.js";

let box = null;

/** A button that opens the list of `groups()`, [{title, items: [{text, insert, says}]}], and writes into `control`. */
export function picker(control, groups, label = say("Insert a name")) {
  const opener = button(label, () => open(opener, control, groups(), label), { icon: "ƒ", "aria-haspopup": "dialog", class: "button quiet small icon-button picker-open" });
  return opener;
}

function open(opener, control, groups, label) {
  box?.remove();
  const title = fresh("picker");
  const content = groups
    .filter(({ items }) => items.length)
    .map((group) => h("div", { class: "insert-group" }, h("h3", {}, group.title), h("div", { class: "chips" }, group.items.map(chip))));
  box = h(
    "div",
    { class: "picker", popover: "auto", role: "dialog", "aria-labelledby": title },
    h("div", { class: "picker-head" }, h("h2", { id: title }, label), button(say("Close"), () => box.hidePopover(), { icon: "×" })),
    content.length ? content : h("p", { class: "soft" }, say("There is nothing to insert yet.")),
  );
  function chip({ text, insert = text, says = "" }) {
    return h("button", { type: "button", class: "chip", onclick: () => choose(insert) }, h("code", {}, text), says ? ` ${says}` : "");
  }
  function choose(text) {
    const [start, before] = [control.selectionStart, control.value.slice(0, control.selectionStart)];
    box.hidePopover();
    // Two names need a word between them, and the author knows which.
    const gap = start && /[\w)\]'"]$/.test(before) ? " " : "";
    insertAt(control, gap + text);
  }
  const shown = box;
  shown.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    if (shown.contains(document.activeElement) || document.activeElement === document.body) opener.focus();
    shown.remove();
  });
  opener.after(shown);
  shown.showPopover();
  place(opener);
  (shown.querySelector(".chip") ?? shown.querySelector("button")).focus();
}

/** Below the button where there is room, else above it; never outside the window. */
function place(opener) {
  const at = opener.getBoundingClientRect();
  const [width, height] = [box.offsetWidth, box.offsetHeight];
  const room = document.documentElement;
  const below = at.bottom + 4 + height <= room.clientHeight || at.top < room.clientHeight / 2;
  box.style.left = `${Math.max(8, Math.min(at.right - width, room.clientWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, Math.min(below ? at.bottom + 4 : at.top - 4 - height, room.clientHeight - height - 8))}px`;
}

// --- what there is to insert ------------------------------------------------------------------------------------------

/** All variables; with their value on the printed paper. */
export function variableGroup(draft, title = say("Variables")) {
  const cells = draft.preview?.seeds?.find((one) => one.seed === 0)?.cells ?? {};
  const items = Object.keys(draft.get(["variables"]) ?? {}).map((name) => ({ text: name, says: short(cells[name]?.text) }));
  return { title, items };
}

const short = (text) => (text && text.length <= 24 ? `= ${text}` : "");

/** What a condition in the part at `path()` may name. */
export function factGroups(draft, path) {
  const parts = draft.get(["parts"]) ?? [];
  const here = path === null ? -1 : path()[1];
  const part = parts[here];
  const groups = [];
  const fieldsOf = (one) => Object.keys(one?.fields ?? {}).map((name) => fieldGroup(draft, one, name));
  if (part) {
    groups.push(...fieldsOf(part));
    groups.push({ title: say("Typical mistakes of this part"), items: Object.keys(part.mistakes ?? {}).map((name) => ({ text: `mistake(${name})` })) });
    groups.push({ title: say("Conditions with a name"), items: Object.keys(part.facts ?? {}).map((name) => ({ text: name })) });
    groups.push({ title: say("Somebody looks at it"), items: [{ text: "person", says: say("waits for a person") }, { text: "False", says: say("never by itself, but a person may apply it") }] });
    groups.push({
      title: say("Joining"),
      items: [
        { text: "and", insert: " and " },
        { text: "or", insert: " or " },
        { text: "not", insert: "not " },
        { text: "share(…)", insert: "share(|)", says: say("the share of the cells that are right, for part of the points") },
      ],
    });
  }
  groups.push(variableGroup(draft));
  for (const [number, other] of parts.entries()) if (number !== here) groups.push(...fieldsOf(other));
  return groups;
}

function fieldGroup(draft, part, name) {
  const field = part.fields[name];
  const told = draft.preview?.parts?.find((one) => one.id === part.id)?.fields?.[name];
  const facts = told?.facts ?? { right: "truth", value: "value", blank: "truth" };
  const grader = draft.graders[field?.grader];
  const order = Object.entries(facts).sort(([a], [b]) => Number(b === "right") - Number(a === "right"));
  const items = order.map(([fact, type]) => ({
    text: type === "list" && fact !== "value" ? `share(${name}.${fact})` : `${name}.${fact}`,
    says: meaning(grader?.facts, fact) || GENERAL[fact] || "",
  }));
  return { title: say("Field {name} ({kind})", { name, kind: field?.grader ?? "?" }), items };
}

const GENERAL = { value: say("what was answered"), blank: say("nothing was answered") };

/** What the grader's own documentation says about a fact: "right: within the tolerance. exact: …". */
export function meaning(documentation, fact) {
  const name = /^(is|picked)_/.test(fact) ? `${fact.split("_")[0]}_<id>` : fact;
  const text = String(documentation ?? "").replace(/\s+/g, " ");
  for (const found of text.matchAll(/(?:^|[.;] )((?:[a-z_]+(?:<id>)?)(?:, [a-z_]+(?:<id>)?)*): ([^:]*?)(?=[.;] [a-z_]+(?:<id>)?(?:, [a-z_]+(?:<id>)?)*: |\.? ?$|\. [A-Z])/g)) {
    if (found[1].split(", ").includes(name)) return found[2];
  }
  return "";
}
