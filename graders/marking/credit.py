"""Credit: a rubric turns observed facts into exact points, kept as an interval where a person is needed.

A leaf earns points × truth, in the world as asked and in the world of the student's own answers;
the better counts. Of all combinations of compatible readings the best total over the whole question wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import pairwise

from app.domain.decisions import ON_TOP, Verdict
from app.domain.expressions import Formula
from app.domain.language.tree import Attribute, free_names, walk
from app.domain.questions import Part
from app.domain.rubrics import Criterion
from app.domain.values import PERSON, Share, Value
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.evaluator import evaluate
from graders.evaluation.truth import NO, truth
from graders.marking.answers import Given
from graders.marking.compiled import Compiled
from graders.marking.follow_through import own_part_world
from graders.marking.observing import Observation, Seen
from graders.marking.readings import Combination, under_readings
from graders.marking.rubric_scope import RubricScope
from graders.marking.worlds import World

ZERO = Fraction(0)


@dataclass(frozen=True, slots=True)
class Span:
    """Points from `lo` to `hi`; decided where they are the same."""

    lo: Fraction = ZERO
    hi: Fraction = ZERO

    def __add__(self, other: Span) -> Span:
        return Span(self.lo + other.lo, self.hi + other.hi)

    def within(self, at_least: Fraction | None, at_most: Fraction | None) -> Span:
        """The span bounded from below and above."""
        lo, hi = self.lo, self.hi
        if at_most is not None:
            lo, hi = min(lo, at_most), min(hi, at_most)
        if at_least is not None:
            lo, hi = max(lo, at_least), max(hi, at_least)
        return Span(lo, hi)

    def times(self, share: Share) -> Span:
        """Points × truth, for positive and negative points."""
        ends = (self.lo * share.lo, self.lo * share.hi, self.hi * share.lo, self.hi * share.hi)
        return Span(min(ends), max(ends))

    @property
    def decided(self) -> bool:
        return self.lo == self.hi


def best(spans: Iterable[Span]) -> Span:
    """The best of alternatives: each end is the largest."""
    items = list(spans)
    return Span(max(item.lo for item in items), max(item.hi for item in items))


@dataclass(frozen=True, slots=True)
class LeafCredit:
    """What one criterion earned. `own`: only by the student's own earlier answers. `person`: was decided.

    `alternative`: belongs to a way of earning points that neither counted nor is the one worth most; `beaten`:
    it would have earned points, had not another way counted more; `instead`: that other way. `suggested`: what a
    person would probably give, where one is needed and the grader has an idea. `alone`: what it would be worth by
    itself, whatever else counts instead or takes it away. Of what a person decided, `machine` is what it would be
    without that, and `given` what was decided, where the criterion was worth something else then. `on_top`: a deduction
    from the part as it stood after somebody had moved it, whatever the criteria around it came to.
    """

    criterion: Criterion
    span: Span
    level: int
    own: bool = False
    blank: bool = False
    unreadable: bool = False
    incomplete: bool = False
    person: bool = False
    taken_away: bool = False
    alternative: bool = False
    beaten: bool = False
    instead: bool = False
    suggested: Fraction | None = None
    alone: Span = Span()
    machine: LeafCredit | None = None
    given: Verdict | None = None
    on_top: bool = False


@dataclass(slots=True)
class PartCredit:
    """What one part earned, criterion by criterion; `adjustment` is what a person moved the whole part by.

    `earned`: what is sure without that, by the criteria alone; `given`: as the adjustment was decided, where the part
    was worth something else then.
    """

    part: Part
    span: Span
    leaves: list[LeafCredit]
    adjustment: Fraction = ZERO
    earned: Fraction = ZERO
    given: Verdict | None = None
    mistakes: list[str] = field(default_factory=list)
    unreadable: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> str:
        """needs-person where a person can change the points, else invalid where a field cannot be read."""
        if not self.span.decided:
            return "needs-person"
        return "invalid" if self.unreadable else "graded"


@dataclass(frozen=True, slots=True)
class QuestionCredit:
    """What a whole question earned, under the readings that are best for the student."""

    readings: Combination
    parts: list[PartCredit]

    @property
    def total(self) -> Span:
        total = Span()
        for part in self.parts:
            if part.part.score == "points":
                total += part.span
        return total

    @property
    def merit(self) -> tuple[Fraction, Fraction, int]:
        """What decides between readings: the points, then how little of them is owed to follow-through."""
        own = sum(leaf.own for part in self.parts for leaf in part.leaves)
        return (self.total.lo, self.total.hi, -own)


def credit(
    compiled: Compiled,
    world: World,
    observation: Observation,
    decisions: Mapping[str, Verdict | Fraction] | None = None,
) -> QuestionCredit:
    """The credit of observed answers; `decisions` are what a person gave, by `part.criterion`.

    What was given of other points than this rubric has counts in the same share. `part.` without a criterion moves the
    whole part up or down, within what it can be worth; a deduction `part.criterion!` counts on what stands after that.

    Raises:
        EvaluationError: the rubric cannot be evaluated with these values.
    """
    decided = {name: one if isinstance(one, Verdict) else Verdict(one) for name, one in (decisions or {}).items()}
    found: list[QuestionCredit] = []
    for combination, seen in observation.seen.items():
        read_so = under_readings(compiled, world, combination)
        parts = [_part(compiled, part, read_so, observation.given, seen, decided) for part in compiled.question.parts]
        found.append(QuestionCredit(combination, parts))
    # The plain combination comes first, and the first of equals is taken.
    return max(found, key=lambda candidate: candidate.merit)


def _part(
    compiled: Compiled,
    part: Part,
    world: World,
    given: Mapping[str, Given],
    seen: Seen,
    decisions: Mapping[str, Verdict],
) -> PartCredit:
    base = RubricScope(compiled, part, world, given, seen.facts["base"], seen.mistakes["base"].get(part.id, {}))
    scopes = [base]
    own_world = own_part_world(compiled, part, world, given)
    if own_world is not None or any(name in seen.facts["own"] for name in part.fields):
        facts = {**seen.facts["base"], **seen.facts["own"]}
        mistakes = seen.mistakes["own"].get(part.id, {})
        scopes.append(RubricScope(compiled, part, own_world or world, given, facts, mistakes))
    judge = _Judge(part, scopes, world, given, decisions)
    span = Span()
    for node in part.criteria:
        span += judge.node(node, 0)
    earned = (span + judge.on_top).within(ZERO, part.points).lo
    span = span.within(ZERO, part.points)
    moved = decisions.get(f"{part.id}.")
    adjustment = moved.in_part(part.points) if moved is not None else ZERO
    given_then = moved if moved is not None and moved.moved_to(part.points) else None
    span = (span + Span(adjustment, adjustment)).within(ZERO, part.points)
    span = (span + judge.on_top).within(ZERO, part.points)
    # What was credited by follow-through is explained in the world of the student's own answers only.
    worlds = scopes[1:] if any(leaf.own for leaf in judge.leaves) else scopes
    made = [name for name in part.mistakes if any(judge.holds(scope, name) for scope in worlds)]
    unreadable = {name: given[name].why for name in part.fields if given[name].state == "invalid"}
    return PartCredit(part, span, judge.leaves, adjustment, earned, given_then, made, unreadable)


def fields_read(part: Part, cell: Formula) -> set[str]:
    """The fields of a part whose facts an expression reads, also through the part's own facts."""
    found: set[str] = set()
    seen: set[str] = set()
    pending = [cell]
    while pending:
        node = pending.pop().node
        found |= {one.target for one in walk(node) if isinstance(one, Attribute)} & set(part.fields)
        fresh = (free_names(node) & set(part.facts)) - seen
        seen |= fresh
        pending += [part.facts[name] for name in sorted(fresh)]
    return found


