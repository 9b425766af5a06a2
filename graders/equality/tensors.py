"""When two formulas of vectors and matrices are the same: in floats, on sizes that all differ.

Both are evaluated on four assignments of sizes, several points each. A difference that rounding cannot explain is
certain; one that rounding might explain is undecided. Where a condition has met only one outcome, more points are
tried; where it has met both, points close to its edge on either side. Up to a factor or an added constant, both may
depend on the sizes (a mean for a sum), never on the data.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.domain.language.latex_input import plain_spelling
from app.domain.language.tree import Node, free_names
from app.domain.symbols import Symbol, with_sizes
from graders.equality.brackets import with_strong_brackets
from graders.equality.entry_functions import Entries, entries_as_vector, transposed
from graders.equality.expressions import Verdict
from graders.equality.tensor_lengths import Asked, lengths_asked
from graders.equality.tensor_points import NoPoints, Pair, Place, places, sizes_at, sizes_used, values_at, zeros_spread
from graders.equality.tensor_wording import at_point, freely_different, gives_entries, shapes_differ, sized
from graders.equality.thresholds import has_fine_numbers
from graders.equality.unknown_functions import TESTS, put_in
from graders.equality.writing_out import by_entries
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.tensor_duals import Array
from graders.evaluation.tensor_functions import ShapeError
from graders.evaluation.tensors import STEPS, Evaluation

ASSIGNMENTS = 4
POINTS = 6
FIRST = 3
"""Points looked at before all others."""
MORE_POINTS = 24
"""Where a condition has met only one outcome, or most points have no values."""
EDGED = 2
"""Assignments of sizes for which edges of conditions are looked for."""
MOST_EDGES = 8
HALVINGS = 16
SAME = 1e-9
"""Relative difference below which two values are the same …"""
DIFFERENT = 1e-7
"""… and above which they differ; between the two nobody can say."""
ROUNDING = 1e-13
"""Rounding errors, relative to the largest number met on the way."""
LOST = 1e-6
"""Where rounding errors may be larger than this part of the value, the value says nothing."""


_IN = "constant in "


class _Different(Exception):
    """The message is the reason."""


def same_tensor(reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: Collection[str] = ()) -> Verdict:
    """Whether two formulas are the same array, whatever their symbols stand for.

    Args:
        symbols: every symbol that may occur; names of sizes need not be declared.
        up_to: see `formulas.same_formula`.

    Returns:
        The verdict and a sentence that names the shapes, or the first entry that differs at a readable point.
    """
    known = with_sizes(symbols)
    reference, answer = with_strong_brackets(reference, known), with_strong_brackets(answer, known)
    layouts = _layouts(up_to)
    first: Verdict | None = None
    for layout in layouts:
        try:
            verdict = _Comparison(reference, answer, known, frozenset(up_to), layout).verdict()
        except _Different as difference:
            verdict = Verdict("different", str(difference))
        except (NoPoints, EvaluationError) as problem:
            return Verdict("undecided", f"This cannot be compared: {problem}")
        if verdict.verdict == "equal":
            return verdict
        first = first or verdict
    assert first is not None
    return first


Outcomes = tuple[Place, Mapping[str, Array], dict[int, list[bool]]]
"""A point, and what every condition said there."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Lays the answer out for the comparison with a reference: an array, and one that is written out."""

    of_arrays: Callable[[Array, Array], Array]
    of_entries: Callable[[Entries, Entries], Entries]


_AS_IT_IS = Layout(lambda reference, answer: answer, lambda reference, answer: answer)
_TURNED = Layout(lambda reference, answer: answer.T, lambda reference, answer: transposed(answer))


def _layouts(up_to: Collection[str]) -> list[Layout]:
    found = [Layout(_as_vector, entries_as_vector)] if "layout" in up_to else [_AS_IT_IS]
    return [*found, _TURNED] if "transpose" in up_to else found


def _names_in(up_to: str) -> list[str]:
    """The names in which something added is constant."""
    return up_to[len(_IN) :].replace(" and ", " ").replace(",", " ").split() if up_to.startswith(_IN) else []


def _as_vector(reference: Array, answer: Array) -> Array:
    """A row and a column of as many entries are the same."""
    if 1 in reference.shape and 1 in answer.shape and reference.size == answer.size:
        return answer.reshape(reference.shape)
    return answer


