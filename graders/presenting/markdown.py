"""Markdown to safe HTML: nothing raw, nothing from elsewhere, mathematics as placeholders, figures inlined.

Two fences stand behind each other: the Markdown parser escapes everything that is not Markdown, and an
allow-list cleans what comes out of it. Figures are put in after the cleaning, at places that no author's text
can imitate.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote, unquote

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

FIGURE = "figure:"
FILE = "file:"
_TEXT_TAGS = {"p", "br", "hr", "em", "strong", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img"}
_TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = {"h3", "h4", "h5", "h6", "span", "div"} | _TEXT_TAGS | _TABLE_TAGS
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "class"},
    "span": {"class", "data-tex", "data-figure"},
    "div": {"class", "data-tex", "data-figure"},
    "code": {"class"},
    "ol": {"start"},
    "th": {"class"},
    "td": {"class"},
}
_SCHEME = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:")
_WEB = re.compile(r"https?://", re.IGNORECASE)
_PLACE = re.compile(r'<(div|span) data-figure="(\d+)"></\1>')
_ONLY_PARAGRAPH = re.compile(r"<p>((?:(?!</?p>).)*)</p>\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A figure ready to be shown: its SVG, and its caption as HTML."""

    svg: str
    caption: str = ""


@dataclass(slots=True)
class _Page:
    """What the renderer needs to know of the question, and the figures met so far."""

    figure: Callable[[str], Drawn | None]
    files: Collection[str]
    drawn: list[Drawn] = field(default_factory=list)


def _nothing(name: str) -> Drawn | None:
    """No figures."""
    return None


def render(markdown: str, figure: Callable[[str], Drawn | None] = _nothing, files: Collection[str] = ()) -> str:
    """The HTML of a text. `figure` gives the figure of a name or None; `files` are the known file names.

    An image that is neither a figure nor a known file shows its description instead.
    """
    page = _Page(figure, files)
    return _finish(_PARSER.render(markdown, {"page": page}), page)


def render_inline(markdown: str, figure: Callable[[str], Drawn | None] = _nothing, files: Collection[str] = ()) -> str:
    """Like `render`, for labels, options and captions: a single paragraph loses its `<p>`."""
    html = render(markdown.strip(), figure, files)
    only = _ONLY_PARAGRAPH.fullmatch(html)
    return only[1] if only else html


@dataclass(frozen=True, slots=True)
class Reference:
    """An image or link of a text: where it points and on which line (0-based) its paragraph starts."""

    kind: str
    target: str
    line: int


def references(markdown: str) -> list[Reference]:
    """Every image and link of a text."""
    found = []
    for block in _PARSER.parse(markdown, {"page": _Page(_nothing, ())}):
        line = block.map[0] if block.map else 0
        for token in _below(block.children or []):
            if token.type == "image":
                found.append(Reference("image", unquote(str(token.attrGet("src"))), line))
            elif token.type == "link_open":
                found.append(Reference("link", str(token.attrGet("href")), line))
    return found


def refused(reference: Reference, figures: Collection[str], files: Collection[str]) -> str | None:
    """Why a reference cannot be shown, as one sentence; None where it can."""
    target = reference.target
    if reference.kind == "link":
        return None if _WEB.match(target) else f"A link must lead to an address such as https://…, not to `{target}`."
    if target.startswith(FIGURE):
        name = target.removeprefix(FIGURE)
        return None if name in figures else f"There is no figure called `{name}`."
    if (_SCHEME.match(target) and not target.startswith(FILE)) or target.startswith("//"):
        return f"Images come from the question's own files, not from `{target}`."
    name = target.removeprefix(FILE)
    return None if name in files else f"There is no file called `{name}` among the question's files."


def _below(tokens: Sequence[Token]) -> list[Token]:
    return [found for token in tokens for found in (token, *_below(token.children or []))]


