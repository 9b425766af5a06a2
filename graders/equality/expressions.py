"""When two formulas are the same function: evaluation first, no algebra, certainty where there is a verdict.

1. Rational functions are compared modulo a prime (`modular`): that decides.
2. Otherwise both are evaluated in floats at fixed points of the domain (both signs where allowed). Where they
   seem to differ, high precision with error bounds decides: a difference beyond the bounds is certain.
3. Where they never differ, high precision at several points confirms that they agree to more than 18 digits; where
   steep functions may be saturated, a still higher one at a point.
4. Points at which both have no value, or conventions differ, do not count. Too few points left: undecided.

A removable gap (`x/x` at 0) is no difference; a stretch without values (`log(w)` for negative w) is one.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from app.domain.language.tree import Node, Number, free_names
from graders.equality import modular
from graders.equality.breaks import Breaks
from graders.equality.candidates import PLAIN, Values, suspects
from graders.equality.elsewhere import difference_elsewhere
from graders.equality.one_piece import NotOnePiece, on_piece
from graders.equality.pointwise import Terms, compare
from graders.equality.sampled import Pair, Sample
from graders.equality.sampling import MORE_POINTS, NICE, At, near_zero, points
from graders.equality.saturation import NO_SIGN, Resolution
from graders.equality.single_points import NOT_REACHED, difference_at_single_points
from graders.equality.substitution import BINDERS
from graders.equality.summed import term_by_term
from graders.equality.unseen import unseen_difference
from graders.equality.wording import difference, undefined
from graders.evaluation.effort import limited
from graders.evaluation.floats import Float, Formula, NotAFormula, compile_both, compile_complex, compile_real
from graders.evaluation.precise import BITS

CONFIRMATIONS = 3
FEWEST = 3
MOST_PIECES = 24
"""Pieces of piecewise functions that are confirmed at high precision; floats look at all."""
MANY = 6
"""Of so many symbols, and of so many points that differ, one is shown at which neither value is almost nothing."""
MORE = 8
"""Points at which a piece is compared outside its limits."""
LARGEST = 1e300
"""Of floats that count as values."""
MOST_ABSORBED = 30_000
"""Bits by which a term may be smaller than what it is added to: exp(-20000) beside 1."""
LONGEST = 20_000
"""Nodes evaluated at high precision before giving up: points times size."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`reason` is one sentence."""

    verdict: Literal["equal", "different", "undecided"]
    reason: str


TOO_LONG = Verdict("undecided", "An index is compared with a number that is too large to be reached.")


def equal(reference: Node, answer: Node, variables: Mapping[str, str]) -> Verdict:
    """Whether two formulas are the same function on the domains of their symbols.

    `variables` maps every symbol that may occur to one of `DOMAINS`; e, π and i have their values unless they
    are symbols. With a complex symbol, or with i, all roots and logarithms are complex.
    """
    with limited():
        return equal_pair(Pair(reference, answer), variables)


def equal_pair(pair: Pair, variables: Mapping[str, str]) -> Verdict:
    """The same of formulas that were looked through."""
    found = _judged(pair, variables)
    if found.verdict != "equal":
        return found
    says = difference_at_single_points(pair, variables) or difference_elsewhere(pair, variables)
    return Verdict("undecided" if says == NOT_REACHED else "different", says) if says else found


def _judged(pair: Pair, variables: Mapping[str, str]) -> Verdict:
    used = {name: domain for name, domain in variables.items() if name in pair.names}
    real = "complex" not in variables.values() and ("i" in variables or "i" not in pair.names)
    try:
        rational = _as_rational(pair, used)
        if rational is not None and rational.verdict == "equal":
            generic = points(used, count=NICE + 1)[-1]
            if (
                compare(pair.reference, pair.answer, generic, real).kind != "different"
            ):  # unless a multiple of the prime
                return rational
        found = _by_points(pair, used, real)
        if rational is None or found.verdict == "different":
            return found
        return rational
    except NotAFormula:
        return Verdict("undecided", "One of them is not a formula that can be compared here.")