@lru_cache(maxsize=64)
def _remembered(
    symbols: tuple[tuple[str, Symbol], ...], used: frozenset[str], varying: frozenset[str]
) -> dict[Place, Mapping[str, Array]]:
    """The values at points, kept: the same answer is compared with many formulas. Nobody writes into them."""
    return {}


def _is_whole(symbol: Symbol | None) -> bool:
    return symbol is None or symbol.kind == "index" or symbol.domain in ("natural", "integer")


def _two_sides(
    seen: Sequence[Outcomes], branch: int
) -> tuple[Place, Mapping[str, Array], Mapping[str, Array], list[bool]] | None:
    """Two points of one group at which a condition has different outcomes, and its outcome at the first."""
    for count, (place, point, outcomes) in enumerate(seen):
        for other_place, other, others in seen[count + 1 :]:
            one, two = outcomes.get(branch), others.get(branch)
            if place.group == other_place.group and one and two and len(one) == len(two) and one != two:
                return other_place, point, other, one
    return None


class _Comparison:
    """One comparison: the points tried so far, and what they say."""

    def __init__(
        self, reference: Node, answer: Node, symbols: Mapping[str, Symbol], up_to: frozenset[str], layout: Layout
    ) -> None:
        self.used = free_names(reference) | free_names(answer)
        self.symbols = symbols
        self.layout = layout
        functions = [name for name, one in symbols.items() if one.kind == "function"]
        self.trees = [
            (put_in(reference, functions, test), put_in(answer, functions, test))
            for test in range(TESTS if functions else 1)
        ]
        if strange := sorted(self.used - symbols.keys() - {"e", "pi"}):
            raise EvaluationError(f"It is not known what {strange[0]} stands for.")
        self.varying = frozenset(name for one in up_to for name in _names_in(one))
        self.known = _remembered(tuple(symbols.items()), self.used, self.varying)
        self.free_factor = "factor" in up_to or "positive factor" in up_to or "sign" in up_to
        self.up_to = up_to
        self.constant = "constant" in up_to or bool(self.varying)
        self.doubtful = False
        self.left = STEPS * 2
        self.branches: dict[int, set[bool]] = {}
        self.outcomes: list[Outcomes] = []
        self.of_answer: set[int] = set()
        self.lopsided: list[tuple[Place, Mapping[str, Array], Array, Array]] = []

    def verdict(self) -> Verdict:
        """What floats say, and where pieces or rounding may hide a difference, what the entries say."""
        found = self._in_floats()
        asked = lengths_asked(self.trees[0], self.symbols, sizes_used(self.symbols, self.used))
        if not self._reaches(asked) and found.verdict == "equal":
            return Verdict("undecided", "An index or a size is compared with a number that is too large to be reached.")
        if not (self.branches or self.doubtful or has_fine_numbers(self.trees[0])):
            return found
        free = [word for word in self.up_to if word not in ("transpose", "layout")]
        sizes = sizes_used(self.symbols, self.used)
        all_equal = True
        for trees in self.trees:
            written = by_entries(trees, self.symbols, sizes, self.layout.of_entries, free, thorough=self.doubtful)
            if written is not None and written.verdict == "different":
                return written
            all_equal = all_equal and written is not None
        return Verdict("equal", "Both agree entry by entry.") if self.doubtful and all_equal and not free else found

    def _reaches(self, asked: Asked) -> bool:
        """Whether all sizes that are asked for could be tried. Raises _Different."""
        try:
            for count, lengths in enumerate(asked.lengths):
                where = (Place(count % ASSIGNMENTS, 0, place, lengths) for place in range(FIRST))
                pairs = [self._pair(place, self._point(place)) for place in where]
                agreed, doubtful = self._judge([pair for pair in pairs if pair is not None])
                if doubtful and not agreed:
                    return False
        except OutOfFuel:
            return False
        if asked.larger:
            with suppress(OutOfFuel):
                self._judge(self._pairs(0, [Place(0, 0, 0, asked.larger)]))
        return not asked.beyond

    def _in_floats(self) -> Verdict:
        agreed = doubtful = 0
        groups = 2 if self.varying else 1
        # Most that differ differ at once.
        first = self._pairs(0, places(0, groups, FIRST))
        self._judge(first)
        self._settle(2)
        for assignment in range(ASSIGNMENTS):
            begun = FIRST if assignment == 0 else 0
            pairs = [*first] if begun else []
            pairs += self._pairs(assignment, places(assignment, groups, POINTS - begun, begun))
            if len(pairs) < POINTS // 2 or (assignment == 0 and any(len(met) < 2 for met in self.branches.values())):
                pairs += self._pairs(assignment, places(assignment, groups, MORE_POINTS, POINTS))
            if assignment < EDGED:
                pairs += self._at_edges(assignment)
            found = self._judge(pairs)
            agreed, doubtful = agreed + found[0], doubtful + found[1]
            self._settle(2)
        if not agreed:
            self._settle(1)
        self.doubtful = doubtful > 0
        if doubtful:
            return Verdict("undecided", "They agree up to rounding errors, or differ by very little.")
        if agreed < ASSIGNMENTS:
            return Verdict("undecided", "There are too few points at which both could be calculated.")
        return Verdict("equal", "Both agree at every point tried, for several sizes.")

    def _settle(self, fewest: int) -> None:
        """Raises _Different where only one of them has a value at so many points."""
        if len(self.lopsided) >= fewest:
            place, point, one, other = self.lopsided[0]
            raise _Different(at_point(self._sizes(place), point, one, other))

    def _sizes(self, place: Place) -> dict[str, int]:
        return sizes_at(self.symbols, self.used, place)

    def _pairs(self, assignment: int, where: Iterable[Place]) -> list[Pair]:
        found = [self._pair(place, self._point(place)) for place in where]
        return [pair for pair in found if pair is not None]

    def _point(self, place: Place) -> Mapping[str, Array]:
        found = self.known.get(place)
        if found is None:
            found = self.known[place] = values_at(self.symbols, self.used, place, self.varying)
        return found

    def _pair(self, place: Place, point: Mapping[str, Array]) -> Pair | None:
        """Both values at a point; None where they say nothing."""
        reference, answer = self._trees(place.assignment)
        one, first = self._value(reference, point)
        try:
            other, second = self._value(answer, point)
        except ShapeError as problem:
            raise _Different(sized(self._sizes(place), str(problem))) from None
        self.of_answer |= second.branches.keys() - first.branches.keys()
        self.outcomes.append((place, point, first.branches | second.branches))
        one, other = zeros_spread(one, self.layout.of_arrays(one, other))
        if one.shape != other.shape:
            raise _Different(self._shapes_differ(place, point, one, other))
        if (np.isfinite(one) != np.isfinite(other)).any():
            self.lopsided.append((place, point, one, other))
            return None
        defined = np.isfinite(one)
        if not defined.any():
            return None
        values = np.where(defined, one, 0.0), np.where(defined, other, 0.0)
        return Pair(place, point, *values, max(first.peak, second.peak) * ROUNDING)

    def _shapes_differ(self, place: Place, point: Mapping[str, Array], one: Array, other: Array) -> str:
        sizes, answer = self._sizes(place), self._trees(place.assignment)[1]
        free = [name for name in free_names(answer) if (found := self.symbols.get(name)) and found.kind == "index"]
        if other.size > 1 or not free:
            return shapes_differ(sizes, one.shape, other.shape)
        ends = {name: self.symbols[name].sizes[0] for name in sorted(free, key=list(self.symbols).index)}
        lengths = {name: int(end) if end.isdigit() else sizes.get(end, 0) for name, end in ends.items()}

        def entry(at: Mapping[str, int]) -> float:
            return float(
                self._value(answer, {**point, **{name: np.full((1, 1), float(at[name])) for name in at}})[0][0, 0]
            )

        return gives_entries(sizes, lengths, one, entry)

    def _trees(self, assignment: int) -> tuple[Node, Node]:
        return self.trees[assignment % len(self.trees)]

    def _value(self, node: Node, point: Mapping[str, Array]) -> tuple[Array, Evaluation]:
        work = Evaluation(point, self.symbols, min(self.left, STEPS))
        value = work.value(node)
        self.left -= work.spent
        for branch, met in work.branches.items():
            self.branches.setdefault(branch, set()).update(met)
        return value, work

    def _at_edges(self, assignment: int) -> list[Pair]:
        """Pairs close to where a condition changes, on either side: a threshold that is slightly off shows there."""
        seen = [one for one in self.outcomes if one[0].assignment == assignment]
        found: list[Pair | None] = []
        here = {branch for _, _, outcomes in seen for branch in outcomes}
        edged = [branch for branch, met in self.branches.items() if len(met) == 2 and branch in here]
        for branch in edged[:MOST_EDGES]:
            between = _two_sides(seen, branch)
            if between is None:
                continue
            place, inner, outer, outcome = between
            for _ in range(HALVINGS):
                middle = self._between(inner, outer)
                if self._outcome(assignment, middle, branch) == outcome:
                    inner = middle
                else:
                    outer = middle
            found += [self._pair(place, inner), self._pair(place, outer)]
        return [pair for pair in found if pair is not None]

    def _outcome(self, assignment: int, point: Mapping[str, Array], branch: int) -> list[bool] | None:
        # First the formula in which it stands: mostly the other need not be calculated.
        for node in self._trees(assignment)[:: -1 if branch in self.of_answer else 1]:
            met = self._value(node, point)[1].branches
            if branch in met:
                return met[branch]
        return None

    def _between(self, one: Mapping[str, Array], other: Mapping[str, Array]) -> dict[str, Array]:
        """The point in the middle; whole numbers stay those of the outer point."""
        return {
            name: value if _is_whole(self.symbols.get(name)) else (one[name] + value) / 2
            for name, value in other.items()
        }

    def _judge(self, pairs: Sequence[Pair]) -> tuple[int, int]:
        """How many points agree and how many say nothing; raises _Different where one certainly differs."""
        if self.constant:
            pairs = self._without_constant(pairs)
        factor = self._factor(pairs)
        agreed = doubtful = 0
        for pair in pairs:
            off = np.abs(factor * pair.reference - pair.answer)
            size = max(float(np.max(np.abs(factor * pair.reference))), float(np.max(np.abs(pair.answer))))
            worst = float(np.max(off))
            rounding = pair.rounding * max(1.0, abs(factor))
            if worst > DIFFERENT * size and worst > 100 * rounding:
                raise _Different(self._worded(pair, pairs))
            # Two zeros agree, but only where nothing large has been cancelled on the way.
            clear = rounding <= LOST * size or rounding <= ROUNDING * 1e4 or worst == 0
            if clear and (worst <= SAME * size or worst <= rounding):
                agreed += 1
            else:
                doubtful += 1
        return agreed, doubtful

    def _worded(self, pair: Pair, pairs: Sequence[Pair]) -> str:
        """Why they differ at a point: the values, or what holds whatever the factor and the constant are."""
        if not self.free_factor and not self.constant:
            return at_point(self._sizes(pair.place), pair.point, pair.reference, pair.answer)
        written = [plain_spelling(self.symbols[name].write).strip() or name for name in sorted(self.varying)]
        sizes, names = self._sizes(pair.place), sorted(self.varying)
        return freely_different(pairs, sizes, dict(zip(names, written, strict=True)), self._factors(), self.constant)

    def _factors(self) -> str:
        return next((word for word in ("positive factor", "factor", "sign") if word in self.up_to), "")

    def _without_constant(self, pairs: Sequence[Pair]) -> list[Pair]:
        """The differences to the first point of the same group, in which no constant is left."""
        first: dict[int, Pair] = {}
        found: list[Pair] = []
        for pair in pairs:
            origin = first.setdefault(pair.place.group, pair)
            if origin.reference.shape != pair.reference.shape:
                raise NoPoints("Their shape changes from point to point.")
            if origin is not pair:
                reference, answer = pair.reference - origin.reference, pair.answer - origin.answer
                rounding = max(pair.rounding, origin.rounding)
                found.append(Pair(pair.place, pair.point, reference, answer, rounding, origin.point))
        return found

    def _factor(self, pairs: Sequence[Pair]) -> float:
        """The factor between reference and answer that all points of one assignment must share."""
        if not self.free_factor or not pairs:
            return 1.0
        best = max(pairs, key=lambda pair: float(np.max(np.abs(pair.reference))))
        place = np.unravel_index(int(np.argmax(np.abs(best.reference))), best.reference.shape)
        below, above = float(best.reference[place]), float(best.answer[place])
        factor = above / below if below else 1.0
        if abs(below) <= 1e3 * best.rounding or abs(above) <= 1e3 * best.rounding:
            return 1.0
        if "factor" in self.up_to:
            return factor
        if "positive factor" in self.up_to:
            return factor if factor > 0 or "sign" in self.up_to else 1.0
        return -1.0 if factor < 0 else 1.0
