"""Formulas that are the same up to a factor or something added: objectives, directions, antiderivatives.

Nothing is fitted. With a fixed point p₀ the question is turned into one without freedom: f − f(p₀) is free of an added
constant, f·g(p₀) = g·f(p₀) free of a factor; `equal` decides it as it decides all others. Added terms in which w does
not occur vanish in f − f(w = w₀), whatever the other symbols are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.language.tree import Binary, Node, Unary, free_names
from graders.equality.expressions import Verdict, equal, is_real, value_in_floats
from graders.equality.sampling import At, points
from graders.equality.substitution import complex_number, number, substitute
from graders.equality.wording import coordinates, goes_other_way
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, evaluate_precisely

UP_TO = ("factor", "positive factor", "sign", "constant", "constant in …", "transpose", "layout", "single points")
"""What `up_to` may hold."""

ANCHORS = 12
"""Fixed points tried until both formulas have values there."""

_IN = re.compile(r"constant in (.+)")
_ZERO = number(Fraction(0))


TOO_FEW = Verdict("undecided", "There are too few points at which both could be calculated.")


@dataclass(frozen=True, slots=True)
class Freedom:
    """What does not matter.

    factor: any number, positive numbers, a sign, or nothing to multiply with.
    added: None for nothing, else the symbols in which the added terms are constant; empty for all symbols.
    """

    factor: str = ""
    added: frozenset[str] | None = None


def freedom_of(up_to: Collection[str]) -> Freedom:
    """What a list of allowances leaves free. Unknown words leave nothing free."""
    factor = next((word for word in ("factor", "positive factor", "sign") if word in up_to), "")
    added: set[str] = set()
    for word in up_to:
        match = _IN.fullmatch(word)
        if match:
            added.update(name for name in re.split(r"\s*(?:,|\band\b|\s)\s*", match[1].strip()) if name)
    if "constant" in up_to:
        return Freedom(factor, frozenset())
    return Freedom(factor, frozenset(added) if added else None)


def same_up_to(reference: Node, answer: Node, variables: Mapping[str, str], up_to: Collection[str]) -> Verdict:
    """Whether two formulas are the same function, up to what `up_to` allows. `variables` as for `equal`."""
    verdict = equal(reference, answer, variables)
    freedom = freedom_of(up_to)
    if verdict.verdict == "equal" or freedom == Freedom():
        return verdict
    try:
        found = _judged(reference, answer, variables, freedom)
        # Nowhere do both have values; where only one has, no factor and no constant helps.
        return verdict if found is TOO_FEW and verdict.verdict == "different" else found
    except NotAFormula:
        return Verdict("undecided", "One of them is not a formula that can be compared here.")


def _judged(reference: Node, answer: Node, variables: Mapping[str, str], freedom: Freedom) -> Verdict:
    origin: At | None = None
    if freedom.added is not None:
        found = _without_constant(reference, answer, variables, freedom.added)
        if found is None:
            return TOO_FEW
        reference, answer, origin = found
    if freedom.factor == "":
        return _worded(equal(reference, answer, variables), "Also with something constant added they differ.")
    if freedom.factor == "sign":
        verdict = equal(reference, answer, variables)
        if verdict.verdict == "equal":
            return verdict
        turned = equal(reference, Unary("-", answer), variables)
        return _worded(turned, "Also with the other sign they differ.")
    return _up_to_factor(reference, answer, variables, freedom, origin)


def _anchors(one: Node, other: Node, variables: Mapping[str, str]) -> list[At]:
    """Points at which both have a value in floats; those where neither is zero first."""
    names = free_names(one) | free_names(other)
    used = {name: domain for name, domain in variables.items() if name in names}
    found: list[tuple[bool, At]] = []
    real = is_real(one, other, variables)
    for point in points(used)[: ANCHORS if used else 1]:
        left, right = value_in_floats(one, point, real), value_in_floats(other, point, real)
        if left is not None and right is not None:
            found.append((abs(left) < 1e-9 or abs(right) < 1e-9, point))
    return [point for _, point in sorted(found, key=lambda pair: pair[0])]


def _without_constant(
    reference: Node, answer: Node, variables: Mapping[str, str], names: Collection[str]
) -> tuple[Node, Node, At] | None:
    """Both as changes from a fixed point, and that point."""
    anchors = _anchors(reference, answer, variables)
    if not anchors:
        return None
    origin = At({name: value for name, value in anchors[0].items() if not names or name in names})
    fixed = {name: complex_number(value) for name, value in origin.items()}
    return (
        Binary("-", reference, substitute(reference, fixed)),
        Binary("-", answer, substitute(answer, fixed)),
        origin,
    )


def _up_to_factor(
    reference: Node, answer: Node, variables: Mapping[str, str], freedom: Freedom, origin: At | None
) -> Verdict:
    added = freedom.added is not None
    for one, other, says in (
        (reference, answer, "Yours should be constant." if added else "Yours should be 0 everywhere."),
        (answer, reference, "Only yours is constant." if added else "Only yours is 0 everywhere."),
    ):
        if equal(_ZERO, one, variables).verdict == "equal":
            both = equal(_ZERO, other, variables).verdict == "equal"
            return Verdict("equal", "Both are constant.") if both else Verdict("different", says)
    anchors = _anchors(reference, answer, variables)
    if not anchors:
        return TOO_FEW
    point = anchors[0]
    fixed = {name: complex_number(value) for name, value in point.items()}
    scaled = (
        Binary("*", reference, substitute(answer, fixed)),
        Binary("*", answer, substitute(reference, fixed)),
    )
    verdict = equal(*scaled, variables)
    if verdict.verdict == "different":
        real = is_real(reference, answer, variables)
        directed = freedom.factor == "positive factor"
        return Verdict("different", _quotients(reference, answer, anchors, real, origin, directed))
    if verdict.verdict == "undecided" or freedom.factor == "factor":
        return verdict
    sign = _sign_of_quotient(reference, answer, point)
    if sign is None:
        return Verdict("undecided", "The sign of the factor between them is not certain.")
    return verdict if sign > 0 else Verdict("different", "But for its sign it is right; here the sign matters.")


def _sign_of_quotient(reference: Node, answer: Node, point: At) -> int | None:
    field = Real(BITS)
    result = 1
    for node in (reference, answer):
        try:
            value = evaluate_precisely(node, point, field)
            result *= (value > 0) - (value < 0) if isinstance(value, Fraction) else field.sign(value)
        except NoValue:
            return None
    return result or None


def _quotients(
    reference: Node, answer: Node, anchors: Sequence[At], real: bool, origin: At | None, directed: bool
) -> str:
    """“A factor does not matter here, but yours is 2 times the right value at x = 2 and 3 times at x = 3.”

    `origin`: both are changes from their values at this point; `directed`: in which direction matters.
    """
    found: list[tuple[str, At]] = []
    for point in anchors:
        one, other = value_in_floats(reference, point, real), value_in_floats(answer, point, real)
        if one and other is not None and isinstance(quotient := other / one, float):
            if origin is not None and directed and quotient < 0 and not isinstance(other, complex):
                where, end = (
                    coordinates({name: value for name, value in point.items() if (name in origin) == moved})
                    for moved in (False, True)
                )
                says = goes_other_way(where, coordinates(origin), end, (f"{other:.4g}", f"{one:.4g}"), rises=other > 0)
                return f"A factor and an added constant do not matter here. {says}"
            text = f"{quotient:.4g}"
            if not found or found[0][0] != text:
                found.append((text, point))
        if len(found) == 2:
            (first, here), (second, there) = found
            if origin is not None:
                return "A factor and an added constant do not matter here, but yours changes in another way."
            return (
                f"A factor does not matter here, but yours is {first} times the right value at {coordinates(here)}, "
                f"and {second} times at {coordinates(there)}."
            )
    return "A factor does not matter here, but yours is not the same multiple everywhere."


def _worded(verdict: Verdict, says: str) -> Verdict:
    return Verdict("different", says) if verdict.verdict == "different" else verdict
