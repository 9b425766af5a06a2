"""What is wrong with the texts and figures of a question, seen without any values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from app.domain.errors import Problem
from app.domain.language.tree import Call, free_names, walk
from app.domain.questions import Question
from app.domain.texts import Text
from graders.hints import split_hints
from graders.presenting.figures import DRAWINGS
from graders.presenting.markdown import references, refused
from graders.presenting.templates import TemplateError, names, parse
from graders.sections import Section, split


def problems(
    question: Question,
    prompt: str | None,
    solution: str | None,
    known: Collection[str],
    functions: Collection[str] | None = None,
    files: Collection[str] = (),
    prompt_file: str = "prompt.md",
    solution_file: str = "solution.md",
) -> list[Problem]:
    """Every problem of the texts: of the two files with their line, of question.yaml with its path.

    Missing and unknown sections, templates that cannot be read, unknown names, functions, figures and files.
    `prompt` and `solution` are None where the file does not exist; `known` are the names an expression may
    use, `functions` those it may call (not checked if None).
    """
    check = _Check(question, known, functions, files)
    found: list[Problem] = []
    for text, file in ((prompt, prompt_file), (solution, solution_file)):
        if text is None:
            found.append(Problem("This file is missing.", file=file))
        else:
            found += check.file(text, file)
    return [*found, *check.question()]


def hint_problems(
    question: Question,
    text: str,
    known: Collection[str],
    functions: Collection[str] | None = None,
    files: Collection[str] = (),
    file: str = "hints.md",
) -> list[Problem]:
    """Every problem of the hints, with its line; not every part has some."""
    check = _Check(question, known, functions, files)
    hints = split_hints(text, [part.id for part in question.parts], file)
    return [*hints.problems, *check.sections([hint for of_part in hints.parts.values() for hint in of_part], file)]


class _Check:
    def __init__(
        self,
        question: Question,
        known: Collection[str],
        functions: Collection[str] | None,
        files: Collection[str],
    ) -> None:
        self._question = question
        self._known = known
        self._functions = functions
        self._files = files

    def file(self, text: str, file: str) -> Iterator[Problem]:
        sections = split(text, [part.id for part in self._question.parts], file)
        yield from sections.problems
        yield from self.sections((sections.stem, *sections.parts.values()), file)

    def sections(self, sections: Iterable[Section], file: str) -> Iterator[Problem]:
        for section in sections:
            for says, line in self._text(section.text, section.line):
                yield Problem(says, file=file, line=line)

    def question(self) -> Iterator[Problem]:
        question = self._question
        yield from self._short(question.title, "title")
        for name, figure in question.figures.items():
            if figure.draw not in DRAWINGS:
                says = f"There is no drawing called `{figure.draw}`; there are {', '.join(DRAWINGS)}."
                yield Problem(says, f"figures.{name}.draw")
            yield from self._short(figure.alt, f"figures.{name}.alt")
            yield from self._short(figure.caption, f"figures.{name}.caption")
        for pool, statements in question.pools.items():
            for number, statement in enumerate(statements):
                yield from self._short(statement.text, f"pools.{pool}.{number}.text")
                yield from self._short(statement.why, f"pools.{pool}.{number}.why")
        for number, part in enumerate(question.parts):
            yield from self._short(part.title, f"parts.{number}.title")
            for name, field in part.fields.items():
                yield from self._short(field.label, f"parts.{number}.fields.{name}.label")

    def _short(self, text: Text, path: str) -> Iterator[Problem]:
        for one in [text] if isinstance(text, str) else text.values():
            for says, _ in self._text(one, 1):
                yield Problem(says, path)

    def _text(self, text: str, line: int) -> Iterator[tuple[str, int]]:
        try:
            pieces = parse(text, line)
        except TemplateError as error:
            yield error.says, error.line
            return
        for node, bound, place in names(pieces):
            for name in sorted(free_names(node) - bound):
                if name not in self._known:
                    yield f"There is no variable called `{name}`.", place
            for inner in walk(node):
                if self._functions is not None and isinstance(inner, Call) and inner.function not in self._functions:
                    yield f"There is no function called `{inner.function}`.", place
        for reference in references(text):
            says = None if "@{" in reference.target else refused(reference, self._question.figures, self._files)
            if says:
                yield says, line + reference.line
