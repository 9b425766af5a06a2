"""A derivation: lines from what is given to the goal, each of which must follow from the one before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.asides import taken_apart
from app.domain.graders import Answer, Cell, Facts, FactType, Names, Symbols
from app.domain.graders import Options as Base
from app.domain.language import Node, to_typed
from app.domain.language.tree import Call, Unary, free_names
from app.domain.texts import Text, in_language
from app.domain.values import PERSON, Value
from app.domain.widgets import Widget
from graders.abbreviations import expanded, writable
from graders.equality.expressions import Verdict
from graders.equality.formulas import domains_of, same_formula, size_somewhere
from graders.evaluation.formulas import tree_of, value_of_tree
from graders.expression import UpTo, functions_of, mark
from graders.pieces import arranged, pieces, terms
from graders.reference import WithReference

LOG = "minus log"
_PLACES = (9, 13)
"""A point far out, where differences show, and one near by, where nearly every formula has a value."""


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
    shown: Cell = Field(
        None,
        description="Formulas that a derivation may have to show, each as a line or a piece of one: [outer, inner].",
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
        read = cast("list[Node]", answer.read.cells)
        written, asides, said = _told_apart(options, read)
        lines = [expanded(line, options.names) for line in written]
        verdicts = _steps(options, lines)
        marks = [mark(verdict) for verdict in verdicts]
        goal = expanded(tree_of(options.reference), options.names)
        ends = [same_formula(goal, line, options.symbols, options.up_to) for line in (lines[0], lines[-1])]
        begins, reached = map(mark, ends)
        wrong = [place for place, one in enumerate(marks) if one is False]
        first_wrong = wrong[0] if wrong else len(lines)
        sound = written[: max(first_wrong, 1)] if options.given is None else written[:first_wrong]
        unsure = PERSON if any(one is PERSON for one in (*marks, reached)) else None
        right: Value = False if wrong or reached is False else unsure or True
        elsewhere = _elsewhere(options, ends, wrong)
        return {
            "value": [value_of_tree(line) for line in lines],
            "right": right,
            "begins": begins,
            "reached": reached,
            "steps": marks,
            "sound": first_wrong,
            "continues": len(wrong) == 1,
            "lines": len(lines),
            "different": len({arranged(line) for line in lines}),
            "shown": _shown(options, [*asides, *sound]),
            "functions": [*sorted({str(name) for line in sound for name in functions_of(line)})],
            "closing": [*sorted(map(str, functions_of(written[-1])))],
            "terms": [value_of_tree(term) for term in terms(lines[-1])],
            "sides": [mark(said[name].verdict) if name in said else False for name in options.put_in],
            "finished": _all_put_in(options, written[-1], said),
            "left": [len(free_names(line).intersection(options.put_in)) for line in written],
            "remarks": [
                *(_remark(place, verdicts[place] if elsewhere else None) for place in wrong[:1]),
                *(
                    f"The line on {name} is wrong. {side.verdict.reason}"
                    for name, side in said.items()
                    if side.verdict.verdict == "different"
                ),
            ],
            "reason": elsewhere or "".join(_remark(place, verdicts[place]) for place in wrong[:1]),
        }

    def facts(self, options: DerivationOptions) -> Mapping[str, FactType]:
        """value: the formulas, line by line. right: every line follows and the last is the goal.

        begins: the first line is the same as the goal. reached: the last line is. steps: per line whether it follows
        from the one before (the first: from what is given). sound: how many lines there are before the first that
        does not follow. continues: there is one such line, and all after it follow. lines: how many lines. different:
        how many of them are more than another one with its terms and factors in another order, its numbers calculated
        (`(f - y)*1`) or its abbreviations written out. shown: for each formula
        of the option, whether it stands in a line before the first that does not follow, alone or as a piece, or in a
        line that calculates a part on the side (`df/da = …`), which is no line of the chain.
        functions: the names of all functions, sums and products in those lines, as typed. closing: those of the last
        line. terms: what is added up in the last line, as of an expression. sides: for each name that is
        to be put in, whether a line of its own (`dc_0 = …`) says what it stands for; such a line is none of the chain.
        finished: the last line mentions none of these names but those with such a line. left: for each line how many
        of these names it mentions. remarks: which line does not follow, and which line on the side is wrong. reason:
        at which point that line, or the first or last one, is something else, told to the student unless a mistake
        explains it.
        """
        lists: dict[str, FactType] = dict.fromkeys(
            ("value", "steps", "shown", "functions", "closing", "terms", "sides", "left", "remarks"), "list"
        )
        truths: dict[str, FactType] = dict.fromkeys(("right", "begins", "reached", "continues", "finished"), "truth")
        counts: dict[str, FactType] = dict.fromkeys(("sound", "lines", "different", "reason"), "value")
        return {**truths, **lists, **counts}

    def key(self, options: DerivationOptions) -> Raw:
        """What is given, where one line leads to the goal from it, and the goal."""
        lines = [options.reference] if options.given is None else [options.given, options.reference]
        return "\n".join(to_typed(tree_of(line), options.symbols) for line in lines)

    def wrong(self, options: DerivationOptions) -> Mapping[str, Raw]:
        """The opposite sign at the end."""
        goal = tree_of(options.reference)
        if "sign" in options.up_to or "factor" in options.up_to:
            return {}
        return {"sign": to_typed(Unary("-", goal), options.symbols)}


@dataclass(frozen=True, slots=True)
class Side:
    """What a line on the side says that a name stands for, and whether it does."""

    formula: Node
    verdict: Verdict


def _told_apart(options: DerivationOptions, read: Sequence[Node]) -> tuple[list[Node], list[Node], dict[str, Side]]:
    """The lines of the chain, what is calculated on the side, and whether that is what the names to be put in are.

    A line that is what such a name stands for, and is not called anything, is on the side as well.
    """
    chain: list[Node] = []
    asides: list[Node] = []
    said: dict[str, Side] = {}
    for line in read:
        apart = taken_apart(line)
        if apart is not None:
            asides.append(apart[1])
            verdict = _is_what_stands_for(options, name := apart[0].partition("/")[0], apart[1])
            if verdict is not None and (name not in said or verdict.verdict == "equal"):
                said[name] = Side(apart[1], verdict)
            continue
        for name in options.put_in:
            verdict = _is_what_stands_for(options, name, line)
            if verdict is not None and verdict.verdict == "equal":
                asides.append(line)
                said[name] = Side(line, verdict)
                break
        else:
            chain.append(line)
    return chain or asides[:1], asides, said


def _all_put_in(options: DerivationOptions, last: Node, said: Mapping[str, Side]) -> bool:
    """Whether a line mentions no name that is to be put in, or only such as right lines on the side write out."""
    used = free_names(last)
    for name in reversed(options.put_in):  # what stands on the side leans on earlier names only
        if name in used:
            if name not in said or said[name].verdict.verdict != "equal":
                return False
            used = used | free_names(said[name].formula)
    return True


def _is_what_stands_for(options: DerivationOptions, name: str, formula: Node) -> Verdict | None:
    """Whether a formula is what a name to be put in stands for; None where it leans on that name or a later one."""
    if name not in options.put_in or name not in options.names:
        return None
    later = options.put_in[options.put_in.index(name) :]
    if not free_names(formula).isdisjoint(later):
        return None
    meant = expanded(tree_of(options.names[name]), options.names)
    return same_formula(meant, expanded(formula, options.names), options.symbols)


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
    return verdict if other.verdict == "different" else other


def _shown(options: DerivationOptions, lines: list[Node]) -> list[Value]:
    """For every formula that may have to be shown, whether it stands in one of these lines, alone or as a piece."""
    wanted = [] if options.shown is None else options.shown if isinstance(options.shown, list) else [options.shown]
    if not wanted:
        return []
    domains = domains_of(options.symbols)

    def sized(formulas: Iterable[Node]) -> list[tuple[Node, list[float | None]]]:
        return [
            (one, [size_somewhere(one, domains, place) for place in _PLACES]) for one in _expanded(options, formulas)
        ]

    seen = sized(piece for line in lines for piece in pieces(line))
    return [
        any(
            all(map(_alike, wanted_sizes, sizes)) and same_formula(goal, one, options.symbols).verdict == "equal"
            for one, sizes in seen
        )
        for goal, wanted_sizes in sized(map(tree_of, wanted))
    ]


def _expanded(options: DerivationOptions, formulas: Iterable[Node]) -> list[Node]:
    return [expanded(one, options.names) for one in formulas]


def _alike(one: float | None, other: float | None) -> bool:
    """Whether two formulas may be the same by their sizes at one point: most pieces are ruled out by that."""
    return one is None or other is None or abs(one - other) <= 1e-6 * max(1.0, abs(one), abs(other))


def _elsewhere(options: DerivationOptions, ends: list[Verdict], wrong: list[int]) -> str:
    """Where the first line is not the goal, or else the last one although every line follows."""
    first, last = ends
    if options.given is None and first.verdict == "different":
        return f"Line 1 is not what is asked for. {first.reason}"
    if not wrong and last.verdict == "different":
        return f"Every line follows, but the last one is not what is asked for. {last.reason}"
    return ""


def _remark(place: int, verdict: Verdict | None) -> str:
    """Which line does not follow, and where it differs from one that would."""
    source = f"line {place}" if place else "what is given"
    if verdict is None:
        return f"Line {place + 1} does not follow from {source}."
    return f"Line {place + 1} does not follow from {source}. {verdict.reason}"
