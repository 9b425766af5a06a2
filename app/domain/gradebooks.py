"""How the quizzes of a course make one total: groups, weights, drops, bonus, what was not taken. Exact throughout.

A quiz's mark is a share of its points (1 is full marks). A group's result is the weighted mean of its quizzes' shares;
the total is the weighted mean of the groups' results, plus bonus quizzes and adjustments, in shares of 1. What cannot
be known yet is an interval: every rule here grows with every mark, so the two ends of a total are the totals of the
two ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from app.domain.letter_grades import Letters

MOST_GROUPS = 12
MOST_WEIGHT = 10_000
MOST_DROPS = 99
NOTHING, ALL = Fraction(0), Fraction(1)

Role: TypeAlias = Literal["counts", "bonus", "left out"]
Missing: TypeAlias = Literal["zero", "excused"]
State: TypeAlias = Literal["taken", "missing", "to come", "excused", "worthless"]
Fate: TypeAlias = Literal["counts", "dropped", "bonus", "excused", "to come", "left out"]
Exact = Annotated[Fraction, PlainSerializer(str, return_type=str)]
Weight = Annotated[Exact, Field(ge=0, le=MOST_WEIGHT)]


class Frozen(BaseModel):
    """Rules are values."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Group(Frozen):
    """Quizzes that are weighed together, such as the homework. `drop`: how many of them are dropped."""

    id: Annotated[str, Field(pattern=r"^g\d{1,4}$")]
    name: Annotated[str, Field(max_length=100)]
    weight: Weight = ALL
    drop: Annotated[int, Field(ge=0, le=MOST_DROPS)] = 0


class QuizRule(Frozen):
    """One quiz. The weight of a bonus quiz is what full marks add to the total, in percentage points."""

    group: str = "g1"
    role: Role = "counts"
    weight: Weight = ALL
    missing: Missing = "zero"


class Rules(Frozen):
    """The rules of a gradebook. Quizzes without a rule count once in the first group. `beyond`: totals over 100 %."""

    groups: Annotated[tuple[Group, ...], Field(min_length=1, max_length=MOST_GROUPS)] = (Group(id="g1", name=""),)
    quizzes: dict[str, QuizRule] = {}
    beyond: bool = False
    letters: Letters | None = None
    letters_shown: bool = False

    def of(self, quiz: str) -> QuizRule:
        """The rule of that quiz; one whose group is gone belongs to the first."""
        found = self.quizzes.get(quiz, QuizRule(group=self.groups[0].id))
        known = any(group.id == found.group for group in self.groups)
        return found if known else found.model_copy(update={"group": self.groups[0].id})


@dataclass(frozen=True, slots=True)
class Mark:
    """A student's mark of a quiz: a share of its points, sure from `low`, possible up to `high`.

    `missing`: over and not taken; what that means is the quiz's rule. `worthless`: there were no points to earn.
    """

    quiz: str
    state: State
    low: Fraction = NOTHING
    high: Fraction = NOTHING


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one mark. `weight` is its share of the total, `adds` what it adds (at least): mark × weight."""

    quiz: str
    group: str
    fate: Fate
    low: Fraction
    high: Fraction
    weight: Fraction
    adds: Fraction


@dataclass(frozen=True, slots=True)
class GroupLine:
    """A group's result (at least) and its share of the total; no result: nothing of it counts yet."""

    id: str
    weight: Fraction
    result: Fraction | None
    counted: int
    dropped: int


@dataclass(frozen=True, slots=True)
class Grade:
    """A total, and how it came: lines, groups, bonus and adjustment add up to `before`, which may be cut to `low`.

    Without `low` nothing counts yet. `complete`: nothing that counts is still to come.
    """

    low: Fraction | None
    high: Fraction | None
    lines: tuple[Line, ...]
    groups: tuple[GroupLine, ...]
    bonus: Fraction
    adjusted: Fraction
    before: Fraction
    complete: bool

    @property
    def sure(self) -> bool:
        """Whether the total is known exactly."""
        return self.low == self.high

    @property
    def cut(self) -> bool:
        """Whether the total would be more (or less) than it may be."""
        return self.low is not None and self.low != self.before


