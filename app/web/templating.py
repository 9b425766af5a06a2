"""Our own templates (nobody else's: they compile to Python), and how numbers and times are written in them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.numbers import get_decimal_symbol
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from app.web import fields, formulas, marked_texts
from app.web.assets import Assets
from app.web.drawing_fields import drawing_parts
from app.web.sketch_drawing import sketch_picture
from app.web.sketch_fields import sketch_rows
from app.web.speaking import back_to
from app.web.wording import SOURCE, Wording, gettext, language_now, ngettext, told

TEMPLATES = Path(__file__).with_name("templates")
# Thirds and the like have no end as decimals; each has a sign of its own that everybody reads.
SIGNS = {(1, 3): "⅓", (2, 3): "⅔", (1, 6): "⅙", (5, 6): "⅚", (1, 7): "⅐", (1, 9): "⅑"}
MARKED = re.compile(r"\$([^$]+)\$|`([^`]+)`|\*\*([^*]+)\*\*")
MINUS = "\N{MINUS SIGN}"
NARROW = "\N{NARROW NO-BREAK SPACE}"


class Templates:
    """Renders pages. One object per process."""

    def __init__(self, assets: Assets, wording: Wording, folder: Path = TEMPLATES) -> None:
        self.languages = wording.names()
        self._assets = assets
        self.environment = Environment(
            loader=FileSystemLoader(folder),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,  # a page takes pieces from a dozen files, and each was looked for on the disk
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.environment.install_gettext_callables(gettext, ngettext, newstyle=True)  # type: ignore[attr-defined]
        self.environment.globals["_"] = said
        # The editor's documents keep the order their authors gave them.
        self.environment.policies["json.dumps_kwargs"] = {"sort_keys": False}
        self.environment.globals |= {"static": assets.address, "vendor_sheets": assets.vendor_sheets}
        self.environment.globals["formula_examples"] = formulas.EXAMPLES
        self.environment.globals["words"] = self._words
        self.environment.globals["preloads"] = self._preloads
        self.environment.filters |= FILTERS | {"with_sentences": self._with_sentences}
        self._written_words: dict[tuple[str, str], Markup] = {}
        self._written_preloads: dict[tuple[str, ...], Markup] = {}

    def _words(self, said: str = "") -> Markup:
        """The words of scripts, and the sentences of those in the folder `said`: in each language the same forever."""
        key = language_now(), said
        if key not in self._written_words:
            # Our own template, which escapes what it writes.
            self._written_words[key] = Markup(self.environment.get_template("words.html").render(said=said))  # noqa: S704
        return self._written_words[key]

    def _preloads(self, modules: tuple[str, ...]) -> Markup:
        """What lets a browser fetch these scripts at once, before it has read which of them asks for which."""
        if modules not in self._written_preloads:
            line = Markup('<link rel="modulepreload" href="{}">')
            addresses = (self._assets.address(f"js/{module}.js") for module in modules)
            self._written_preloads[modules] = Markup("\n").join(map(line.format, addresses))
        return self._written_preloads[modules]

    def _with_sentences(self, words: dict[str, str], folder: str) -> dict[str, str]:
        """The words of scripts, and the translations of what the scripts of that folder say in full sentences."""
        said = {sentence: gettext(sentence) for sentence in self._assets.sentences(folder)} if folder else {}
        return words | {sentence: told for sentence, told in said.items() if told != sentence}

    def page(self, request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """The page made from that template. Pages are personal, so nobody keeps a copy."""
        language = language_now().replace("_", "-")
        always = {"visitor": None, "language": language, "languages": self.languages, "page_address": back_to(request)}
        html = self.environment.get_template(name).render(always | context)
        headers = {"Cache-Control": "no-store", "Content-Language": language}
        return HTMLResponse(html, status, headers)


def html_page(request: Request, name: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """The page made from that template, in the language of whoever asks."""
    templates: Templates = request.app.state.templates
    return templates.page(request, name, status=status, **context)


def said(sentence: str, /, **values: Any) -> Markup:
    """A sentence of a template in the language of this request, with these values in it."""
    return Markup(gettext(sentence)) % values if values else _said(language_now(), sentence)  # noqa: S704


@lru_cache(4096)
def _said(language: str, sentence: str) -> Markup:
    # Sentences are our own; a page says a hundred, and those without values are the same on every page.
    return Markup(gettext(sentence)) % {}  # noqa: S704


def points(number: Fraction) -> str:
    """Points as people write them: 2, 1.5, 0.25; a fraction (⅓, 2⅓, 1 3⁄7) where decimals would not end."""
    return _points(number, language_now())


@lru_cache(4096)
def _points(number: Fraction, language: str) -> str:
    sign, size = (MINUS if number < 0 else ""), abs(number)
    if size.denominator == 1:
        return f"{sign}{size.numerator}"
    if 1000 % size.denominator == 0:
        return sign + f"{float(size):.3f}".rstrip("0").replace(".", get_decimal_symbol(language))
    whole, rest = divmod(size.numerator, size.denominator)
    shown = SIGNS.get((rest, size.denominator))
    if shown is None:
        shown = f"{NARROW if whole else ''}{rest}\N{FRACTION SLASH}{size.denominator}"
    return f"{sign}{whole or ''}{shown}"


def reach(outcome: Any) -> str:
    """What is sure, and what is possible where that is more: 2, or 2 to 3."""
    sure, upto = outcome.points, outcome.upto
    if upto is sure or upto == sure:
        return points(sure)
    return gettext("%(points)s to %(upto)s") % {"points": points(sure), "upto": points(upto)}


def plural(number: Fraction) -> int:
    """The number that chooses between "point" and "points"."""
    return 1 if number == 1 else 2


def iso(moment: datetime) -> str:
    """For machines: UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def when(moment: datetime) -> str:
    """For people, until a script writes it in their own time zone."""
    return _written(moment.astimezone(UTC)) + " UTC"


