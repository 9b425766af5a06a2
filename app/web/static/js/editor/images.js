// Images: upload, insert with words for those who cannot see them, remove.
import { say } from "../words.js";
import { button, fresh, h, keyed, labelled, listen, live } from "./dom.js";
import { fileOf } from "./languages.js";

const LARGEST = 2_000_000;
const KINDS = ["image/png", "image/jpeg", "image/gif"];

export function mount(root, draft) {
  const list = h("ul", { class: "image-list" });
  const empty = h("p", { class: "soft" }, say("There are no images yet."));
  const says = h("p", { class: "complaint", role: "alert", hidden: true });
  const picker = h("input", { type: "file", id: fresh("image"), accept: KINDS.join(), multiple: true });
  const zone = h(
    "div",
    { class: "drop-zone" },
    labelled(say("Add images"), picker, { hint: say("PNG, JPEG or GIF, up to 2 MB each; or drop them here.") }),
  );

  const complain = (text) => {
    says.textContent = text;
    says.hidden = !text;
  };

  async function upload(files) {
    complain("");
    for (const file of files) {
      if (!KINDS.includes(file.type)) return complain(say("{name} is no PNG, JPEG or GIF image.", { name: file.name }));
      if (file.size > LARGEST) return complain(say("{name} is larger than 2 MB. Make it smaller and try again.", { name: file.name }));
      const form = new FormData();
      form.append("file", file, file.name);
      form.append("revision", String(draft.revision));
      zone.setAttribute("aria-busy", "true");
      try {
        await draft.post("images", form);
        live(say("{name} added", { name: file.name }));
      } catch (error) {
        return complain(error.says ?? String(error));
      } finally {
        zone.removeAttribute("aria-busy");
      }
    }
    picker.value = "";
    draft.schedulePreview(0);
    return undefined;
  }

  function show() {
    empty.hidden = draft.images.length > 0;
    keyed(list, draft.images, (one) => `${one.name} ${one.bytes}`, row);
  }

  function row(image) {
    const { name } = image;
    const alt = h("input", { type: "text", maxlength: 500, dir: "auto" });
    const uses = h("p", { class: "hint" });
    // The revision keeps the browser from showing an older image of this name.
    const address = `/bank/${encodeURIComponent(draft.question)}/draft/files/${encodeURIComponent(name)}?${draft.revision}`;
    const picture = h("div", { class: "image-picture" }, h("img", { src: address, alt: "", loading: "lazy" }));
    const insert = (noun) => () => {
      const file = fileOf(noun, draft.language);
      const text = draft.texts[file] ?? "";
      draft.setText(file, `${text.replace(/\n*$/, "")}\n\n![${alt.value.trim()}](file:${name})\n`);
      live(say("Inserted at the end of {file}", { file }));
    };
    const node = h(
      "li",
      { class: "image-row" },
      picture,
      h(
        "div",
        { class: "image-facts" },
        h("p", {}, h("strong", {}, name), " ", h("span", { class: "soft" }, sizeOf(image.bytes))),
        labelled(say("What it shows"), alt, { hint: say("Read out to students who cannot see the image. Leave it empty only if it adds nothing.") }),
        h("p", { class: "toolbar" }, [
          button(say("Insert into the prompt"), insert("prompt")),
          button(say("Insert into the solution"), insert("solution")),
          button(say("Remove"), remove, { class: "button small quiet", "aria-label": say("Remove {name}", { name }) }),
        ]),
        uses,
      ),
    );

    async function remove() {
      complain("");
      try {
        await draft.post("images/remove", { name });
        live(say("{name} removed", { name }));
        picker.focus();
        draft.schedulePreview(0);
      } catch (error) {
        complain(error.says ?? String(error));
      }
    }
    function used() {
      const places = [];
      for (const [file, text] of Object.entries(draft.texts)) {
        if (!file.endsWith(".md")) continue;
        const found = new RegExp(`!\\[([^\\]]*)\\]\\(file:${escaped(name)}\\)`).exec(text);
        if (!found) continue;
        places.push(file);
        if (!alt.value && alt !== document.activeElement) alt.value = found[1];
      }
      uses.textContent = places.length ? say("Used in {files}.", { files: places.join(", ") }) : say("Not used in any text yet.");
    }
    listen(node, draft, "text", used);
    used();
    return node;
  }

  picker.addEventListener("change", () => upload([...picker.files]));
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    upload([...event.dataTransfer.files]);
  });
  listen(root, draft, "images", show);
  root.append(
    h("h2", {}, say("Images")),
    h("p", { class: "hint" }, say("Pictures that are the same in every variant. What depends on the numbers is a drawing: see Figures.")),
    zone,
    says,
    list,
    empty,
  );
  show();
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function sizeOf(bytes) {
  const number = typeof bytes === "number" ? bytes : 0;
  return number ? say("{n} kB", { n: Math.max(1, Math.round(number / 1000)) }) : "";
}
