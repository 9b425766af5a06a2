"""One formula: a number, vector, matrix, set or equation in the declared symbols, however it is written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Final, Literal

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Cell, Facts, FactType, Names, Symbols
from app.domain.graders import Options as Base
from app.domain.language import Node, parse_author, to_typed, walk
from app.domain.language.tree import Binary, Call, Compare, Logic, Name, free_names
from app.domain.symbols import Symbol
from app.domain.texts import Text, in_language
from app.domain.values import PERSON, Value
from app.domain.widgets import Widget
from graders.abbreviations import expanded, writable
from graders.equality.expressions import Verdict
from graders.equality.formulas import same_formula
from graders.equality.ratios import may_be_multiple
from graders.evaluation.formulas import tree_of, value_of_tree
from graders.pieces import terms
from graders.reference import WithReference

UpTo = tuple[str, ...]

_USUAL: Final = ("2", "1/2", "-2", "-1/2", "3", "1/3", "4", "1/4")
"""Factors that students forget or write once too often."""


class ExpressionOptions(WithReference):
    """The options of a formula."""

    symbols: Symbols = Field(default_factory=dict, description="The declared symbols of the question.")
    names: Names = Field(
        (),
        description="Variables that an answer may mention as abbreviations, such as [s, lam], or {f: f_of_a} under "
        "other names.",
    )
    uses: Cell = Field(
        None,
        description="Formulas whose symbols are offered, such as `[l, m]`, where a variant needs only some of those "
        "declared; all of them if missing.",
    )
    up_to: UpTo = Field(
        (),
        description="What may differ: `factor`, `positive factor`, `constant`, `constant in w`, `sign`, `transpose`, "
        "`layout` (row, column or list), `single points` (stated values as in `5 if x = 3 else x`).",
    )
    lead: Text = Field("", description="What stands before the box, in TeX, such as `\\nabla_w L =`.")
    form: Literal["formula", "relation"] = Field(
        "formula", description="Whether an equation or inequality is asked (`relation`) or a formula."
    )
    grid: bool = Field(False, description="Show a cell for every entry of a vector or matrix; its size is given away.")


class Expression:
    """Judges a formula by what it means: every way to write the reference is right."""

    name: ClassVar[str] = "expression"
    version: ClassVar[int] = 2
    Options: ClassVar[type[Base]] = ExpressionOptions

    def widget(self, options: ExpressionOptions) -> Widget:
        """A line to type a formula, or a grid of them."""
        return Widget(
            kind="expression",
            shape=_shape(options.reference) if options.grid else None,
            symbols=writable(_offered(options), options.names),
            lead=in_language(options.lead),
            relation=options.form == "relation",
        )

    def check(self, options: ExpressionOptions, answer: Answer) -> Invalid | None:
        """Every readable formula can be judged."""
        return None

    def observe(self, options: ExpressionOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.read.cells` is the tree as typed."""
        given = expanded(answer.read.cells, options.names)
        reference = expanded(tree_of(options.reference), options.names)
        verdict = _verdict(reference, given, options)
        right = mark(verdict)
        multiple = right is False and may_be_multiple(reference, given, options.symbols)
        factor = multiple and _verdict(reference, given, options, "factor").verdict == "equal"
        sign = factor and _verdict(reference, given, options, "sign").verdict == "equal"
        reason = verdict.reason if right is False else ""
        if factor:
            reason = "But for its sign it is right." if sign else _multiple(reference, given, options)
        return {
            "value": value_of_tree(given),
            "right": right,
            "sign": sign,
            "factor": factor,
            "reason": reason,
            "functions": functions_of(answer.read.cells) if isinstance(answer.read.cells, Node) else [],
            "over": list(answer.read.over),
            "terms": [value_of_tree(term) for term in terms(given)],
        }

    def right(self, options: ExpressionOptions, answer: Answer) -> Value:
        """The fact `right` alone."""
        given = expanded(answer.read.cells, options.names)
        return mark(_verdict(expanded(tree_of(options.reference), options.names), given, options))

    def facts(self, options: ExpressionOptions) -> Mapping[str, FactType]:
        """value: the formula, abbreviations written out. right: it is the reference, up to what `up_to` names.

        sign: right but for the sign. factor: right but for a number as a factor. reason: where it differs from the
        reference, one sentence, told to the student unless a mistake explains it; empty where it is right.
        functions: the names of all functions, sums and products in it, as typed. over: the names below an `argmin`.
        terms: what is added up in it, abbreviations written out: `Σ (a - b)/N` has the terms `Σ a/N` and `Σ -b/N`.
        """
        kind: FactType = "list" if isinstance(options.reference, list) else "value"
        lists: dict[str, FactType] = dict.fromkeys(("functions", "over", "terms"), "list")
        return {"value": kind, "right": "truth", "sign": "truth", "factor": "truth", "reason": "value", **lists}

    def key(self, options: ExpressionOptions) -> Raw:
        """The reference, as a student could type it."""
        return to_typed(tree_of(options.reference), options.symbols)

    def wrong(self, options: ExpressionOptions) -> Mapping[str, Raw]:
        """The opposite sign, twice the reference, and the reference plus 1, where they are wrong."""
        reference = tree_of(options.reference)
        if isinstance(reference, (Compare, Logic)) or (isinstance(reference, Call) and reference.function == "set"):
            return {}
        loose = {"sign", "factor", "positive factor", "constant", *(one for one in options.up_to if "constant" in one)}
        if loose & set(options.up_to):
            return {}
        changes = {"sign": "-({})", "twice": "2*({})"} | (
            {} if isinstance(options.reference, list) else {"more": "({}) + 1"}
        )
        return {name: _changed(options.reference, change, options.symbols) for name, change in changes.items()}


