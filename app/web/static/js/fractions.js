// Exact points: 1/2 stays a half. Big integers, so that nothing is rounded on the way.
const PLAIN = /^([+-]?)(\d{1,12})(?:\/(\d{1,12})|[.,](\d{0,12}))?$/;
const MIXED = /^([+-]?)(\d{0,12})\s*(?:([¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞])|\s(\d{1,6})[/⁄](\d{1,6}))$/;
const SIGNS = { "¼": [1, 4], "½": [1, 2], "¾": [3, 4], "⅐": [1, 7], "⅑": [1, 9], "⅒": [1, 10], "⅓": [1, 3], "⅔": [2, 3], "⅕": [1, 5], "⅖": [2, 5], "⅗": [3, 5], "⅘": [4, 5], "⅙": [1, 6], "⅚": [5, 6], "⅛": [1, 8], "⅜": [3, 8], "⅝": [5, 8], "⅞": [7, 8] };
const NAMES = new Map(Object.entries(SIGNS).map(([sign, [top, bottom]]) => [`${top}/${bottom}`, sign]));

const absolute = (n) => (n < 0n ? -n : n);
const divisor = (a, b) => (b ? divisor(b, a % b) : a);

class Fraction {
  constructor(top, bottom = 1n) {
    const common = divisor(absolute(top), bottom) || 1n;
    this.top = top / common;
    this.bottom = bottom / common;
    Object.freeze(this);
  }

  plus(other) {
    return new Fraction(this.top * other.bottom + other.top * this.bottom, this.bottom * other.bottom);
  }

  times(other) {
    return new Fraction(this.top * other.top, this.bottom * other.bottom);
  }

  minus(other) {
    return this.plus(other.negated);
  }

  get negated() {
    return new Fraction(-this.top, this.bottom);
  }

  /** -1, 0 or 1 */
  compare(other) {
    const difference = this.top * other.bottom - other.top * this.bottom;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  get sign() {
    return this.compare(ZERO);
  }

  /** As a question file has it: a whole number, or "3/2". */
  get data() {
    return this.bottom === 1n ? Number(this.top) : this.toString();
  }

  toString() {
    return this.bottom === 1n ? String(this.top) : `${this.top}/${this.bottom}`;
  }

  /** As the server writes points: 2, 1.5, and 2⅓ where decimals would not end. */
  get points() {
    return 1000n % this.bottom === 0n ? String(Number(this.top) / Number(this.bottom)) : this.words;
  }

  /** As people write it: 2½. */
  get words() {
    const minus = this.top < 0n ? "−" : "";
    const [whole, rest] = [absolute(this.top) / this.bottom, absolute(this.top) % this.bottom];
    if (!rest) return `${minus}${whole}`;
    const sign = NAMES.get(`${rest}/${this.bottom}`);
    if (sign) return `${minus}${whole || ""}${sign}`;
    return `${minus}${whole ? `${whole}\u00a0` : ""}${rest}\u2044${this.bottom}`;
  }
}

export const ZERO = new Fraction(0n);
export const larger = (a, b) => (a.compare(b) >= 0 ? a : b);
export const smaller = (a, b) => (a.compare(b) <= 0 ? a : b);
export const sum = (all) => all.reduce((total, one) => total.plus(one), ZERO);

/** The number that was written (1, 0.5, "1/2", "2½", "1 1/2", "0,5"), or null. */
export function readFraction(written) {
  if (typeof written === "number" && !Number.isFinite(written)) return null;
  const text = String(written ?? "").trim().replace("−", "-");
  const plain = PLAIN.exec(text);
  if (plain) {
    const [, minus, whole, bottom, decimals] = plain;
    if (bottom !== undefined && /^0+$/.test(bottom)) return null;
    const below = bottom !== undefined ? BigInt(bottom) : 10n ** BigInt((decimals ?? "").length);
    const above = bottom !== undefined ? BigInt(whole) : BigInt(`${whole}${decimals ?? ""}`);
    return new Fraction(minus === "-" ? -above : above, below);
  }
  const mixed = MIXED.exec(text);
  if (!mixed) return null;
  const [top, bottom] = mixed[3] ? SIGNS[mixed[3]].map(BigInt) : [BigInt(mixed[4]), BigInt(mixed[5])];
  if (!bottom) return null;
  const value = new Fraction(BigInt(mixed[2] || 0)).plus(new Fraction(top, bottom));
  return mixed[1] === "-" ? value.negated : value;
}
