// The tree of a rubric, as data: what it can give, and the same tree with a node somewhere else. Nothing here changes
// what it is given. A node is a leaf (`when`), alternatives (`best_of`) or a group (`sum_of`; a bare list means this).
import { larger, readFraction, smaller, sum, ZERO } from "../fractions.js";
import { at, withInserted, withValue } from "./places.js";

const GROUPS = ["best_of", "sum_of"];

/** leaf, best_of or sum_of */
export function kindOf(node) {
  if (Array.isArray(node)) return "sum_of";
  return GROUPS.find((name) => node !== null && typeof node === "object" && name in node) ?? "leaf";
}

/** The steps from a group to the list of its nodes, or null for a leaf. */
export function inside(node) {
  if (Array.isArray(node)) return [];
  const kind = kindOf(node);
  return kind === "leaf" ? null : [kind];
}

/** The nodes of a group. */
export function nodesOf(node) {
  const steps = inside(node);
  const nodes = steps === null ? [] : at(node, steps);
  return Array.isArray(nodes) ? nodes : [];
}

const pointsOf = (written) => readFraction(written) ?? ZERO;

function bounded(node, most) {
  const [low, high] = [readFraction(node?.at_least), readFraction(node?.at_most)];
  const raised = low ? larger(most, low) : most;
  return high ? smaller(raised, high) : raised;
}

/** The most that a node can give. */
export function most(node) {
  if (kindOf(node) === "leaf") return bounded(node, larger(pointsOf(node?.points), ZERO));
  const all = nodesOf(node).map(most);
  return bounded(node, kindOf(node) === "best_of" ? all.reduce(larger, ZERO) : sum(all));
}

/** The most that can be taken away, as a number that is 0 or negative. */
export function least(node) {
  if (kindOf(node) === "leaf") return smaller(pointsOf(node?.points), ZERO);
  const all = nodesOf(node).map(least);
  const low = readFraction(node?.at_least);
  const total = kindOf(node) === "best_of" ? all.reduce(smaller, ZERO) : sum(all);
  return low ? larger(total, smaller(low, ZERO)) : total;
}

/** The most that a whole rubric can give, and the most it can take away. */
export const total = (criteria) => sum((Array.isArray(criteria) ? criteria : []).map(most));
export const deducted = (criteria) => sum((Array.isArray(criteria) ? criteria : []).map(least));

/** All leaves below. */
export function leaves(nodes) {
  return (Array.isArray(nodes) ? nodes : []).flatMap((node) => (kindOf(node) === "leaf" ? [node] : leaves(nodesOf(node))));
}

/** All ids, of leaves and of groups. */
export function ids(nodes) {
  return (Array.isArray(nodes) ? nodes : []).flatMap((node) => [node?.id, ...ids(nodesOf(node))]).filter(Boolean);
}

/** Where a node lies: the steps to its list, and its number in it. */
export function split(steps) {
  return [steps.slice(0, -1), steps.at(-1)];
}

const starts = (steps, start) => start.every((step, i) => steps[i] === step);

/**
 * The tree with the node at `from` moved to place `index` of the list at `list` (both steps from the root), counted as
 * it stands before the move. Answers [tree, where the node is now], or null where it would be inside itself.
 */
export function moved(criteria, from, list, index) {
  if (starts(list, from)) return null;
  const node = at(criteria, from);
  const [home, number] = split(from);
  const without = withValue(criteria, from, undefined);
  const target = [...list];
  let place = index;
  if (list.length > home.length && starts(list, home) && list[home.length] > number) target[home.length] -= 1;
  else if (list.length === home.length && starts(list, home) && index > number) place -= 1;
  return [withInserted(without, target, place, node), [...target, place]];
}

/** The tree with the node at `steps` put into a new group of that kind. */
export function wrapped(criteria, steps, kind) {
  return withValue(criteria, steps, { [kind]: [at(criteria, steps)] });
}

/** The tree with the group at `steps` replaced by its nodes. */
export function dissolved(criteria, steps) {
  const [home, number] = split(steps);
  const list = [...(home.length ? at(criteria, home) : criteria)];
  list.splice(number, 1, ...nodesOf(at(criteria, steps)));
  return home.length ? withValue(criteria, home, list) : list;
}
