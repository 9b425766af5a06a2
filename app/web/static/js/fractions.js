// Points are exact: thirds add up to wholes on the screen as they do on the server.
const AMOUNT = /^\s*(?:(\d{1,5})(?:[.,](\d{1,4}))?|(\d{1,5})\/(\d{1,4}))\s*$/;
const SIGNS = { "1/3": "⅓", "2/3": "⅔", "1/6": "⅙", "5/6": "⅚", "1/7": "⅐", "1/9": "⅑" };

export const ZERO = { n: 0n, d: 1n };

function lowest(n, d) {
  let [a, b] = [n, d];
  while (b) [a, b] = [b, a % b];
  return a ? { n: n / a, d: d / a } : ZERO;
}

// What a person typed, or null when it cannot be meant.
export function read(text) {
  const found = AMOUNT.exec(text);
  if (!found) return null;
  if (found[3] !== undefined) return BigInt(found[4]) ? lowest(BigInt(found[3]), BigInt(found[4])) : null;
  const decimals = found[2] ?? "";
  return lowest(BigInt(found[1] + decimals), 10n ** BigInt(decimals.length));
}

export const add = (a, b) => lowest(a.n * b.d + b.n * a.d, a.d * b.d);
export const times = (a, b) => lowest(a.n * b.n, a.d * b.d);
export const compare = (a, b) => Number(a.n * b.d - b.n * a.d);
export const same = (a, b) => a.n === b.n && a.d === b.d;

// As the server writes points: 2, 1.5, 2⅓, 1 3⁄7.
export function show({ n, d }) {
  if (d === 1n) return String(n);
  if (1000n % d === 0n) return (Number(n) / Number(d)).toFixed(3).replace(/0+$/, "");
  const whole = n / d;
  const rest = n % d;
  const sign = SIGNS[`${rest}/${d}`];
  return `${whole || ""}${sign ?? `${whole ? "\u202f" : ""}${rest}\u2044${d}`}`;
}