def is_real(reference: Node, answer: Node, variables: Mapping[str, str]) -> bool:
    """Whether roots and logarithms are real: no complex symbol and no imaginary unit occurs."""
    return "complex" not in variables.values() and (
        "i" in variables or "i" not in free_names(reference) | free_names(answer)
    )


def value_in_floats(node: Node, point: At, real: bool) -> Float | None:
    """Roughly the value of a formula; None where there is none. Raises NotAFormula."""
    return _try((compile_real if real else compile_complex)(node), point.floats)


def _as_rational(pair: Pair, used: Mapping[str, str]) -> Verdict | None:
    if pair.calls:
        return None
    try:
        found = modular.same_function(pair.reference, pair.answer)
    except modular.NotRational:
        return None
    if found == "same":
        return Verdict("equal", "Both are the same rational function." if used else "Both are the same number.")
    if found == "different" and pair.names <= used.keys():
        return Verdict("different", "Yours is another function.")
    return None


def _by_points(pair: Pair, used: Mapping[str, str], real: bool) -> Verdict:
    sample = Sample(pair, used, real)
    verdict = _at(sample.points(), pair, used, real, sample.breaks)
    if sample.too_long and verdict.verdict == "equal":
        return _by_terms(pair, used) if real else TOO_LONG
    if used and verdict.verdict == "undecided":
        verdict = _at(sample.points(MORE_POINTS), pair, used, real, sample.breaks)
    return verdict


def _by_terms(pair: Pair, used: Mapping[str, str]) -> Verdict:
    """What the terms of sums say that are compared with numbers beyond the longest sum that is tried."""
    reasons: list[str] = []

    def same(one: Node, other: Node, variables: Mapping[str, str]) -> str:
        found = equal_pair(Pair(one, other), variables)
        reasons.append(found.reason)
        return found.verdict

    match term_by_term(pair.reference, pair.answer, used, same):
        case "equal":
            return Verdict("equal", "Both sums have the same terms.")
        case "different":
            # Sums that do not begin with 1 are counted from 1 there.
            begin_with_one = all(
                isinstance(call.args[2], Number) and call.args[2].value == 1
                for call in pair.calls
                if call.function in BINDERS
            )
            says = f"In a term of the sum: {reasons[-1]}" if begin_with_one else "Terms of the sum are others."
            return Verdict("different", says)
        case _:
            return TOO_LONG


def _at(points_in_turn: Iterable[At], pair: Pair, used: Container[str], real: bool, breaks: Breaks | None) -> Verdict:
    sample: list[At] = []
    values: list[Values] = []
    doubted = False
    passed = ""
    for point, (left, right) in _valued(points_in_turn, pair, used, real):
        if left != right and not doubted and _differ_plainly(left, right):
            outcome = compare(pair.reference, pair.answer, point, real)
            if outcome.kind == "different":  # as most are; the other points need not be looked at
                passed = passed if passed and not _comparable(left, right) else difference(point, outcome)
                if _settled(point, left, right, len(sample)):
                    break
            doubted = outcome.kind != "different"
        sample.append(point)
        values.append((left, right))
    if passed:
        return Verdict("different", passed)
    found = _confirmed(sample, values, pair, real, breaks)
    return _all_sides(sample, pair, breaks) or found if breaks and found.verdict == "equal" else found


def _all_sides(sample: Sequence[At], pair: Pair, breaks: Breaks) -> Verdict | None:
    """What sides of conditions say that no point of the sample has met."""
    unseen = unseen_difference(pair, breaks.variables, sample, breaks)
    if isinstance(unseen, tuple):
        return Verdict("different", difference(*unseen))
    return (
        Verdict("undecided", "A condition may hold, or fail, where no point that was tried lies.") if unseen else None
    )


