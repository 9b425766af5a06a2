"""A small program in the manner of numpy: run on random inputs of several sizes, its cost counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Self

from pydantic import Field, model_validator

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Cell, Facts, FactType, Names, Symbols
from app.domain.graders import Options as Base
from app.domain.language import LanguageError, to_source
from app.domain.language.programs import parse_program
from app.domain.symbols import Symbol, with_sizes
from app.domain.texts import Text, in_language
from app.domain.values import PERSON, Value
from app.domain.widgets import Widget
from graders.evaluation.formulas import tree_of
from graders.evaluation.program_trials import SIZES
from graders.trials import Trial, trials


class ProgramOptions(Base):
    """The options of a program. The inputs are given by their names; vectors are arrays with one axis."""

    symbols: Symbols = Field(default_factory=dict, description="The declared symbols of the question.")
    inputs: tuple[str, ...] = Field((), description="The declared symbols that are given; all if missing.")
    names: Names = Field((), description="Variables that are given, too, as abbreviations, such as [s].")
    program: str = Field("", description="A right program as text: the reference, or a sample beside the `answer`.")
    sizes: tuple[int, ...] = Field(SIZES, description="The sizes to try; 3000 shows who makes a matrix.")
    multiplications: Cell = Field(
        None, description="How many multiplications are few, in terms of the sizes; else four for every number."
    )
    operations: Cell = Field(
        None,
        description="How many operations of any kind, additions and comparisons among them, are few, in terms of the "
        "sizes; else eight for every multiplication allowed, and at least 32 for every number.",
    )
    memory: Cell = Field(
        None, description="How many numbers may be held at a time, in terms of the sizes; else four for every number."
    )
    lead: Text = Field("", description="What stands before the box, in TeX, such as `v'' =`.")

    @model_validator(mode="after")
    def _has_reference(self) -> Self:
        if self.answer is None and self.key is None and not self.program:
            raise ValueError("Give an `answer`, or a right `program`.")
        return self


class Program:
    """Judges a program by what it computes on random inputs, and by what it costs."""

    name: ClassVar[str] = "program"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = ProgramOptions

    def widget(self, options: ProgramOptions) -> Widget:
        """A box of several lines."""
        return Widget(kind="program", symbols=given(options), lead=in_language(options.lead))

    def check(self, options: ProgramOptions, answer: Answer) -> Invalid | None:
        """A program that runs at no size cannot be judged."""
        problem = ""
        try:
            for trial in trials(options, str(answer.read.cells), given(options), costs=False):
                if not trial.problem:
                    return None
                problem = problem or trial.problem
        except LanguageError as error:
            return Invalid(error.says, error.start, error.end)
        return Invalid(f"This program cannot be run: {problem}")

    def observe(self, options: ProgramOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.read.cells` is the text."""
        try:
            tried = [*trials(options, str(answer.read.cells), given(options))]
        except LanguageError:
            tried = []
        right = _right(tried)
        found = [trial for trial in tried if not trial.probe]

        def also(name: str) -> bool:
            seen = [trial.other(name) for trial in found]
            return right is False and True in seen and False not in seen

        shapes = [trial.shape for trial in found if trial.shape is not None]
        few = bool(found) and all(trial.few for trial in found)
        little = bool(found) and all(trial.little for trial in found)
        return {
            "value": str(answer.read.cells or ""),
            "right": right,
            "shape": bool(shapes) and all(shapes),
            "efficient": few and little,
            "few": few,
            "little": little,
            "materialises": any(trial.materialises for trial in found),
            "loop": any(trial.loop for trial in found),
            "sign": also("sign"),
            "reversed": also("reversed"),
            "shifted": also("shifted"),
            "transposed": also("transposed"),
            "problem": next((trial.problem for trial in tried if trial.problem), ""),
            "sizes": [trial.size for trial in found],
            "multiplications": [trial.multiplications for trial in found],
            "operations": [trial.operations for trial in found],
            "memory": [trial.memory for trial in found],
        }

    def right(self, options: ProgramOptions, answer: Answer) -> Value:
        """The fact `right` alone: the first size at which it is wrong decides."""
        found: list[Trial] = []
        try:
            for trial in trials(options, str(answer.read.cells), given(options), costs=False):
                if trial.right is False and not trial.refused and trial.scale:
                    return False
                found.append(trial)
        except LanguageError:
            return False
        return _right(found)

    def facts(self, options: ProgramOptions) -> Mapping[str, FactType]:
        """value: the text. right: the right result at every size. shape: the result has the right shape.

        efficient: few operations and little memory; few, little: either of them. materialises: an array
        is made that is far larger than what is given and asked. loop: entries are computed one after another.
        sign, reversed: right but for the sign, backwards. shifted: right, but one place beside. transposed: rows and
        columns exchanged. problem: the sentence where it cannot be run at some size. sizes: those tried.
        multiplications, operations, memory: how many multiplications, how many operations of any kind, and how many
        numbers held at a time, at these sizes.
        """
        truths = ("right", "shape", "efficient", "few", "little", "materialises", "loop")
        misses = ("sign", "reversed", "shifted", "transposed")
        lists = ("sizes", "multiplications", "operations", "memory")
        texts = ("value", "problem")
        return {
            **dict.fromkeys((*truths, *misses), "truth"),
            **dict.fromkeys(lists, "list"),
            **dict.fromkeys(texts, "value"),
        }

    def key(self, options: ProgramOptions) -> Raw:
        """The sample made from the variables; else the reference as a program where it is one, else `program`."""
        if isinstance(options.key, str):
            return options.key
        if options.answer is not None:
            text = to_source(tree_of(options.answer))
            if not options.program or _readable(text, options):
                return text
        return options.program

    def wrong(self, options: ProgramOptions) -> Mapping[str, Raw]:
        """Nothing but a zero; of a key in one line, the opposite sign and twice the value."""
        key = str(self.key(options))
        answers = {"sign": f"-({key})", "twice": f"2*({key})"} if "\n" not in key and "=" not in key else {}
        return {"zero": "0", **{name: text for name, text in answers.items() if _readable(text, options)}}


def given(options: ProgramOptions) -> dict[str, Symbol]:
    """What a program is given by name: the inputs, their sizes, and abbreviations."""
    inputs = options.inputs or tuple(options.symbols)
    chosen = {name: options.symbols[name] for name in inputs if name in options.symbols}
    sized = with_sizes(chosen)
    named = {name: options.symbols.get(name, symbol) for name, symbol in sized.items()}
    return named | {name: options.symbols.get(name, Symbol()) for name in options.names or ()}


def _readable(text: str, options: ProgramOptions) -> bool:
    try:
        parse_program(text, [*given(options)])
    except LanguageError:
        return False
    return True


def _right(found: list[Trial]) -> Value:
    """Right where it ran, wrong where it failed; sizes that cost too much do not count if smaller ones do.

    A person decides where one of its conditions never held, or never failed, and what it gives where numbers are zero
    and conventions may differ.
    """
    marks = [trial.right for trial in found if not trial.refused and trial.scale]
    if False in marks:
        return False
    if True in marks:
        met = {one for trial in found if trial.right for one in trial.outcomes}
        one_sided = any((condition, not holds) not in met for condition, holds in met)
        unlike = any(trial.right is False for trial in found if not trial.scale)
        return PERSON if one_sided or unlike else True
    return PERSON if found and any(mark is None for mark in marks) else False
