"""Regrades: previewed before anything counts, applied as rows, undone to what was; nothing a person did is lost."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.marking import regrade_starts, regrade_steps, regrades
from app.storage.engine import Database
from app.storage.tables import Grading, Observation, QuestionVersion, Quiz, RegradeItem
from tests.regraded import CALC, Term, never, set_the_term

MILDER = CALC.replace("id: near, points: 1", "id: near, points: 3/2")
OTHER_NUMBERS = CALC.replace("integer(1, 9)", "integer(1, 5)")


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Four students and a quiz of two questions, on each engine."""
    return set_the_term(database, tmp_path / "bank")


def calls(term: Term, name: str) -> int:
    return [one for one, _ in term.sandbox.calls].count(name)


def test_a_milder_rubric_is_previewed_applied_and_undone_and_no_grader_runs(term: Term) -> None:
    right, near = term.answer(0, "5", "It was added."), term.answer(1, "7", "It was added.")
    term.write("calc", MILDER)
    before = (term.current(right).id, term.current(near).id)
    graded = calls(term, "grade")
    regrade = term.begin(regrade_starts.with_version, "calc", 2)
    seen = term.preview(regrade)
    assert (seen.card.state, seen.card.answers, seen.card.left) == ("previewed", 2, 0)
    assert seen.card.sums is not None
    assert (seen.card.sums.changed, seen.card.sums.more, seen.card.sums.less) == (1, 1, 0)
    assert (seen.card.sums.before, seen.card.sums.after) == (Fraction(7), Fraction(15, 2))
    first, second = seen.rows
    assert (first.login, first.changed, second.login, second.changed) == ("student1", True, "student0", False)
    assert [(one.says, one.before, one.after) for one in first.changes] == [("Larger than a", 1, Fraction(3, 2))]
    assert second.changes == ()
    # A preview counts for nobody.
    assert (term.current(right).id, term.current(near).id) == before
    assert term.apply(regrade) == 0
    assert term.points(near) == (Fraction(7, 2), Fraction(9, 2))
    assert term.points(right)[0] == 4
    assert calls(term, "grade") == graded
    assert term.preview(regrade).card.state == "applied"
    term.undo(regrade)
    assert (term.current(right).id, term.current(near).id) == before
    assert term.preview(regrade).card.state == "undone"
    term.judge(near, "1")
    assert term.points(near) == (4, 4)  # by the rubric from before, and with the decision


def test_a_version_that_observes_something_else_lets_graders_look_again(term: Term) -> None:
    attempt = term.answer(0, "7")
    term.write("calc", MILDER)
    # Today every difference between versions that graders can see is one that students see as well.
    with term.transactions.writing() as tx:
        tx.session.execute(update(QuestionVersion).where(QuestionVersion.number == 2).values(observe_hash="o" * 64))
    regrade = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(regrade)
    assert term.points(attempt)[0] == Fraction(3, 2)
    with term.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Observation)) == 3


def test_a_version_with_other_numbers_is_refused_in_one_sentence(term: Term) -> None:
    term.answer(0, "5")
    term.write("calc", OTHER_NUMBERS)
    with pytest.raises(InvalidInput, match="Version 2 of this question asks something else than what was sat"):
        term.begin(regrade_starts.with_version, "calc", 2)
    with term.transactions.reading() as tx:
        (offered,) = regrade_starts.choices(tx, term.course, term.quiz)
    assert "asks something else" in offered.why_not
    for question, number in (("calc", 9), ("nothing", 1)):
        with pytest.raises(NotFound):
            term.begin(regrade_starts.with_version, question, number)


def test_what_may_be_begun_is_offered(term: Term) -> None:
    term.answer(0, "5")
    term.write("calc", MILDER)
    with term.transactions.reading() as tx:
        (offered,) = regrade_starts.choices(tx, term.course, term.quiz)
        software = regrade_starts.software_of(tx, term.course, term.quiz)
    assert (offered.question, offered.number, offered.answers, offered.same_facts) == ("calc", 2, 1, True)
    assert list(software.values()) == [2]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 1001])
def test_a_regrade_needs_a_reason_of_some_words(term: Term, reason: str) -> None:
    term.answer(0, "5")
    with pytest.raises(InvalidInput):
        term.begin(regrade_starts.with_software, reason=reason)


