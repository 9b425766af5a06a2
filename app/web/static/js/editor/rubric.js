// The rubric of a part: a tree of criteria whose points add up before one's eyes.
import { say } from "../words.js";
import { dissolved, ids, inside, kindOf, least, moved, most, nodesOf, split, total, deducted, wrapped } from "./criteria.js";
import { criterion } from "./criterion.js";
import { draggable } from "./dragging.js";
import { button, freeName, h, keyed, listen, live } from "./dom.js";
import { readFraction } from "../fractions.js";
import { at } from "./places.js";
import { inPoints } from "./points.js";
import { concerns, focusRole, troubles } from "./rows.js";

export const GROUPS = { best_of: say("the best of"), sum_of: say("together") };

/** The rubric of the part at `part()`. */
export function rubric(draft, part) {
  const path = (steps = []) => [...part(), "criteria", ...steps];
  const tree = () => draft.get(path()) ?? [];
  const node = (steps) => draft.get(path(steps));
  const list = h("div", { class: "criteria", role: "group", "aria-label": say("Criteria") });
  const end = ends([]);
  const root = h("div", { class: "rubric" }, sums(draft, part), list, end, troubles(draft, () => path()));
  const tools = { draft, part, path, act, add, fill, ends, nameOf, sumOf };

  function show() {
    root.dataset.path = path().join(".");
    fill(list, []);
  }

  /** Make `rows` the rows of the nodes in the list at `steps`. */
  function fill(rows, steps) {
    const nodes = (steps.length ? node(steps) : tree()) ?? [];
    keyed(rows, Array.isArray(nodes) ? nodes : [], (one, i) => `${i} ${kindOf(one) === "leaf" ? "leaf" : "group"}`, (one, key, i) => criterion(tools, [...steps, i], kindOf(one) === "leaf"));
  }

  const rowAt = (steps) => root.querySelector(`[data-node="${CSS.escape(steps.join("."))}"]`);

  function nameOf(steps) {
    const one = node(steps);
    return one?.id || (kindOf(one) === "leaf" ? say("criterion") : say("group “{kind}”", { kind: GROUPS[kindOf(one)] }));
  }

  function sumOf(steps) {
    const one = node(steps);
    const [best, taken] = [most(one), least(one)];
    if (!best.sign && taken.sign) return say("takes away up to {n}", { n: taken.negated.words });
    return taken.sign ? say("gives up to {n}, and takes away up to {lost}", { n: best.words, lost: taken.negated.words }) : say("gives up to {n}", { n: best.words });
  }

  // --- changing the tree --------------------------------------------------------------------------------------------

  function put(criteria, steps, role, says) {
    draft.set(path(), criteria);
    focusRole(rowAt(steps), role);
    live(says);
  }

  function toPlace(from, to, index, role) {
    const name = nameOf(from);
    const found = moved(tree(), from, to, index);
    if (!found) return live(say("A group cannot be put into itself."));
    const [criteria, steps] = found;
    const [home, number] = split(steps);
    const all = at(criteria, home);
    const where = home.length ? say("in the group “{group}”", { group: GROUPS[kindOf(at(criteria, groupOf(home)))] }) : say("in the rubric");
    return put(criteria, steps, role, say("{name} is now number {n} of {all} {where}", { name, n: number + 1, all: all.length, where }));
  }

  /** The steps to the group that holds the list at `home`: without the list's name, if it has one. */
  const groupOf = (home) => (typeof home.at(-1) === "string" ? home.slice(0, -1) : home);

  function act(steps, action, role = "") {
    const [home, number] = split(steps);
    const all = home.length ? node(home) : tree();
    const name = nameOf(steps);
    if (action === "up" || action === "down") {
      const to = action === "up" ? number - 1 : number + 2;
      if (to < 0 || to > all.length) return live(action === "up" ? say("{name} is the first already", { name }) : say("{name} is the last already", { name }));
      return toPlace(steps, home, to, role);
    }
    if (action === "out") {
      if (!home.length) return live(say("{name} is in no group", { name }));
      const [outer, place] = split(groupOf(home));
      return toPlace(steps, outer, place + 1, role);
    }
    if (action === "in") {
      const before = number ? all[number - 1] : null;
      const way = before ? inside(before) : null;
      if (way === null) return live(say("There is no group right above {name}. “Group” puts it into a new one.", { name }));
      return toPlace(steps, [...home, number - 1, ...way], nodesOf(before).length, role);
    }
    if (action === "best_of" || action === "sum_of") {
      const criteria = wrapped(tree(), steps, action);
      return put(criteria, [...steps, action, 0], role, say("{name} is now in a group “{group}”", { name, group: GROUPS[action] }));
    }
    if (action === "dissolve") return put(dissolved(tree(), steps), steps, role, say("The group is dissolved; its criteria stay"));
    if (action === "copy") {
      const copy = renamed(node(steps), new Set(ids(tree())));
      draft.insert(path(home), number + 1, copy);
      focusRole(rowAt([...home, number + 1]), "points");
      return live(say("{name} copied", { name }));
    }
    return remove(steps, name);
  }

  function remove(steps, name) {
    const [home, number] = split(steps);
    draft.remove(path(steps));
    const left = (home.length ? node(home) : tree())?.length ?? 0;
    const next = left ? rowAt([...home, Math.min(number, left - 1)]) : rowAt(groupOf(home));
    if (next) focusRole(next, "");
    else end.querySelector("button").focus();
    live(say("{name} removed; undo brings it back", { name }));
  }

  function renamed(one, taken) {
    if (Array.isArray(one)) return one.map((inner) => renamed(inner, taken));
    const copy = { ...one };
    if (copy.id) {
      copy.id = freeName(taken, copy.id);
      taken.add(copy.id);
    }
    for (const name of ["best_of", "sum_of"]) if (copy[name]) copy[name] = copy[name].map((inner) => renamed(inner, taken));
    return copy;
  }

  /** A new criterion: what is still missing of the points, for the first field that no criterion names yet. */
  function leaf() {
    const written = JSON.stringify(tree());
    const fields = Object.keys(draft.get([...part(), "fields"]) ?? {});
    const field = fields.find((name) => !written.includes(`${name}.`)) ?? fields[0];
    const missing = (readFraction(draft.get([...part(), "points"])) ?? total([])).minus(total(tree()));
    return { id: freeName(ids(tree()), field ?? "criterion"), points: missing.sign > 0 ? missing.data : 1, when: field ? `${field}.right` : "person" };
  }

  function add(steps, kind) {
    const made = kind === "leaf" ? leaf() : { [kind]: [leaf()] };
    const number = (steps.length ? node(steps) : tree())?.length ?? 0;
    draft.insert(path(steps), number, made);
    const row = rowAt([...steps, number]);
    focusRole(row, "points");
    row.querySelector("[data-role=points]")?.select?.();
    live(kind === "leaf" ? say("Criterion added") : say("Group “{kind}” added", { kind: GROUPS[kind] }));
  }

  /** The end of the list at `steps`: buttons that add, and a place to drop. */
  function ends(steps) {
    const inGroup = steps.length > 0;
    return h("p", { class: "toolbar criteria-end", "data-end": steps.join(".") }, [
      button(inGroup ? say("Add a criterion to this group") : say("Add a criterion"), () => add(steps, "leaf")),
      inGroup ? null : button(say("Add “the best of”"), () => add(steps, "best_of")),
      inGroup ? null : button(say("Add “together”"), () => add(steps, "sum_of")),
    ]);
  }

  const stepsOf = (text) => (text ? text.split(".").map((step) => (/^\d+$/.test(step) ? Number(step) : step)) : []);
  draggable(root, (dragged, place) => {
    const [[how, target]] = Object.entries(place);
    const there = stepsOf(target);
    if (how === "last") return toPlace(stepsOf(dragged), there, ((there.length ? node(there) : tree()) ?? []).length, "points");
    if (how === "first") return toPlace(stepsOf(dragged), [...there, ...inside(node(there))], 0, "points");
    const [home, number] = split(there);
    return toPlace(stepsOf(dragged), home, how === "before" ? number : number + 1, "points");
  });

  listen(root, draft, "change", ({ detail }) => concerns(detail, "parts") && show());
  show();
  return root;
}

