// What authors wrote, as the server made it into HTML: it comes from the sandbox sanitised, as on the exam page.
import { h } from "./dom.js";

/** The authors' HTML as nodes. */
export function authors(html) {
  return [...new DOMParser().parseFromString(html ?? "", "text/html").body.childNodes];
}

/** The same in a block of running text; nothing where there is none. */
export function prose(html) {
  return html ? h("div", { class: "prose" }, authors(html)) : null;
}
