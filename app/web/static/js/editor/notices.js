// What the page has to tell: somebody else saved, or the source cannot be read.
import { say } from "../words.js";
import { button, h } from "./dom.js";

const FORMS = ["variables", "pools", "parts", "readings", "figures", "details"];

export function mount(root, draft, { select }) {
  const conflict = h("div", { role: "alert" });
  const source = h("div", { role: "status" });
  root.append(conflict, source);

  draft.addEventListener("conflict", ({ detail }) => {
    const decide = (work, says) => async () => {
      for (const one of conflict.querySelectorAll("button")) one.disabled = true;
      try {
        await work();
        conflict.replaceChildren(calm(says));
      } catch (error) {
        for (const one of conflict.querySelectorAll("button")) one.disabled = false;
        conflict.querySelector("[data-error]").textContent = error.says ?? String(error);
      }
    };
    conflict.replaceChildren(
      h(
        "div",
        { class: "notice attention" },
        h("p", {}, detail.says),
        h("p", {}, say("Nothing is lost: what you wrote stays in this page until you decide.")),
        h(
          "p",
          { class: "toolbar" },
          button(say("Load theirs"), decide(() => draft.takeTheirs(), say("This is what the other person saved. Undo brings back what you had written."))),
          button(say("Keep mine"), decide(() => draft.keepMine(), say("Your version has been saved over the other one."))),
        ),
        h("p", { class: "complaint", "data-error": true }),
      ),
    );
  });

  function calm(says) {
    return h("div", { class: "notice calm" }, h("p", {}, says), h("p", {}, button(say("Close"), () => conflict.replaceChildren())));
  }

  // While the source of question.yaml cannot be read, the forms show an older state: they wait.
  let panel = location.hash.slice(1) || "texts";
  function wait() {
    const waiting = draft.sourceAhead && FORMS.includes(panel);
    for (const name of FORMS) document.getElementById(`panel-${name}`).inert = draft.sourceAhead;
    if (!waiting) return source.replaceChildren();
    const [first] = draft.problemsIn("question.yaml").filter((one) => one.line);
    const place = first ? say("Line {line}: {says}", first) : say("It has not been read yet.");
    const shown = `${panel} ${place}`;
    if (source.dataset.shown === shown && source.firstChild) return undefined;
    source.dataset.shown = shown;
    return source.replaceChildren(
      h(
        "div",
        { class: "notice attention" },
        h("p", {}, say("The source of this question was changed and cannot be read as it stands, so the forms wait."), " ", place),
        h(
          "p",
          { class: "toolbar" },
          button(say("Repair it in the source"), () => select("source", { focus: true })),
          draft.lastSource ? button(say("Go back to what could be read"), () => draft.leaveSource()) : null,
        ),
      ),
    );
  }
  draft.addEventListener("panel", ({ detail }) => {
    panel = detail.name;
    if (draft.sourceAhead) draft.flush().then(wait);
    wait();
  });
  for (const type of ["change", "text", "problems", "saved"]) draft.addEventListener(type, wait);
  wait();
}
