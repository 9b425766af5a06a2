"""A question in one world, as pages show it: prompt, fields, worked solution, statements of its choices."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, cast

from app.domain.errors import Problem
from app.domain.symbols import with_sizes
from app.domain.texts import PREFERRED, in_language
from app.domain.values import Json
from graders.evaluation.scope import CONSTANTS
from graders.marking.checking import callable_names
from graders.marking.compiled import CompiledField
from graders.marking.worlds import World
from graders.order import OrderOptions
from graders.packages import Package
from graders.presenting.checks import hint_problems, problems
from graders.presenting.markdown import render
from graders.presenting.present import PresentedField, hints, shown, solution
from graders.presenting.templates import expand
from graders.statements import PoolOptions

JUDGED = {"en": "“{}” is {}.", "de": "„{}“ ist {}.", "fr": "« {} » est {}."}
PLACED = {
    "en": ("“{}” belongs to the proof; you left it out.", "These belong to the proof; you left them out:"),
    "de": ("„{}“ gehört in den Beweis; Sie haben es ausgelassen.", "Dies gehört in den Beweis und fehlt bei Ihnen:"),
    "fr": ("« {} » fait partie de la preuve ; vous l’avez omis.", "Ceci fait partie de la preuve ; vous l’avez omis :"),
}
"""Of a block that was left out, and what leads several of them in."""
STRAY = {
    "en": "“{}” does not belong to the proof.",
    "de": "„{}“ gehört nicht in den Beweis.",
    "fr": "« {} » ne fait pas partie de la preuve.",
}
QUOTED = {"en": "“{}”", "de": "„{}“", "fr": "« {} »"}
WORDED = ("rows", "columns", "words_text")
VERDICTS = {"en": ("Right", "Wrong"), "de": ("Richtig", "Falsch"), "fr": ("Vrai", "Faux")}


def present_shown(package: Package, world: World, language: str = PREFERRED) -> dict[str, Json]:
    """What a student is asked.

    Raises:
        QuestionError: a text or figure does not work with these values; with file and line.
    """
    compiled = package.compiled
    fields = {name: _presented(one, world, language) for name, one in compiled.fields.items()}
    text, file = text_and_file(package.prompt, "prompt", language)
    return shown(compiled.question, text, world.show, fields, list(package.files), language, file)


def _presented(one: CompiledField, world: World, language: str) -> PresentedField:
    options = one.options(world)
    statements: tuple[str, ...] = ()
    if isinstance(options, PoolOptions):
        statements = tuple(in_language(statement.text, language) for statement in options.statements)
    return PresentedField(one.widget(options), statements)


def present_solution(package: Package, world: World, language: str = PREFERRED) -> dict[str, Json]:
    """The worked solution of this variant; below it, every statement shown with its truth and why.

    Raises:
        QuestionError: a text or figure does not work with these values; with file and line.
    """
    question = package.compiled.question
    text, file = text_and_file(package.solution, "solution", language)
    written = solution(question, text, world.show, list(package.files), language, file)
    html = cast("dict[str, str]", written["parts"])
    markdown = cast("dict[str, str]", written["text"])
    for part in question.parts:
        listing = "\n".join(
            line for one in package.compiled.of_part(part) for line in _statements(one, world, language)
        )
        if listing:
            html[part.id] += render(listing)
            markdown[part.id] += "\n\n" + listing
    return written


def present_hints(package: Package, world: World, language: str = PREFERRED) -> dict[str, Json]:
    """The hints of this variant, by part; nothing where the question has none.

    Raises:
        QuestionError: a text or figure does not work with these values; with file and line.
    """
    if not package.hints:
        return {}
    text, file = text_and_file(package.hints, "hints", language)
    return hints(package.compiled.question, text, world.show, list(package.files), language, file)


def _statements(one: CompiledField, world: World, language: str) -> list[str]:
    return [
        expand(f"1. **{verdict}.** {text}{f' — {why}' if why else ''}", world.show)
        for _, text, verdict, why in _judged(one, world, language)
    ]


def _judged(one: CompiledField, world: World, language: str) -> Iterator[tuple[str, str, str, str]]:
    """The statements shown in a field: id, text, verdict and why."""
    options = one.options(world)
    if not isinstance(options, PoolOptions):
        return
    true, false = VERDICTS.get(language, VERDICTS[PREFERRED])
    for statement in options.statements:
        verdict = true if statement.truth else false
        yield statement.id, in_language(statement.text, language), verdict, in_language(statement.why, language)


def shown_in_all(package: Package, world: World) -> dict[str, Json]:
    """What a student is asked, with its texts in every other language that the prompt is written in.

    Raises:
        QuestionError: a text or figure does not work with these values; with file and line.
    """
    shown = present_shown(package, world)
    others: dict[str, Json] = {
        language: _texts(present_shown(package, world, language)) for language in other_languages(package.prompt)
    }
    return shown | ({"languages": others} if others else {})


def solution_in_all(package: Package, world: World) -> dict[str, Json]:
    """The worked solution and the hints, with those in every other language that they are written in.

    Raises:
        QuestionError: a text or figure does not work with these values; with file and line.
    """
    solution = _solved(package, world)
    others: dict[str, Json] = {
        language: {name: told for name, told in _solved(package, world, language).items() if name != "text"}
        for language in other_languages({**package.solution, **package.hints})
    }
    return solution | ({"languages": others} if others else {})


def _solved(package: Package, world: World, language: str = PREFERRED) -> dict[str, Json]:
    # Hints that are not translated stand where the default ones do, which says what language they are in.
    told = present_hints(package, world, language) if language == PREFERRED or language in package.hints else {}
    if language != PREFERRED and language not in package.solution:
        return {"hints": told}  # the solution is not in this language, and is not said to be
    # A variant without hints is stored as it always was.
    return present_solution(package, world, language) | ({"hints": told} if told else {})


def other_languages(texts: Mapping[str, str]) -> list[str]:
    """The languages of a prompt or solution beside the default one."""
    return sorted({*texts} - {"", PREFERRED})


def _texts(shown: Any) -> Json:
    """Only what is read of a question: what is asked for, and how answers are read, is the same in all languages."""
    return {
        **{name: shown[name] for name in ("title", "stem", "stem_text")},
        "parts": {
            part["id"]: {
                **{name: part[name] for name in ("title", "prompt", "prompt_text")},
                "fields": {
                    field["id"]: {
                        **{name: field[name] for name in ("label", "label_text")},
                        **{name: field["widget"][name] for name in ("options", "options_text")},
                        **{name: field["widget"][name] for name in WORDED if field["widget"]["words_text"]},
                    }
                    for field in part["fields"]
                },
            }
            for part in shown["parts"]
        },
    }


def text_and_file(texts: Mapping[str, str], noun: str, language: str) -> tuple[str, str]:
    """The text in that language, or the default one, and the name of its file."""
    if language and language in texts:
        return texts[language], f"{noun}.{language}.md"
    return texts.get("", ""), f"{noun}.md"


def text_problems(package: Package) -> list[Problem]:
    """What is wrong with the texts and figures, seen without values."""
    question = package.compiled.question
    known = {*question.variables, *CONSTANTS, *with_sizes(question.symbols)}
    files = list(package.files)
    found: list[Problem] = []
    for language in sorted({"", *package.prompt, *package.solution, *package.hints}):
        # A translation may be of one of the two only; the other is then shown in the default language.
        prompt, prompt_file = text_and_file(package.prompt, "prompt", language)
        worked, worked_file = text_and_file(package.solution, "solution", language)
        functions = callable_names(package.compiled)
        found += problems(question, prompt, worked, known, functions, files, prompt_file, worked_file)
        if package.hints:
            helping, hints_file = text_and_file(package.hints, "hints", language)
            found += hint_problems(question, helping, known, functions, files, hints_file)
    return list(dict.fromkeys(found))


def statement_feedback(package: Package, world: World, name: str, ids: list[str], language: str) -> list[str]:
    """Why each of these statements is true or false, for the student who judged it wrongly; of blocks to be put in
    order, which belong to the proof and were left out, and why others do not.
    """
    field = package.compiled.fields[name]
    options = field.options(world)
    if isinstance(options, OrderOptions):
        return [expand(says, world.show) for says in _blocks_used_wrongly(options, ids, language)]
    judged = JUDGED.get(language, JUDGED[PREFERRED])
    return [
        expand(f"{judged.format(text.removesuffix('.'), verdict.lower())} {why}".strip(), world.show)
        for identifier, text, verdict, why in _judged(field, world, language)
        if identifier in ids
    ]


def _blocks_used_wrongly(options: OrderOptions, ids: Collection[str], language: str) -> Iterator[str]:
    """One sentence on steps left out, however many; one on each distractor that has a reason (its number is told)."""
    language = language if language in PLACED else PREFERRED
    texts = {one.id: in_language(one.text, language).removesuffix(".") for one in options.statements}
    wrong = [one for one in options.statements if one.id in ids]
    steps = options.proof.step_of
    left_out = [one for one in wrong if one.id in steps]
    missing = [*{steps[one.id]: one for one in reversed(left_out)}.values()][::-1]  # of versions the first
    single, several = PLACED[language]
    if len(missing) == 1:
        yield f"{single.format(texts[missing[0].id])} {in_language(missing[0].why, language)}".strip()
    elif missing:
        yield f"{several} {', '.join(QUOTED[language].format(texts[one.id]) for one in missing)}."
    for one in wrong:
        if one not in left_out and one.why:
            yield f"{STRAY[language].format(texts[one.id])} {in_language(one.why, language)}".strip()
