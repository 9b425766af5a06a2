// Drawing some statements of a pool for every variant: the variable that does it, and the fields that show them.
import { say } from "../words.js";
import { button, freeName, h, labelled, listen, live, marked } from "./dom.js";
import { RESERVED } from "./renaming.js";

const USUAL = 4;
const drawOf = (cell) => (typeof cell?.draw === "string" ? cell.draw : "");
const draws = (cell, pool) => /^pick\(\s*(['"])(.*?)\1\s*,/.exec(drawOf(cell).trim())?.[2] === pool;

/** The variable that draws from that pool, or null. */
export function drawsFrom(draft, pool) {
  return Object.entries(draft.get(["variables"]) ?? {}).find(([, cell]) => draws(cell, pool))?.[0] ?? null;
}

/** Statements for the printed paper: those with a place first, then others, never two with one twin. */
function printed(statements, count) {
  const placed = statements.filter((one) => Number.isInteger(one?.printed)).sort((a, b) => a.printed - b.printed);
  const twins = new Set();
  const chosen = [];
  for (const one of [...placed, ...statements.filter((other) => !placed.includes(other))]) {
    if (chosen.length === count || (one?.twin && twins.has(one.twin))) continue;
    if (one?.twin) twins.add(one.twin);
    chosen.push(one?.id);
  }
  return chosen;
}

function drawSome(draft, pool, count) {
  const variables = draft.get(["variables"]) ?? {};
  const name = drawsFrom(draft, pool) ?? freeName([...Object.keys(variables), ...RESERVED], "shown");
  const statements = draft.get(["pools", pool]) ?? [];
  const onPaper = printed(statements, count);
  draft.together(() => {
    if (!statements.some((one) => Number.isInteger(one?.printed))) {
      for (const [index, one] of statements.entries()) if (onPaper.includes(one?.id)) draft.set(["pools", pool, index, "printed"], onPaper.indexOf(one.id) + 1);
    }
    draft.set(["variables", name], { printed: onPaper, draw: `pick('${pool}', ${count})` });
    for (const [number, part] of (draft.get(["parts"]) ?? []).entries()) {
      for (const [field, one] of Object.entries(part?.fields ?? {})) {
        const takes = draft.graders[one?.grader]?.schema?.properties?.shown;
        if (takes && one.pool === pool && one.shown === undefined) draft.set(["parts", number, "fields", field, "shown"], name);
      }
    }
  });
  return name;
}

/** How many statements of the pool `name()` a variant shows, and a button that sees to it. */
export function picking(draft, name) {
  const control = h("input", { type: "text", class: "typed points-input", inputmode: "numeric", value: String(USUAL), maxlength: 3, autocomplete: "off" });
  const says = h("p", { class: "hint" });
  const wrong = h("p", { class: "complaint", role: "alert" });
  function show() {
    const variable = drawsFrom(draft, name());
    says.replaceChildren(
      ...marked(
        variable
          ? say("The variable `{variable}` draws from this pool: `{draw}`.", { variable, draw: drawOf(draft.get(["variables", variable])) })
          : say("Until then a field over this pool shows all of its statements."),
      ),
    );
  }
  function draw() {
    const [text, most] = [control.value.trim(), (draft.get(["pools", name()]) ?? []).length];
    const good = /^\d{1,3}$/.test(text) && Number(text) > 0 && Number(text) <= most;
    wrong.textContent = good ? "" : say("How many is a whole number from 1 to {most}, the statements of the pool.", { most });
    if (!good) {
      control.setAttribute("aria-invalid", "true");
      return control.focus();
    }
    control.removeAttribute("aria-invalid");
    const variable = drawSome(draft, name(), Number(text));
    return live(say("The variable {variable} draws {n} statements for every variant", { variable, n: Number(text) }));
  }
  listen(says, draft, "change", show);
  show();
  return h("div", { class: "picking" }, h("div", { class: "row-of-controls" }, labelled(say("Statements in every variant"), control), button(say("Draw them at random"), draw)), wrong, says);
}
