// Names of languages, and the files of a translation.
import { isTree } from "./exact.js";

export const MAIN = "en";

const names = new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language", fallback: "code" });

export function languageName(code) {
  try {
    return names.of(code);
  } catch {
    return code;
  }
}

export const isLanguage = (code) => /^[A-Za-z]{2,3}(-[A-Za-z0-9]+)*$/.test(code);

/** The file of a text ("prompt" or "solution") in a language. */
export const fileOf = (noun, language) => (language === MAIN ? `${noun}.md` : `${noun}.${language}.md`);

export const COMMON = ["de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "uk", "tr", "ar", "fa", "hi", "zh", "ja", "ko"];

const TEXTS = new Set(["title", "label", "says", "text", "why", "alt", "caption", "unit"]);

/** A document without the texts of a language; a map with one language left becomes a plain text. */
export function without(value, language, name = "") {
  if (Array.isArray(value)) return value.map((item) => without(item, language));
  if (!isTree(value)) return value;
  if (TEXTS.has(name) && Object.hasOwn(value, language)) {
    const { [language]: _, ...rest } = value;
    const left = Object.keys(rest);
    return left.length === 1 && left[0] === MAIN ? rest[MAIN] : rest;
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, without(item, language, key)]));
}
