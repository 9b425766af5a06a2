// The page that builds a quiz. The server renders every change of the places, so that the page works without scripts;
// scripts keep the page in place, add up points, move places by keys and by dragging, and never lose what was typed.
import { dragging } from "./dragging.js";
import { readFraction, sum, ZERO } from "./fractions.js";

const words = JSON.parse(document.getElementById("building-words").textContent);
let dirty = false;

function say(key, values = {}) {
  return words[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

begin(document.querySelector("[data-building]"));
addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

function begin(form) {
  const list = form.querySelector("[data-places]");
  const total = form.querySelector("[data-total]");
  const target = form.querySelector("[data-target]");
  const fixed = !form.querySelector("[data-search]");
  const places = () => [...list.querySelectorAll("[data-place]")];
  // The pool that found questions are added to.
  let chosen = null;

  form.addEventListener("input", ({ target: field }) => {
    if (field.closest("[data-target]")) chosen = field.value === "" ? null : places()[Number(field.value)];
    if (field.closest("[data-target]") || field.matches("[data-search], [data-new-tag], [data-new-section]")) return;
    touch();
    if (field.closest("[data-place]")) count();
  });
  form.addEventListener("change", ({ target: field }) => {
    if (field.matches("[data-refresh]")) redraw("refresh");
    if (field.matches("[data-mode]")) propose();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    save(event.submitter?.value ?? "");
  });
  form.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "Enter" && field.matches("[data-search]")) {
      event.preventDefault();
      redraw("find");
    } else if (event.key === "Enter" && field.matches("[data-new-tag]")) {
      event.preventDefault();
      redraw("add-tag");
    } else if (event.key === "Enter" && field.matches("[data-new-section]")) {
      event.preventDefault();
      redraw("add-section");
    } else if (event.altKey && ["ArrowUp", "ArrowDown"].includes(event.key) && field.closest("[data-place]")) {
      event.preventDefault();
      move(field.closest("[data-place]"), event.key === "ArrowUp" ? -1 : 1);
    }
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=act]");
    if (!button || button.hasAttribute("data-save") || button.value === "") return;
    event.preventDefault();
    const place = button.closest("[data-place]");
    if (button.hasAttribute("data-move")) move(place, Number(button.dataset.move));
    else if (button.hasAttribute("data-remove")) remove(place);
    else if (button.hasAttribute("data-drop")) redraw(`drop:${places().indexOf(place)}:${button.dataset.drop}`);
    else redraw(button.value);
  });
  if (!fixed) dragging(list, "[data-place]", (place, before) => {
    const from = number(place);
    list.insertBefore(place, before);
    told(place, "moved", { n: from, to: number(place) });
  });
  renumber();

  function touch() {
    dirty = true;
    tell(say("unsaved"));
  }

  function tell(text) {
    form.querySelector("[data-state]").textContent = text;
  }

  function changed(key, values) {
    touch();
    renumber();
    count();
    tell(`${say(key, values)} ${say("unsaved")}`);
  }

  function move(place, by) {
    const all = places();
    const at = all.indexOf(place);
    const to = at + by;
    if (to < 0 || to >= all.length) return;
    const from = number(place);
    const here = document.activeElement;
    list.insertBefore(place, by < 0 ? all[to] : all[to].nextElementSibling);
    // Moving a node takes the focus from it.
    if (place.contains(here)) here.focus();
    told(place, "moved", { n: from, to: number(place) });
  }

  // Headings stand among the places and move as they do, but are not counted.
  function isHeading(place) {
    return place.dataset.kind === "section";
  }

  function number(place) {
    return places().slice(0, places().indexOf(place) + 1).filter((one) => !isHeading(one)).length;
  }

  function told(place, key, values) {
    changed(isHeading(place) ? `heading-${key}` : key, values);
  }

  function remove(place) {
    const [at, n, heading] = [places().indexOf(place), number(place), isHeading(place)];
    place.remove();
    const next = places()[at] ?? places()[at - 1];
    (next?.querySelector("[data-remove]") ?? form.querySelector("[data-search]")).focus();
    changed(heading ? "heading-removed" : "removed", { n });
  }

  function renumber() {
    const pools = [];
    places().forEach((place, index) => {
      const n = number(place);
      if (!isHeading(place)) place.querySelector("[data-number]").textContent = n;
      for (const [selector, key, verb] of [["[data-move='-1']", "up", "up"], ["[data-move='1']", "down", "down"], ["[data-remove]", "remove", "remove"]]) {
        const button = place.querySelector(selector);
        if (!button) continue;
        button.value = `${verb}:${index}`;
        if (!isHeading(place)) button.setAttribute("aria-label", say(key, { n }));
      }
      if (place.dataset.kind === "list") pools.push([index, say("pool", { n })]);
    });
    if (!target) return;
    const select = target.querySelector("select");
    select.replaceChildren(select.options[0], ...pools.map(([value, text]) => new Option(text, value)));
    select.value = chosen?.isConnected ? String(places().indexOf(chosen)) : "";
    target.hidden = !pools.length;
  }

  // What each place and the whole quiz is worth; between least and most where the draw decides.
  function count() {
    let [questions, least, most] = [0, ZERO, ZERO];
    for (const place of places().filter((one) => !isHeading(one))) {
      const take = Number(place.querySelector("[data-take]")?.value) || 0;
      const amount = readFraction(place.querySelector("[data-amount]")?.value ?? "");
      const each = place.querySelector("[data-worth-kind]")?.value === "each";
      const own = place.dataset.points.split(" ").filter(Boolean).map(readFraction);
      const worth = own.map((points) => (amount === null ? ZERO : each ? (points.sign ? amount : ZERO) : amount.times(points)));
      worth.sort((a, b) => a.compare(b));
      const low = sum(worth.slice(0, take));
      const high = take ? sum(worth.slice(-take)) : ZERO;
      place.querySelector("[data-worth]").textContent = points(low, high);
      [questions, least, most] = [questions + take, least.plus(low), most.plus(high)];
    }
    total.textContent = `${say(questions === 1 ? "question" : "questions", { n: questions })} · ${points(least, most)}`;
  }

  function points(least, most) {
    if (least.compare(most)) return say("span", { least: least.points, most: most.points });
    return say(most.points === "1" ? "point" : "points", { n: most.points });
  }

  async function post(act) {
    const body = new URLSearchParams(new FormData(form));
    body.set("act", act);
    const answer = await fetch(form.getAttribute("action") ?? location.pathname, { method: "POST", body });
    const path = new URL(answer.url).pathname;
    return { answer, out: answer.status === 403 || (answer.redirected && path === "/") };
  }

  // A session that was renewed in another tab has another token; with it, what is here can still be sent.
  async function sent(act) {
    let got = await post(act);
    if (got.out && await renewed()) got = await post(act);
    return got;
  }

  async function renewed() {
    const page = parse(await (await fetch(location.pathname)).text());
    const token = page.querySelector("[data-building] input[name=csrf]")?.value;
    if (!token) return false;
    for (const field of document.querySelectorAll("input[name=csrf]")) field.value = token;
    return true;
  }

  function parse(html) {
    return new DOMParser().parseFromString(html, "text/html");
  }

  function complain(text) {
    const notice = document.createElement("div");
    notice.className = "notice wrong";
    notice.setAttribute("role", "alert");
    notice.append(Object.assign(document.createElement("p"), { textContent: text }));
    document.querySelector("[data-told]").replaceChildren(notice);
    notice.scrollIntoView({ block: "center" });
  }

  // The server's picture of the places after an act; nothing is stored.
  async function redraw(act) {
    const verb = act.split(":")[0];
    try {
      const { answer, out } = await sent(act);
      if (out || !answer.ok) {
        complain(form.dataset[out ? "signedOut" : "lost"]);
        return;
      }
      const page = parse(await answer.text());
      if (verb === "find") {
        form.querySelector("[data-found]").replaceChildren(...page.querySelector("[data-found]").childNodes);
        return;
      }
      const focused = remembered();
      const into = places().indexOf(chosen);
      list.replaceChildren(...page.querySelector("[data-places]").childNodes);
      chosen = into < 0 ? null : places()[into];
      if (verb === "refresh") renumber();
      else changed("added", { total: "" });
      count();
      if (verb !== "refresh" && verb !== "drop") tell(`${say("added", { total: total.textContent })}`);
      if (verb === "add-section") places().at(-1).querySelector("[data-heading]").focus();
      else if (verb === "add-tag" || verb === "add-list") places().at(-1).querySelector("[data-take]").focus();
      else focused?.()?.focus();
      if (verb === "add-tag") form.querySelector("[data-new-tag]").value = "";
      if (verb === "add-section") form.querySelector("[data-new-section]").value = "";
    } catch {
      complain(form.dataset.lost);
    }
  }

  // What is usual for the chosen mode, in all rules that nobody has changed.
  async function propose() {
    try {
      const { answer, out } = await sent("propose");
      if (out || !answer.ok) {
        complain(form.dataset[out ? "signedOut" : "lost"]);
        return;
      }
      const page = parse(await answer.text());
      form.querySelector("[data-rules]").replaceChildren(...page.querySelector("[data-rules]").childNodes);
      form.querySelector("[data-mode]:checked").focus();
      tell(`${say("proposed")} ${say("unsaved")}`);
    } catch {
      complain(form.dataset.lost);
    }
  }

  // Finds the field that has the focus again, after the places were drawn anew.
  function remembered() {
    const here = document.activeElement;
    const place = here?.closest("[data-place]");
    if (!place) return null;
    const at = places().indexOf(place);
    const same = here.name && here.name !== "act" ? `[name="${here.name}"]` : "[data-drop], [data-take]";
    return () => places()[at]?.querySelector(same);
  }

  async function save(act) {
    tell(say("saving"));
    try {
      const { answer, out } = await sent(act);
      if (out) {
        tell(say("unsaved"));
        complain(form.dataset.signedOut);
        return;
      }
      if (answer.ok && answer.redirected) {
        dirty = false;
        location.assign(answer.url);
        return;
      }
      const page = parse(await answer.text());
      const fresh = page.querySelector("[data-building]");
      if (!fresh) {
        tell(say("unsaved"));
        complain(page.querySelector("main p:not(.number)")?.textContent ?? form.dataset.lost);
        return;
      }
      document.querySelector("main").replaceWith(page.querySelector("main"));
      begin(document.querySelector("[data-building]"));
      const wrong = document.querySelector("main [aria-invalid=true]");
      (wrong ?? document.querySelector("[data-told]")).scrollIntoView({ block: "center" });
      wrong?.focus({ preventScroll: true });
    } catch {
      tell(say("unsaved"));
      complain(form.dataset.lost);
    }
  }
}
