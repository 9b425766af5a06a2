// One row of a rubric: a criterion, or a group of them.
import { say } from "../words.js";
import { formulaInput } from "./cells.js";
import { inside, kindOf, leaves } from "./criteria.js";
import { button, h, listen } from "./dom.js";
import { factGroups, picker } from "./facts.js";
import { readFraction } from "../fractions.js";
import { optionalFormula } from "./optional.js";
import { pointsInput } from "./points.js";
import { renameCriterion } from "./references.js";
import { nameInput, placed, roleOf, troubles, wordsInput } from "./rows.js";

const ID = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/;
const KEYS = { ArrowUp: "up", ArrowDown: "down", ArrowLeft: "out", ArrowRight: "in" };
const MAC = /mac/i.test(navigator.platform ?? "");

/** The row of the node at `steps` of a rubric; `tools` are the rubric's. */
export function criterion(tools, steps, isLeaf) {
  const { draft, path, act } = tools;
  const at = (...more) => () => path([...steps, ...more]);
  const row = h("div", { class: isLeaf ? "criterion" : "criterion criterion-group", role: "group", "data-node": steps.join(".") });
  const bar = toolbar(tools, steps, isLeaf);
  row.append(...(isLeaf ? leaf(tools, steps, at, bar) : group(tools, steps, at, bar)), troubles(draft, at()));

  function name() {
    if (draft.get(at()()) === undefined) return;
    const called = tools.nameOf(steps);
    row.dataset.path = at()().join(".");
    const points = readFraction(draft.get(at("points")()));
    row.setAttribute("aria-label", isLeaf ? say("{name}, {points}", { name: called, points: points?.words ?? "?" }) : `${called}, ${tools.sumOf(steps)}`);
    bar.name(called);
  }
  row.addEventListener("keydown", (event) => {
    const action = KEYS[event.key];
    if (!action || !event.altKey || event.ctrlKey || event.metaKey) return;
    // On a Mac, Option with left and right goes from word to word.
    if (MAC && (action === "in" || action === "out") && event.target.matches("input[type=text], textarea")) return;
    event.preventDefault();
    event.stopPropagation();
    act(steps, action, roleOf(event.target));
  });
  row.update = name;
  listen(row, draft, "change", name);
  name();
  return row;
}

function leaf(tools, steps, at, bar) {
  const { draft, part } = tools;
  const when = condition(draft, part, at("when"), say("Earned when"), "when", { placeholder: "x.right" });
  const id = called(tools, steps, at);
  const says = wordsInput(draft, at("says"), { "data-role": "says", maxlength: 2000 });
  return [
    grip(),
    h("div", { class: "criterion-points" }, placed(draft, at("points"), say("Points"), pointsInput(draft, at("points"), { "data-role": "points" }))),
    when,
    bar,
    h("div", { class: "criterion-says" }, placed(draft, at("says"), say("Said to the student"), says)),
    id,
    more(tools, steps, at, ["unless"]),
  ];
}

function group(tools, steps, at, bar) {
  const { draft, path } = tools;
  const kind = h("select", { "data-role": "kind", "aria-label": say("How the group counts") }, [
    h("option", { value: "best_of" }, say("The best of these counts")),
    h("option", { value: "sum_of" }, say("All of these count together")),
  ]);
  const sum = h("span", { class: "criterion-sum" });
  const list = h("div", { class: "criteria", role: "group" });
  const list_steps = () => [...steps, ...(inside(draft.get(at()())) ?? [])];
  let end = tools.ends(list_steps());
  kind.addEventListener("change", () => {
    const node = draft.get(at()());
    if (Array.isArray(node)) draft.set(at()(), { [kind.value]: node });
    else draft.rename(at()(), kindOf(node), kind.value);
  });
  function show() {
    const node = draft.get(path(steps));
    if (node === undefined || kindOf(node) === "leaf") return;
    kind.value = kindOf(node);
    sum.textContent = tools.sumOf(steps);
    list.setAttribute("aria-label", kindOf(node) === "best_of" ? say("The best of these counts") : say("All of these count together"));
    if (end.dataset.end !== list_steps().join(".")) {
      const fresh = tools.ends(list_steps());
      end.replaceWith(fresh);
      end = fresh;
      list.replaceChildren();
    }
    tools.fill(list, list_steps());
  }
  listen(list, draft, "change", show);
  show();
  return [h("div", { class: "criterion-head" }, grip(), kind, sum, bar), list, end, more(tools, steps, at, ["unless", "at_most", "at_least", "id"])];
}

