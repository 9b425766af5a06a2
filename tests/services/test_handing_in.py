"""Handing in, grading, and the result: frozen, graded once, regraded as new rows, undecided when the machine fails."""

from __future__ import annotations

import threading
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.domain.errors import NotFound, Problem, QuestionError
from app.sandbox import SandboxFailure
from app.services.quizzes import quizzes
from app.services.results import results
from app.services.sitting import submissions
from app.services.sitting.submissions import Receipt
from app.storage.tables import Grading, Judgement, Observation, Submission, SubmissionItem
from tests.papers import grade_all
from tests.services.test_attempts import save
from tests.small_bank import Stage


def hand_in(stage: Stage, attempt: str, wake: Any = lambda: None) -> Receipt:
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[0], attempt, wake)
        return submissions.receipt(tx, stage.students[0], attempt)


def grade_everything(stage: Stage, *, again: bool = False) -> int:
    """What the duty does; how many questions that were. `again`: as if nobody had graded anything."""
    if again:
        with stage.transactions.writing() as tx:
            tx.session.execute(update(SubmissionItem).values(current_grading_id=None, observation_id=None))
    waits = select(func.count()).select_from(SubmissionItem).where(SubmissionItem.current_grading_id.is_(None))
    with stage.transactions.reading() as tx:
        number = tx.session.scalar(waits) or 0
    grade_all(stage)
    return number


def result(stage: Stage, attempt: str) -> results.ResultView:
    with stage.transactions.reading() as tx:
        return results.result(tx, stage.students[0], attempt)


def count(stage: Stage, what: Any) -> int:
    with stage.transactions.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(what)) or 0


@pytest.fixture
def handed_in(stage: Stage) -> str:
    attempt = stage.start()
    save(stage, attempt, (1, "qa_x", 1, "1"), (1, "qa_y", 1, "2"), (2, "qb_x", 1, "1//"), (1, "@flag", 1, True))
    hand_in(stage, attempt)
    return attempt


def test_the_receipt_names_everything_and_stays_the_same(stage: Stage, handed_in: str) -> None:
    with stage.transactions.reading() as tx:
        first = submissions.receipt(tx, stage.students[0], handed_in)
        assert submissions.receipt_is_true(tx, stage.students[0], handed_in)
    assert (len(first.code), first.short) == (
        64,
        "-".join(first.code[i : i + 4].upper() for i in (0, 4, 8, 12)),
    )
    assert (first.quiz_title, first.person, first.number, first.at) == (
        "Quiz",
        "Student 0",
        1,
        stage.clock.time,
    )
    assert [(item.answered, item.total) for item in first.items] == [(2, 2), (1, 2)]
    assert (first.answered, first.fields) == (3, 4)
    stage.clock.pass_time(hours=1)
    assert hand_in(stage, handed_in) == first
    assert count(stage, Submission) == 1


def test_a_receipt_does_not_fit_other_answers(stage: Stage, handed_in: str) -> None:
    with stage.transactions.writing() as tx:
        item = tx.session.scalars(select(SubmissionItem).order_by(SubmissionItem.id)).first()
        assert item is not None
        item.answers_frozen = item.answers_frozen | {"qa_x": "2"}
    with stage.transactions.reading() as tx:
        assert not submissions.receipt_is_true(tx, stage.students[0], handed_in)


def test_grading_is_woken_once_and_only_after_commit(stage: Stage) -> None:
    attempt = stage.start()
    seen: list[int] = []
    hand_in(stage, attempt, lambda: seen.append(count(stage, Submission)))
    hand_in(stage, attempt, lambda: seen.append(99))
    assert seen == [1]


