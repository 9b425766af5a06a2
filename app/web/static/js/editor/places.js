// Places in a JSON document, as arrays of keys and indices. Nothing here changes a document: every function answers
// a new one that shares what stayed the same, and the order of keys is kept.

/** The value at `path`, or undefined. */
export function at(root, path) {
  return path.reduce((value, step) => value?.[step], root);
}

function copyOf(value, step) {
  if (Array.isArray(value)) return [...value];
  if (value !== null && typeof value === "object") return { ...value };
  return typeof step === "number" ? [] : {};
}

/** With `change(container, step)` applied to the copied container of the last step. */
function changed(root, path, change) {
  const [step, ...rest] = path;
  const copy = copyOf(root, step);
  if (rest.length) copy[step] = changed(copy[step], rest, change);
  else return change(copy, step) ?? copy;
  return copy;
}

/** With `value` at `path`; undefined takes the place away. */
export function withValue(root, path, value) {
  if (!path.length) return value;
  return changed(root, path, (container, step) => {
    if (value !== undefined) container[step] = value;
    else if (Array.isArray(container)) container.splice(step, 1);
    else delete container[step];
  });
}

/** With `value` before the `index`-th item of the list at `path`; the list is made where there is none. */
export function withInserted(root, path, index, value) {
  const list = [...(at(root, path) ?? [])];
  list.splice(index, 0, value);
  return withValue(root, path, list);
}

/** With item or key number `from` of the list or map at `path` moved to place `to`. */
export function withMoved(root, path, from, to) {
  const container = at(root, path);
  const entries = Array.isArray(container) ? [...container] : Object.entries(container);
  const [taken] = entries.splice(from, 1);
  entries.splice(to, 0, taken);
  return withValue(root, path, Array.isArray(container) ? entries : Object.fromEntries(entries));
}

/** With the key `from` of the map at `path` called `to`, where it stood. */
export function withRenamed(root, path, from, to) {
  const entries = Object.entries(at(root, path)).map(([key, value]) => [key === from ? to : key, value]);
  return withValue(root, path, Object.fromEntries(entries));
}

/** "parts.0.points" of ["parts", 0, "points"]. */
const dotted = (path) => path.join(".");

/** Whether a dotted place equals `path` or lies below it. */
export function within(place, path) {
  const wanted = dotted(path);
  return wanted === "" || place === wanted || place.startsWith(`${wanted}.`);
}
