"""A student's text as a page shows it after grading: every marked stretch with what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from markupsafe import Markup

from app.web.wording import gettext

# What a mark shows, in words; in the order of the legend.
MEANINGS: Mapping[str, Callable[[], str]] = {
    "earned": lambda: gettext("earns points"),
    "contradicts": lambda: gettext("speaks against it"),
    "negated": lambda: gettext("says the opposite"),
    "unsure": lambda: gettext("related; a person decides"),
    "unread": lambda: gettext("not understood by the machine"),
}


def _says(mark: str, final: bool) -> str:
    # Once the part is decided, nobody decides about these words any more.
    return gettext("related") if final and mark == "unsure" else MEANINGS[mark]()


def marked_text(text: str, words: Sequence[tuple[int, int, str]], final: bool = False) -> Markup:
    """The text with its marks; what one shows is also said in words. `final`: the part is decided."""
    done, at = Markup(), 0
    for start, end, mark in words:
        if mark not in MEANINGS or not at <= start < end <= len(text):
            continue
        done += Markup("{}").format(text[at:start])
        done += Markup('<mark data-mark="{}">{}<span class="unseen"> ({})</span></mark>').format(
            mark, text[start:end], _says(mark, final)
        )
        at = end
    return done + Markup("{}").format(text[at:])


def legend(words: Sequence[tuple[int, int, str]], final: bool = False) -> list[tuple[str, str]]:
    """The marks that occur, each with its meaning."""
    present = {mark for _, _, mark in words}
    return [(mark, _says(mark, final)) for mark in MEANINGS if mark in present]