def when_in(moment: datetime, zone: tzinfo) -> str:
    """For people, in the time zone of a course: no script writes it anew."""
    return _written(moment.astimezone(zone))


def _written(moment: datetime) -> str:
    language = language_now()
    # The day before the month and 24 hours, as all over Europe.
    day = format_date(moment, "d MMM y" if language == SOURCE else "medium", locale=language)
    return f"{day}, {moment:%H:%M}"


def percent(share: float | None) -> str:
    """A share as people read it; a dash where there is none."""
    return "–" if share is None else f"{round(100 * share)}{_gap()}%"


def _gap() -> str:
    """What stands before a percent sign; in German and French the two are never parted by the end of a line."""
    return " " if language_now() == SOURCE else "\u00a0"


def share(number: Fraction | None) -> str:
    """A share as a percentage with at most two decimals, rounded down: none seems to reach a border it misses."""
    if number is None:
        return "–"
    hundredths = int(abs(number) * 10_000)
    text = f"{hundredths // 100}.{hundredths % 100:02}".rstrip("0").rstrip(".")
    text = text.replace(".", get_decimal_symbol(language_now()))
    return f"{MINUS if number < 0 and hundredths else ''}{text}{_gap()}%"


def figure(number: float | None) -> str:
    """A statistic with two decimals; a dash where there is none."""
    if number is None:
        return "–"
    return f"{number:.2f}".replace("-", MINUS).replace(".", get_decimal_symbol(language_now()))


def short_receipt(code: str) -> str:
    """The beginning of a receipt, as people read it out."""
    return "-".join(code[i : i + 4].upper() for i in range(0, 16, 4))


def earned(criterion: Any) -> str:
    """How much of a criterion was earned, in one word for the style sheet."""
    if criterion.points < 0:
        return "less"
    if criterion.points == 0:
        return "none"
    return "full" if criterion.points >= criterion.max else "some"


def undecided(criterion: Any) -> bool:
    """Whether a person will decide about it."""
    return bool(criterion.upto != criterion.points)


def spoken_of(part: Any) -> list[Any]:
    """The lines of a part that explain its points: what was not deducted, or not needed for full marks, is left out."""
    full = part.points >= part.max > 0
    return [line for line in part.criteria if line.points or undecided(line) or (line.max > 0 and not full)]


def folded(criteria: Sequence[Any]) -> list[Any]:
    """The lines nobody needs to see at once: other ways of earning points, none of which counted."""
    return [line for line in criteria if line.alternative and not line.points and not undecided(line)]