def _finish(html: str, page: _Page) -> str:
    clean = nh3.clean(
        # Half a character cannot be written to any page.
        html.encode("utf-8", "replace").decode("utf-8"),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "file"},
        link_rel="noopener noreferrer",
        generic_attribute_prefixes=set(),
    )

    def put(match: re.Match[str]) -> str:
        drawn = page.drawn[int(match[2])]
        if match[1] == "span":
            return f'<span class="figure">{drawn.svg}</span>'
        caption = f"<figcaption>{drawn.caption}</figcaption>" if drawn.caption else ""
        return f'<figure class="figure">{drawn.svg}{caption}</figure>'

    return _PLACE.sub(put, clean)


def _math(tag: str, kind: str) -> Callable[..., str]:
    """A rule that writes the placeholder which the page fills in; its text is the TeX itself."""

    def rule(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
        written = escape(tokens[at].content.strip())
        return f'<{tag} class="{kind}" data-tex="{written}">{written}</{tag}>'

    return rule


def _image(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    page: _Page = env["page"]
    target = unquote(str(token.attrGet("src")))
    alt = self.renderInlineAsText(token.children or [], options, env)
    if target.startswith(FIGURE):
        drawn = page.figure(target.removeprefix(FIGURE))
        if drawn is not None:
            page.drawn.append(drawn)
            tag = "div" if token.meta.get("alone") else "span"
            return f'<{tag} data-figure="{len(page.drawn) - 1}"></{tag}>'
    elif target.removeprefix(FILE) in page.files:
        return f'<img src="{FILE}{quote(target.removeprefix(FILE))}" alt="{escape(alt)}" class="figure">'
    missing = f'<span class="missing">{escape(alt or target)}</span>'
    return f"<p>{missing}</p>\n" if token.meta.get("alone") else missing


def _link(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    token = tokens[at]
    if not _WEB.match(str(token.attrGet("href"))):
        token.attrs.pop("href", None)
    return self.renderToken(tokens, at, options, env)


def _cell(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    """Table cells say their alignment by a class, for style attributes are forbidden."""
    token = tokens[at]
    style = token.attrs.pop("style", None)
    if isinstance(style, str):
        token.attrSet("class", style.replace("text-align:", "align-"))
    return self.renderToken(tokens, at, options, env)


def _table_open(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return '<div class="scroll"><table>\n'


def _table_close(self: RendererHTML, tokens: Sequence[Token], at: int, options: Any, env: Any) -> str:
    return "</table></div>\n"


def _arrange(state: StateCore) -> None:
    """A figure alone in its paragraph stands by itself; headings start at level 3; an empty head is a plain cell."""
    for at, token in enumerate(state.tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{max(3, int(token.tag[1]))}"
        if token.type == "th_open" and not state.tokens[at + 1].content.strip():
            token.tag = state.tokens[at + 2].tag = "td"
        children = token.children or []
        if token.type == "inline" and len(children) == 1 and children[0].type == "image":
            if state.tokens[at - 1].type == "paragraph_open" and not state.tokens[at - 1].hidden:
                target = str(children[0].attrGet("src"))
                if target.startswith(FIGURE):
                    children[0].meta["alone"] = True
                    state.tokens[at - 1].hidden = state.tokens[at + 1].hidden = True


def _valid(url: str) -> bool:
    """Every address is parsed; what may be shown is decided when it is rendered."""
    return not url.lower().lstrip().startswith(("javascript:", "vbscript:", "data:"))


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": 40})
    parser.enable(["table", "strikethrough"])
    parser.use(dollarmath_plugin, allow_labels=False, double_inline=True)
    parser.core.ruler.push("arrange", _arrange)
    parser.validateLink = _valid  # type: ignore[method-assign]
    for name, rule in {
        "math_inline": _math("span", "math"),
        "math_inline_double": _math("span", "math display"),
        "math_block": _math("div", "math display"),
        "image": _image,
        "link_open": _link,
        "th_open": _cell,
        "td_open": _cell,
        "table_open": _table_open,
        "table_close": _table_close,
    }.items():
        parser.add_render_rule(name, rule)
    return parser


_PARSER = _parser()
