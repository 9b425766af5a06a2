// Values as people type them into one line: 3, 0.5, word, "two words", [1, 2], {a: 1}. What a question file calls flow.
import { say } from "../words.js";
import { digits } from "./exact.js";

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const WORDS = { true: true, false: false, null: null, "~": null };
const PLAIN = /^[^\s,[\]{}:#"'&*!|>%@`-][^,[\]{}:#"'\n]*$/;

/** The value that a text stands for. Throws an Error with a sentence where it stands for none. */
export function readFlow(text) {
  const reader = { text, at: 0 };
  skip(reader);
  if (reader.at === text.length) throw new Error(say("A value is missing."));
  // Outside brackets commas and colons are letters of a plain word.
  const value = '["{\''.includes(text[reader.at]) ? item(reader) : scalar(text.trim());
  if ('["{\''.includes(text.trim()[0])) {
    skip(reader);
    if (reader.at < text.length) throw new Error(say("This is more than one value, from “{rest}” on.", { rest: text.slice(reader.at, reader.at + 20) }));
  }
  return value;
}

function skip(reader) {
  while (/\s/.test(reader.text[reader.at] ?? "")) reader.at += 1;
}

function item(reader) {
  skip(reader);
  const sign = reader.text[reader.at];
  if (sign === "[") return list(reader);
  if (sign === "{") return map(reader);
  if (sign === '"' || sign === "'") return quoted(reader, sign);
  const start = reader.at;
  while (reader.at < reader.text.length && !/[,\]}:[{]/.test(reader.text[reader.at])) reader.at += 1;
  const word = reader.text.slice(start, reader.at).trim();
  if (!word) throw new Error(say("Between the commas a value is missing."));
  return scalar(word);
}

function list(reader) {
  const values = [];
  reader.at += 1;
  for (;;) {
    skip(reader);
    if (reader.text[reader.at] === "]") break;
    values.push(item(reader));
    skip(reader);
    if (reader.text[reader.at] === ",") reader.at += 1;
    else if (reader.text[reader.at] !== "]") throw new Error(say("A list ends with ]."));
  }
  reader.at += 1;
  return values;
}

function map(reader) {
  const values = {};
  reader.at += 1;
  for (;;) {
    skip(reader);
    if (reader.text[reader.at] === "}") break;
    const key = String(item(reader));
    skip(reader);
    if (reader.text[reader.at] !== ":") throw new Error(say("In {…} every name is followed by a colon."));
    reader.at += 1;
    values[key] = item(reader);
    skip(reader);
    if (reader.text[reader.at] === ",") reader.at += 1;
    else if (reader.text[reader.at] !== "}") throw new Error(say("A record ends with }."));
  }
  reader.at += 1;
  return values;
}

function quoted(reader, sign) {
  let text = "";
  for (reader.at += 1; reader.at < reader.text.length; reader.at += 1) {
    const letter = reader.text[reader.at];
    if (letter === sign) {
      reader.at += 1;
      return text;
    }
    if (letter === "\\" && sign === '"') reader.at += 1;
    text += reader.text[reader.at] ?? "";
  }
  throw new Error(say("A text in quotation marks ends with {sign}.", { sign }));
}

function scalar(word) {
  if (Object.hasOwn(WORDS, word)) return WORDS[word];
  // Longer numbers would lose digits here; as text they arrive whole.
  if (NUMBER.test(word) && word.length <= 15) return Number(word);
  return word;
}

/** A value written in one line, so that `readFlow` reads it again. */
export function writeFlow(value, nested = false) {
  if (value === undefined) return "";
  if (digits(value) !== null) return digits(value);
  if (Array.isArray(value)) return `[${value.map((one) => writeFlow(one, true)).join(", ")}]`;
  if (value !== null && typeof value === "object") {
    return `{${Object.entries(value).map(([key, one]) => `${writeFlow(key, true)}: ${writeFlow(one, true)}`).join(", ")}}`;
  }
  if (typeof value !== "string") return String(value);
  const same = scalar(value) === value && value === value.trim();
  const plain = same && (nested ? PLAIN.test(value) || /^[\w./+-]+$/.test(value) : !/^["'[{]/.test(value));
  return plain && value ? value : `"${value.replace(/[\\"]/g, "\\$&")}"`;
}
