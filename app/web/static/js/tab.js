// A name for this tab that its next page has too, and no other tab: so the server can tell of a second one.
const KEY = "gradus.tab";
const AGAIN = 1500;

export function randomName(bytes = 12) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

let name = stored() ?? keep(randomName(6));
claim(true);

/** The name of this tab. */
export const tabName = () => name;

/** The names of the tabs that are open in this browser, as far as it tells. */
export async function livingTabs() {
  try {
    const { held } = await navigator.locks.query();
    return new Set(held.filter((lock) => lock.name.startsWith(KEY)).map((lock) => lock.name.slice(KEY.length)));
  } catch {
    return new Set();
  }
}

function stored() {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

function keep(fresh) {
  try {
    sessionStorage.setItem(KEY, fresh);
  } catch {
    // Blocked: then every page is a tab of its own.
  }
  return fresh;
}

// A tab that was duplicated has its name twice: who finds it taken, and taken still when the page before must be gone,
// takes another one.
function claim(first) {
  navigator.locks?.request(KEY + name, { ifAvailable: true }, (lock) => {
    if (lock) return new Promise(() => {});
    if (!first) name = keep(randomName(6));
    setTimeout(() => claim(false), first ? AGAIN : 0);
  }).catch(() => {});
}
