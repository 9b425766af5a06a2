// An attempt that was handed in, while its receipt or result is looked at: its staff may let it go on, and that is said.
import { News } from "./news.js";

const place = document.querySelector("[data-reopened]");
const { attempt, token } = document.querySelector("[data-left-over]").dataset;
let news = null;

function tell() {
  place.hidden = false;
  news?.stop();
  news = null;
  document.removeEventListener("visibilitychange", listen);
}

// Only in front: a browser opens few connections to a server, and other pages of it may be waiting in other tabs.
function listen() {
  const visible = document.visibilityState === "visible";
  if (visible === (news !== null)) return;
  if (!visible) {
    news.stop();
    news = null;
    return;
  }
  news = new News({ base: `/attempts/${attempt}`, token, stream: "events?after=true" });
  news.addEventListener("state", ({ detail }) => detail.state !== "handed in" && tell());
  news.start();
}

document.addEventListener("visibilitychange", listen);
listen();