def marked(text: str) -> Markup:
    """A short text of an author with its $mathematics$, `code` and **bold**; nothing else in it is markup."""
    done, at = Markup(), 0
    for found in MARKED.finditer(text):
        done += Markup("{}").format(text[at : found.start()])
        math, code, bold = found.groups()
        if math is not None:
            done += Markup('<span class="math" data-tex="{0}">{0}</span>').format(math.strip())
        else:
            done += (
                Markup("<code>{}</code>").format(code)
                if code is not None
                else Markup("<strong>{}</strong>").format(bold)
            )
        at = found.end()
    return done + Markup("{}").format(text[at:])


def spoken(text: str) -> str:
    """A short text of an author as it can be read out: mathematics without its dollar signs and backslashes."""
    return re.sub(r"[$`\\]|\*\*", "", text).strip()


def chosen_options(field: fields.Field) -> list[Markup]:
    """The chosen statements themselves; none where "none of these" was chosen."""
    picked = fields.chosen(field)
    options = field.widget.get("options") or ()
    # The statements come from the sandbox sanitised, as all authors' HTML does.
    return [Markup(option) for i, option in enumerate(options, 1) if str(i) in picked]  # noqa: S704


def ordered_blocks(field: fields.Field) -> list[tuple[str, Markup]]:
    """The blocks of an order with their numbers; none where "none" was answered."""
    options = field.widget.get("options") or ()
    # The blocks come from the sandbox sanitised, as all authors' HTML does.
    return [(number, Markup(options[int(number) - 1])) for number in fields.sequence(field) if number.isdigit()]  # noqa: S704


def judged(field: fields.Field) -> list[tuple[str, Markup]]:
    """Every statement with the word it was given, in the order shown."""
    words = {"true": gettext("True"), "false": gettext("False")}
    options = field.widget.get("options") or ()
    given = (words.get(word, gettext("No answer")) for word in fields.listed(field))
    # The statements come from the sandbox sanitised, as all authors' HTML does.
    return [(word, Markup(option)) for word, option in zip(given, options, strict=True)]  # noqa: S704


def by_row(field: fields.Field) -> list[tuple[str, str]]:
    """Every row of a list of choices with the word chosen."""
    words = (fields.reads(word, field.widget) or "–" for word in fields.listed(field))
    return list(zip(field.widget["rows"], words, strict=True))


def of_part(pairs: Iterable[tuple[str, str]], part: Any) -> list[tuple[str, list[tuple[int, Any]]]]:
    """The sentences about fields of that part, each once, with its fields and their numbers in the part."""
    numbered = {field.id: (number, field) for number, field in enumerate(part.fields, 1)}
    found: dict[str, list[tuple[int, Any]]] = {}
    for field, says in pairs:
        if field in numbered:
            found.setdefault(says, []).append(numbered[field])
    return list(found.items())


def sentences(pairs: Sequence[tuple[str, str]]) -> list[str]:
    """The sentences of (field, sentence) pairs."""
    return [says for _, says in pairs if says]


FILTERS: dict[str, Callable[..., Any]] = {
    "points": points,
    "reach": reach,
    "told": told,
    "plural": plural,
    "iso": iso,
    "when": when,
    "when_in": when_in,
    "percent": percent,
    "share": share,
    "figure": figure,
    "short_receipt": short_receipt,
    "undecided": undecided,
    "folded": folded,
    "spoken_of": spoken_of,
    "marked": marked,
    "spoken": spoken,
    "earned": earned,
    "lean_widget": fields.lean_widget,
    "usable_names": lambda field: formulas.usable(field.widget),
    "asks_for_formulas": formulas.asks_for_formulas,
    "line": fields.line,
    "drawing_parts": drawing_parts,
    "marked_text": marked_texts.marked_text,
    "legend": marked_texts.legend,
    "cells": fields.cells,
    "listed": fields.listed,
    "chosen": fields.chosen,
    "chosen_options": chosen_options,
    "ordered_blocks": ordered_blocks,
    "sequence": fields.sequence,
    "judged": judged,
    "by_row": by_row,
    "reads": fields.reads,
    "given_lines": fields.given_lines,
    "sketch_rows": lambda field, spare=0: sketch_rows(field.widget, field.value, spare),
    "sketch_picture": lambda field: sketch_picture(field.widget, field.value),
    "sketch_sheet": sketch_picture,
    "of_part": of_part,
    "sentences": sentences,
}
