"""Marks are a function of variant, answers, question version, graders and decisions: replaying finds every byte."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.services.marking import regrade_starts
from app.services.marking.grading import decisions_of
from app.services.marking.replay import Replay, replay, written
from app.services.operating.transactions import Transaction
from app.storage import judgements, people, replays
from app.storage.engine import Database, open_database
from app.storage.tables import Attempt, Grading, Observation, Submission
from tests.regraded import CALC, Term, set_the_term

ANSWERS = (
    ("5", "It was added.", "1"),
    ("7", "It was not added.", "1,2"),
    ("", "", "none"),
    ("five", "sum", ""),
    ("1e999", "ADDED! " * 30, "2"),
)


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Students whose answers are right, wrong, blank and unreadable, on each engine."""
    term = set_the_term(database, tmp_path / "bank", students=len(ANSWERS), seeds="fresh")
    for number, answers in enumerate(ANSWERS):
        term.answer(number, *answers, grade=False)
    term.grade()
    return term


def replayed(term: Term, *, every: bool = False) -> Replay:
    return replay(term.transactions, term.sandbox, every=every)


def the_function(term: Term) -> dict[tuple[str, ...], bytes]:
    """What every grading there ever was depends on, and its credit; two that depend on the same have the same."""
    known: dict[tuple[str, ...], bytes] = {}
    with term.transactions.reading() as tx:
        for raw in replays.every(tx, 0, 10_000):
            decisions = written(decisions_of(raw.judged)).decode()
            said, seen = written(raw.answers).decode(), raw.observation.grader_fingerprint
            variant = written([raw.seed, raw.values]).decode()
            key = (variant, said, str(raw.grading.question_version_id), seen, decisions)
            assert known.setdefault(key, written(raw.grading.credit)) == written(raw.grading.credit)
    return known


def test_a_whole_term_with_decisions_and_regrades_is_found_again_byte_by_byte(term: Term) -> None:
    assert replayed(term) == Replay(same=10)
    first = attempt_of(term, 0)
    term.judge(first, "1")
    term.judge(first, "-1/3", criterion="")
    term.apply(term.begin(regrade_starts.void, first, 1, "total"))
    term.write("calc", CALC.replace("id: near, points: 1", "id: near, points: 3/2"))
    milder = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(milder)
    term.judge(attempt_of(term, 1), "1/2", part="total", criterion="near")
    assert replayed(term) == Replay(same=10)
    term.undo(milder)
    assert replayed(term) == Replay(same=10)


def test_an_accepted_answer_newer_graders_and_a_late_hand_in_are_found_again_byte_by_byte(term: Term) -> None:
    wrong = attempt_of(term, 1)
    accepted = term.begin(regrade_starts.accept, wrong, 1, "total")
    term.apply(accepted)
    assert term.decisions(wrong)
    assert replayed(term) == Replay(same=10)
    with term.transactions.writing() as tx:
        tx.session.execute(update(Observation).values(grader_fingerprint="graders of last year"))
        # What is left of the points of a late paper counts beside its gradings, never in them.
        tx.session.execute(update(Submission).values(factor=Fraction(3, 4)))
    assert replayed(term) == Replay(by_others=10)
    today = term.begin(regrade_starts.with_software)
    term.apply(today)
    assert replayed(term) == Replay(same=10)
    term.undo(today)
    assert replayed(term) == Replay(by_others=10)
    term.undo(accepted)
    assert replayed(term) == Replay(by_others=10)


def test_a_second_markers_decisions_are_in_no_mark_before_somebody_settles_with_them(term: Term) -> None:
    attempt = attempt_of(term, 0)
    term.judge(attempt, "0")
    before = term.current(attempt)
    with term.transactions.writing() as tx:
        other = person(tx, "second")
        for criterion, points in (("sum", "0"), ("style", "1")):
            judgements.keep(tx, term.item(attempt), "why", criterion, other, Fraction(points), round=2)
        judgements.credit_again(tx, term.item(attempt))
    term.grade()
    after = term.current(attempt)
    assert (after.credit, after.judgement_upto) == (before.credit, before.judgement_upto)
    term.judge(attempt, "1")
    assert term.current(attempt).points == before.points + 1
    assert replayed(term, every=True).different == []
    the_function(term)


def test_gradings_that_count_no_longer_are_replayed_on_request(term: Term) -> None:
    attempt = attempt_of(term, 0)
    term.judge(attempt, "1")
    term.apply(term.begin(regrade_starts.void, attempt, 1, "total"))
    assert replayed(term) == Replay(same=10)
    assert replayed(term, every=True).same > 12
    with term.transactions.writing() as tx:
        tx.session.scalars(select(Grading).order_by(Grading.id).limit(1)).one().points += 1
    assert replayed(term).different == []
    assert [one.what for one in replayed(term, every=True).different] == ["points"]


def test_what_was_tampered_with_is_named(term: Term) -> None:
    with term.transactions.writing() as tx:
        some = tx.session.scalars(select(Grading).order_by(Grading.id).limit(2)).all()
        some[0].points += 1
        some[1].credit = {**(some[1].credit or {}), "max": "99"}
    found = replayed(term)
    assert found.same == 8
    assert sorted(one.what for one in found.different) == ["credit", "points"]


def test_what_other_graders_have_seen_is_counted_and_not_compared(term: Term) -> None:
    with term.transactions.writing() as tx:
        row = tx.session.scalars(select(Observation).order_by(Observation.id).limit(1)).one()
        row.grader_fingerprint = "graders of last year"
        tx.session.scalars(select(Observation).order_by(Observation.id.desc()).limit(1)).one().facts = None
    assert replayed(term) == Replay(same=8, by_others=1, unobserved=1)