def _confirmed(
    sample: Sequence[At], values: Sequence[Values], pair: Pair, real: bool, breaks: Breaks | None
) -> Verdict:
    """What high precision says at the points that matter."""
    has_symbols = bool(sample and sample[0])
    candidates, telling, rest = suspects(sample, values)
    wanted, least = CONFIRMATIONS, 0
    resolution = None
    if breaks:
        telling, pieces, more = _one_of_each_piece_first(telling, rest, sample, breaks)
        wanted = min(pieces + CONFIRMATIONS - 1, MOST_PIECES)
        least = len(candidates) + min(pieces + more, MOST_PIECES) if more else 0
        resolution = Resolution(pair.nodes, breaks.signs)
    agreed = gaps = confirmed = 0
    same: list[tuple[float, At]] = []
    disputed = by_convention = False
    terms = Terms()
    for tried, place in enumerate([*candidates, *telling, *rest]):
        if tried * pair.size > LONGEST:
            break
        point = sample[place]
        bits = resolution.bits(point, cheaply=tried < len(candidates)) if resolution else 0
        outcome = compare(pair.reference, pair.answer, point, real, terms, bits_wanted=bits)
        match outcome.kind:
            case "different":
                return Verdict("different", difference(point, outcome))
            case "undefined":
                return Verdict("different", undefined(point, outcome))
            case "same":
                agreed += 1
                confirmed += tried >= len(candidates)
                same.append((outcome.absorbed, point))
                if resolution:
                    resolution.agreed(point, bits, outcome.absorbed)
            case "gap":
                gaps += 1
                by_convention = by_convention or _differ_plainly(*values[place])
            case "disputed":
                disputed = True
        if (confirmed >= wanted and tried + 1 >= least) or (agreed and not has_symbols):
            break
    # Where floats end for one of them only, both are often saturated, and agree without being the same.
    counted = confirmed if len(telling) >= FEWEST else agreed
    found = _conclusion(counted, gaps, disputed, has_symbols)
    if found.verdict != "equal":
        return found
    if by_convention:
        return Verdict("undecided", "In places one of them has a value by convention only, as 0^0 has.")
    if resolution and not all(_same_piece(pair, point, sample, real) for point in resolution.unresolved):
        return Verdict("undecided", "Where they are far from their threshold nobody can tell them apart.")
    if not any(gap for gap, _ in same):
        return found
    met = {id(point) for _, point in same}
    others = [sample[place] for place in telling if id(sample[place]) not in met][:MORE]
    return _absorbed(pair, same, [*others, *near_zero(sample)], real) or found


def _same_piece(pair: Pair, beyond: At, sample: Sequence[At], real: bool) -> bool:
    """Whether what applies at a distant point is the same formula also near by, where nothing is saturated."""
    try:
        one, other = (on_piece(node, beyond) for node in (pair.reference, pair.answer))
    except NotOnePiece:
        return False
    found = [compare(one, other, point, real) for point in (*sample[NICE : NICE + MORE], *near_zero(sample))]
    whole = sum(outcome.kind == "same" and not outcome.absorbed for outcome in found)
    return whole >= FEWEST and all(outcome.kind != "different" for outcome in found)


def _absorbed(pair: Pair, same: Sequence[tuple[float, At]], others: Sequence[At], real: bool) -> Verdict | None:
    """What more digits say where terms vanished beside others, as exp(-1000) does beside 1; None if nothing new.

    `same` are the points at which both agreed, and how many bits smaller such terms were there; `others` are more.
    """
    hiding = sorted((absorbed, order) for order, (absorbed, _) in enumerate(same) if absorbed)
    wanted = min(FEWEST, len(same)) - (len(same) - len(hiding))
    tries = [(same[order][1], absorbed) for absorbed, order in hiding if absorbed <= MOST_ABSORBED][:FEWEST]
    for point, absorbed in (*tries, *((point, 0.0) for point in others)):
        if wanted <= 0:
            return None
        bits = BITS + int(absorbed)
        outcome = compare(pair.reference, pair.answer, point, real, bits_wanted=bits)
        while outcome.kind == "same" and bits - BITS < outcome.absorbed <= MOST_ABSORBED:
            bits = BITS + int(outcome.absorbed)
            outcome = compare(pair.reference, pair.answer, point, real, bits_wanted=bits)
        if outcome.kind == "different":
            return Verdict("different", difference(point, outcome))
        wanted -= outcome.kind == "same" and not outcome.absorbed
    return Verdict("undecided", "Terms vanish beside others that are too much larger to tell.") if wanted > 0 else None


