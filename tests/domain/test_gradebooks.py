"""Totals of a course: against a brute force over everything that could be dropped, and what holds for all rules."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.domain.gradebooks import Grade, Group, Mark, QuizRule, Role, Rules, State, grade, kept
from tests.exact import fractions_between

F = Fraction
SHARES = fractions_between(0, F(6, 5), max_denominator=8)
WEIGHTS = fractions_between(F(1, 4), 6, max_denominator=4)


def taken(quiz: str, share: Fraction | int, high: Fraction | int | None = None) -> Mark:
    return Mark(quiz, "taken", F(share), F(share if high is None else high))


def brute(weighed: Sequence[tuple[Fraction, Fraction]], drop: int) -> Fraction:
    """The best mean that is left when exactly so many are taken away, one staying: every choice is tried."""
    stay = max(1, len(weighed) - drop)
    return max(
        sum((w * s for w, s in some), F(0)) / sum((w for w, _ in some), F(0))
        for some in itertools.combinations(weighed, stay)
    )


@st.composite
def gradebooks(draw: st.DrawFn) -> tuple[Rules, list[Mark]]:
    groups = tuple(
        Group(id=f"g{n}", name=f"Group {n}", weight=draw(WEIGHTS), drop=draw(st.integers(0, 3)))
        for n in range(1, draw(st.integers(1, 3)) + 1)
    )
    rules: dict[str, QuizRule] = {}
    marks = []
    for n in range(draw(st.integers(1, 8))):
        quiz = f"q{n}"
        role: Role = draw(st.sampled_from(["counts", "counts", "counts", "bonus", "left out"]))
        rules[quiz] = QuizRule(
            group=draw(st.sampled_from(groups)).id,
            role=role,
            weight=draw(WEIGHTS),
            missing=draw(st.sampled_from(["zero", "excused"])),
        )
        state: State = draw(st.sampled_from(["taken", "taken", "taken", "missing", "to come", "excused", "worthless"]))
        low, high = sorted((draw(SHARES), draw(SHARES)))
        marks.append(Mark(quiz, state, low, high) if state == "taken" else Mark(quiz, state))
    return Rules(groups=groups, quizzes=rules, beyond=draw(st.booleans())), marks


def by_hand(rules: Rules, marks: Sequence[Mark], end: str) -> Fraction | None:
    """The lower or the upper end of a total, straight from the words of the rules."""
    results: list[tuple[Fraction, Fraction]] = []
    bonus = F(0)
    for group in rules.groups:
        inside = []
        for mark in marks:
            rule = rules.of(mark.quiz)
            share = getattr(mark, end) if mark.state == "taken" else F(0)
            if rule.group != group.id or mark.state in ("to come", "excused", "worthless"):
                continue
            if rule.role == "bonus":
                bonus += share * rule.weight / 100
            if rule.role == "counts" and (mark.state == "taken" or rule.missing == "zero"):
                inside.append((rule.weight, share))
        if inside:
            results.append((group.weight, brute(inside, group.drop)))
    if not results and not bonus:
        return None
    total = brute(results, 0) + bonus if results else bonus
    return total if rules.beyond else min(total, F(1))


@given(st.lists(st.tuples(WEIGHTS, SHARES), min_size=1, max_size=7), st.integers(0, 7))
def test_what_stays_has_the_best_mean_of_all_choices(weighed: list[tuple[Fraction, Fraction]], drop: int) -> None:
    stay = kept(weighed, drop)
    assert len(stay) == max(1, len(weighed) - drop)
    assert brute([weighed[i] for i in stay], 0) == brute(weighed, drop)


@given(gradebooks())
def test_a_total_is_what_the_rules_say_in_words(book: tuple[Rules, list[Mark]]) -> None:
    rules, marks = book
    found = grade(rules, marks)
    low, high = by_hand(rules, marks, "low"), by_hand(rules, marks, "high")
    if low is None and high is not None:
        low = F(0)  # a bonus that may still be nothing
    assert found.low == low
    if low is not None:
        assert found.high == high
        assert found.high is not None
        assert low <= found.high


@given(gradebooks())
def test_the_weights_add_up_to_the_whole_and_the_lines_to_the_total(book: tuple[Rules, list[Mark]]) -> None:
    found = grade(*book)
    counted = [line for line in found.lines if line.fate == "counts"]
    assert sum(line.weight for line in counted) == (1 if counted else 0)
    assert sum(line.adds for line in found.lines) == found.before
    assert [line.quiz for line in found.lines] == sorted(mark.quiz for mark in book[1])
    assert sum(group.weight for group in found.groups) == (1 if counted else 0)


@given(gradebooks(), st.randoms(use_true_random=False))
def test_the_order_of_the_marks_does_not_matter(book: tuple[Rules, list[Mark]], chance: object) -> None:
    rules, marks = book
    mixed = list(marks)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert grade(rules, mixed) == grade(rules, marks)


@given(gradebooks())
def test_dropping_more_never_lowers_a_total(book: tuple[Rules, list[Mark]]) -> None:
    rules, marks = book
    before = grade(rules, marks).low
    for index, group in enumerate(rules.groups):
        more = group.model_copy(update={"drop": group.drop + 1})
        groups = (*rules.groups[:index], more, *rules.groups[index + 1 :])
        after = grade(rules.model_copy(update={"groups": groups}), marks).low
        assert (before is None) == (after is None)
        assert before is None or after is None or after >= before


@given(gradebooks(), st.integers(0, 7), SHARES)
def test_a_better_mark_never_lowers_a_total(book: tuple[Rules, list[Mark]], place: int, more: Fraction) -> None:
    rules, marks = book
    place %= len(marks)
    better = list(marks)
    if marks[place].state == "taken":
        better[place] = Mark(marks[place].quiz, "taken", marks[place].low + more, marks[place].high + more)
    before, after = grade(rules, marks).low, grade(rules, better).low
    assert before is None or after is None or after >= before


TWO = Rules(
    groups=(Group(id="g1", name="Homework", weight=F(3), drop=1), Group(id="g2", name="Exam", weight=F(7))),
    quizzes={
        "a": QuizRule(group="g1"),
        "b": QuizRule(group="g1"),
        "c": QuizRule(group="g1", missing="excused"),
        "exam": QuizRule(group="g2"),
        "extra": QuizRule(group="g1", role="bonus", weight=F(5)),
    },
)


def fates(found: Grade) -> dict[str, str]:
    return {line.quiz: line.fate for line in found.lines}


def test_homework_and_exam_with_one_dropped() -> None:
    found = grade(TWO, [taken("a", F(1, 2)), Mark("b", "missing"), Mark("c", "missing"), taken("exam", F(3, 4))])
    # Of a and b the zero goes; c was excused and takes nobody's place.
    assert found.low == F(3, 10) * F(1, 2) + F(7, 10) * F(3, 4)
    assert fates(found) == {"a": "counts", "b": "dropped", "c": "excused", "exam": "counts"}
    assert [(group.result, group.counted, group.dropped) for group in found.groups] == [
        (F(1, 2), 1, 1),
        (F(3, 4), 1, 0),
    ]


def test_a_group_of_which_nothing_counts_yet_leaves_its_weight_to_the_others() -> None:
    found = grade(TWO, [taken("a", 1), Mark("exam", "to come")])
    assert (found.low, found.complete) == (F(1), False)
    assert [line.weight for line in found.lines] == [1, 0]


def test_bonus_lifts_a_total_over_the_whole_only_where_that_is_allowed() -> None:
    marks = [taken("a", 1), taken("exam", 1), taken("extra", F(1, 2))]
    found = grade(TWO, marks)
    assert (found.low, found.before, found.cut, found.bonus) == (F(1), F(41, 40), True, F(1, 40))
    assert grade(TWO.model_copy(update={"beyond": True}), marks).low == F(41, 40)


def test_a_bonus_that_waits_from_nothing_is_a_span_where_it_is_all_that_counts() -> None:
    rules = Rules(groups=(Group(id="g1", name="All"),), quizzes={"b": QuizRule(group="g1", role="bonus", weight=F(5))})
    found = grade(rules, [taken("b", 0, 1)])
    assert (found.low, found.high, found.sure) == (0, F(1, 20), False)
    assert grade(rules, [taken("b", F(1, 2), 1)]).high == F(1, 20)
    assert grade(rules, [Mark("b", "to come")]).low is None


def test_a_bonus_that_was_not_taken_costs_nothing() -> None:
    assert grade(TWO, [taken("a", 1), Mark("extra", "missing")]).low == 1


def test_an_adjustment_moves_the_total_but_never_below_nothing() -> None:
    assert grade(TWO, [taken("a", F(1, 2))], F(1, 10)).low == F(3, 5)
    found = grade(TWO, [taken("a", F(1, 2))], F(-3))
    assert (found.low, found.cut) == (F(0), True)


def test_what_is_not_sure_yet_is_a_span_whose_ends_drop_what_suits_them() -> None:
    found = grade(TWO, [taken("a", F(1, 4), 1), taken("b", F(1, 2))])
    assert (found.low, found.high, found.sure) == (F(1, 2), F(1), False)


def test_without_marks_there_is_no_total() -> None:
    for marks in ([], [Mark("a", "to come")], [Mark("a", "excused")], [Mark("a", "worthless")]):
        assert grade(TWO, marks).low is None


def test_with_equal_weights_the_lowest_are_dropped_and_equal_ones_in_a_fixed_order() -> None:
    shares = [F(n) for n in (3, 1, 2, 1)]
    assert kept([(F(1), share) for share in shares], 2) == {0, 2}
    assert kept([(F(1), F(1))] * 3, 1) == {0, 1}
    assert kept([(F(2), F(1, 2))], 5) == {0}


def test_with_unequal_weights_not_always_the_lowest_is_dropped() -> None:
    # Without the heavy 40 % the mean is higher than without the light 30 %.
    assert kept([(F(10), F(2, 5)), (F(1), F(3, 10)), (F(1), F(1))], 1) == {1, 2}


def test_a_quiz_whose_group_is_gone_belongs_to_the_first() -> None:
    rules = Rules(groups=(Group(id="g7", name="All"),), quizzes={"a": QuizRule(group="g3", weight=F(2))})
    assert (rules.of("a").group, rules.of("a").weight, rules.of("new").group) == ("g7", F(2), "g7")


def test_rules_survive_their_storage() -> None:
    assert Rules.model_validate(TWO.model_dump(mode="json")) == TWO
    assert TWO.model_dump(mode="json")["groups"][0]["weight"] == "3"


@pytest.mark.parametrize("wrong", [{"groups": []}, {"quizzes": {"a": {"weight": "-1"}}}, {"nonsense": 1}])
def test_rules_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate(wrong)