def test_handing_in_eight_times_at_once_is_handing_in_once(stage: Stage) -> None:
    attempt = stage.start()
    codes: list[str] = []
    threads = [threading.Thread(target=lambda: codes.append(hand_in(stage, attempt).code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 8
    assert len(set(codes)) == 1
    assert count(stage, Submission) == 1


def test_an_open_attempt_has_neither_receipt_nor_result(stage: Stage) -> None:
    attempt = stage.start()
    with stage.transactions.reading() as tx:
        with pytest.raises(NotFound, match="not been handed in yet"):
            submissions.receipt(tx, stage.students[0], attempt)
        with pytest.raises(NotFound, match="not been handed in yet"):
            results.result(tx, stage.students[0], attempt)


def test_a_result_tells_points_and_reasons_per_criterion_with_the_solution(stage: Stage, handed_in: str) -> None:
    waiting = result(stage, handed_in)
    assert (waiting.state, waiting.points, waiting.upto, waiting.max) == ("being graded", 0, 6, 6)
    assert grade_everything(stage) == 2
    seen = result(stage, handed_in)
    assert (seen.state, seen.points, seen.upto, seen.max) == ("graded", Fraction(3, 2), Fraction(3, 2), 6)
    assert seen.may_try_again
    part = seen.items[0].parts[0]
    assert [(line.id, line.points, line.max, line.why) for line in part.criteria] == [
        ("qa_x", Fraction(3, 2), Fraction(3, 2), "Met."),
        ("qa_y", 0, Fraction(3, 2), "Met."),
    ]
    assert part.solution == "<p>because</p>"
    assert [field.value for field in part.fields] == ["1", "2"]
    with stage.transactions.reading() as tx:
        (card,) = quizzes.quizzes_of(tx, stage.students[0])
    assert (card.attempts[0].result, card.attempts[0].points) == ("graded", Fraction(3, 2))


def test_somebody_elses_result_does_not_exist(stage: Stage, handed_in: str) -> None:
    with stage.transactions.reading() as tx, pytest.raises(NotFound):
        results.result(tx, stage.students[1], handed_in)


def test_what_is_graded_is_not_graded_again(stage: Stage, handed_in: str) -> None:
    assert grade_everything(stage) == 2
    assert grade_everything(stage) == 0
    assert grade_everything(stage, again=True) == 2
    assert (count(stage, Observation), count(stage, Grading)) == (2, 2)


def test_a_regrade_by_other_software_adds_rows_and_keeps_the_old_ones(stage: Stage, handed_in: str) -> None:
    grade_everything(stage)
    with stage.transactions.reading() as tx:
        before = tx.session.scalars(select(Grading.id)).all()
    stage.sandbox.fingerprint = "fake 2"
    grade_everything(stage, again=True)
    assert (count(stage, Observation), count(stage, Grading)) == (4, 4)
    with stage.transactions.reading() as tx:
        current = set(tx.session.scalars(select(SubmissionItem.current_grading_id)))
    assert current.isdisjoint(before)


def test_a_persons_decision_is_taken_into_account_without_asking_the_graders(stage: Stage, handed_in: str) -> None:
    grade_everything(stage)
    with stage.transactions.writing() as tx:
        item = tx.session.scalars(select(SubmissionItem.id).order_by(SubmissionItem.id)).first()
        assert item is not None
        for points in (Fraction(0), Fraction(1, 2)):
            tx.session.add(
                Judgement(
                    submission_item_id=item,
                    part="p",
                    criterion="qa_y",
                    person_id=stage.students[1],
                    verdict=points,
                    verdict_real=float(points),
                    created_at=tx.now(),
                )
            )
            tx.session.flush()
    stage.sandbox.calls.clear()
    grade_everything(stage, again=True)
    credits = [payload for name, payload in stage.sandbox.calls if name == "credit"]
    assert [payload["decisions"] for payload in credits] == [{"p.qa_y": "1/2"}, {}]
    assert not [name for name, _ in stage.sandbox.calls if name in ("grade", "observe")]
    assert (count(stage, Observation), count(stage, Grading)) == (2, 3)


@pytest.mark.parametrize(
    "failure",
    [
        SandboxFailure("killed", "The calculation took longer than 10 s and was ended."),
        QuestionError([Problem("The question is broken.")]),
        KeyError("credit"),
    ],
)
def test_a_grader_that_fails_leaves_the_question_to_a_person(stage: Stage, handed_in: str, failure: Exception) -> None:
    stage.sandbox.failing = lambda name, payload: (
        failure if name == "grade" and payload["package"]["question"]["id"] == "qa" else None
    )
    grade_everything(stage)
    seen = result(stage, handed_in)
    assert (seen.state, seen.points, seen.upto) == ("waits for a person", 0, 3)
    assert [item.state for item in seen.items] == ["waits for a person", "graded"]
    assert str(failure).strip("'") in seen.items[0].cause
    assert [field.value for field in seen.items[0].parts[0].fields] == ["1", "2"]
    stage.sandbox.failing = lambda name, payload: None
    grade_everything(stage, again=True)
    assert result(stage, handed_in).state == "graded"
    assert count(stage, Grading) == 3


def test_a_failing_grader_may_fail_again_and_each_time_is_recorded(stage: Stage, handed_in: str) -> None:
    stage.sandbox.failing = lambda name, payload: SandboxFailure("killed", "Again.") if name == "grade" else None
    grade_everything(stage)
    grade_everything(stage, again=True)
    with stage.transactions.reading() as tx:
        prints = tx.session.scalars(select(Observation.grader_fingerprint).order_by(Observation.id)).all()
    assert prints == ["failed-1", "failed-1", "failed-2", "failed-2"]
