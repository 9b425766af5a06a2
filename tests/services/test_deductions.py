"""Late and repeated attempts: what is left of them is the same in every total, can grow, and everybody is told why."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.domain.deductions import Rules, after_deductions, left
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.accounts.people import person_from
from app.services.accounts.personal_data import personal_data, pieces
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes import accommodations, quizzes
from app.services.quizzes.quizzes import QuizCard
from app.services.results import deductions, gradebook, outcome_sheets, outcomes, results
from app.services.results.counting import Counts, Taken, counting
from app.services.results.item_figures import quiz_figures
from app.services.results.outcomes import StudentOutcome
from app.services.results.results import ResultView
from app.services.sitting import attempts, late_saves, submissions
from app.services.sitting.late_saves import AsOf
from app.storage import deductions as stored
from app.storage import people
from app.storage.changes import Change, FieldChange, Kept
from app.storage.save_lane import SaveLane
from app.storage.tables import Attempt, AuditEntry, Course, FactorChange, Quiz, Submission
from tests.domain.test_deductions import DUE, factor_by_hand
from tests.exact import fractions_between
from tests.papers import change, grade_all, look, row, sit
from tests.small_bank import Stage

RULES: tuple[Counts, ...] = ("best", "last", "first", "average")
HALF = Fraction(1, 2)


@pytest.fixture
def by(stage: Stage) -> Membership:
    with stage.transactions.writing() as tx:
        one = people.add_person(tx, "ines", "Ines", None, False)
        people.enrol(tx, stage.course, one.id, "instructor")
        course = tx.session.get_one(Course, stage.course)
        return Membership(person_from(one), course.id, course.public_id, course.title, "", "UTC", False, "instructor")


def homework(stage: Stage, **more: object) -> None:
    """Due in an hour; up to two days late at 10 % each."""
    due = stage.clock() + timedelta(hours=1)
    change(stage, **({"mode": "homework", "closes_at": due, "late_days": 2, "late_percent": 10} | more))


def result(stage: Stage, attempt: str, student: int = 0) -> ResultView:
    with stage.transactions.reading() as tx:
        return results.result(tx, stage.students[student], attempt)


def card(stage: Stage, student: int = 0) -> QuizCard:
    with stage.transactions.reading() as tx:
        (found,) = quizzes.quizzes_of(tx, stage.students[student])
    return found


def in_gradebook(stage: Stage, student: int = 0) -> Fraction | None:
    with stage.transactions.reading() as tx:
        found = gradebook.gradebook(tx, stage.course)
    return next(one for one in found.rows if one.person_id == stage.students[student]).cells[0].points


def outcome(stage: Stage, student: int = 0) -> StudentOutcome:
    return row(stage, student)


def test_one_day_late_costs_the_same_in_every_total(stage: Stage) -> None:
    homework(stage)
    stage.clock.pass_time(hours=3)
    attempt = sit(stage, 0, "qa_x", "qa_y", "qb_x")
    found = result(stage, attempt)
    assert (found.earned, found.points, found.left.says) == (
        Fraction(9, 2),
        Fraction("4.05"),
        "minus 10 % for one day late",
    )
    (listed,) = card(stage).attempts
    assert (listed.earned, listed.points, listed.left) == (found.earned, found.points, found.left)
    assert (outcome(stage).points, outcome(stage).earned, outcome(stage).max) == (found.points, found.earned, 6)
    assert in_gradebook(stage) == found.points
    assert [cell.points for cell in outcome(stage).cells if cell] == [3, Fraction(3, 2)]
    with stage.transactions.reading() as tx:
        detail = outcomes.attempt_detail(tx, stage.course, stage.quiz, attempt)
    assert detail.result is not None
    assert detail.result.points == found.points


def test_what_was_saved_in_time_and_left_alone_is_in_time_whoever_hands_it_in(stage: Stage) -> None:
    homework(stage)
    mine, other = sit(stage, 0, "qa_x", hand_in=False), sit(stage, 1, "qa_x", hand_in=False)
    stage.clock.pass_time(hours=30)
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[0], mine, lambda: None)
    stage.clock.pass_time(days=2)
    with stage.transactions.writing() as tx:
        submissions.hand_in_overdue(tx, other, 30)
    grade_all(stage)
    assert [result(stage, mine).points, result(stage, other, 1).points] == [Fraction(3, 2)] * 2
    assert not result(stage, mine).left.deductions


def test_what_arrives_a_moment_after_the_due_time_was_there_in_time(stage: Stage) -> None:
    homework(stage)
    stage.clock.pass_time(hours=1, seconds=59)
    assert not result(stage, sit(stage, 0, "qa_x")).left.deductions
    change(stage, grace_seconds=0)
    assert result(stage, sit(stage, 1, "qa_x"), 1).left.percent == 90


def test_attempts_may_begin_and_go_on_until_the_last_late_day_is_over(stage: Stage) -> None:
    homework(stage, minutes=90)
    stage.clock.pass_time(days=2)
    attempt = stage.start()
    with stage.transactions.reading() as tx:
        view = attempts.view(tx, stage.students[0], attempt)
    # The hour that is left of the second day, though the time limit is longer.
    assert view.seconds_left == 3600
    assert view.policy is not None
    assert (view.policy.days, view.policy.now.percent, view.policy.kept) == (2, 80, view.policy.now)
    assert card(stage).state == "open"
    stage.clock.pass_time(hours=1)
    assert card(stage, 1).why_not == "This quiz is closed."


def test_an_accommodation_moves_the_due_time_of_its_person_only(stage: Stage, by: Membership) -> None:
    homework(stage)
    grant(stage, by, closes_at=stage.clock() + timedelta(hours=40))
    stage.clock.pass_time(hours=30)
    assert not result(stage, sit(stage, 0, "qa_x")).left.deductions
    assert result(stage, sit(stage, 1, "qa_x"), 1).left.percent == 80


def grant(stage: Stage, by: Membership, student: int = 0, **more: object) -> None:
    with stage.transactions.writing() as tx:
        accommodations.grant(tx, stage.course, stage.quiz, by.person, stage.students[student], **more)  # type: ignore[arg-type]


def test_more_time_that_is_granted_afterwards_gives_back_what_was_taken(stage: Stage, by: Membership) -> None:
    homework(stage)
    closes = stage.clock() + timedelta(hours=26)
    stage.clock.pass_time(hours=30)
    attempt = sit(stage, 0, "qa_x")
    other = sit(stage, 1, "qa_x")
    assert result(stage, attempt).left.percent == 80
    grant(stage, by, closes_at=closes)
    found = result(stage, attempt)
    assert (found.left.percent, found.points) == (90, Fraction("1.35"))
    assert [(one.kind, one.before, one.after) for one in found.deducted] == [
        ("more time", Fraction(4, 5), Fraction(9, 10))
    ]
    assert result(stage, other, 1).left.percent == 80
    with stage.transactions.reading() as tx:
        assert "judged lateness anew" in tx.session.scalars(select(AuditEntry.action)).all()
    with stage.transactions.writing() as tx:
        accommodations.withdraw(tx, stage.course, stage.quiz, by.person, stage.students[0])
    assert result(stage, attempt).left.percent == 90


def test_taking_late_days_back_makes_nothing_early(stage: Stage, by: Membership) -> None:
    homework(stage)
    stage.clock.pass_time(hours=30)
    attempt = sit(stage, 0, "qa_x")
    change(stage, late_days=0)
    with stage.transactions.writing() as tx:
        found, quiz, _ = _locked(tx, stage, attempt)
        assert deductions.judge_anew(tx, quiz, by.person.id) == 0
        assert deductions.judge_anew(tx, quiz, by.person.id, found.person_id) == 0
    assert result(stage, attempt).left.percent == 80


def test_a_deduction_can_be_waived_with_a_reason_and_hold_again(stage: Stage, by: Membership) -> None:
    homework(stage, decay_percent=50)
    stage.clock.pass_time(hours=3)
    sit(stage, 0, "qa_x")
    attempt = sit(stage, 0, "qa_x", "qa_y")
    assert result(stage, attempt).points == 3 * Fraction(9, 10) * HALF
    with stage.transactions.writing() as tx:
        with pytest.raises(InvalidInput, match="Say why"):
            deductions.waive(tx, by, stage.quiz, attempt, "  ")
        with pytest.raises(Conflict, match="No deduction"):
            deductions.deduct_again(tx, by, stage.quiz, attempt, "So.")
        with pytest.raises(NotFound, match="no such attempt"):
            deductions.waive(tx, by, stage.quiz, "nothing", "Ill.")
        deductions.waive(tx, by, stage.quiz, attempt, "  Ill,  with a certificate. ")
        with pytest.raises(Conflict, match="Nothing is deducted"):
            deductions.waive(tx, by, stage.quiz, attempt, "Again.")
    found = result(stage, attempt)
    assert (found.points, found.left.deductions, outcome(stage).points, in_gradebook(stage)) == (3, (), 3, 3)
    assert [(one.kind, one.reason) for one in found.deducted] == [("waived", "Ill, with a certificate.")]
    # More time for everybody does not touch what was waived.
    grant(stage, by, closes_at=stage.clock() + timedelta(days=3))
    assert len(result(stage, attempt).deducted) == 1
    with stage.transactions.writing() as tx:
        deductions.deduct_again(tx, by, stage.quiz, attempt, "The certificate was somebody else's.")
    found = result(stage, attempt)
    # By the rules of today: in time, but the second attempt.
    assert (found.left.says, found.points) == ("minus 50 % for attempt 2", Fraction(3, 2))
    with stage.transactions.reading() as tx:
        said = set(tx.session.scalars(select(AuditEntry.action)))
        assert {"waived a deduction", "took back a waiver"} <= said
        # The first attempt, late as well, had more time in the end.
        kinds = tx.session.scalars(select(FactorChange.kind).order_by(FactorChange.id)).all()
        assert kinds == ["waived", "more time", "waiver withdrawn"]


def test_what_was_waived_stays_waived_when_the_attempt_is_handed_in_anew(stage: Stage, by: Membership) -> None:
    homework(stage)
    stage.clock.pass_time(hours=3)
    attempt = sit(stage, 0, "qa_x")
    with stage.transactions.writing() as tx:
        deductions.waive(tx, by, stage.quiz, attempt, "Ill.")
        found, quiz, _ = _locked(tx, stage, attempt)
        submissions.hand_in_again(tx, found, quiz, by.person.id, "accepted a late save")
    grade_all(stage)
    assert result(stage, attempt).left.percent == 100


def test_deciding_about_a_late_save_makes_nothing_later(stage: Stage, by: Membership) -> None:
    homework(stage)
    attempt = sit(stage, 0, "qa_x")
    stage.clock.pass_time(days=1)
    with stage.transactions.writing() as tx:
        found, quiz, _ = _locked(tx, stage, attempt)
        submissions.hand_in_again(tx, found, quiz, by.person.id, "accepted a late save")
    grade_all(stage)
    assert result(stage, attempt).left.percent == 100


@pytest.mark.parametrize(
    ("days", "as_of", "share"), [(5, "earliest", 100), (5, "arrival", 80), (1, "earliest", 90), (0, "arrival", 100)]
)
def test_what_came_too_late_counts_as_made_at_the_end_that_staff_chooses(
    stage: Stage, by: Membership, days: int, as_of: AsOf, share: int
) -> None:
    homework(stage)
    attempt = sit(stage, 0, "qa_x")
    known = {5: stage.clock(), 1: stage.clock() + timedelta(hours=3), 0: stage.clock()}[days]
    stage.clock.pass_time(days=days, minutes=1)
    lane = SaveLane(stage.transactions, grace_seconds=30)
    change = Change(attempt, "a-1", 9, (FieldChange(1, "qa_y", 1, "1"),), typed_after=known)
    assert isinstance(lane.submit(change).result(), Kept)
    lane.close()
    with stage.transactions.reading() as tx:
        found = late_saves.late_of_quiz(tx, stage.course, stage.quiz)
        (save,) = found.undecided[0].saves
        assert found.asks_as_of == (days == 5)
        if save.left is not None:
            assert 100 * save.left[as_of == "arrival"] == share
    with stage.transactions.writing() as tx:
        late_saves.decide(tx, stage.course, stage.quiz, None, accept=True, as_of=as_of, by=by.person.id)
    grade_all(stage)
    assert result(stage, attempt).left.percent == share


def _locked(tx: Transaction, stage: Stage, attempt: str) -> tuple[Attempt, Quiz, Submission]:
    quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == stage.quiz)).one()
    found = stored.sat_at(tx, quiz.id, attempt)
    assert found is not None
    return found


def test_staff_who_look_lose_nothing(stage: Stage, by: Membership) -> None:
    homework(stage, decay_percent=50)
    stage.clock.pass_time(hours=3)
    with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        attempt = attempts.preview(reading, writing, stage.sandbox, by, stage.quiz)
        assert attempts.view(writing, by.person.id, attempt).policy is None
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, by.person.id, attempt, lambda: None)
        assert results.result(tx, by.person.id, attempt).left.deductions == ()


def test_the_list_says_what_the_next_attempt_is_worth(stage: Stage) -> None:
    homework(stage, decay_percent=20, attempts_allowed=3)
    first = card(stage).policy
    assert first is not None
    assert (first.homework, first.tries, first.number, first.now.percent, first.days) == (True, 3, 1, 100, 0)
    sit(stage, 0, "qa_x")
    second = card(stage).policy
    assert second is not None
    assert (second.tries, second.number, second.now.percent) == (2, 2, 80)
    stage.clock.pass_time(hours=2)
    late = card(stage).policy
    assert late is not None
    assert (late.days, late.now.percent, late.late_until) == (1, 72, late.due_at and late.due_at + timedelta(days=2))
    change(stage, mode="exam", late_percent=0, decay_percent=0)
    assert card(stage).policy is None


def test_the_sheet_says_what_was_deducted_and_why(stage: Stage) -> None:
    homework(stage, decay_percent=50, counts="average")
    sit(stage, 0, "qa_x", "qa_y")
    stage.clock.pass_time(hours=3)
    sit(stage, 0, "qa_x", "qa_y")
    sheet = outcome_sheets.results_sheet(look(stage), "UTC")
    header, first, second = csv.reader(io.StringIO(b"".join(outcome_sheets.as_csv(sheet)).decode("utf-8-sig")))
    found = dict(zip(header, first, strict=True))
    assert (found["Points"], found["Points before deductions"]) == ("2.175", "3")
    assert found["Deductions"] == "attempt 2: minus 10 % for one day late, then minus 50 % for attempt 2"
    assert dict(zip(header, second, strict=True))["Deductions"] == ""


def test_figures_of_questions_know_nothing_of_deductions(stage: Stage) -> None:
    sit(stage, 0, "qa_x", "qa_y", "qb_x")
    with stage.transactions.reading() as tx:
        before = quiz_figures(tx, stage.course, stage.quiz)
    homework(stage, decay_percent=50)
    sit(stage, 0, "qa_x", "qa_y", "qb_x")
    change(stage, counts="last")
    with stage.transactions.reading() as tx:
        after = quiz_figures(tx, stage.course, stage.quiz)
    assert after.questions == before.questions
    assert (before.mean, after.mean) == (4.5, 2.25)


def test_a_person_takes_the_deductions_of_their_own_attempts_along(stage: Stage, by: Membership) -> None:
    homework(stage)
    stage.clock.pass_time(hours=3)
    attempt = sit(stage, 0, "qa_x")
    with stage.transactions.writing() as tx:
        deductions.waive(tx, by, stage.quiz, attempt, "Ill.")
        deductions.deduct_again(tx, by, stage.quiz, attempt, "Not so ill.")
    with stage.transactions.reading() as tx:
        file = io.BytesIO(b"".join(pieces(personal_data(tx, stage.students[0], unreleased=False))))
    with zipfile.ZipFile(file) as archive:
        (name,) = [one for one in archive.namelist() if one.startswith("attempts/") and one.endswith(".json")]
        data = json.loads(archive.read(name))
    handed_in = data["handed_in"][0]
    assert [one["reason"] for one in data["deductions_changed"]] == ["Ill.", "Not so ill."]
    assert (handed_in["factor"], handed_in["deductions"]) == ("9/10", [["late", 1, 10]])


@pytest.mark.parametrize("rule", RULES)
def test_every_way_of_counting_agrees_in_every_total(stage: Stage, rule: Counts) -> None:
    homework(stage, decay_percent=30, counts=rule)
    papers = (("qa_x",), ("qa_x", "qa_y", "qb_x"), ("qa_x", "qa_y", "qb_x", "qb_y"))
    for paper in papers:
        sit(stage, 0, *paper)
        stage.clock.pass_time(minutes=40)
    # The second is in time, 47 minutes after the first; the third begins half an hour late.
    worth = [Fraction(3, 2), Fraction(9, 2) * Fraction(7, 10), 6 * Fraction(9, 10) * Fraction(4, 10)]
    wanted = {"best": max(worth), "last": worth[-1], "first": worth[0], "average": sum(worth, Fraction(0)) / 3}[rule]
    assert outcome(stage).points == in_gradebook(stage) == wanted
    listed = card(stage)
    assert [one.points for one in listed.attempts] == worth
    counts = [one.number for one in listed.attempts if one.counts]
    assert counts == {"best": [2], "last": [3], "first": [1], "average": [1, 2, 3]}[rule]


sat = st.tuples(
    fractions_between(0, 20, max_denominator=12),
    st.sampled_from((Fraction(0), Fraction(1, 3), Fraction(2))),
    st.integers(-3 * 86_400, 6 * 86_400).map(lambda seconds: timedelta(seconds=seconds)),
)


@given(
    st.lists(sat, min_size=1, max_size=6),
    st.builds(Rules, st.integers(0, 6), st.integers(0, 100), st.integers(0, 100)),
    st.sampled_from(RULES),
)
def test_counting_after_deductions_is_what_people_work_out_by_hand(
    papers: list[tuple[Fraction, Fraction, timedelta]], rules: Rules, rule: Counts
) -> None:
    taken, low, high = [], [], []
    for number, (points, more, late) in enumerate(papers, 1):
        factor = left(number, DUE + late, DUE, rules).factor
        taken.append(Taken(number, after_deductions(points, factor), after_deductions(points + more, factor)))
        low.append(points * factor_by_hand(number, late, rules))
        high.append((points + more) * factor_by_hand(number, late, rules))
    counted = counting(taken, rule)
    by_hand = {
        "best": (max(low), max(high)),
        "last": (low[-1], high[-1]),
        "first": (low[0], high[0]),
        "average": (sum(low, Fraction(0)) / len(low), sum(high, Fraction(0)) / len(high)),
    }[rule]
    assert (counted.points, counted.upto) == by_hand
    if rule == "best":
        # The one that counts is worth the most, and one more attempt never takes anything away.
        (number,) = counted.numbers
        assert low[number - 1] == max(low)
        assert (counting(taken[:-1], rule).points or 0) <= max(low)
