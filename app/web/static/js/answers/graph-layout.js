// Where the nodes of a graph stand: inputs on the left, every node to the right of what goes into it.
export const ACROSS = 128;
export const DOWN = 76;
export const MARGIN = 46;

/**
 * Places of nodes. `nodes` is a list of {id, inputs: [id, …]}; what is not among them is left out.
 * Returns {width, height, at: Map(id → {x, y, layer})}; a circle is cut where it closes.
 */
export function layout(nodes) {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const layers = new Map();
  const depth = (id, open) => {
    if (layers.has(id)) return layers.get(id);
    if (open.has(id)) return 0;
    open.add(id);
    const before = known.get(id).inputs.filter((one) => known.has(one) && one !== id);
    const found = before.length ? 1 + Math.max(...before.map((one) => depth(one, open))) : 0;
    open.delete(id);
    layers.set(id, found);
    return found;
  };
  for (const node of nodes) depth(node.id, new Set());
  // An input stands just before the first node that takes it.
  for (const node of nodes.filter((one) => !one.inputs.length)) {
    const takers = nodes.filter((one) => one.inputs.includes(node.id)).map((one) => layers.get(one.id));
    if (node.given && takers.length) layers.set(node.id, Math.max(0, Math.min(...takers) - 1));
  }
  const columns = [];
  for (const node of nodes) (columns[layers.get(node.id)] ??= []).push(node.id);
  const order = arranged(columns, known);
  const tallest = Math.max(1, ...order.map((column) => column?.length ?? 0));
  const at = new Map();
  order.forEach((column, layer) => {
    const top = ((tallest - column.length) * DOWN) / 2;
    column.forEach((id, place) => at.set(id, { x: MARGIN + layer * ACROSS, y: MARGIN + top + place * DOWN, layer }));
  });
  return { width: 2 * MARGIN + Math.max(0, order.length - 1) * ACROSS, height: 2 * MARGIN + (tallest - 1) * DOWN, at };
}

/** In every column, nodes stand near what they are connected with: means of their neighbours, a few times over. */
function arranged(columns, known) {
  const order = Array.from(columns, (column) => column ?? []);
  const places = new Map();
  const note = () => order.forEach((column) => column.forEach((id, place) => places.set(id, place - (column.length - 1) / 2)));
  const mean = (ids, otherwise) => (ids.length ? ids.reduce((sum, id) => sum + places.get(id), 0) / ids.length : otherwise);
  const after = (id) => [...known.values()].filter((one) => one.inputs.includes(id)).map((one) => one.id);
  note();
  for (let round = 0; round < 3; round += 1) {
    for (const forwards of [true, false]) {
      for (const column of forwards ? order : [...order].reverse()) {
        const wish = new Map(
          column.map((id) => {
            const near = (forwards ? known.get(id).inputs.filter((one) => known.has(one)) : after(id));
            return [id, mean(near, places.get(id))];
          }),
        );
        column.sort((a, b) => wish.get(a) - wish.get(b));
        note();
      }
    }
  }
  return order;
}
