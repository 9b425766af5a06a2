"""Between which values a formula certainly lies, whatever its symbols are: exp(x) + 1 is above 1, sin(x) at most 1."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import NamedTuple

from app.domain.language.tree import Binary, Call, Choice, Compare, Name, Node, Number, Unary, free_names
from graders.equality.modular import NotRational, exponent_of
from graders.equality.roots import fraction_of, gaps_of, sign_at, squarefree, times
from graders.equality.rounding import sign_of_remainder
from graders.equality.squares import sign_as_squares
from graders.equality.substitution import same_tree

End = Fraction | float
"""A bound; as a float it is infinite."""

SLACK = Fraction(1, 10**9)
"""By which what is calculated in floats is widened."""
DEEPEST = 60


class Range(NamedTuple):
    """All values between two ends; an `open` end is never reached."""

    low: End
    high: End
    low_open: bool = False
    high_open: bool = False


ANY = Range(-math.inf, math.inf, True, True)
_ZERO, _ONE = Fraction(0), Fraction(1)
_NOT_NEGATIVE = Range(_ZERO, math.inf, False, True)
_POSITIVE = Range(_ZERO, math.inf, True, True)
_WAVE = Range(-_ONE, _ONE)
_DOMAINS = {
    "positive": _POSITIVE,
    "nonnegative": _NOT_NEGATIVE,
    "negative": Range(-math.inf, _ZERO, True, True),
    "unit": Range(_ZERO, _ONE, True, True),
    "natural": Range(_ONE, math.inf, False, True),
    "few": Range(_ONE, math.inf, False, True),
    "nonpositive": Range(-math.inf, _ZERO, True, False),  # of no symbol, but beside a condition
}
_HALVES = {
    ">": ("positive", "nonpositive"),
    ">=": ("nonnegative", "negative"),
    "<": ("negative", "nonnegative"),
    "<=": ("nonpositive", "positive"),
}
_LETTERS = {
    "e": Range(Fraction(271828, 100000), Fraction(271829, 100000)),
    "pi": Range(Fraction(314159, 100000), Fraction(314160, 100000)),
}
_WITHIN: dict[str, Range] = {
    "sin": _WAVE,
    "cos": _WAVE,
    "indicator": Range(_ZERO, _ONE),
    "cosh": Range(_ONE, math.inf, False, True),
    "sech": Range(_ZERO, _ONE, True, False),
}


def sign_everywhere(node: Node, domains: Mapping[str, str]) -> tuple[int, bool]:
    """The sign that a formula has wherever it has a value, and whether it is never zero; (0, False) where unknown."""
    found = range_of(node, domains)
    if found.low >= 0:
        return 1, found.low > 0 or found.low_open
    if found.high <= 0:
        return -1, found.high < 0 or found.high_open
    name, *others = [*free_names(node), ""]
    known = _of_rational(node, name, domains) if others == [""] else (0, False)
    known = known if known[0] else sign_as_squares(node)
    return known if known[0] else sign_of_remainder(node, domains)


def range_of(node: Node, domains: Mapping[str, str], depth: int = 0) -> Range:
    """Bounds for the values of a formula; those without a value do not count."""
    if depth > DEEPEST:
        return ANY

    def of(part: Node) -> Range:
        return range_of(part, domains, depth + 1)

    match node:
        case Number(value=value):
            return Range(value, value)
        case Name(id=name):
            return _DOMAINS.get(domains[name], ANY) if name in domains else _LETTERS.get(name, ANY)
        case Unary(op="-" | "+" as op, operand=operand):
            return _negative(of(operand)) if op == "-" else of(operand)
        case Binary(op="+" | "-"):
            return _total(_terms(node), of)
        case Binary(op="*", left=left, right=right):
            return _even_power(of(left)) if same_tree(left, right) else _product(of(left), of(right))
        case Binary(op="/", left=left, right=right):
            if same_tree(left, right):
                return Range(_ONE, _ONE)
            return _product(of(left), _reciprocal(of(right)))
        case Binary(op="**", left=left, right=right):
            return _power(left, right, of)
        case Choice(then=then, condition=condition, otherwise=otherwise):
            if of(Call("indicator", (condition,))).low == 1:
                return of(then)
            held, failed = (_narrowed(domains, condition, holds) for holds in (True, False))
            return _hull(range_of(then, held, depth + 1), range_of(otherwise, failed, depth + 1))
        case Call(function="Sum" | "Prod", args=(body, Name(id=index), _, _)):
            inner = range_of(body, {**domains, index: "integer"}, depth + 1)
            return _NOT_NEGATIVE if inner.low >= 0 else ANY
        case Call():
            return _of_call(node, of)
        case _:
            return ANY


def _narrowed(domains: Mapping[str, str], condition: Node, holds: bool) -> Mapping[str, str]:
    """The domains where a symbol is known to be on one side of 0."""
    match condition:
        case Compare(first=Name(id=name), rest=((op, Number(value=value)),)) if value == 0 and op in _HALVES:
            if domains.get(name) in ("real", "nonzero"):
                return {**domains, name: _HALVES[op][0 if holds else 1]}
    return domains


def _of_call(node: Call, of: Callable[[Node], Range]) -> Range:
    match node:
        case Call(function="indicator", args=(Compare(first=first, rest=((op, other),)),)):
            return _truth(op, of(Binary("-", first, other)))
        case Call(function="max" | "min" as function, args=args) if args:
            return _extreme([of(arg) for arg in args], function == "max")
        case Call(function=function, args=(inner,)):
            return _called(function, of(inner))
        case _:
            return ANY


def _terms(node: Node) -> list[tuple[Node, bool]]:
    """What is added, and whether it is subtracted; without what cancels."""
    found: list[tuple[Node, bool]] = []

    def add(part: Node, minus: bool) -> None:
        match part:
            case Binary(op="+" | "-" as op, left=left, right=right):
                add(left, minus)
                add(right, minus != (op == "-"))
            case Unary(op="-", operand=operand):
                add(operand, not minus)
            case _:
                for place, (other, sign) in enumerate(found):
                    if sign != minus and same_tree(other, part):
                        del found[place]
                        return
                found.append((part, minus))

    add(node, False)
    return found


def _beside(term: Node, other: Node, apart: bool) -> Range | None:
    """Bounds for a function less (`apart`), or plus, what stands in it: max(x, y) - x is at least 0."""
    match term:
        case Call(function="max" | "relu" | "abs" | "softplus" | "exp" | "min" as function, args=args):
            if not any(same_tree(arg, other) for arg in args) or not (apart or function == "abs"):
                return None
            match function:
                case "softplus":
                    return _POSITIVE
                case "exp":
                    return Range(_ONE, math.inf, False, True)
                case "min":
                    return _negative(_NOT_NEGATIVE)
                case _:
                    return _NOT_NEGATIVE
        case _:
            return None


def _total(terms: list[tuple[Node, bool]], of: Callable[[Node], Range]) -> Range:
    """Bounds for a sum; a function and what stands in it are looked at together."""
    total = Range(_ZERO, _ZERO)
    for place, (term, minus) in enumerate(terms):
        for where, (other, sign) in enumerate(terms):
            found = _beside(term, other, sign != minus) if where != place else None
            if found is not None:
                rest = [one for number, one in enumerate(terms) if number not in (place, where)]
                return _sum(_negative(found) if minus else found, _total(rest, of))
    for term, minus in terms:
        total = _sum(total, _negative(of(term)) if minus else of(term))
    return total


def _truth(op: str, off: Range) -> Range:
    """1 where a difference of these values certainly meets a condition, 0 where it certainly does not."""
    above, below = off.low > 0 or (off.low == 0 and off.low_open), off.high < 0 or (off.high == 0 and off.high_open)
    at_least, at_most = off.low >= 0, off.high <= 0
    holds = {">": above, ">=": at_least, "<": below, "<=": at_most, "!=": above or below}.get(op, False)
    fails = {">": at_most, ">=": below, "<": at_least, "<=": above, "==": above or below}.get(op, False)
    return Range(_ONE, _ONE) if holds else Range(_ZERO, _ZERO) if fails else Range(_ZERO, _ONE)


def _negative(a: Range) -> Range:
    return Range(-a.high, -a.low, a.high_open, a.low_open)


def _sum(a: Range, b: Range) -> Range:
    return Range(a.low + b.low, a.high + b.high, a.low_open or b.low_open, a.high_open or b.high_open)


def _product(a: Range, b: Range) -> Range:
    """Bounds for products; an end is reached where both of its factors are, or one of them is a zero that is."""
    ends = [
        (_times(x, y), (x_open or y_open) and not (x == 0 and not x_open) and not (y == 0 and not y_open))
        for x, x_open in ((a.low, a.low_open), (a.high, a.high_open))
        for y, y_open in ((b.low, b.low_open), (b.high, b.high_open))
    ]
    low, high = min(end for end, _ in ends), max(end for end, _ in ends)
    return Range(
        low,
        high,
        all(is_open for end, is_open in ends if end == low),
        all(is_open for end, is_open in ends if end == high),
    )


def _times(x: End, y: End) -> End:
    return _ZERO if x == 0 or y == 0 else x * y


def _reciprocal(a: Range) -> Range:
    if a.low >= 0:
        high = 1 / a.low if a.low > 0 else math.inf
        return Range(_one_over(a.high), high, a.high_open, a.low_open or a.low == 0)
    if a.high <= 0:
        return _negative(_reciprocal(_negative(a)))
    return ANY


def _one_over(end: End) -> End:
    return 1 / end if end and isinstance(end, Fraction) else math.inf if end == 0 else _ZERO


def _even_power(a: Range, exponent: int = 2) -> Range:
    if a.low < 0 < a.high:
        farther = a if a.high >= -a.low else _negative(a)
        both = -a.low == a.high
        reached = farther.high_open and (a.low_open or not both)
        return Range(_ZERO, _raised(farther.high, exponent) or math.inf, False, reached)
    a = a if a.low >= 0 else _negative(a)
    low = _raised(a.low, exponent)
    high = _raised(a.high, exponent) if a.high else _ZERO
    above = a.low > 0 or a.low_open
    return Range(low or _ZERO, math.inf if high is None else high, above if not low else a.low_open, a.high_open)


def _raised(end: End, exponent: int) -> End | None:
    """A power of an end; None where it would be too long."""
    if not isinstance(end, Fraction):
        return end
    if max(end.numerator.bit_length(), end.denominator.bit_length()) * exponent < 4000:
        return end**exponent
    return None


def _power(left: Node, right: Node, of: Callable[[Node], Range]) -> Range:
    base = of(left)
    try:
        exponent = exponent_of(right)
    except NotRational:
        if base.low > 0 or (base.low == 0 and base.low_open):
            return _POSITIVE
        return _NOT_NEGATIVE if base.low >= 0 else ANY
    if exponent < 0:
        whole = Binary("**", left, Number(Fraction(-exponent), str(-exponent)))
        return _reciprocal(of(whole))
    if exponent % 2 == 0:
        return _even_power(base, exponent) if exponent else Range(_ONE, _ONE)
    if base.low >= 0:
        return _even_power(base, exponent)
    return _negative(_even_power(_negative(base), exponent)) if base.high <= 0 else base if exponent == 1 else ANY


def _hull(a: Range, b: Range) -> Range:
    low, high = min(a.low, b.low), max(a.high, b.high)
    return Range(
        low,
        high,
        all(one.low_open for one in (a, b) if one.low == low),
        all(one.high_open for one in (a, b) if one.high == high),
    )


def _extreme(ranges: list[Range], largest: bool) -> Range:
    if not largest:
        return _negative(_extreme([_negative(one) for one in ranges], largest=True))
    low, high = max(one.low for one in ranges), max(one.high for one in ranges)
    return Range(
        low,
        high,
        any(one.low_open for one in ranges if one.low == low),
        all(one.high_open for one in ranges if one.high == high),
    )


def _called(function: str, a: Range) -> Range:
    if function in _RISING:
        return _rising(*_RISING[function], a)
    match function:
        case "abs":
            return _even_power(a, 1)
        case "sign":
            low = _ONE if a.low > 0 or (a.low == 0 and a.low_open) else _ZERO if a.low >= 0 else -_ONE
            high = -_ONE if a.high < 0 or (a.high == 0 and a.high_open) else _ZERO if a.high <= 0 else _ONE
            return Range(low, high)
        case "relu":
            return _extreme([a, Range(_ZERO, _ZERO)], largest=True)
        case "floor" | "ceil":
            whole = math.floor if function == "floor" else math.ceil
            ends = [Fraction(whole(end)) if isinstance(end, Fraction) else end for end in (a.low, a.high)]
            return Range(ends[0], ends[1], ends[0] == -math.inf, ends[1] == math.inf)
        case _:
            return _WITHIN.get(function, ANY)


def _rising(run: Callable[[float], float], whole: Range, exact: Mapping[End, Fraction], a: Range) -> Range:
    """Bounds for an increasing function; its ends are calculated in floats, and widened, where they are not exact."""

    def at(end: End, way: int) -> End | None:
        if end in exact:
            return exact[end]
        try:
            value = run(float(end))
        except (ArithmeticError, ValueError):
            return None
        if not math.isfinite(value):
            return None
        return Fraction(value) + way * SLACK * max(abs(Fraction(value)), SLACK)

    low, high = at(a.low, -1), at(a.high, 1)
    below = low is None or low < whole.low or (low == whole.low and whole.low_open)
    above = high is None or high > whole.high or (high == whole.high and whole.high_open)
    return Range(
        whole.low if below or low is None else low,
        whole.high if above or high is None else high,
        whole.low_open if below else a.low_open and a.low in exact,
        whole.high_open if above else a.high_open and a.high in exact,
    )


_AT_ZERO: Mapping[End, Fraction] = {_ZERO: _ZERO}
_RISING: dict[str, tuple[Callable[[float], float], Range, Mapping[End, Fraction]]] = {
    "exp": (math.exp, _POSITIVE, {_ZERO: _ONE}),
    "log": (math.log, ANY, {_ONE: _ZERO}),
    "sqrt": (math.sqrt, _NOT_NEGATIVE, {_ZERO: _ZERO, _ONE: _ONE}),
    "sigmoid": (lambda x: 1 / (1 + math.exp(-x)), Range(_ZERO, _ONE, True, True), {_ZERO: Fraction(1, 2)}),
    "softplus": (lambda x: math.log1p(math.exp(x)), _POSITIVE, {}),
    "tanh": (math.tanh, Range(-_ONE, _ONE, True, True), _AT_ZERO),
    "erf": (math.erf, Range(-_ONE, _ONE, True, True), _AT_ZERO),
    "atan": (math.atan, Range(Fraction(-8, 5), Fraction(8, 5), True, True), _AT_ZERO),
    "sinh": (math.sinh, ANY, _AT_ZERO),
    "asinh": (math.asinh, ANY, _AT_ZERO),
}


def _of_rational(node: Node, name: str, domains: Mapping[str, str]) -> tuple[int, bool]:
    """The sign of a rational function of one symbol, by isolating its roots."""
    domain = _DOMAINS.get(domains.get(name, ""), ANY) if name in domains else None
    if domain is None or domains[name] == "complex":
        return 0, False
    try:
        top, below = fraction_of(node, name)
        poly = times(top, below)
        gaps = gaps_of(squarefree(poly))
    except NotRational:
        return 0, False
    inside = [gap for gap in gaps if gap[1] > domain.low and gap[0] < domain.high]
    places = [end for gap in inside for end in gap if domain.low < end < domain.high]
    places += [end for end in (domain.low, domain.high) if isinstance(end, Fraction)]
    places += [_within(domain)]
    signs = {sign for place in places if (sign := sign_at(poly, place))}
    return (*signs, not inside) if len(signs) == 1 else (0, False)  # type: ignore[return-value]


def _within(domain: Range) -> Fraction:
    """A number between the ends."""
    low, high = domain.low, domain.high
    if isinstance(low, Fraction):
        return (low + high) / 2 if isinstance(high, Fraction) else low + 1
    return high - 1 if isinstance(high, Fraction) else _ZERO