/** In words and exactly: what the part is worth and what its rubric can give. */
function sums(draft, part) {
  const says = h("span", {});
  const mend = button("", () => {
    draft.set([...part(), "points"], total(draft.get([...part(), "criteria"])).data);
    live(says.textContent);
  });
  const node = h("p", { class: "rubric-sum" }, says, " ", mend);
  function show() {
    const one = draft.get(part());
    const [worth, can, lost] = [readFraction(one?.points), total(one?.criteria), deducted(one?.criteria)];
    const deduction = lost.sign ? ` ${say("Up to {n} can be taken away.", { n: lost.negated.words })}` : "";
    says.textContent = (worth ? sentence(worth, can) : say("The rubric can give {can}.", { can: inPoints(can) })) + deduction;
    const order = worth ? worth.compare(can) : 0;
    node.dataset.state = one?.score === "none" ? "none" : ["more", "right", "short"][order + 1];
    if (one?.score === "none") says.textContent = say("This part is a survey: nothing in it gives points.");
    mend.hidden = !order || can.sign <= 0 || one?.score === "none";
    mend.textContent = say("Make it worth {n}", { n: can.words });
  }
  listen(node, draft, "change", ({ detail }) => concerns(detail, "parts") && show());
  show();
  return node;
}

/** "This part is worth 3 points; the rubric can give 2½: ½ point cannot be earned." */
export function sentence(worth, can) {
  const lead = say("This part is worth {worth}; the rubric can give {can}", { worth: inPoints(worth), can: can.words });
  const order = worth.compare(can);
  if (order > 0) return `${lead}: ${say("{n} cannot be earned.", { n: inPoints(worth.minus(can)) })}`;
  if (order < 0) return `${lead}: ${say("more than {worth} is never counted.", { worth: worth.words })}`;
  return `${lead}.`;
}
