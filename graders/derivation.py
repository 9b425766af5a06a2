"""A derivation: lines from what is given to the goal, each of which must follow from the one before."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Cell, Facts, FactType, Names, Symbols
from app.domain.graders import Options as Base
from app.domain.language import Node, to_source
from app.domain.language.tree import Call, Unary, free_names
from app.domain.texts import Text, in_language
from app.domain.values import PERSON, Value
from app.domain.widgets import Widget
from graders.abbreviations import expanded, writable
from graders.equality.expressions import Verdict
from graders.equality.formulas import same_formula
from graders.evaluation.formulas import tree_of, value_of_tree
from graders.expression import UpTo, mark
from graders.reference import WithReference

LOG = "minus log"


class DerivationOptions(WithReference):
    """The options of a derivation. `answer` is the goal."""

    symbols: Symbols = Field(default_factory=dict, description="The declared symbols of the question.")
    names: Names = Field((), description="Variables that a line may mention as abbreviations, such as [s, lam].")
    given: Cell = Field(None, description="What the derivation starts from; it may be written as the first line.")
    up_to: UpTo = Field((), description="What may differ between the last line and the goal, as in `expression`.")
    steps: UpTo = Field(
        (),
        description="What a step may do besides rewriting: `minus log` (−log of the line before), `positive factor`, "
        "`constant in w` and the like.",
    )
    put_in: tuple[str, ...] = Field(
        (), description="Names that may be used on the way, but not be left in the last line."
    )
    lead: Text = Field("", description="What stands before the box, in TeX.")


class Derivation:
    """Judges every line by whether it follows from the one before, and the last one by the goal."""

    name: ClassVar[str] = "derivation"
    version: ClassVar[int] = 2
    Options: ClassVar[type[Base]] = DerivationOptions

    def widget(self, options: DerivationOptions) -> Widget:
        """Several lines, a formula on each."""
        return Widget(
            kind="derivation", symbols=writable(options.symbols, options.names), lead=in_language(options.lead)
        )

    def check(self, options: DerivationOptions, answer: Answer) -> Invalid | None:
        """Every readable derivation can be judged."""
        return None

    def observe(self, options: DerivationOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.read.cells` is a list of trees, one a line."""
        written = cast("list[Node]", answer.read.cells)
        lines = [expanded(line, options.names) for line in written]
        verdicts = _steps(options, lines)
        marks = [mark(verdict) for verdict in verdicts]
        goal = expanded(tree_of(options.reference), options.names)
        begins, reached = (
            mark(same_formula(goal, line, options.symbols, options.up_to)) for line in (lines[0], lines[-1])
        )
        wrong = [place for place, one in enumerate(marks) if one is False]
        first_wrong = wrong[0] if wrong else len(lines)
        unsure = PERSON if any(one is PERSON for one in (*marks, reached)) else None
        right: Value = False if wrong or reached is False else unsure or True
        return {
            "value": [value_of_tree(line) for line in lines],
            "right": right,
            "begins": begins,
            "reached": reached,
            "steps": marks,
            "sound": first_wrong,
            "continues": len(wrong) == 1,
            "lines": len(lines),
            "finished": free_names(written[-1]).isdisjoint(options.put_in),
            "remarks": [_remark(place, verdicts[place]) for place in wrong[:1]],
        }

    def facts(self, options: DerivationOptions) -> Mapping[str, FactType]:
        """value: the formulas, line by line. right: every line follows and the last is the goal.

        begins: the first line is the same as the goal. reached: the last line is. steps: per line whether it follows
        from the one before (the first: from what is given). sound: how many lines there are before the first that
        does not follow. continues: there is one such line, and all after it follow. lines: how many lines. finished:
        the last line mentions none of the names that are to be put in. remarks: which line does not follow.
        """
        lists: dict[str, FactType] = dict.fromkeys(("value", "steps", "remarks"), "list")
        truths: dict[str, FactType] = dict.fromkeys(("right", "begins", "reached", "continues", "finished"), "truth")
        return {**truths, **lists, "sound": "value", "lines": "value"}

    def key(self, options: DerivationOptions) -> Raw:
        """What is given, where one line leads to the goal from it, and the goal."""
        goal = to_source(tree_of(options.reference))
        return goal if options.given is None else f"{to_source(tree_of(options.given))}\n{goal}"

    def wrong(self, options: DerivationOptions) -> Mapping[str, Raw]:
        """The opposite sign at the end."""
        goal = tree_of(options.reference)
        if "sign" in options.up_to or "factor" in options.up_to:
            return {}
        return {"sign": to_source(Unary("-", goal))}


def _steps(options: DerivationOptions, lines: list[Node]) -> list[Verdict]:
    """Whether each line follows from the one before; without a given, the first stands for itself."""
    if options.given is None:
        before, rest = lines[0], lines[1:]
        verdicts = [Verdict("equal", "This is where the derivation starts.")]
    else:
        before, rest, verdicts = expanded(tree_of(options.given), options.names), lines, []
    for line in rest:
        verdicts.append(_follows(options, before, line))
        before = line
    return verdicts


def _follows(options: DerivationOptions, before: Node, line: Node) -> Verdict:
    loose = tuple(step for step in options.steps if step != LOG)
    verdict = same_formula(before, line, options.symbols, loose)
    if verdict.verdict == "equal" or LOG not in options.steps:
        return verdict
    logarithm = Unary("-", Call("log", (before,)))
    other = same_formula(logarithm, line, options.symbols, loose)
    return other if other.verdict == "equal" else verdict


def _remark(place: int, verdict: Verdict) -> str:
    source = f"line {place}" if place else "what is given"
    return f"Line {place + 1} does not follow from {source}. {verdict.reason}"
