// What a page of an attempt does about time and news: counts, tells, rests while paused, and ends when it is over.
import { News } from "./news.js";
import { Notices } from "./notices.js";
import { inWords, Remaining } from "./remaining.js";
import { say } from "./words.js";

const NOTICED = 20; // seconds: less is the way from the server to here
const FLUSH_PATIENCE = 15_000;

/**
 * Keeps `page` (with data-attempt and data-token) in step with the server. `settle()` brings to the server what is in
 * its fields and resolves to whether all of it is there.
 */
export function sit(page, saver, settle = () => saver.flush()) {
  const base = `/attempts/${page.dataset.attempt}`;
  const bar = document.querySelector("[data-sitting]");
  const notices = new Notices(bar.querySelector("[data-notices]"), page.dataset.attempt);
  const time = new Remaining(bar, page.dataset.attempt);
  const news = new News({ base, token: page.dataset.token });
  let last = null;
  let over = false;
  let status = { state: "saved", says: "" };
  saver.addEventListener("status", ({ detail }) => (status = detail));

  function rest(resting) {
    if (page.inert === resting) return;
    if (resting) rest.from = page.contains(document.activeElement) ? document.activeElement : null;
    page.inert = resting;
    if (resting && rest.from) notices.focus();
    else if (!resting && (document.activeElement === document.body || notices.hasFocus())) rest.from?.focus();
  }

  function tellOver() {
    if (!over) return;
    const away = !news.reached || !navigator.onLine;
    notices.show("over", say(away ? "over-offline" : "over-now"), { calm: !away });
  }

  async function timeIsOver() {
    over = true;
    tellOver();
    rest(true);
    // What was typed last is sent at once; whether or not it arrives, the server hands in, and says so.
    await Promise.race([settle(), new Promise((done) => setTimeout(done, FLUSH_PATIENCE))]).catch(() => false);
  }

  async function handedIn() {
    news.stop();
    rest(true);
    notices.hide("paused");
    notices.show("over", say(over ? "over-now" : "handed-in-now"), { calm: true });
    if (page.dataset.handingIn !== undefined) return null; // this page did it, and is on its way
    const done = await Promise.race([settle(), new Promise((late) => setTimeout(late, FLUSH_PATIENCE, false))]).catch(() => false);
    if (done && status.state === "saved") return location.replace(bar.dataset.after);
    // Something typed came too late, or is here still: the page stays, so that this is read and nothing is lost.
    notices.show("over", `${say("handed-in-now")} ${place()}`, { link: [bar.dataset.after, say("to-receipt")] });
    return null;
  }

  // In the words of the place that always says what is saved.
  const place = () => document.querySelector("[data-saving]")?.textContent ?? "";

  function moved(now) {
    if (!last || last.seconds_left === null || now.seconds_left === null) return 0;
    const stands = last.state === "paused";
    const passed = stands ? 0 : (new Date(now.now) - new Date(last.now)) / 1000;
    return now.seconds_left - (last.seconds_left - passed);
  }

  news.addEventListener("state", ({ detail }) => {
    bar.dataset.hears = "";
    const more = moved(detail);
    time.correct(detail);
    const before = last;
    last = detail;
    page.dispatchEvent(new CustomEvent("news", { detail, bubbles: true }));
    notices.messages(detail.messages);
    if (detail.state === "handed in") return handedIn();
    if (detail.state === "paused") {
      notices.show("paused", say("paused"), { calm: true });
      rest(true);
      return null;
    }
    notices.hide("paused");
    if (before?.state === "paused") time.say(say("resumed"));
    if (detail.seconds_left === null || detail.seconds_left > 0) {
      over = false;
      notices.hide("over");
      rest(false);
    }
    // A pause that ended between two states was counted as time given.
    if (Math.abs(more) >= NOTICED && before) {
      const words = { time: inWords(Math.abs(more)) };
      notices.show("moved", say(more > 0 ? "more-time" : "less-time", words), { calm: true, dismissed: () => {} });
    }
    return null;
  });
  news.addEventListener("reach", tellOver);
  news.addEventListener("woke", () => saver.flush());
  addEventListener("offline", tellOver);
  time.addEventListener("over", timeIsOver);
  time.addEventListener("doubt", () => news.refresh());
  if (bar.dataset.paused !== undefined) {
    notices.show("paused", say("paused"), { calm: true });
    rest(true);
  }
  notices.wake();
  time.start();
  news.start();
}