def test_the_graders_of_today_grade_anew_and_undoing_brings_back_the_old_facts(
    term: Term, monkeypatch: pytest.MonkeyPatch
) -> None:
    attempt = term.answer(0, "5", "It was added.")
    before = term.current(attempt)
    nothing = term.begin(regrade_starts.with_software)
    assert term.preview(nothing).card.answers == 0
    run = term.sandbox.run

    def newer(name: str, payload: Any, **more: Any) -> Any:
        found = run(name, payload, **more)
        if name == "describe":
            found["fingerprint"] = "newer"
        if name == "grade" and "total" in payload["answers"]:
            found["observation"]["seen"][0]["facts"]["base"]["total"]["right"] = False
            again = {"package": payload["package"], "values": payload["values"], "seed": payload["seed"]}
            again |= {"observation": found["observation"], "decisions": payload["decisions"]}
            found["credit"] = run("credit", again)
        return found

    monkeypatch.setattr(term.sandbox, "run", newer)
    regrade = term.begin(regrade_starts.with_software)
    assert term.preview(regrade).card.answers == 2
    # A person's decision alone lets no newer grader in.
    term.judge(attempt, "1")
    assert term.points(attempt) == (5, 5)
    assert term.apply(regrade) == 1
    assert term.apply(regrade) == 0
    assert term.points(attempt) == (4, 4)
    term.undo(regrade)
    assert term.points(attempt) == (5, 5)
    assert term.current(attempt).observation_id == before.observation_id
    term.judge(attempt, "0")
    assert term.points(attempt) == (4, 4)
    assert term.current(attempt).observation_id == before.observation_id


def test_a_voided_part_counts_in_full_for_everybody_now_and_later(term: Term) -> None:
    blank, right = term.answer(0, ""), term.answer(1, "5", "It was added.")
    regrade = term.begin(regrade_starts.void, blank, 1, "why")
    assert term.points(blank) == (0, 0)
    term.apply(regrade)
    assert term.points(blank) == (3, 3)
    assert term.points(right) == (5, 5)  # nobody has to decide any more
    later = term.answer(2, "5")
    assert term.points(later) == (5, 5)
    assert [(one.part, one.criterion, one.verdict, one.comment) for one in term.decisions(later)] == [
        ("why", "", 3, "It was wrong.")
    ]
    assert [row.login for row in term.preview(regrade).rows if row.cause == regrade_steps.LATER] == ["student2"]
    term.undo(regrade)
    assert [term.points(one) for one in (blank, right, later)] == [(0, 0), (4, 5), (2, 2)]
    again = term.answer(3, "5")
    assert term.points(again) == (2, 2)


def test_an_adjustment_from_before_a_void_comes_back_when_it_is_undone(term: Term) -> None:
    attempt = term.answer(0, "5")
    term.judge(attempt, "1", criterion="")
    assert term.points(attempt) == (3, 3)
    regrade = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(regrade)
    assert term.points(attempt) == (5, 5)
    term.judge(attempt, "0", part="total", criterion="right")
    assert term.points(attempt) == (3, 3)
    term.undo(regrade)
    assert term.points(attempt) == (1, 1)


def test_a_persons_later_word_about_a_voided_part_survives_the_undoing(term: Term) -> None:
    attempt = term.answer(0, "5")
    regrade = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(regrade)
    term.judge(attempt, "2", criterion="")
    term.undo(regrade)
    assert term.points(attempt) == (4, 4)


def test_an_accepted_answer_is_accepted_of_everybody_who_gave_it(term: Term) -> None:
    first = term.answer(0, "6.0", "added")
    same, other = term.answer(1, " 6,0 ".replace(",", ".")), term.answer(2, "7")
    regrade = term.begin(regrade_starts.accept, first, 1, "total")
    seen = term.preview(regrade)
    assert [row.login for row in seen.rows] == ["student0", "student1"]
    assert seen.card.answer == ("6.0",)
    term.apply(regrade)
    assert [term.points(one)[0] for one in (first, same, other)] == [4, 2, 1]
    later = term.answer(3, "6.0")
    assert term.points(later)[0] == 2
    (note,) = regraded(term, later)
    assert (note.kind, note.reason, note.undone_at) == ("accept", "It was wrong.", None)
    term.undo(regrade)
    assert [term.points(one)[0] for one in (first, same, other, later)] == [3, 1, 1, 1]


