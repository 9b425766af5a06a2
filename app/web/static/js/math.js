// Mathematics: TeX text from the server becomes KaTeX's nodes. Without KaTeX the TeX text stays readable.
let loading = null;

function engine() {
  loading ??= import("../vendor/katex/katex.js").then((module) => module.default, () => null);
  return loading;
}

const OPTIONS = { throwOnError: false, strict: "ignore", trust: false, maxSize: 20, maxExpand: 500 };
// Fractions in neighbouring rows of a matrix would touch each other.
const macros = { "\\arraystretch": "1.3" };

// A formula that is wider than its column scrolls by itself, so the keyboard must reach it.
const watcher = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});

/** Show `tex` in `node`. */
export async function typeset(node, tex, display = false) {
  node.dataset.tex = tex;
  const katex = await engine();
  if (!katex || node.dataset.tex !== tex) return;
  const made = document.createElement("span");
  katex.render(tex, made, { ...OPTIONS, macros: { ...macros }, displayMode: display });
  node.replaceChildren(...made.childNodes);
  node.classList.add("typeset");
  // Blocks of an order scroll as a whole, so that their formulas still break between lines.
  const block = node.closest(".order-block .prose, .ordered .prose");
  if (block || display || node.closest(".read-as")) watcher.observe(block ?? node);
}

/** Show every formula below `root`. */
export function typesetAll(root = document) {
  for (const node of root.querySelectorAll(".math[data-tex]:not(.typeset)")) {
    typeset(node, node.dataset.tex, node.classList.contains("display"));
  }
}
