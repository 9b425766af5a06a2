"""Markdown becomes HTML that cannot do harm."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.presenting.markdown import Drawn, Reference, references, refused, render, render_inline

SVG = '<svg class="fig"><title>A batch</title></svg>'


def figure(name):
    return {"batch": Drawn(SVG, "A <em>batch</em>"), "plain": Drawn(SVG)}.get(name)


class Elements(HTMLParser):
    """Every element with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_ordinary_markdown_becomes_ordinary_html():
    assert render("A *b* **c** `d`\n\n- e\n- f") == (
        "<p>A <em>b</em> <strong>c</strong> <code>d</code></p>\n<ul>\n<li>e</li>\n<li>f</li>\n</ul>\n"
    )


def test_headings_stay_below_those_of_the_page():
    assert render("# a\n\n## b\n\n#### c") == "<h3>a</h3>\n<h3>b</h3>\n<h4>c</h4>\n"


def test_tables_scroll_and_say_their_alignment_by_a_class():
    html = render("| a | b |\n|--:|---|\n| 1 | $x$ |\n")
    assert html.startswith('<div class="scroll"><table>')
    assert '<th class="align-right">a</th>' in html
    assert "<td><span" in html
    assert "style" not in html


def test_mathematics_becomes_a_placeholder_that_holds_its_tex():
    assert render_inline("$a_1 < b$ is") == '<span class="math" data-tex="a_1 &lt; b">a_1 &lt; b</span> is'
    assert render("$$\na & b\n$$\n").strip() == '<div class="math display" data-tex="a &amp; b">a &amp; b</div>'
    assert '<span class="math display" data-tex="x">x</span>' in render("so $$x$$ holds")
    assert render_inline(r"\$5") == "$5"


def test_a_figure_alone_stands_by_itself_with_its_caption():
    html = render("See\n\n![](figure:batch)\n\nabove", figure)
    assert f'<figure class="figure">{SVG}<figcaption>A <em>batch</em></figcaption></figure>' in html
    assert "<p><figure" not in html
    assert "figcaption" not in render("![](figure:plain)", figure)


def test_a_figure_in_a_line_or_a_table_stays_in_it():
    assert render("see ![](figure:batch) here", figure) == f'<p>see <span class="figure">{SVG}</span> here</p>\n'
    assert f'<td><span class="figure">{SVG}</span></td>' in render("|a|\n|-|\n|![](figure:batch)|", figure)
    assert f'<figure class="figure">{SVG}' in render("- ![](figure:batch)\n\n- b", figure)
    assert f'<li><span class="figure">{SVG}' in render("- ![](figure:batch)\n- b", figure)


def test_a_file_of_the_question_is_named_for_the_page_to_serve():
    expected = '<img src="file:loss%20curve.png" alt="The loss" class="figure">'
    assert render_inline("![The loss](<loss curve.png>)", files=["loss curve.png"]) == expected
    assert render_inline("![The loss](file:loss%20curve.png)", files=["loss curve.png"]) == expected


@pytest.mark.parametrize(
    "target", ["https://x.org/a.png", "//x.org/a.png", "figure:none", "none.png", "../../etc/passwd"]
)
def test_an_image_from_elsewhere_or_nowhere_shows_its_description(target):
    assert render_inline(f"![the alt]({target})", figure, ["a.png"]) == '<span class="missing">the alt</span>'


def test_without_figures_there_are_none():
    assert render_inline("a ![the alt](figure:batch)") == 'a <span class="missing">the alt</span>'
    assert render("![the alt](figure:batch)") == '<p><span class="missing">the alt</span></p>\n'


