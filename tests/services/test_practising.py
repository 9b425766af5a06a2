"""Practising: a question is checked at once, got anew, hinted at; nothing of it counts anywhere."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.errors import Conflict, GradusError, NotAllowed, NotFound, Unavailable
from app.sandbox import SandboxFailure
from app.services.marking import grading
from app.services.quizzes import quizzes
from app.services.results import gradebook, outcomes
from app.services.results.results import ItemResult
from app.services.sitting import attempts, practising, running, submissions
from app.services.sitting.practice_views import Practice
from app.services.sitting.saving import read_change
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Answer, Attempt, AttemptItem, PracticeCheck, Quiz, Save, Submission, Variant
from tests.practised import HINTS, HintingSandbox, practice_only
from tests.small_bank import Stage


@pytest.fixture
def practice(stage: Stage) -> Stage:
    """The quiz of two questions, as practice."""
    practice_only(stage.transactions)
    return replace(stage, sandbox=HintingSandbox())


def type_in(stage: Stage, attempt: str, *changes: tuple[int, str, Any], seq: int = 1) -> None:
    with stage.transactions.writing() as tx:
        data = [{"item": item, "field": name, "revision": seq, "value": value} for item, name, value in changes]
        change = read_change(attempt, {"device": "tab", "seq": seq, "changes": data})
        (outcome,) = write_saves(tx, [Arrival(change, tx.now())], 0, {})
        assert not isinstance(outcome, GradusError)


def check(stage: Stage, attempt: str, position: int = 1, student: int = 0) -> ItemResult:
    with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        person = stage.students[student]
        return practising.check(reading, writing, stage.sandbox, person, attempt, position)


def renew(stage: Stage, attempt: str, met: int, position: int = 1) -> None:
    with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        practising.new_variant(reading, writing, stage.sandbox, stage.students[0], attempt, position, met)


def seen(stage: Stage, attempt: str, position: int = 1, **more: bool) -> Practice:
    options = {"solution": False, "again": False} | more
    with stage.transactions.reading() as tx:
        return practising.view(tx, stage.students[0], attempt, position, **options)


def count(stage: Stage, table: Any) -> int:
    with stage.transactions.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_check_says_of_every_criterion_what_it_earned_and_stores_it(practice: Stage) -> None:
    attempt = practice.start()
    type_in(practice, attempt, (1, "qa_x", "1"), (1, "qa_y", "2"), (2, "qb_x", "1"))
    result = check(practice, attempt)
    lines = [(line.id, line.points, line.max) for part in result.parts for line in part.criteria]
    assert lines == [("qa_x", Fraction(3, 2), Fraction(3, 2)), ("qa_y", 0, Fraction(3, 2))]
    assert (result.points, result.max, result.state) == (Fraction(3, 2), 3, "graded")
    with practice.transactions.reading() as tx:
        row = tx.session.scalars(select(PracticeCheck)).one()
        assert row.answers == {"qa_x": "1", "qa_y": "2"}
        assert (row.points, row.upto, row.max) == (Fraction(3, 2), Fraction(3, 2), 3)
    name, payload = practice.sandbox.calls[-1]
    assert name == "grade"
    assert payload["answers"] == {"qa_x": "1", "qa_y": "2"}


def test_every_check_is_kept_and_the_newest_is_shown(practice: Stage) -> None:
    attempt = practice.start()
    check(practice, attempt)
    type_in(practice, attempt, (1, "qa_x", "1"))
    assert seen(practice, attempt).changed
    check(practice, attempt)
    view = seen(practice, attempt)
    assert not view.changed
    assert view.result is not None
    assert view.result.items[0].points == Fraction(3, 2)
    assert seen(practice, attempt, again=True).result is None
    assert count(practice, PracticeCheck) == 2


def test_the_solution_comes_when_it_is_asked_for_after_a_check_and_never_before(practice: Stage) -> None:
    attempt = practice.start()
    assert seen(practice, attempt, solution=True).result is None
    check(practice, attempt)
    plain = seen(practice, attempt)
    assert plain.result is not None
    assert [part.solution for part in plain.result.items[0].parts] == [""]
    solved = seen(practice, attempt, solution=True)
    assert solved.result is not None
    assert [part.solution for part in solved.result.items[0].parts] == ["<p>because</p>"]


def test_of_a_part_without_an_answer_not_even_the_criteria_are_told(practice: Stage) -> None:
    attempt = practice.start()
    check(practice, attempt)
    plain, solved = seen(practice, attempt), seen(practice, attempt, solution=True)
    assert plain.result is not None
    assert solved.result is not None
    assert [part.criteria for part in plain.result.items[0].parts] == [()]
    assert [len(part.criteria) for part in solved.result.items[0].parts] == [2]


def half_decided(sandbox: HintingSandbox) -> Callable[[Any], Any]:
    plain = sandbox._credit

    def credit(payload: Any) -> Any:
        found = plain(payload)
        line = found["parts"][0]["criteria"][1]
        line |= {"upto": line["max"], "person": True}
        for whole in (found, found["parts"][0]):
            whole |= {"state": "needs-person", "upto": str(Fraction(whole["points"]) + Fraction(line["max"]))}
        return found

    return credit


def test_what_only_a_person_could_decide_is_said_with_the_solution_and_waits_for_nobody(
    practice: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(practice.sandbox, "_credit", half_decided(practice.sandbox), raising=False)
    attempt = practice.start()
    type_in(practice, attempt, (1, "qa_x", "1"))
    assert check(practice, attempt).state == "graded"
    view = seen(practice, attempt)
    assert (view.open, view.failed, view.solved) == (True, False, True)
    assert view.result is not None
    assert view.result.items[0].parts[0].solution == "<p>because</p>"
    assert (view.result.items[0].points, view.result.items[0].upto) == (Fraction(3, 2), 3)


def trouble(name: str, payload: Any) -> Any:
    return SandboxFailure("killed") if name == "grade" else None


@pytest.mark.parametrize("broken", [trouble, lambda name, _: KeyError("x") if name == "grade" else None])
def test_a_check_that_breaks_says_that_a_person_would_be_needed(practice: Stage, broken: Any) -> None:
    attempt = practice.start()
    type_in(practice, attempt, (1, "qa_x", "1"))
    practice.sandbox.failing = broken
    result = check(practice, attempt)
    assert (result.points, result.upto) == (0, 3)
    view = seen(practice, attempt)
    assert (view.open, view.failed, view.solved) == (True, True, True)


def test_a_person_has_one_check_at_a_time_and_others_are_not_in_the_way(
    practice: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = practice.start(0), practice.start(1)
    inside, go_on = threading.Event(), threading.Event()
    plain = practice.sandbox.run
    done: list[ItemResult] = []

    def slow(name: str, payload: Any, **options: Any) -> Any:
        if name == "grade" and threading.current_thread() is worker:
            inside.set()
            assert go_on.wait(60)
        return plain(name, payload, **options)

    monkeypatch.setattr(practice.sandbox, "run", slow)
    worker = threading.Thread(target=lambda: done.append(check(practice, first)))
    worker.start()
    try:
        assert inside.wait(60)
        with pytest.raises(Unavailable, match="still running"):
            check(practice, first, 2)
        assert check(practice, second, student=1).points == 0
    finally:
        go_on.set()
        worker.join()
    assert len(done) == 1
    assert check(practice, first, 2).points == 0


def test_whoever_finds_the_lane_full_is_told_at_once(practice: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = practice.start()
    monkeypatch.setattr(practising, "MOST_WAITING", 0)
    with pytest.raises(Unavailable, match="Many people"):
        check(practice, attempt)
    monkeypatch.setattr(practising, "MOST_WAITING", 12)
    monkeypatch.setattr(practising, "WAIT_SECONDS", 0.0)
    monkeypatch.setattr(practising, "_turns", threading.BoundedSemaphore(1))
    practising._turns.acquire()
    with pytest.raises(Unavailable, match="Many people"):
        check(practice, attempt)
    practising._turns.release()
    assert check(practice, attempt).points == 0


def test_a_new_variant_is_one_that_nobody_has_shown_this_person_and_starts_empty(practice: Stage) -> None:
    attempt = practice.start()
    type_in(practice, attempt, (1, "qa_x", "1"), (2, "qb_x", "1"))
    before = count(practice, Save)
    met = []
    for number in range(1, 6):
        with practice.transactions.reading() as tx:
            item = tx.session.scalars(select(AttemptItem).where(AttemptItem.position == 1)).one()
            met.append(tx.session.scalars(select(Variant.seed).where(Variant.id == item.variant_id)).one())
        renew(practice, attempt, number)
    assert len(set(met)) == 5
    view = seen(practice, attempt)
    assert (view.met, view.result) == (6, None)
    with practice.transactions.reading() as tx:
        page = attempts.view(tx, practice.students[0], attempt)
    assert [field.value for field in page.items[0].parts[0].fields] == [None, None]
    assert page.items[1].parts[0].fields[0].value == "1"
    # What was typed stays among the saves; it was emptied by one more, once.
    assert count(practice, Save) == before + 1


def test_what_another_window_typed_for_the_old_variant_does_not_reach_the_new_one(practice: Stage) -> None:
    attempt = practice.start()
    type_in(practice, attempt, (1, "qa_x", "1"))
    renew(practice, attempt, 1)
    type_in(practice, attempt, (1, "qa_x", "1"), seq=2)
    with practice.transactions.reading() as tx:
        assert tx.session.scalars(select(Answer.value).where(Answer.field == "qa_x")).one() is None


def test_pressing_twice_gives_one_new_variant(practice: Stage) -> None:
    attempt = practice.start()
    renew(practice, attempt, 1)
    renew(practice, attempt, 1)
    assert seen(practice, attempt).met == 2


def test_a_practised_variant_is_not_met_again_in_a_later_attempt(practice: Stage) -> None:
    attempt = practice.start()
    renew(practice, attempt, 1)
    with practice.transactions.writing() as tx:
        practising.finish(tx, practice.students[0], attempt)
    practice.start()
    with practice.transactions.reading() as tx:
        query = select(AttemptItem, Variant.seed).join(Variant, Variant.id == AttemptItem.variant_id)
        rows = tx.session.execute(query.where(AttemptItem.position == 1).order_by(AttemptItem.id)).all()
        (first, now), (_, later) = rows
        assert first.practised == {"seeds": [0]}
        assert later not in (0, now)


def test_who_has_met_them_all_begins_anew_with_another(practice: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(practising, "FRESH_SEEDS", 2)
    attempt = practice.start()
    for met in range(1, 6):
        renew(practice, attempt, met)
    with practice.transactions.reading() as tx:
        item = tx.session.scalars(select(AttemptItem).where(AttemptItem.position == 1)).one()
        now = tx.session.scalars(select(Variant.seed).where(Variant.id == item.variant_id)).one()
        seeds = [*(item.practised or {})["seeds"], now]
    assert all(a != b for a, b in itertools.pairwise(seeds))


def test_hints_come_one_by_one_and_go_with_the_variant(practice: Stage) -> None:
    attempt = practice.start()
    person = practice.students[0]

    def hint(taken: int, part: str = "p") -> int:
        with practice.transactions.writing() as tx:
            return practising.take_hint(tx, person, attempt, 1, part, taken)

    assert seen(practice, attempt).hints["p"].taken == ()
    assert [hint(0), hint(0), hint(1)] == [1, 1, 2]
    assert seen(practice, attempt).hints["p"].taken == HINTS[:2]
    assert [hint(2), hint(3), hint(99)] == [3, 3, 3]
    assert seen(practice, attempt, 2).hints["p"].taken == ()
    with pytest.raises(NotFound):
        hint(0, "nothing")
    renew(practice, attempt, 1)
    assert seen(practice, attempt).hints["p"].taken == ()
    with practice.transactions.reading() as tx:
        summary = practising.how_it_went(tx, person, attempt)
    assert [item.hints for item in summary.items] == [3, 0]


def test_the_summary_has_the_best_of_every_question(practice: Stage) -> None:
    attempt = practice.start()
    check(practice, attempt)
    type_in(practice, attempt, (1, "qa_x", "1"), (1, "qa_y", "1"))
    check(practice, attempt)
    renew(practice, attempt, 1)
    check(practice, attempt)
    with practice.transactions.writing() as tx:
        practising.finish(tx, practice.students[0], attempt)
        practising.finish(tx, practice.students[0], attempt)
    with practice.transactions.reading() as tx:
        summary = practising.how_it_went(tx, practice.students[0], attempt)
    assert (summary.open, summary.checks) == (False, 3)
    told = [(item.checks, item.variants, item.best, item.max) for item in summary.items]
    assert told == [(3, 2, 3, 3), (0, 1, None, 3)]


def test_nothing_of_practice_is_handed_in_graded_or_counted(practice: Stage) -> None:
    attempt = practice.start()
    type_in(practice, attempt, (1, "qa_x", "1"))
    check(practice, attempt)
    person = practice.students[0]
    with practice.transactions.writing() as tx, pytest.raises(NotAllowed, match="not handed in"):
        submissions.hand_in(tx, person, attempt, wake=lambda: None)
    with practice.transactions.writing() as tx:
        practising.finish(tx, person, attempt)
    assert count(practice, Submission) == 0
    with practice.transactions.reading() as tx:
        assert grading.ungraded_papers(tx) == []
        assert gradebook.gradebook(tx, practice.course).columns == ()
        staff = outcomes.outcomes(tx, practice.course, practice.quiz)
        (card,) = quizzes.quizzes_of(tx, person)
    assert staff.practice
    assert [row.points for row in staff.rows] == [None, None]
    assert card.practice
    assert [(one.state, one.points) for one in card.attempts] == [("handed in", None)]


def test_practice_has_no_deadline_and_the_staff_can_end_it(stage: Stage) -> None:
    practice_only(stage.transactions)
    with stage.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz)).one()
        quiz.minutes = 5
        quiz.closes_at = stage.clock.time.replace(year=2027)
    attempt = stage.start()
    with stage.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz)).one()
        assert tx.session.scalars(select(Attempt)).one().deadline_at is None
        assert running.end(tx, quiz, [attempt], None, "enough") == 1
    with stage.transactions.reading() as tx:
        assert tx.session.scalars(select(Attempt)).one().state == "handed in"
    assert count(stage, Submission) == 0


@pytest.mark.parametrize("mode", ["exam", "homework"])
def test_no_other_mode_is_checked_hinted_at_or_changed(stage: Stage, mode: str) -> None:
    practice = replace(stage, sandbox=HintingSandbox())
    practice_only(stage.transactions, mode)
    attempt = practice.start()
    before = len(practice.sandbox.calls)
    with pytest.raises(NotAllowed):
        check(practice, attempt)
    with pytest.raises(NotAllowed):
        renew(practice, attempt, 1)
    with pytest.raises(NotAllowed):
        seen(practice, attempt, solution=True)
    with practice.transactions.writing() as tx, pytest.raises(NotAllowed):
        practising.take_hint(tx, practice.students[0], attempt, 1, "p", 0)
    with practice.transactions.writing() as tx, pytest.raises(NotAllowed):
        practising.finish(tx, practice.students[0], attempt)
    assert len(practice.sandbox.calls) == before
    assert count(practice, PracticeCheck) == 0


def test_nobody_practises_in_anothers_attempt_or_in_one_that_is_finished(practice: Stage) -> None:
    attempt = practice.start()
    with pytest.raises(NotFound):
        check(practice, attempt, student=1)
    with pytest.raises(NotFound):
        check(practice, attempt, 9)
    with practice.transactions.writing() as tx:
        practising.finish(tx, practice.students[0], attempt)
    with pytest.raises(Conflict):
        check(practice, attempt)
    with pytest.raises(Conflict):
        renew(practice, attempt, 1)


def test_a_variant_that_was_stored_before_there_were_hints_has_none(stage: Stage) -> None:
    practice_only(stage.transactions)
    attempt = stage.start()
    assert seen(stage, attempt).hints == {}
