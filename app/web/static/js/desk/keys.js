// Single keys as shortcuts. Each can be switched off, all of them too; this browser remembers it (WCAG 2.1.4).
const STORE = "gradus.desk-keys-off";

function read() {
  try {
    const found = JSON.parse(localStorage.getItem(STORE) ?? "[]");
    return new Set(Array.isArray(found) ? found : []);
  } catch {
    return new Set();
  }
}

function write(off) {
  try {
    localStorage.setItem(STORE, JSON.stringify([...off]));
  } catch {
    // Blocked storage: the choice holds for this page.
  }
}

function types(target) {
  if (target.closest("textarea, select, [contenteditable]")) return true;
  return target.matches("input") && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

/** Calls `action` at a key on a page that has no list of keys; one that is switched off at the desk is off there, too. */
export function onKey(name, action) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.key !== name || types(event.target) || read().has(name)) return;
    event.preventDefault();
    action();
  });
}

/** Listens for the keys of `actions`, and shows which there are; "digits" stands for 1 to 9. */
export function openKeys(actions) {
  const dialog = document.querySelector("[data-keys]");
  const boxes = [...dialog.querySelectorAll("[data-key]")];
  const off = read();
  const names = boxes.map((box) => box.dataset.key);

  const show = () => {
    for (const box of boxes) box.checked = !off.has(box.dataset.key);
  };
  const help = () => {
    if (!dialog.open) dialog.showModal();
  };

  for (const box of boxes) {
    box.addEventListener("change", () => {
      off[box.checked ? "delete" : "add"](box.dataset.key);
      write(off);
    });
  }
  dialog.querySelector("[data-all-keys]").addEventListener("click", () => {
    const all = names.every((name) => off.has(name));
    for (const name of names) off[all ? "delete" : "add"](name);
    write(off);
    show();
  });
  const opener = document.querySelector("[data-help]");
  opener.hidden = false;
  opener.addEventListener("click", help);
  show();

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || dialog.open) return;
    if (event.key === "Escape" && types(event.target)) return event.target.blur();
    if (event.repeat || types(event.target)) return;
    const name = /^[1-9]$/.test(event.key) ? "digits" : event.key;
    if (!names.includes(name) || off.has(name)) return;
    event.preventDefault();
    if (name === "?") help();
    else actions[name](event.key);
  });
}