def attempt_of(term: Term, student: int) -> str:
    with term.transactions.reading() as tx:
        return tx.session.scalars(select(Attempt.public_id).where(Attempt.person_id == term.students[student])).one()


DECISION = st.tuples(
    st.sampled_from([("why", "style"), ("why", "sum"), ("total", "right"), ("total", ""), ("why", "")]),
    st.sampled_from(["0", "1/3", "1", "2", "-1"]),
    st.booleans(),
    # Of how many points, as another rubric may have had it.
    st.sampled_from([None, "1", "2", "1/2", "3"]),
)


def of(worth: str | None) -> Fraction | None:
    return None if worth is None else Fraction(worth)


@pytest.fixture
def small_term(new_database: Callable[[str, bool], str], tmp_path: Path) -> Term:
    """One student on SQLite, for many orders of the same things."""
    term = set_the_term(open_database(new_database("sqlite", True)), tmp_path / "bank", students=1)
    term.answer(0, "7", "It was added.")
    return term


def test_marks_depend_on_the_newest_decisions_only_whatever_happened_on_the_way(small_term: Term) -> None:
    term = small_term
    attempt = attempt_of(term, 0)
    item = term.item(attempt)
    known: dict[tuple[tuple[object, ...], ...], bytes] = {}

    @settings(max_examples=25)
    @given(st.lists(DECISION, min_size=1, max_size=6))
    def in_any_order(decisions: list[tuple[tuple[str, str], str, bool, str | None]]) -> None:
        with term.transactions.writing() as tx:
            # A clean slate, itself a decision: nothing is ever removed.
            for part, criterion in (("why", "style"), ("why", "sum"), ("total", "right"), ("total", ""), ("why", "")):
                person = term.ines.person.id
                judgements.keep(tx, item, part, criterion, person, Fraction(0), withdrawn=True)
            judgements.credit_again(tx, item)
        for (part, criterion), points, withdrawn, worth in decisions:
            with term.transactions.writing() as tx:
                about = (item, part, criterion, term.ines.person.id)
                judgements.keep(tx, *about, Fraction(points), withdrawn=withdrawn, worth=of(worth))
                judgements.credit_again(tx, item)
            term.grade()
        newest = {place: (points, worth or "", withdrawn) for place, points, withdrawn, worth in decisions}
        counting = ((place, *given) for place, (*given, withdrawn) in newest.items() if not withdrawn)
        key = tuple(sorted(counting))
        credit = written(term.current(attempt).credit)
        assert known.setdefault(key, credit) == credit

    in_any_order()
    assert len(known) > 5
    assert replayed(term) == Replay(same=2)


STEP = st.one_of(
    st.tuples(st.just("judge"), st.integers(0, 2), DECISION),
    st.tuples(st.just("second"), st.integers(0, 2), DECISION),
    st.tuples(st.sampled_from(["void", "accept", "milder", "undo"]), st.integers(0, 2), DECISION),
)


@pytest.fixture
def three(new_database: Callable[[str, bool], str], tmp_path: Path) -> Term:
    """Three students on SQLite whose answers differ, a milder rubric in the bank, and two markers."""
    term = set_the_term(open_database(new_database("sqlite", True)), tmp_path / "bank", students=3)
    for number, answers in enumerate((("7", "It was added."), ("7", "Magic."), ("5", ""))):
        term.answer(number, *answers)
    term.write("calc", CALC.replace("id: near, points: 1", "id: near, points: 3/2"))
    with term.transactions.writing() as tx:
        person(tx, "second")
    return term


def test_whatever_people_and_regrades_do_a_mark_depends_on_its_five_inputs_only(three: Term) -> None:
    term = three
    attempts = [attempt_of(term, number) for number in range(3)]
    applied: list[str] = []

    @settings(max_examples=12, deadline=None)
    @given(st.lists(STEP, min_size=2, max_size=7))
    def go_on(steps: list[tuple[str, int, tuple[tuple[str, str], str, bool, str | None]]]) -> None:
        for what, student, ((part, criterion), points, withdrawn, worth) in steps:
            attempt = attempts[student]
            if what in ("judge", "second"):
                with term.transactions.writing() as tx:
                    twice = what == "second"
                    by = person(tx, "second") if twice else term.ines.person.id
                    given = (term.item(attempt), part, criterion, by, Fraction(points))
                    more = {"withdrawn": withdrawn, "round": 2 if twice else 1}
                    judgements.keep(tx, *given, worth=of(worth), **more)
                    judgements.credit_again(tx, term.item(attempt))
                term.grade()
            elif what == "undo":
                if applied:
                    term.undo(applied.pop())
            else:
                applied.append(begun(term, what, attempt))
                while term.apply(applied[-1]):
                    pass

    go_on()
    assert len(the_function(term)) > 5
    found = replayed(term, every=True)
    assert (found.different, found.by_others, found.unobserved) == ([], 0, 0)
    assert found.same > 10


def begun(term: Term, what: str, attempt: str) -> str:
    if what == "milder":
        return term.begin(regrade_starts.with_version, "calc", 2)
    return term.begin(regrade_starts.void if what == "void" else regrade_starts.accept, attempt, 1, "total")


def person(tx: Transaction, login: str) -> int:
    """Somebody of that login."""
    row = people.person_by_login(tx, login)
    return (row or people.add_person(tx, login, login.title(), None, False)).id