def regraded(term: Term, attempt: str, position: int = 1) -> tuple[regrades.Regraded, ...]:
    item = term.item(attempt, position)
    with term.transactions.reading() as tx:
        return regrades.regraded(tx, [item]).get(item, ())


def test_choices_are_the_same_by_their_words_and_numbers_only_in_the_same_variant(
    database: Database, tmp_path: Path
) -> None:
    term = set_the_term(database, tmp_path / "bank", students=12, seeds="fresh")
    made = [term.answer(number, "1", "Magic.", "1") for number in range(12)]
    with term.transactions.reading() as tx:
        from app.storage import regrades as stored

        chosen = {}
        for one in stored.given(tx, [term.item(attempt, 2) for attempt in made]):
            shown = stored.shown(tx, one.variant_id)
            chosen[one.item_id] = shown["parts"][0]["fields"][0]["widget"]["options_text"][0]
    # Variants are drawn afresh: whoever saw what most saw leads, or nobody else might have seen it.
    often = max(chosen.values(), key=list(chosen.values()).count)
    alike = {item for item, words in chosen.items() if words == often}
    assert 1 < len(alike) < 12
    lead = next(attempt for attempt in made if term.item(attempt, 2) in alike)
    by_choice = term.preview(term.begin(regrade_starts.accept, lead, 2, "boxes"))
    assert by_choice.card.answers == len(alike)
    assert term.preview(term.begin(regrade_starts.accept, made[0], 1, "why")).card.answers == 12
    by_number = term.preview(term.begin(regrade_starts.accept, made[0], 1, "total")).card.answers
    assert 1 <= by_number < 12


def test_nothing_can_be_accepted_or_voided_that_is_not_there(term: Term) -> None:
    attempt = term.answer(0, "")
    with pytest.raises(Conflict):
        term.begin(regrade_starts.accept, attempt, 1, "total")
    for where in ((attempt, 1, "nothing"), (attempt, 7, "total"), ("nothing", 1, "total")):
        with pytest.raises(NotFound):
            term.begin(regrade_starts.void, *where)
    with pytest.raises(NotFound):
        term.preview("nothing")


def test_what_was_judged_after_the_preview_is_prepared_anew_and_kept(term: Term) -> None:
    first, second = term.answer(0, "7", "It was added."), term.answer(1, "7")
    term.write("calc", MILDER)
    regrade = term.begin(regrade_starts.with_version, "calc", 2)
    term.judge(first, "1", grade=False)
    assert term.apply(regrade) == 1
    seen = term.preview(regrade)
    assert (seen.card.state, seen.card.anew) == ("previewed", 1)
    assert term.points(first) == (4, 4)
    assert term.apply(regrade) == 0
    assert term.points(first) == (Fraction(9, 2), Fraction(9, 2))
    assert term.points(second)[0] == Fraction(3, 2)


def test_what_is_judged_while_a_regrade_is_being_applied_is_graded_anew(term: Term) -> None:
    attempt = term.answer(0, "7", "It was added.")
    term.write("calc", MILDER)
    regrade = term.begin(regrade_starts.with_version, "calc", 2)
    term.do(regrades.apply, regrade, lambda: None)
    term.judge(attempt, "1", grade=False)
    term.work()
    assert term.points(attempt) == (Fraction(9, 2), Fraction(9, 2))
    assert term.preview(regrade).rows[0].cause == regrade_steps.BETWEEN
    term.undo(regrade)
    assert term.points(attempt) == (4, 4)


def test_what_is_handed_in_between_preview_and_applying_is_graded_like_the_rest(term: Term) -> None:
    term.answer(0, "7")
    term.write("calc", MILDER)
    regrade = term.begin(regrade_starts.with_version, "calc", 2)
    late = term.answer(1, "7")
    assert term.points(late)[0] == 1
    assert term.apply(regrade) == 0
    assert term.points(late)[0] == Fraction(3, 2)
    assert term.points(term.answer(2, "7"))[0] == Fraction(3, 2)
    assert [row.login for row in term.preview(regrade).rows] == ["student0", "student1", "student2"]


def test_the_newer_of_two_rubrics_counts_whatever_becomes_of_the_older(term: Term) -> None:
    attempt = term.answer(0, "7")
    term.write("calc", MILDER)
    second = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(second)
    term.write("calc", CALC.replace("id: near, points: 1", "id: near, points: 1/2"))
    third = term.begin(regrade_starts.with_version, "calc", 3)
    term.apply(third)
    assert term.points(attempt)[0] == Fraction(1, 2)
    term.undo(second)
    assert term.points(attempt)[0] == Fraction(1, 2)
    assert [one.undone_at is None for one in regraded(term, attempt)] == [False, True]


