"""Reading the audit: an instructor sees what was done in their course, administrators everything."""

from __future__ import annotations

import ast
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.errors import InvalidInput
from app.domain.gradebooks import QuizRule, Rules
from app.services.marking import regrade_starts
from app.services.operating import audit
from app.services.operating.differences import differences
from app.services.quizzes import quiz_building, quizzes
from app.services.quizzes.quiz_rules import QuizRules
from app.services.results import adjustments, gradebook, outcome_details
from app.storage.engine import Database
from app.storage.tables import AuditEntry
from app.web.audited import actions, kinds
from tests.regraded import Term, set_the_term

ROOT = Path(__file__).parents[2]


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    return set_the_term(database, tmp_path / "bank", students=2)


def page(term: Term, *, everywhere: bool = False, **more: object) -> audit.Page:
    course = None if everywhere else (term.course, term.ines.course)
    with term.transactions.reading() as tx:
        return audit.done_in_course(tx, course, **more)  # type: ignore[arg-type]


def test_what_was_done_in_a_course_is_told_with_who_did_it_and_to_whom(term: Term) -> None:
    attempt = term.answer(0, "7")
    regrade = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(regrade)
    newest, begun, handed_in, started = page(term).lines[:4]
    assert (newest.action, newest.name, newest.what, newest.id) == (
        "applied a regrade",
        term.ines.person.name,
        "regrade",
        regrade,
    )
    assert (begun.action, begun.quiz, begun.quiz_title) == ("began a regrade", term.quiz, "Quiz")
    assert (handed_in.action, handed_in.login, handed_in.about) == ("handed in", "student0", "Student 0")
    assert (started.action, started.what, started.id) == ("started an attempt", "attempt", attempt)


def test_it_is_read_by_kind_by_person_and_page_by_page(term: Term) -> None:
    attempts = [term.answer(0, "7"), term.answer(1, "5")]
    for attempt in attempts:
        term.begin(regrade_starts.void, attempt, 1, "why")
    assert {one.action for one in page(term, kind="regrades").lines} == {"began a regrade"}
    assert [one.id for one in page(term, who="STUDENT1", kind="attempts").lines] == [attempts[1], attempts[1]]
    assert page(term, who="%").lines == ()
    first = page(term, limit=2)
    second = page(term, limit=2, before=first.older)
    assert [one.number for one in (*first.lines, *second.lines)] == [one.number for one in page(term, limit=4).lines]
    assert page(term, before=1).older is None
    with pytest.raises(InvalidInput, match="no such kind"):
        page(term, kind="nothing")
    with pytest.raises(InvalidInput, match="at most 100"):
        page(term, who="x" * 101)


def test_another_course_tells_nothing_of_this_one_and_what_is_gone_is_still_told(term: Term) -> None:
    term.answer(0, "7")
    with term.transactions.writing() as tx:
        other = quizzes.create_course(tx, "Another")
        tx.record(None, "changed a role", "person 1", course=other, role="student")
        tx.record(None, "changed a role", "person 1", course=term.course, role="assistant")
        tx.record(None, "changed the password", "person 1")
        draft = quiz_building.create(tx, term.course, term.ines.person, QuizRules("A draft"))
    with term.transactions.writing() as tx:
        quiz_building.remove(tx, term.course, draft, term.ines.person)
    told = page(term)
    assert [one.action for one in told.lines][:2] == ["deleted a quiz", "changed a role"]
    assert told.lines[1].details["role"] == "assistant"
    assert "changed the password" not in {one.action for one in told.lines}
    with term.transactions.reading() as tx:
        from app.storage.tables import Course

        row = tx.session.get_one(Course, other)
        found = audit.done_in_course(tx, (row.id, row.public_id))
        everything = tx.session.query(AuditEntry).count()
    assert [one.details.get("role") for one in found.lines] == ["student"]
    assert len(page(term, everywhere=True, limit=1000).lines) == everything


def test_every_action_has_a_kind_and_a_word_on_the_page() -> None:
    known = {action for some in audit.ACTIONS.values() for action in some}
    assert known == set(actions())
    assert set(kinds()) == set(audit.KINDS)
    written = set()
    for file in [*ROOT.glob("app/services/**/*.py"), *ROOT.glob("app/storage/*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "record":
                written |= {one.value for one in node.args[1:2] if isinstance(one, ast.Constant)}
    assert len(written) > 50
    assert {one for one in written if isinstance(one, str)} - known == set()


def test_the_page_of_an_attempt_names_who_or_what_is_behind_each_grading(term: Term) -> None:
    attempt = term.answer(0, "7")
    term.judge(attempt, "1")
    void = term.begin(regrade_starts.void, attempt, 1, "why", reason="Unclear.")
    term.apply(void)
    with term.transactions.reading() as tx:
        (first, *_) = outcome_details.attempt_detail(tx, term.course, term.quiz, attempt).items
    told = [(one.cause.people, [row.reason for row in one.cause.regrades]) for one in first.gradings]
    assert told == [((), []), ((term.ines.person.name,), []), ((), ["Unclear."])]


def test_an_adjustment_says_about_whom_and_how_many_points(term: Term) -> None:
    with term.transactions.writing() as tx:
        number = adjustments.adjust(tx, term.ines, term.students[1], term.quiz, Fraction(3, 2), "A kind word.")
        adjustments.adjust(tx, term.ines, term.students[0], term.quiz, Fraction(0), "Was ill.", excused=True)
        adjustments.withdraw(tx, term.ines, number)
    back, excused, adjusted = page(term, kind="marks").lines
    assert (adjusted.about, adjusted.quiz_title, adjusted.details["points"]) == ("Student 1", "Quiz", "+3/2")
    assert (excused.about, excused.details["points"]) == ("Student 0", "excused")
    assert (back.action, back.about) == ("withdrew an adjustment", "Student 1")


def test_what_was_changed_is_told_as_it_was_and_as_it_is(term: Term) -> None:
    with term.transactions.writing() as tx:
        plan = quiz_building.quiz_plan(tx, term.course, term.quiz)
        rules = replace(plan.rules, release="by hand", access_code="sesame")
        change = (tx, term.course, term.quiz, term.ines.person, rules, None, plan.revision)
        quiz_building.change(*change)
        weighed = Rules(quizzes={term.quiz: QuizRule(weight="1/2")})
        gradebook.change_rules(tx, term.ines, weighed, 0)
    gradebook_entry, quiz_entry = page(term).lines[:2]
    assert quiz_entry.details["before"] == "release: at once; access code: –"
    assert quiz_entry.details["after"] == "release: by hand; access code: ***"
    assert gradebook_entry.details["before"] == "quizzes / Quiz / weight: 1"
    assert gradebook_entry.details["after"] == "quizzes / Quiz / weight: 1/2"
    assert differences({"title": "The same"}, {"title": "The same"}) == {}