const grip = () => h("span", { class: "grip", "aria-hidden": "true", title: say("Drag to move") }, "⠿");

/** A labelled formula with the list of what it can name beside it. */
export function condition(draft, part, path, label, role, attributes = {}) {
  const make = role === "when" ? formulaInput : optionalFormula;
  const control = make(draft, path, label, { "data-role": role, ...attributes });
  control.removeAttribute("aria-label");
  return h("div", { class: "condition-box" }, placed(draft, path, label, control), picker(control, () => factGroups(draft, part), say("What a condition can name")));
}

function called(tools, steps, at) {
  const { draft, part } = tools;
  const now = () => draft.get(at("id")()) ?? "";
  const name = nameInput(now, {
    "data-role": "id",
    refused(wanted) {
      if (!wanted && kindOf(draft.get(at()())) !== "leaf") return "";
      if (!ID.test(wanted)) return say("An id begins with a letter and is made of letters, digits, _ and -.");
      const others = leaves(draft.get([...part(), "criteria"])).filter((one) => one !== draft.get(at()()));
      return others.some((one) => one.id === wanted) ? say("Another criterion of this part is called {wanted}.", { wanted }) : "";
    },
    rename: (wanted) => renameCriterion(draft, at()(), draft.get([...part(), "id"]), now(), wanted),
  });
  const node = h("div", { class: "criterion-id" }, placed(draft, at("id"), say("Id"), name.control), name.says);
  listen(node, draft, "change", name.show);
  return node;
}

const MORE = { unless: say("No points if"), at_most: say("At most"), at_least: say("At least") };

/** What is seldom needed, folded away; open where there is something. */
function more(tools, steps, at, names) {
  const { draft, part } = tools;
  const boxes = names.map((name) => {
    if (name === "unless") return condition(draft, part, at("unless"), MORE.unless, "unless");
    if (name === "id") return called(tools, steps, at);
    return placed(draft, at(name), MORE[name], pointsInput(draft, at(name), { "data-role": name }));
  });
  const filled = () => names.some((name) => draft.get(at(name)()) !== undefined);
  return h("details", { class: "criterion-more", open: filled() }, h("summary", {}, names.length > 1 ? say("Limits and name") : say("Unless …")), h("div", { class: "row-of-controls" }, boxes));
}

function toolbar({ act }, steps, isLeaf) {
  const names = [];
  const tool = (action, label, icon) => {
    const made = icon ? button(label, () => act(steps, action, action), { icon, "data-role": action }) : button(label, () => act(steps, action, "points"), { "data-role": action, class: "button small quiet" });
    names.push([made, label]);
    return made;
  };
  const node = h("div", { class: "row-tools", role: "group" }, [
    tool("up", say("Move up"), "↑"),
    tool("down", say("Move down"), "↓"),
    tool("out", say("Move out of the group"), "←"),
    tool("in", say("Move into the group above"), "→"),
    h("details", { class: "tool-menu" }, h("summary", { class: "button quiet small icon-button", title: say("More") }, h("span", { "aria-hidden": "true" }, "⋯")), h("div", { class: "tool-list" }, [
      tool("copy", say("Duplicate")),
      tool("best_of", say("Group as “the best of”")),
      tool("sum_of", say("Group as “together”")),
      isLeaf ? null : tool("dissolve", say("Dissolve the group")),
    ])),
    tool("remove", say("Remove"), "×"),
  ]);
  const fold = node.querySelector("details");
  fold.addEventListener("click", (event) => event.target.closest(".tool-list button") && (fold.open = false));
  fold.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !fold.open) return;
    event.stopPropagation();
    fold.open = false;
    fold.querySelector("summary").focus();
  });
  node.addEventListener("focusout", (event) => {
    if (fold.open && event.relatedTarget && !fold.contains(event.relatedTarget)) fold.open = false;
  });
  node.name = (name) => {
    for (const [made, label] of names) made.setAttribute("aria-label", `${label}: ${name}`);
    node.setAttribute("aria-label", say("Move or change {name}", { name }));
    fold.querySelector("summary").setAttribute("aria-label", say("More for {name}", { name }));
  };
  return node;
}
