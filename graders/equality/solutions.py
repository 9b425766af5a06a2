"""Equations and inequalities in one real symbol: their solutions compared exactly, piece by piece."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from graders.equality.conditions import Atom, Condition, atoms_of, truth
from graders.equality.expressions import Verdict
from graders.equality.roots import Gap, Poly, fraction_of, gaps_of, sign_at, squarefree, times
from graders.equality.sampling import WHOLE
from graders.equality.wording import holds_where
from graders.evaluation.display import number_text

_SIGNS: Mapping[str, tuple[int, ...]] = {"==": (0,), "!=": (-1, 1), "<": (-1,), "<=": (-1, 0)}
_BOUNDS: Mapping[str, tuple[int, ...]] = {
    "positive": (0,),
    "nonnegative": (0,),
    "negative": (0,),
    "nonzero": (0,),
    "unit": (0, 1),
}


def same_solutions(one: Condition, other: Condition, name: str, domain: str) -> Verdict:
    """Whether two conditions on one symbol of a real domain have the same solutions.

    Raises:
        NotRational: a side is no rational function with rational coefficients, or too large for exactness.
    """
    signs = _Signs([*atoms_of(one), *atoms_of(other)], name, domain)
    for place in signs.places():
        first, second = (truth(condition, lambda atom: signs.holds(atom, place)) for condition in (one, other))  # noqa: B023
        if first != second:
            return Verdict("different", holds_where(f"{name} {signs.written(place)}", bool(second)))
    return Verdict("equal", "Both have the same solutions.")


class _Signs:
    """The signs of the atoms at the roots of all of them and in between."""

    def __init__(self, atoms: list[Atom], name: str, domain: str) -> None:
        self.domain = domain
        self.fractions = {id(atom): fraction_of(atom.difference, name) for atom in atoms}
        all_roots: Poly = [Fraction(1)]
        for bound in _BOUNDS.get(domain, ()):
            all_roots = times(all_roots, [Fraction(-bound), Fraction(1)])
        different: dict[tuple[Fraction, ...], Poly] = {}
        for top, below in self.fractions.values():
            for poly in (top, below):
                if len(poly) > 1:
                    once = squarefree(poly)
                    different[tuple(value / once[-1] for value in once)] = once
        for once in different.values():
            all_roots = squarefree(times(all_roots, once))
        self.all_roots = all_roots
        self.gaps = gaps_of(all_roots)

    def places(self) -> Iterator[Fraction | Gap]:
        """Every place that decides, those that read well first."""
        ends = [place for gap in self.gaps for place in gap]
        if self.domain in WHOLE:
            near = {floor(end) + step for end in ends for step in (-1, 0, 1, 2)} | {1}
            yield from (Fraction(place) for place in sorted(near, key=abs) if self.domain == "integer" or place >= 1)
            return
        far = [min(ends, default=Fraction(0)) - 1, *ends, max(ends, default=Fraction(0)) + 1]
        for low, high in zip(far[::2], far[1::2], strict=True):
            middle = _short(low, high)
            if self._inside(middle, middle):
                yield middle
        yield from (gap for gap in self.gaps if self._inside(*gap))

    def written(self, place: Fraction | Gap) -> str:
        """“= 3” or “≈ 1.41421”."""
        if isinstance(place, tuple):
            near = ((place[0] + place[1]) / 2).limit_denominator(60)
            if not place[0] < near < place[1] or sign_at(self.all_roots, near) != 0:
                return f"≈ {float(place[0] + place[1]) / 2:.4g}"
            place = near
        return f"= {number_text(place)}"

    def _inside(self, low: Fraction, high: Fraction) -> bool:
        """Whether a place, or the root within a gap, belongs to the domain; bounds are roots by themselves."""
        if low != high:
            for bound in _BOUNDS.get(self.domain, ()):
                if low < bound < high:
                    return self.domain == "nonnegative"
        match self.domain:
            case "positive" | "nonnegative":
                return low >= 0
            case "negative":
                return high <= 0
            case "unit":
                return low >= 0 and high <= 1
            case _:
                return True

    def holds(self, atom: Atom, place: Fraction | Gap) -> bool:
        """Whether an atom holds; poles are no solutions."""
        top, below = self.fractions[id(atom)]
        sign, pole = _sign(top, place), _sign(below, place)
        return pole != 0 and sign * pole in _SIGNS[atom.op]


def _sign(poly: Poly, place: Fraction | Gap) -> int:
    """The sign at a place, or at the one root of all polynomials within a gap."""
    if isinstance(place, Fraction):
        return sign_at(poly, place)
    if not poly:
        return 0
    once = squarefree(poly)
    low, high = (sign_at(once, end) for end in place)
    return 0 if low != high else sign_at(poly, place[0])


def _short(low: Fraction, high: Fraction) -> Fraction:
    """A number strictly between two others, or one of them, that reads well."""
    if low == high:
        return low
    whole = Fraction(ceil(low) if ceil(low) > low else ceil(low) + 1)
    if low < whole < high:
        return whole if not low < 0 < high else Fraction(0)
    return ((low + high) / 2).limit_denominator(int(2 / (high - low)) + 2)
