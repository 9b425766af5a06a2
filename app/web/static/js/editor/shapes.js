// Whether a document has the shape that forms can show. A source may be good YAML and yet have a word where a list
// belongs; then the forms wait until that is mended, as they do for a source that cannot be read at all.

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isScalar = (value) => value === null || typeof value !== "object";
const anything = () => true;
const some = (check) => (value) => value === undefined || value === null || check(value);
const listOf = (check) => (value) => Array.isArray(value) && value.every(check);
const mapOf = (check) => (value) => isMap(value) && Object.values(value).every(check);
const record = (checks) => (value) => isMap(value) && Object.entries(checks).every(([name, check]) => check(value[name]));
const words = (value) => isScalar(value) || mapOf(isScalar)(value);
const scalars = (value) => isScalar(value) || listOf(isScalar)(value);

const criterion = (value) => (Array.isArray(value) ? value.every(criterion) : node(value));
const node = record({ id: some(isScalar), says: some(words), best_of: some(listOf(criterion)), sum_of: some(listOf(criterion)) });
const world = { set: some(mapOf(anything)), says: some(words) };
const part = record({
  id: some(isScalar),
  label: some(isScalar),
  title: some(words),
  points: some(isScalar),
  carry: some(scalars),
  fields: some(mapOf(record({ grader: some(isScalar), label: some(words), carry: some(scalars) }))),
  facts: some(mapOf(anything)),
  criteria: some(listOf(criterion)),
  mistakes: some(mapOf(record(world))),
});
const question = record({
  title: some(words),
  source: some(mapOf(anything)),
  tags: some(scalars),
  symbols: some(mapOf(anything)),
  pools: some(mapOf(listOf(record({ id: some(isScalar), text: some(words), why: some(words) })))),
  variables: some(mapOf(anything)),
  where: some(listOf(anything)),
  figures: some(mapOf(record({ draw: some(isScalar), alt: some(words), caption: some(words) }))),
  readings: some(mapOf(record(world))),
  words: some(mapOf(mapOf(isScalar))),
  parts: some(listOf(part)),
});

export const formable = (document) => question(document);