def _valued(points_in_turn: Iterable[At], pair: Pair, used: Container[str], real: bool) -> Iterator[tuple[At, Values]]:
    """One point after the other, with what floats make of both there; None where there is no value."""
    switching, summing = "indicator" in pair.words, not BINDERS.isdisjoint(pair.words)
    one, other = compile_both(pair.reference, pair.answer, used, real=real, switching=switching, summing=summing)
    left: Float | None
    right: Float | None
    for point in points_in_turn:
        where = point.floats
        try:
            left = one(where)
            if not abs(left) < LARGEST:
                left = None
        except (ArithmeticError, ValueError):
            left = None
        try:
            right = other(where)
            if not abs(right) < LARGEST:
                right = None
        except (ArithmeticError, ValueError):
            right = None
        yield point, (left, right)


def _differ_plainly(left: Float | None, right: Float | None) -> bool:
    return left is not None and right is not None and abs(left - right) > PLAIN * max(abs(left), abs(right), 1e-300)


def _settled(point: At, left: Float | None, right: Float | None, seen: int) -> bool:
    """Whether a difference at this point is to be shown, and none at another."""
    return len(point) < MANY or seen >= MANY or _comparable(left, right)


def _comparable(left: Float | None, right: Float | None) -> bool:
    """Whether neither value is almost nothing beside the other, as it is where a sigmoid is saturated."""
    return left is not None and right is not None and min(abs(left), abs(right)) > 1e-4 * max(abs(left), abs(right))


def _one_of_each_piece_first(
    places: Sequence[int], without: Sequence[int], sample: Sequence[At], breaks: Breaks
) -> tuple[list[int], int, int]:
    """The same places, in how many pieces they lie, and how many places `without` confirming values lie in others.

    Of those, in which floats have no value or seem to differ, there is one for each piece; they come second.
    """
    first: list[int] = []
    others: list[int] = []
    seen: set[tuple[int, ...]] = set()
    for place in places:
        signs = breaks.signs(sample[place])
        (others if signs in seen else first).append(place)
        seen.add(signs)
    beyond = []
    met: set[tuple[tuple[int, ...], int]] = {(signs, 0) for signs in seen if NO_SIGN not in signs}
    for place in sorted(without, key=lambda place: sample[place].farthest):
        signs = breaks.signs(sample[place])
        # Where edges have no value in floats either, points of every size count as pieces.
        size = math.frexp(sample[place].farthest)[1] if NO_SIGN in signs else 0
        if (signs, size) not in met:
            beyond.append(place)
        met.add((signs, size))
    return first + beyond + others, len(first), len(beyond)


def _conclusion(agreed: int, gaps: int, disputed: bool, has_symbols: bool) -> Verdict:
    if agreed >= (FEWEST if has_symbols else 1):
        if disputed:
            return Verdict("undecided", "They agree, except where a negative number has a fractional power.")
        where = "at every point tried" if has_symbols else "in their digits"
        return Verdict("equal", f"Both agree {where}, to at least 18 places.")
    if gaps >= FEWEST or (gaps and not has_symbols):
        return Verdict("different", "Only one of them has a value; the other divides by zero.")
    return Verdict("undecided", "There are too few points at which both could be calculated.")


def _try(formula: Formula, point: Mapping[str, Float]) -> Float | None:
    try:
        found = formula(point)
        return found if abs(found) < LARGEST else None
    except (ArithmeticError, ValueError):
        return None