def suggested_facts(facts: Mapping[str, Value]) -> Mapping[str, Value]:
    """The facts of a field with what its grader takes for likely in place of what only a person can decide."""
    likely = facts.get("suggested")
    if not isinstance(likely, list):
        return facts
    return {name: name in likely if value == PERSON and name != "right" else value for name, value in facts.items()}


def _worth(leaves: Iterable[LeafCredit]) -> Fraction:
    return sum((max(leaf.criterion.points or ZERO, ZERO) for leaf in leaves), ZERO)


class _Judge:
    """Walks the rubric of one part and notes what every leaf earned; `on_top`: what comes off the part at the end."""

    def __init__(
        self,
        part: Part,
        scopes: list[RubricScope],
        world: World,
        given: Mapping[str, Given],
        decisions: Mapping[str, Verdict],
    ) -> None:
        self._part = part
        self._given = given
        self._scopes = scopes
        self._world = world
        self._decisions = decisions
        self.leaves: list[LeafCredit] = []
        self.on_top = Span()

    def node(self, node: Criterion, level: int) -> Span:
        start = len(self.leaves)
        if node.when is not None and node.points is not None:
            span = self._leaf(node, node.when, node.points, level)
        elif node.best_of is not None:
            span = self._best_of(node.best_of, level)
        else:
            span = Span()
            for inner in node.nodes:
                span += self.node(inner, level + 1)
        if node.unless is not None:
            shares = [self._truth(scope, node.unless) or NO for scope in self._scopes]
            taken = Share(min(share.lo for share in shares), min(share.hi for share in shares))
            kept = Share(1 - taken.hi, 1 - taken.lo)
            span = span.times(kept)
            if kept == NO:
                self.leaves[start:] = [
                    leaf if leaf.on_top and node.when is None else replace(leaf, span=Span(), taken_away=True)
                    for leaf in self.leaves[start:]
                ]
        span = span.within(node.at_least, node.at_most)
        if node.when is not None and self.leaves[start].on_top:
            # The part was moved away from what its criteria came to: which of them counted tells no more.
            self.on_top += span
            return Span()
        return span

    def _best_of(self, alternatives: tuple[Criterion, ...], level: int) -> Span:
        starts: list[int] = []
        spans: list[Span] = []
        for inner in alternatives:
            starts.append(len(self.leaves))
            spans.append(self.node(inner, level + 1))
        winner = max(range(len(spans)), key=lambda place: (spans[place].lo, spans[place].hi))
        bounds = list(pairwise([*starts, len(self.leaves)]))
        # The way that is worth most is what was asked for: it is told beside the one that counted.
        asked = max(range(len(spans)), key=lambda place: _worth(self.leaves[slice(*bounds[place])]))
        for place, (start, end) in enumerate(bounds):
            # Where doubt is left, a way that may still win keeps its points in sight.
            beaten = place != winner and spans[place].hi <= spans[winner].lo
            self.leaves[start:end] = [
                leaf
                if leaf.on_top
                else replace(
                    leaf, alternative=leaf.alternative or place not in (winner, asked), instead=place == winner != asked
                )
                if not beaten or leaf.span == Span()
                else replace(leaf, alternative=leaf.alternative or place != asked, beaten=True, span=Span())
                for leaf in self.leaves[start:end]
            ]
        return best(spans)

    def _leaf(self, node: Criterion, when: Formula, points: Fraction, level: int) -> Span:
        leaf = self._by_itself(node, when, points, level)
        name = f"{self._part.id}.{node.id}"
        decision = self._decisions.get(name, self._decisions.get(name + ON_TOP))
        if decision is not None:
            number = decision.at(points)
            given = decision if decision.moved_to(points) else None
            on_top = name not in self._decisions
            leaf = LeafCredit(node, Span(number, number), level, person=True, machine=leaf, given=given, on_top=on_top)
        self.leaves.append(replace(leaf, alone=leaf.span))
        return leaf.span

    def _by_itself(self, node: Criterion, when: Formula, points: Fraction, level: int) -> LeafCredit:
        """What a criterion earns as long as nobody has decided about it."""
        full = Span(points, points)
        truths = [self._truth(scope, when) for scope in self._scopes]
        spans = [full.times(share or NO) for share in truths]
        span = best(spans)
        own = len(spans) > 1 and (spans[1].lo, spans[1].hi) > (spans[0].lo, spans[0].hi)
        silent = all(self._given[field].state == "blank" for field in self._part.fields)
        blank = all(share is None for share in truths) or (silent and span == Span())
        states = {self._given[field].state for field in fields_read(self._part, when)} if blank else set()
        unreadable = "invalid" in states
        incomplete = not unreadable and "read" in states
        leaf = LeafCredit(node, span, level, own, blank, unreadable, incomplete)
        return leaf if span.decided else replace(leaf, suggested=self._suggested(when, full))

    def _suggested(self, when: Formula, full: Span) -> Fraction | None:
        """What the criterion would be worth if a person thought as the graders suggest; None where they do not."""
        likely = [scope.as_suggested(suggested_facts) for scope in self._scopes]
        span = best(full.times(self._truth(scope, when) or NO) for scope in likely)
        return span.lo if span.decided else None

    def _truth(self, scope: RubricScope, cell: Formula) -> Share | None:
        try:
            return truth(evaluate(cell.node, scope, self._world.fuel))
        except OutOfFuel:
            raise
        except EvaluationError:
            # A student's values can make a condition meaningless (a division by zero): then it does not hold.
            return NO

    def holds(self, scope: RubricScope, mistake: str) -> bool:
        """Whether a mistake was made, for feedback."""
        try:
            share = truth(scope.fact("mistake", mistake))
        except OutOfFuel:
            raise
        except EvaluationError:
            return False
        return share is not None and share.lo == 1