def _multiple(reference: Node, given: Node, options: ExpressionOptions) -> str:
    """“It is right but for the factor 1/2.”, if the factor between them is a usual one."""
    for factor in _USUAL:
        scaled = Binary("*", parse_author(factor), reference)
        if _verdict(scaled, given, options).verdict == "equal":
            return f"It is right but for a factor: yours is {factor} times what it should be."
    return "It is right but for a factor that is a number."


def functions_of(tree: Node) -> list[Value]:
    """The names of all functions in a formula as it was typed; a power of e is the function `exp`."""
    names = {node.function for node in walk(tree) if isinstance(node, Call)}
    if any(
        isinstance(node, Binary) and node.op == "**" and node.left == Name("e", node.left.span) for node in walk(tree)
    ):
        names.add("exp")
    return [*sorted(names)]


def _offered(options: ExpressionOptions) -> Mapping[str, Symbol]:
    """The symbols that an answer may mention, in the order in which they are declared."""
    if options.uses is None:
        return options.symbols
    used = free_names(tree_of(options.uses))
    return {name: symbol for name, symbol in options.symbols.items() if name in used}


def _changed(value: Value, change: str, symbols: Mapping[str, Symbol]) -> Raw:
    """The reference with every cell changed."""
    if isinstance(value, list):
        return [_changed(cell, change, symbols) for cell in value]
    return change.format(to_typed(tree_of(value), symbols))


def _verdict(reference: Node, given: Node, options: ExpressionOptions, *also: str) -> Verdict:
    return same_formula(reference, given, options.symbols, (*options.up_to, *also))


def mark(verdict: Verdict) -> Value:
    """Whether a formula is right, as a fact; a person must look where nobody can say."""
    return PERSON if verdict.verdict == "undecided" else verdict.verdict == "equal"


def _shape(value: Value) -> tuple[int, ...] | None:
    if not isinstance(value, list):
        return None
    return (len(value), len(value[0])) if value and isinstance(value[0], list) else (len(value),)
