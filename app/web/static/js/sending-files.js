// Files that an earlier page could not send, of fields that are not on this one: they become pages of their drawings.
import { withPages } from "./answers/drawn.js";
import { KeptFiles } from "./kept-files.js";

const PATIENCE = 60_000;

/** Send them, and let the saver carry the answers; `here(entry)`: whose field is on this page. Resolves to all sent. */
export async function sendFiles(saver, { attempt, token }, here = () => false) {
  const files = new KeptFiles(token.split(".")[0], attempt);
  let sent = true;
  for (const entry of await files.waiting()) {
    if (!here(entry)) sent = (await sendOne(saver, files, entry, { attempt, token }).catch(() => false)) && sent;
  }
  return sent;
}

async function sendOne(saver, files, { id, item, field, file, stamp }, { attempt, token }) {
  const headers = { Accept: "application/json", "X-Attempt-Token": token };
  const options = { headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) };
  const address = `/attempts/${attempt}/pages?${new URLSearchParams({ item, field })}`;
  const type = { "Content-Type": file.type || "application/octet-stream" };
  const response = await fetch(address, { ...options, method: "POST", headers: { ...headers, ...type }, body: file });
  if (!response.ok) {
    // What is no picture never will be one; everything else is tried again by the next page.
    if ([409, 413, 422].includes(response.status)) await files.remove(id);
    return false;
  }
  const { pages } = await response.json();
  const asked = await fetch(`/attempts/${attempt}/answers?item=${item}`, options);
  if (!asked.ok) return false;
  const stored = (await asked.json()).fields.find((one) => one.field === field);
  const typed = saver.journal.entries().find((one) => one.item === item && one.field === field);
  saver.knows(item, field, stored?.revision ?? 0);
  saver.put(item, field, withPages(typed?.value ?? stored?.value, pages.map(({ sha256 }) => sha256)), stamp);
  await files.remove(id);
  return true;
}
