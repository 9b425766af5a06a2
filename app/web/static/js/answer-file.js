// Everything that this page knows of somebody's answers, as a file: for when the server cannot be reached.
import { randomName } from "./tab.js";

/**
 * The text of an answer file. `entries` are as in the journal (journal.js); it names the attempt, and nobody.
 * The checksum finds damage on the way; it proves nothing, and is missing where the browser has no means to make it.
 */
export async function answerFile(attempt, stamp, entries) {
  const rows = entries.map(({ item, field, revision, value, stamp: typed, base, page, tab }) => (
    [item, field, revision, value, typed ?? "", base ?? null, page ? `${tab}-${page}` : ""]
  ));
  const device = `file-${randomName(8)}`;
  const sealed = JSON.stringify([attempt, device, stamp, rows]);
  const file = { gradus: "answers", version: 1, attempt, device, stamp, entries: rows, checksum: await sha256(sealed) };
  return JSON.stringify(file, null, 1);
}

async function sha256(text) {
  try {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return ""; // pages without TLS
  }
}

/** Let the browser save a text as a file. */
export function download(name, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
