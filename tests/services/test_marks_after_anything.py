"""Whatever two markers, requests and regrades do to a part: comments move nothing, and undoing leaves what would be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.domain.errors import Conflict, NotFound
from app.services.courses.membership import Membership
from app.services.marking import claims, deciding, desk, regrade_starts
from app.services.marking.deciding import Decision
from app.services.marking.desk import DeskPage, Place
from app.services.marking.piles import Pile
from app.services.marking.replay import replay
from app.storage import judgements
from app.storage.engine import open_database
from tests import regraded
from tests.quiz_bank import instructor, standing
from tests.regraded import CALC, Term, set_the_term

RUBRIC = """\
    criteria:
      - best_of:
          - sum_of:
              - {id: idea, points: 2, when: why.sum, says: It was added}
              - {id: style, points: 1, when: person and why.sum, says: Well said}
          - {id: alt, points: 3/2, when: person and not why.blank, says: Another good reason}
      - {id: example, points: 1, when: person and not why.blank, says: An example}
      - {id: unit, points: -1/2, when: "False", says: Rude}
      - {id: rude, points: -1, when: "False", says: Very rude}
"""
WAYS = CALC.replace("item: t-2\n    points: 3", "item: t-2\n    points: 4")
WAYS = WAYS[: WAYS.index("    criteria:", WAYS.index("item: t-2"))] + RUBRIC
MOST = {"idea": 2, "style": 1, "alt": Fraction(3, 2), "example": 1, "unit": Fraction(-1, 2), "rude": -1}
FULL, STUDENTS = Fraction(4), 30


@dataclass
class Event:
    """Something that was decided about points, by a person or a regrade; `alive`: it has not been taken back."""

    criterion: str
    points: Fraction
    alive: bool = True


@dataclass
class Model:
    """All that was decided, oldest first, and what comes of it by brute force."""

    events: list[Event] = field(default_factory=list)

    def now(self, criterion: str) -> Fraction | None:
        mine = [one for one in self.events if one.alive and one.criterion == criterion]
        return mine[-1].points if mine else None

    def part(self) -> tuple[Fraction, Fraction]:
        alive = [one for one in self.events if one.alive]
        place = {one.criterion: number for number, one in enumerate(alive)}
        moved = self.now("") or Fraction(0)
        ends = []
        for most in (False, True):
            open_ones = {"idea": Fraction(2), "unit": Fraction(0), "rude": Fraction(0)}
            if most:
                open_ones |= {"style": Fraction(1), "alt": Fraction(3, 2), "example": Fraction(1)}
            worth = {}
            for name in MOST:
                decided = self.now(name)
                worth[name] = open_ones.get(name, Fraction(0)) if decided is None else decided
            late = {name for name in ("unit", "rude") if moved and worth[name] and place[name] > place[""]}
            points = max(worth["idea"] + worth["style"], worth["alt"]) + worth["example"]
            points = _clip(points + sum(worth[name] for name in ("unit", "rude") if name not in late))
            points = _clip(points + moved)
            ends.append(_clip(points + sum(worth[name] for name in late)))
        return ends[0], ends[1]


def _clip(points: Fraction) -> Fraction:
    return min(max(points, Fraction(0)), FULL)


class Play:
    """Lets the same happen to an answer and to the model."""

    def __init__(self, term: Term, student: int) -> None:
        self.term, self.model = term, Model()
        with term.transactions.writing() as tx:
            names = (f"asa{student}", f"ivo{student}")
            self.markers = [standing(tx, term.course, instructor(tx, term.course, one, "assistant")) for one in names]
        self.attempt = term.answer(student, "5", "It was added.")
        self.applied: list[tuple[str, Event]] = []
        # Who has done what last, and what each marker's own last was: an event, or None for a comment.
        self.last_by: object = None
        self.own: dict[int, list[Event]] = {}
        self.said = 0

    def pile(self, who: Membership) -> Pile:
        return Pile(who, self.term.quiz, "calc", "why")

    def save(self, marker: int, change: Callable[[dict[str, Any]], None]) -> None:
        """What the page sends when one thing was changed on it."""
        self.term.clock.pass_time(seconds=1)
        who = self.markers[marker]
        with self.term.transactions.writing() as tx:
            page: DeskPage = desk.open_answer(tx, self.pile(who), Place(self.attempt, 1), show="all")
            answer = page.answer
            form: dict[str, Any] = {
                "points": {one.id: "" if one.decided is None else str(one.decided) for one in answer.criteria},
                "comments": {one.id: one.comment for one in answer.criteria},
                "adjustment": str(answer.adjustment or ""),
                "comment": answer.comment,
            }
            change(form)
            decision = Decision(**form, seen=answer.seen, rubric=answer.rubric)
            done = deciding.decide(tx, self.pile(who), page.place, decision, lambda: None)
            claims.let_go(tx, who.person.id)
        self.term.grade()
        if done.items:
            self.last_by = marker

    def decide(self, marker: int, criterion: str, points: Fraction, *, comment: bool = False) -> None:
        def change(form: dict[str, Any]) -> None:
            if criterion:
                form["points"][criterion] = str(points)
            else:
                form["adjustment"] = str(points)
            if comment:
                form["comment"] += self.words()

        old = self.model.now(criterion)
        self.save(marker, change)
        if old != points:
            event = Event(criterion, points)
            self.model.events.append(event)
            self.own[marker] = [event]
        elif comment:
            self.own[marker] = []

    def words(self) -> str:
        self.said += 1
        return f" Remark {self.said}."

    def comment(self, marker: int, criterion: str) -> None:
        before = self.points()
        if criterion and self.model.now(criterion) is None:
            return

        def change(form: dict[str, Any]) -> None:
            if criterion:
                form["comments"][criterion] += self.words()
            else:
                form["comment"] += self.words()

        self.save(marker, change)
        self.own[marker] = []
        assert self.points() == before

    def undo(self, marker: int) -> None:
        self.term.clock.pass_time(seconds=1)
        try:
            with self.term.transactions.writing() as tx:
                deciding.undo(tx, self.pile(self.markers[marker]), lambda: None)
                claims.let_go(tx, self.markers[marker].person.id)
        except NotFound:
            assert marker not in self.own
        except Conflict:
            assert self.last_by != marker
        else:
            assert self.last_by == marker
            for event in self.own[marker]:
                event.alive = not event.alive
        self.term.grade()

    def grant(self, points: Fraction) -> None:
        """As an answer to a request stores it."""
        self.term.clock.pass_time(seconds=1)
        item, ines = self.term.item(self.attempt), self.term.ines.person.id
        with self.term.transactions.writing() as tx:
            judgements.keep(tx, item, "why", "", ines, points, "Granted.", worth=FULL)
            judgements.credit_again(tx, item)
        self.term.grade()
        self.model.events.append(Event("", points))
        self.last_by = "ines"

    def regrade(self, kind: str) -> None:
        self.term.clock.pass_time(seconds=1)
        start = regrade_starts.void if kind == "void" else regrade_starts.accept
        number = self.term.begin(start, self.attempt, 1, "why")
        assert self.term.apply(number) == 0
        event = Event("", FULL)
        self.model.events.append(event)
        self.applied.append((number, event))
        self.last_by = "ines"

    def undo_regrade(self, which: int) -> None:
        if self.applied:
            self.term.clock.pass_time(seconds=1)
            number, event = self.applied.pop(which % len(self.applied))
            self.term.undo(number)
            event.alive = False
            self.last_by = "ines"

    def points(self) -> tuple[Fraction, Fraction]:
        credit = self.term.current(self.attempt).credit or {}
        part = next(one for one in credit["parts"] if one["id"] == "why")
        return Fraction(part["points"]), Fraction(part["upto"])


MARKER = st.integers(0, 1)
DECIDED = st.sampled_from(
    [("idea", "0"), ("style", "1"), ("alt", "3/2"), ("example", "1"), ("unit", "-1/2"), ("rude", "-1"), ("rude", "0")]
)
STEP = st.one_of(
    st.tuples(st.just("decide"), MARKER, DECIDED, st.booleans()),
    st.tuples(st.just("decide"), MARKER, st.sampled_from([("rude", "-1"), ("", "2"), ("", "-1")]), st.booleans()),
    st.tuples(st.just("comment"), MARKER, st.sampled_from(["", "", "rude", "unit"])),
    st.tuples(st.just("undo"), MARKER),
    st.tuples(st.just("grant"), st.sampled_from(["2", "-2"])),
    st.tuples(st.just("regrade"), st.sampled_from(["void", "accept"])),
    st.tuples(st.just("undo regrade"), st.integers(0, 1)),
)


@pytest.fixture
def term(new_database: Callable[[str, bool], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Term:
    cases = "- {case: key, answers: {total: '5', why: It was added.}, expect: {total: 2, why: 2..4}}\n"
    monkeypatch.setitem(regraded.CASES, "calc", cases)
    database = open_database(new_database("sqlite", True))
    return set_the_term(database, tmp_path / "bank", students=STUDENTS, calc=WAYS)


def test_a_mark_is_what_the_decisions_say_that_have_not_been_taken_back(term: Term) -> None:
    students = iter(range(STUDENTS))

    # Each has a student of its own, and there are none to find a shorter example with.
    @settings(max_examples=20, deadline=None, phases=(Phase.generate,))
    @given(st.lists(STEP, min_size=3, max_size=9))
    def anything(steps: list[tuple[Any, ...]]) -> None:
        play = Play(term, next(students))
        try:
            for what, *about in steps:
                if what == "decide":
                    (marker, (criterion, points), comment) = about
                    play.decide(marker, criterion, Fraction(points), comment=comment)
                elif what == "comment":
                    play.comment(*about)
                elif what == "undo":
                    play.undo(*about)
                elif what == "grant":
                    play.grant(Fraction(about[0]))
                elif what == "regrade":
                    play.regrade(*about)
                else:
                    play.undo_regrade(*about)
                assert play.points() == play.model.part()
            while play.applied:
                play.undo_regrade(-1)
                assert play.points() == play.model.part()
        finally:
            while play.applied:
                play.undo_regrade(-1)

    anything()
    assert replay(term.transactions, term.sandbox, every=True).different == []
