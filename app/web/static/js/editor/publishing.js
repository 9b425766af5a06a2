// Publishing: the draft becomes the newest version of the question, after everything has been tried once more.
import { say } from "../words.js";
import { button, fresh, h, live } from "./dom.js";
import { gathered, placeOf, sentenceList } from "./sentences.js";

/** A place of question.yaml is where the sentence leads; authors at the forms need not read it. */
const plain = (says) => says.replace(/^question\.yaml(:\d+)?, [^\s:]+: /, "");

export function mount(root, draft) {
  const title = fresh("publish");
  const note = h("textarea", { rows: 3, maxlength: 2000, id: fresh("note") });
  const status = h("p", { role: "status" });
  const refused = h("div", { class: "refused" });
  const go = button(say("Test and publish"), publish, { class: "button primary" });
  const cancel = button(say("Cancel"), () => dialog.close(), { class: "button" });
  let busy = false;

  const dialog = h("dialog", { class: "publish", "aria-labelledby": title }, [
    h("h2", { id: title }, say("Publish this draft")),
    h("p", {}, draft.version ? say("The draft becomes version {n}. Quizzes that are published keep the version they have.", { n: draft.version + 1 }) : say("The draft becomes version 1 and can be used in quizzes.")),
    h("div", { class: "labelled" }, h("label", { for: note.id }, say("What is new (may be left empty)")), note),
    h("p", { class: "hint" }, say("First a hundred variants and all recorded cases are tried on the server. If anything falls short, nothing is published.")),
    status,
    refused,
    h("p", { class: "toolbar" }, go, cancel),
  ]);
  const opener = button(say("Publish …"), open, { class: "button primary small", "aria-haspopup": "dialog" });

  function open() {
    status.textContent = "";
    refused.replaceChildren();
    dialog.showModal();
    note.focus();
  }

  async function publish() {
    if (busy) return;
    busy = true;
    go.setAttribute("aria-disabled", "true");
    refused.replaceChildren();
    status.textContent = say("The draft is being tested; this may take a minute.");
    try {
      const answer = await draft.post("publish", { note: note.value.trim() });
      status.textContent = say("Published as version {version}.", answer);
      location.assign(answer.address);
      return;
    } catch (error) {
      status.textContent = error.says ?? error.message;
      const sentences = error.problems ?? [];
      const groups = gathered(sentences);
      const places = groups.map(({ says }) => error.answer?.places?.[sentences.indexOf(says)]);
      refused.replaceChildren(groups.length ? sentenceList(draft, groups.map((one) => plain(one.shown)), lead, places.map((one, i) => one ?? placeOf(draft, groups[i].says))) : "");
      live(groups.length ? say("Refused: {n} things to mend", { n: groups.length }) : status.textContent);
    }
    busy = false;
    go.removeAttribute("aria-disabled");
  }

  function lead(place) {
    dialog.close();
    draft.tell("go", place);
  }

  // While the server tests, leaving the dialog would only hide what it answers.
  dialog.addEventListener("cancel", (event) => busy && event.preventDefault());
  root.append(opener, dialog);
}
