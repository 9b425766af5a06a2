// Whole numbers beyond 2^53 would lose digits in JavaScript. Where the browser can, they are kept as they were written
// and sent back unchanged.

const exact = (key, value, context) =>
  typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value) && context?.source && JSON.rawJSON
    ? JSON.rawJSON(context.source)
    : value;

/** The value of a JSON text. */
export const parsed = (text) => JSON.parse(text, exact);

/** The digits of a number that was kept as written; null for everything else. */
export const digits = (value) => (JSON.isRawJSON?.(value) ? value.rawJSON : null);

/** Whether a value has items or keys of its own. */
export const isTree = (value) => value !== null && typeof value === "object" && digits(value) === null;
