"""What a student sees of a variant, and its worked solution, as plain dictionaries of safe HTML."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.errors import GradusError, Problem, QuestionError
from app.domain.language import Node
from app.domain.questions import Figure, Part, Question
from app.domain.texts import PREFERRED, Text, in_language
from app.domain.values import Json, Value
from app.domain.widgets import Widget
from graders.hints import split_hints
from graders.presenting.figures import DrawingError, draw
from graders.presenting.markdown import Drawn, render, render_inline
from graders.presenting.templates import Budget, Look, TemplateError, expand
from graders.sections import Section, Sections, split


@dataclass(frozen=True, slots=True)
class PresentedField:
    """How a field is asked in this variant; `statements` are the texts of a choice in the order shown."""

    widget: Widget
    statements: Sequence[str] = field(default_factory=tuple)


def shown(
    question: Question,
    prompt: str,
    look: Look,
    fields: Mapping[str, PresentedField],
    files: Collection[str] = (),
    language: str = PREFERRED,
    file: str = "prompt.md",
) -> dict[str, Json]:
    """The question as asked. `prompt` is the text of `file`; `look` evaluates an expression in the variant.

    Raises:
        QuestionError: a template or a figure does not work with these values; with file and line.
    """
    scribe = _Scribe(question, look, files, language, file)
    sections = split(prompt, [part.id for part in question.parts])
    parts: list[Json] = [scribe.part(part, sections, fields) for part in question.parts]
    markdown, html = scribe.section(sections.stem)
    return {
        "title": scribe.plain(question.title, "title"),
        "stem": html,
        "stem_text": markdown,
        "parts": parts,
    }


def solution(
    question: Question,
    text: str,
    look: Look,
    files: Collection[str] = (),
    language: str = PREFERRED,
    file: str = "solution.md",
) -> dict[str, Json]:
    """The worked solution of the variant, by part.

    Raises:
        QuestionError: a template or a figure does not work with these values; with file and line.
    """
    scribe = _Scribe(question, look, files, language, file)
    sections = split(text, [part.id for part in question.parts])
    written = {part.id: scribe.section(sections.of(part.id)) for part in question.parts}
    return {
        "stem": scribe.section(sections.stem)[1],
        "parts": {name: html for name, (_, html) in written.items()},
        "text": {name: markdown for name, (markdown, _) in written.items()},
    }


def hints(
    question: Question,
    text: str,
    look: Look,
    files: Collection[str] = (),
    language: str = PREFERRED,
    file: str = "hints.md",
) -> dict[str, Json]:
    """The hints of the variant as HTML, by part, for those parts that have some.

    Raises:
        QuestionError: a template or a figure does not work with these values; with file and line.
    """
    scribe = _Scribe(question, look, files, language, file)
    found = split_hints(text, [part.id for part in question.parts]).parts
    return {name: [scribe.section(hint)[1] for hint in of_part] for name, of_part in found.items() if of_part}


class _Scribe:
    """Writes the texts of one file of one variant; figures are drawn once, when they are first met."""

    def __init__(self, question: Question, look: Look, files: Collection[str], language: str, file: str) -> None:
        self._question = question
        self._words = question.words.get(language, {})
        self._look = self._worded(look) if self._words else look
        self._files = files
        self._language = language
        self._file = file
        self._budget = Budget()
        self._drawn: dict[str, Drawn] = {}

    def _worded(self, look: Look) -> Look:
        """A text cell shows its translation where there is one; conditions are decided before it is shown."""

        def value(node: Node) -> Value:
            found = look(node)
            return self._words.get(found, found) if isinstance(found, str) else found

        return value

    def _reads(self, words: Collection[str]) -> list[Json]:
        return [self._words.get(word, word) for word in words]

    def section(self, section: Section) -> tuple[str, str]:
        """A section as Markdown with its values, and as HTML."""
        try:
            markdown = expand(section.text, self._look, self._budget, line=section.line).strip()
        except TemplateError as error:
            raise QuestionError([Problem(error.says, file=self._file, line=error.line)]) from None
        return markdown, render(markdown, self._figure, self._files)

    def plain(self, text: Text, path: str) -> str:
        """A short text of question.yaml as Markdown with its values."""
        try:
            return expand(in_language(text, self._language), self._look, self._budget)
        except TemplateError as error:
            raise QuestionError([Problem(error.says, path)]) from None

    def part(self, part: Part, sections: Sections, fields: Mapping[str, PresentedField]) -> Json:
        markdown, html = self.section(sections.of(part.id))
        asked: list[Json] = [self._field(part, name, fields[name]) for name in part.fields]
        return {
            "id": part.id,
            "item": part.item,
            "label": part.label,
            "title": self.plain(part.title, f"parts.{part.id}.title"),
            "form": part.form,
            "points": str(part.points),
            "score": "none" if part.score == "none" else "bonus" if part.bonus else "points",
            "prompt": html,
            "prompt_text": markdown,
            "fields": asked,
        }

    def _field(self, part: Part, name: str, presented: PresentedField) -> Json:
        path = f"parts.{part.id}.fields.{name}"
        label = self.plain(part.fields[name].label, f"{path}.label")
        widget = presented.widget
        written = [self.plain(text, path) for text in presented.statements or widget.options_text or widget.options]
        worded: dict[str, Json] = {}
        if self._words and (widget.words or widget.rows or widget.columns):
            worded = {
                "rows": self._reads(widget.rows),
                "columns": self._reads(widget.columns),
                "words_text": self._reads(widget.words),
            }
        return {
            "id": name,
            "label": render_inline(label),
            "label_text": label,
            "widget": {
                **widget.model_dump(mode="json"),
                **worded,
                "options": [render_inline(text, self._figure, self._files) for text in written],
                "options_text": list(written),
            },
        }

    def _figure(self, name: str) -> Drawn | None:
        figure = self._question.figures.get(name)
        if figure is None:
            return None
        if name not in self._drawn:
            self._drawn[name] = self._draw(figure, f"figures.{name}")
        return self._drawn[name]

    def _draw(self, figure: Figure, path: str) -> Drawn:
        alt = self.plain(figure.alt, f"{path}.alt")
        caption = self.plain(figure.caption, f"{path}.caption")
        try:
            return Drawn(draw(figure.draw, self._look(figure.of.node), alt), render_inline(caption))
        except (DrawingError, GradusError) as error:
            raise QuestionError([Problem(str(error), path)]) from None