def test_a_dropped_regrade_changes_nothing_and_can_no_longer_be_applied(term: Term) -> None:
    attempt = term.answer(0, "7")
    term.write("calc", MILDER)
    regrade = term.begin(regrade_starts.with_version, "calc", 2)
    before = term.current(attempt).id
    term.do(regrades.drop, regrade)
    term.work()
    assert term.current(attempt).id == before
    for action in (regrades.apply, regrades.undo):
        with pytest.raises(Conflict):
            term.do(action, regrade, lambda: None)
    with pytest.raises(Conflict):
        term.do(regrades.drop, regrade)
    assert regraded(term, attempt) == ()


def test_what_cannot_be_prepared_is_dropped_with_the_reason(term: Term) -> None:
    term.answer(0, "7")
    regrade: str = term.do(regrade_starts.void, term.answer(1, "7"), 1, "why", "It was wrong.", lambda: None)
    duty = term.regrades
    (key,) = duty.due(5)
    duty.give_up(key, "RuntimeError: no idea")
    assert (term.preview(regrade).card.state, term.preview(regrade).card.trouble) == (
        "dropped",
        "RuntimeError: no idea",
    )
    with pytest.raises(RuntimeError):
        duty.give_up(key, "again")


def test_a_decision_that_comes_while_graders_are_at_work_is_never_lost(term: Term) -> None:
    attempt = term.answer(0, "5", "It was added.")
    term.judge(attempt, "1", grade=False)
    from app.services.marking import grading

    with term.transactions.reading() as tx:
        (task,) = grading.take(tx, [term.item(attempt)], "any")
    outcome = grading.run(term.sandbox, task)
    term.judge(attempt, "1/2", grade=False)
    with term.transactions.writing() as tx:
        grading.record(tx, [(task, outcome)])
    term.grade()
    assert term.points(attempt) == (Fraction(9, 2), Fraction(9, 2))


def test_previews_of_the_staff_are_left_alone(term: Term) -> None:
    from app.services.sitting import attempts, submissions

    term.answer(0, "7")
    with term.transactions.reading() as reading, term.transactions.writing() as writing:
        preview = attempts.preview(reading, writing, term.sandbox, term.ines, term.quiz)
    with term.transactions.writing() as tx:
        submissions.hand_in(tx, term.ines.person.id, preview, lambda: None)
    term.grade()
    regrade = term.begin(regrade_starts.void, term.answer(1, "7"), 1, "why")
    assert [row.login for row in term.preview(regrade).rows] == ["student0", "student1"]
    term.apply(regrade)
    assert term.points(preview) == (0, 0)


def test_webhooks_hear_of_changes_once_marks_are_shown(term: Term, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[dict[str, Any]] = []
    monkeypatch.setattr(regrades, "announce", lambda tx, course, event, data: heard.append({"event": event, **data}))
    attempt = term.answer(0, "7")
    with term.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz)).one()
        quiz.release = "by hand"
    regrade = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(regrade)
    assert heard == []
    with term.transactions.writing() as tx:
        tx.session.scalars(select(Quiz)).one().released_at = tx.now()
    term.undo(regrade)
    (told,) = heard
    assert (told["event"], told["undone"], told["answers"], told["reason"]) == (
        "results.changed",
        True,
        1,
        "It was wrong.",
    )


def test_every_step_may_be_done_twice(term: Term) -> None:
    attempts = [term.answer(number, "7") for number in range(4)]
    term.write("calc", MILDER)
    regrade: str = term.do(regrade_starts.with_version, "calc", 2, "Why.", lambda: None)

    def twice() -> None:
        duty = term.regrades
        while keys := duty.due(10):
            for key in [*keys, *keys]:
                duty.do(key, never)

    twice()
    term.do(regrades.apply, regrade, lambda: None)
    twice()
    assert {term.points(one)[0] for one in attempts} == {Fraction(3, 2)}
    with term.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Grading)) == 12
        assert tx.session.scalar(select(func.count()).select_from(RegradeItem)) == 4
    term.do(regrades.undo, regrade, lambda: None)
    twice()
    assert {term.points(one)[0] for one in attempts} == {Fraction(1)}