def test_links_lead_to_the_web_only_and_tell_it_nothing():
    html = render_inline("[a](https://x.org/?a=1&b=2)")
    assert html == '<a href="https://x.org/?a=1&amp;b=2" rel="noopener noreferrer">a</a>'
    for target in ("figure:batch", "file:a", "a.html", "//x.org", "mailto:a@b.org"):
        assert "href" not in render_inline(f"[a]({target})")


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "$<img src=x onerror=alert(1)>$",
    "$$\n<script>alert(1)</script>\n$$",
    '$" onmouseover="alert(1)$',
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](data:text/html,<script>1</script>)",
    "![a](javascript:alert(1))",
    "![a](data:image/svg+xml,<svg onload=alert(1)>)",
    '![a" onerror="alert(1)](b.png)',
    '[a](https://x.org "\\" onclick=\\"alert(1)")',
    "<a href=javascript:alert(1)>x</a>",
    "`<script>alert(1)</script>`",
    '```"><script>alert(1)</script>\nx\n```',
    "<svg/onload=alert(1)>",
    "|<img onerror=alert(1)>|\n|-|\n|<b onclick=1>|",
    '<https://x.org/" onclick=alert(1)>',
    "<style>*{display:none}</style><iframe src=//x.org></iframe>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    '<span data-figure="0"></span>',
    '`<div data-figure="0"></div>`',
]


TAGS = {"p", "a", "span", "div", "img", "code", "pre", "table", "thead", "tbody", "tr", "th", "td", "em"} | {
    "strong", "s", "ul", "ol", "li", "br", "hr", "blockquote", "h3", "h4", "h5", "h6",
}  # fmt: skip


def harmless(text):
    for html in (render(text, files=["b.png"]), render_inline(text, files=["b.png"])):
        for tag, attributes in Elements(html).found:
            assert tag in TAGS
            assert set(attributes) <= {"href", "title", "rel", "class", "data-tex", "src", "alt", "start"}
            assert attributes.get("href", "https://").lower().startswith(("https://", "http://"))
            assert attributes.get("src", "file:").startswith("file:")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_harmless(text):
    harmless(text)
    assert "<svg" not in render(text, figure)


PIECES = [
    *HOSTILE,
    "$",
    "`",
    "[",
    "](",
    ")",
    "![",
    "|",
    "\n",
    "\n\n",
    "# ",
    "- ",
    "> ",
    "<",
    '"',
    "javascript:",
    "figure:batch",
]


@given(st.lists(st.sampled_from(PIECES) | st.characters(), max_size=12).map("".join))
def test_no_mixture_of_hostile_pieces_does_harm(text):
    harmless(text)


def test_no_text_can_imitate_the_place_of_a_figure():
    text = '![](figure:batch)\n\n![<span data-figure="0"></span>](figure:none) $<div data-figure="0"></div>$'
    assert render(text, figure).count("<svg") == 1


def test_several_paragraphs_keep_their_paragraphs_in_a_label():
    assert render_inline("a") == "a"
    assert render_inline("a\n\nb") == "<p>a</p>\n<p>b</p>\n"


def test_every_image_and_link_of_a_text_is_found_with_its_line():
    text = "a ![x](figure:batch)\n\n- [l](https://x.org) and [![y](c%20d.png)](other)\n\n$$x$$\n"
    assert references(text) == [
        Reference("image", "figure:batch", 0),
        Reference("link", "https://x.org", 2),
        Reference("link", "other", 2),
        Reference("image", "c d.png", 2),
    ]


@pytest.mark.parametrize(
    ("kind", "target", "says"),
    [
        ("image", "figure:batch", None),
        ("image", "a.png", None),
        ("image", "file:a.png", None),
        ("link", "HTTPS://x.org", None),
        ("link", "a.html", "A link must lead"),
        ("image", "figure:none", "no figure called `none`"),
        ("image", "b.png", "no file called `b.png`"),
        ("image", "https://x.org/a.png", "own files"),
        ("image", "//x.org/a.png", "own files"),
    ],
)
def test_a_refused_reference_says_why(kind, target, says):
    found = refused(Reference(kind, target, 0), ["batch"], ["a.png"])
    assert found is None if says is None else says in found


def test_an_empty_corner_of_a_table_is_no_heading() -> None:
    html = render("|  | a |\n|--|--|\n| b | 1 |\n")
    assert "<th></th>" not in html
    assert "<td></td>" in html
    assert "<th>a</th>" in html
