// What a question is called and where it comes from, its free symbols, and its translations.
import { say } from "../words.js";
import { bind, button, freeName, h, keyed, labelled, listen, live } from "./dom.js";
import { COMMON, MAIN, fileOf, isLanguage, languageName, without } from "./languages.js";

const DOMAINS = ["real", "positive", "unit", "integer", "complex"];

export function mount(root, draft) {
  const text = (path, attributes = {}) =>
    bind(h("input", { type: "text", autocomplete: "off", maxlength: 300, ...attributes }), draft, {
      read: () => String(draft.get(path) ?? ""),
      write: (value) => setDeep(path, value),
    });

  /** Set a text, and leave no empty map behind. */
  function setDeep(path, value) {
    if (value !== "") return draft.set(path, value);
    const outer = draft.get(path.slice(0, -1));
    const lonely = path.length > 1 && Object.keys(outer ?? {}).length === 1 && Object.hasOwn(outer, path.at(-1));
    return draft.set(lonely ? path.slice(0, -1) : path, undefined);
  }

  root.append(
    h("h2", {}, say("Details")),
    h("div", { class: "form" }, [
      titles(draft),
      labelled(
        say("Tags"),
        bind(h("input", { type: "text", autocomplete: "off", maxlength: 500 }), draft, {
          read: () => (draft.get(["tags"]) ?? []).join(", "),
          write: (value) => {
            const tags = value.split(",").map((one) => one.trim()).filter(Boolean);
            draft.set(["tags"], tags.length ? tags : undefined);
          },
        }),
        { hint: say("Separated by commas, for example: convolution, pooling. The bank is searched by them, and a quiz can draw from a tag."), path: ["tags"], draft },
      ),
      h("div", { class: "row" }, [
        labelled(say("From which exam"), text(["source", "exam"]), { hint: say("For example: Deep Learning, winter 2024"), path: ["source", "exam"], draft }),
        labelled(say("Called there"), text(["source", "label"]), { hint: say("For example: Problem 5 b"), path: ["source", "label"], draft }),
      ]),
      h("p", { class: "hint" }, say("Short name: {id}. It is part of the address and does not change.", { id: draft.question })),
    ]),
    translations(draft),
    symbols(draft),
  );
}

function titles(draft) {
  const box = h("div", { class: "row" });
  const show = () =>
    keyed(box, draft.languages, (one) => one, (language) =>
      labelled(
        draft.languages.length > 1 ? say("Title ({language})", { language: languageName(language) }) : say("Title"),
        bind(h("input", { type: "text", maxlength: 200, dir: "auto", autocomplete: "off", lang: language }), draft, {
          read: () => draft.words(["title"], language),
          write: (value) => draft.setWords(["title"], value, language),
        }),
        { path: ["title"], draft },
      ));
  for (const type of ["text", "language"]) listen(box, draft, type, show);
  show();
  return box;
}