def grade(rules: Rules, marks: Iterable[Mark], adjusted: Fraction = NOTHING) -> Grade:
    """The total of one student's marks, in any order; `adjusted` is added to it, in shares of 1."""
    entries = sorted((_Entry(mark, rules.of(mark.quiz)) for mark in marks), key=lambda one: one.mark.quiz)
    least = _total(rules, entries, [one.low for one in entries], adjusted)
    if all(one.low == one.high for one in entries):
        return least
    most = _total(rules, entries, [one.high for one in entries], adjusted)
    # A bonus that may still be nothing is a total that may still be nothing, not none.
    low = NOTHING if least.low is None and most.low is not None else least.low
    return replace(least, low=low, high=most.low)


def kept(weighed: Sequence[tuple[Fraction, Fraction]], drop: int) -> frozenset[int]:
    """The indexes of the (weight, share) pairs that stay when `drop` are dropped, so that their mean is largest.

    At least one stays. With equal weights the lowest go; else the best choice maximises a ratio of sums, which
    Dinkelbach's method (Management Science 13, 1967) finds exactly: the best rate is the one at which choosing
    greedily by w·(s − rate) gains nothing.
    """
    stay = max(1, len(weighed) - drop)
    if stay >= len(weighed):
        return frozenset(range(len(weighed)))
    rate = _mean(weighed)
    while True:
        order = sorted(range(len(weighed)), key=lambda i: (weighed[i][0] * (rate - weighed[i][1]), i))
        chosen = order[:stay]
        better = _mean([weighed[i] for i in chosen])
        if better == rate:
            return frozenset(chosen)
        rate = better


@dataclass(frozen=True, slots=True)
class _Entry:
    mark: Mark
    rule: QuizRule

    @property
    def fate(self) -> Fate:
        """What becomes of it before anything is dropped."""
        if self.rule.role == "left out" or self.mark.state == "worthless" or not self.rule.weight:
            return "left out"
        if self.mark.state in ("to come", "excused"):
            return "to come" if self.mark.state == "to come" else "excused"
        if self.mark.state == "missing" and (self.rule.missing == "excused" or self.rule.role == "bonus"):
            return "excused"
        return self.rule.role

    @property
    def low(self) -> Fraction:
        return max(self.mark.low, NOTHING) if self.mark.state == "taken" else NOTHING

    @property
    def high(self) -> Fraction:
        return max(self.mark.high, self.low) if self.mark.state == "taken" else NOTHING


def _total(rules: Rules, entries: Sequence[_Entry], shares: Sequence[Fraction], adjusted: Fraction) -> Grade:
    fates = [one.fate for one in entries]
    members = {
        group.id: [i for i, one in enumerate(entries) if fates[i] == "counts" and one.rule.group == group.id]
        for group in rules.groups
    }
    for group in rules.groups:
        indexes = members[group.id]
        stay = kept([(entries[i].rule.weight, shares[i]) for i in indexes], group.drop)
        for place, i in enumerate(indexes):
            if place not in stay:
                fates[i] = "dropped"
    whole = sum((group.weight for group in rules.groups if members[group.id]), NOTHING)
    weights = dict.fromkeys(range(len(entries)), NOTHING)
    groups = []
    for group in rules.groups:
        staying = [i for i in members[group.id] if fates[i] == "counts"]
        of_all = group.weight / whole if staying and whole else NOTHING
        of_group = sum((entries[i].rule.weight for i in staying), NOTHING)
        for i in staying:
            weights[i] = of_all * entries[i].rule.weight / of_group
        result = _mean([(entries[i].rule.weight, shares[i]) for i in staying]) if staying else None
        groups.append(GroupLine(group.id, of_all, result, len(staying), len(members[group.id]) - len(staying)))
    for i, one in enumerate(entries):
        if fates[i] == "bonus":
            weights[i] = one.rule.weight / 100
    lines = tuple(
        Line(one.mark.quiz, one.rule.group, fates[i], one.low, one.high, weights[i], weights[i] * shares[i])
        for i, one in enumerate(entries)
    )
    bonus = sum((line.adds for line in lines if line.fate == "bonus"), NOTHING)
    before = sum((line.adds for line in lines), NOTHING) + adjusted
    total = max(before, NOTHING) if rules.beyond else min(max(before, NOTHING), ALL)
    known = whole or bonus or adjusted
    low = total if known else None
    return Grade(low, low, lines, tuple(groups), bonus, adjusted, before, "to come" not in fates)


def _mean(weighed: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """The weighted mean of (weight, share) pairs whose weights are positive."""
    return sum((weight * share for weight, share in weighed), NOTHING) / sum((one[0] for one in weighed), NOTHING)
