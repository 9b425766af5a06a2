// What measures.py asks of a page. Evaluates to an object of functions.
(() => {
  const PRESSED =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=slider], [role=tab], [tabindex='0']";
  const BLOCKS = "p, li, dd, td, th, figcaption, label, legend, div";
  const SPACED = `
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
    p { margin-bottom: 2em !important; }`;
  const DRAWN = ".unseen, .katex, math-field, svg, .skip, .wordmark-text";

  const seen = (one) => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true }) && !one.closest("[inert]");
  const targets = () => [...document.querySelectorAll(PRESSED)].filter(seen);

  function name(one) {
    const words = (one.getAttribute("aria-label") ?? one.textContent).trim().replace(/\s+/g, " ");
    const classes = (one.getAttribute("class") ?? "").trim().split(/\s+/).filter(Boolean);
    return `${[one.localName, ...classes].join(".")} “${words.slice(0, 40)}”`;
  }

  // WCAG 2.2, 2.5.8: 24 pixels each way; what is in a label can be pressed all over the label. Links in a sentence are
  // excepted; one that stands alone in its line may be as low as its letters where a circle of 24 pixels around its
  // middle touches nothing else that can be pressed.
  function small() {
    const area = (box) => box.width * box.height;
    const largest = (one) =>
      [one, ...(one.labels ?? [])].map((box) => box.getBoundingClientRect()).reduce((a, b) => (area(a) >= area(b) ? a : b));
    const sizes = new Map(targets().map((one) => [one, largest(one)]));
    const inline = (one) => one.matches("a[href]") && getComputedStyle(one).display === "inline";
    const inSentence = (one) => {
      const block = one.closest(BLOCKS);
      const links = [...block.querySelectorAll("a[href]")].map((link) => link.textContent).join("");
      return /\w{2}/.test(block.textContent.replace(one.textContent, "")) && block.textContent.length > links.length + 2;
    };
    const alone = (one, box) => {
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      return [...sizes].every(([other, rect]) => {
        if (other === one || other.contains(one) || one.contains(other)) return true;
        const [dx, dy] = [Math.max(rect.left - x, 0, x - rect.right), Math.max(rect.top - y, 0, y - rect.bottom)];
        return Math.hypot(dx, dy) >= 11.5;
      });
    };
    return [...sizes].flatMap(([one, box]) => {
      const large = box.width >= 23.5 && box.height >= 23.5;
      if (large || one.matches(".skip, .unseen") || (inline(one) && (inSentence(one) || alone(one, box)))) return [];
      return [`too small: ${name(one)}: ${box.width.toFixed(1)} × ${box.height.toFixed(1)}`];
    });
  }

  // WCAG 2.2, 1.4.12: with these distances nothing may be cut off.
  function clipped() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(SPACED);
    document.adoptedStyleSheets = [sheet];
    const cut = (overflow, inner, outer) => /hidden|clip/.test(overflow) && inner > outer + 2;
    const found = [...document.querySelectorAll("body *")].flatMap((one) => {
      if (!(one instanceof HTMLElement) || !one.checkVisibility() || one.closest(DRAWN)) return [];
      const style = getComputedStyle(one);
      const text = one.textContent.trim().slice(0, 50);
      if (!text || one.clientWidth <= 2) return [];
      const wide = cut(style.overflowX, one.scrollWidth, one.clientWidth);
      const high = cut(style.overflowY, one.scrollHeight, one.clientHeight);
      return wide || high ? [`cut off in its ${wide ? "width" : "height"}: ${name(one)}`] : [];
    });
    document.adoptedStyleSheets = [];
    return found;
  }

  function moving() {
    const lasts = (times) => times.split(",").some((time) => parseFloat(time) > 0.001);
    return [...document.querySelectorAll("body *")].flatMap((one) => {
      const style = getComputedStyle(one);
      const moves = lasts(style.transitionDuration) || (style.animationName !== "none" && lasts(style.animationDuration));
      return moves || style.scrollBehavior === "smooth" ? [`moves: ${name(one)}`] : [];
    });
  }

  // How the focused element stands on the screen: whether something lies over it, and whether one sees the focus.
  function focused() {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = (one.matches("[type=radio], [type=checkbox]") ? (one.closest("label") ?? one) : one).getBoundingClientRect();
    const bar = document.querySelector(".bar");
    const free = one.matches(".skip") || !bar || bar.contains(one) || getComputedStyle(bar).position !== "sticky";
    const top = free ? 0 : bar.getBoundingClientRect().bottom;
    const outlined = (shown) => {
      const { outlineStyle, outlineWidth, outlineColor } = getComputedStyle(shown);
      return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && outlineColor !== "rgba(0, 0, 0, 0)";
    };
    const around = [...document.querySelectorAll("body :focus-within")].filter((outer) => outer.contains(one));
    // Points in a drawing and formulas draw a focus of their own; their tests look at it.
    const own = one.namespaceURI.endsWith("svg") || one.matches("math-field");
    const faults = [];
    if (box.bottom <= top + 1 || box.top >= innerHeight - 1) faults.push("out of sight");
    else if (box.top < top - 1 && box.height < innerHeight - top) faults.push("partly under the bar");
    if (!own && ![one, ...around].some(outlined)) faults.push("no outline");
    return { who: name(one), faults };
  }

  return { small, clipped, moving, focused };
})()