function translations(draft) {
  const list = h("ul", { class: "plain-list" });
  const choice = h("select");
  const other = h("input", { type: "text", maxlength: 12, placeholder: "pt-BR", autocomplete: "off", autocapitalize: "none" });
  const otherBox = labelled(say("Language code"), other, { hint: say("Two letters, for example sv for Swedish.") });
  const says = h("p", { class: "complaint", role: "alert", hidden: true });

  function show() {
    const own = draft.languages.filter((one) => one !== MAIN);
    keyed(list, own, (one) => one, row);
    const free = COMMON.filter((one) => !draft.languages.includes(one));
    const kept = choice.value;
    choice.replaceChildren(...free.map((one) => h("option", { value: one }, languageName(one))), h("option", { value: "" }, say("another language…")));
    if (free.includes(kept)) choice.value = kept;
    otherBox.hidden = choice.value !== "";
  }

  function row(language) {
    const files = () => ["prompt", "solution"].filter((noun) => draft.texts[fileOf(noun, language)] !== undefined);
    return h("li", {}, h("strong", {}, languageName(language)), " ", h("span", { class: "soft" }, files().map((noun) => fileOf(noun, language)).join(", ")), " ", [
      button(say("Edit"), () => {
        draft.setLanguage(language);
        location.hash = "texts";
      }, { "aria-label": say("Edit the texts in {language}", { language: languageName(language) }) }),
      button(say("Remove"), () => remove(language), { class: "button small quiet", "aria-label": say("Remove the translation into {language}", { language: languageName(language) }) }),
    ]);
  }

  function add() {
    const language = choice.value || other.value.trim();
    const wrong = !isLanguage(language) ? say("A language code is two or three letters, such as de or pt-BR.") : draft.languages.includes(language) ? say("This translation is already there.") : "";
    says.textContent = wrong;
    says.hidden = !wrong;
    if (wrong) return other.focus();
    draft.together(() => {
      for (const noun of ["prompt", "solution"]) {
        const main = draft.texts[fileOf(noun, MAIN)];
        if (main !== undefined) draft.setText(fileOf(noun, language), main);
      }
    });
    other.value = "";
    draft.setLanguage(language);
    live(say("{language} added: the texts begin as copies of the English ones", { language: languageName(language) }));
    return undefined;
  }

  function remove(language) {
    if (draft.language === language) draft.setLanguage(MAIN);
    draft.together(() => {
      draft.set([], without(draft.document, language));
      for (const noun of ["prompt", "solution"]) if (draft.texts[fileOf(noun, language)] !== undefined) draft.setText(fileOf(noun, language), null);
    });
    live(say("{language} removed; undo brings it back", { language: languageName(language) }));
    choice.focus();
  }

  choice.addEventListener("change", () => (otherBox.hidden = choice.value !== ""));
  for (const type of ["change", "text", "language"]) listen(list, draft, type, show);
  show();
  return h(
    "section",
    { class: "text-section" },
    h("h2", {}, say("Translations")),
    h("p", { class: "hint" }, say("The question is written in English. With a translation, a choice of language appears above, and every text has a version in each.")),
    list,
    h("div", { class: "row-of-controls" }, labelled(say("Add a translation"), choice), otherBox, button(say("Add"), add)),
    says,
  );
}

function symbols(draft) {
  const list = h("ul", { class: "plain-list" });
  const names = () => Object.keys(draft.get(["symbols"]) ?? {});
  const show = () => keyed(list, names(), (one) => one, row);

  function row(name) {
    const named = h("input", { type: "text", class: "typed", value: name, maxlength: 64, "aria-label": say("Symbol"), autocapitalize: "none" });
    const known = draft.get(["symbols", name]);
    const domain = bind(
      h("select", { "aria-label": say("What {name} may be", { name }) }, [...new Set([...DOMAINS, known])].map((one) => h("option", { value: one }, one))),
      draft,
      { read: () => String(draft.get(["symbols", name]) ?? "real"), write: (value) => draft.set(["symbols", name], value), event: "change" },
    );
    named.addEventListener("change", () => {
      const wanted = named.value.trim();
      if (wanted && !names().includes(wanted)) draft.rename(["symbols"], name, wanted);
      else named.value = name;
    });
    return h("li", { class: "row-of-controls", "data-path": `symbols.${name}` }, named, domain, button(say("Remove {name}", { name }), () => {
      draft.set(["symbols"], names().length > 1 ? without1(draft.get(["symbols"]), name) : undefined);
      adder.focus();
    }, { icon: "×" }));
  }

  const adder = button(say("Add a symbol"), () => {
    const name = freeName(names(), "t");
    draft.set(["symbols", name], "real");
    list.lastElementChild.querySelector("input").select();
  });
  listen(list, draft, "change", show);
  show();
  return h(
    "section",
    { class: "text-section" },
    h("h2", {}, say("Symbols")),
    h("p", { class: "hint" }, say("Letters that students may use in formulas without a value, for example t, and what they stand for. Questions about numbers need none.")),
    list,
    h("p", { class: "toolbar" }, adder),
  );
}

function without1(map, name) {
  return Object.fromEntries(Object.entries(map).filter(([key]) => key !== name));
}
