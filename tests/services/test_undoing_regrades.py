"""Undoing regrades in any order: what counts is what would count had the undone ones never been applied."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import GradusError
from app.services.marking import deciding, mark_history, regrade_starts, regrades
from app.services.marking.desk import Place
from app.services.marking.piles import Pile
from app.services.marking.regrade_standing import standings
from app.services.marking.replay import replay
from app.storage import judgements
from app.storage.engine import Database
from app.storage.tables import SubmissionItem
from tests.regraded import CALC, Term, never, set_the_term

NEAR = {1: Fraction(1), 2: Fraction(3, 2), 3: Fraction(1, 2)}
"""What a number larger than a is worth, by version of the question."""
WORTH = {"total": Fraction(2), "why": Fraction(3)}
ANSWERS = (("5", "It was added."), ("7", ""), ("6.0", "It was added."), ("", ""), ("7", "It was added."), ("6.0", ""))


@pytest.fixture
def term(database: Database, tmp_path: Path) -> Term:
    """Six students, and three versions of a question, on each engine."""
    term = set_the_term(database, tmp_path / "bank", students=len(ANSWERS))
    term.write("calc", version(2))
    term.write("calc", version(3))
    with term.transactions.writing() as tx:
        from sqlalchemy import select

        from app.storage.tables import QuestionVersion, QuizItem

        first = select(QuestionVersion.id).where(QuestionVersion.question == "calc", QuestionVersion.number == 1)
        for item in tx.session.scalars(select(QuizItem).where(QuizItem.position == 1)):
            item.question_version_id = tx.session.scalars(first).one()
    return term


def version(number: int) -> str:
    return CALC.replace("id: near, points: 1", f"id: near, points: {NEAR[number]}")


@dataclass
class Applied:
    """A regrade of the model; `reached`: the attempts it was applied to."""

    number: str
    kind: str
    about: Any
    reached: set[str] = field(default_factory=set)
    undone: bool = False


@dataclass
class Answer:
    """What was answered and decided, oldest first: about whole parts with the regrade it came from, if any."""

    total: str
    why: str
    software: int
    style: Fraction | None = None
    moved: list[tuple[str, Applied | None, Fraction | None]] = field(default_factory=list)


@dataclass
class Model:
    """Everything that happened, and by brute force what must come of it."""

    done: list[Applied] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    software: int = 0

    def apply(self, one: Applied) -> None:
        self.done.append(one)
        for attempt in self.answers:
            self.reach(one, attempt)

    def reach(self, one: Applied, attempt: str) -> None:
        answer = self.answers[attempt]
        if one.kind == "software" and self.software_of(attempt) == one.about:
            return
        if one.kind == "accept" and answer.total != one.about:
            return
        one.reached.add(attempt)
        parts = {"void": WORTH if one.about == "" else (one.about,), "accept": ("total",)}.get(one.kind, ())
        answer.moved += [(part, one, WORTH[part]) for part in parts]

    def of(self, kind: str, attempt: str) -> list[Any]:
        return [one.about for one in self.done if one.kind == kind and not one.undone and attempt in one.reached]

    def software_of(self, attempt: str) -> int:
        return int([self.answers[attempt].software, *self.of("software", attempt)][-1])

    def points(self, attempt: str) -> dict[str, tuple[Fraction, Fraction]]:
        answer = self.answers[attempt]
        near = NEAR[[1, *self.of("rubric", attempt)][-1]]
        right = answer.total == "5" and self.software_of(attempt) % 2 == 0
        total = Fraction(2) if right else near if answer.total else Fraction(0)
        known = Fraction(2) if answer.why else Fraction(0)
        least, most = (answer.style,) * 2 if answer.style is not None else (Fraction(0), Fraction(bool(answer.why)))
        found = {"total": (total, total), "why": (known + least, known + most)}
        for part, (low, high) in found.items():
            counting = [points for of, by, points in answer.moved if of == part and not (by is not None and by.undone)]
            by = (counting[-1] if counting else None) or Fraction(0)
            found[part] = (_clip(low + by, WORTH[part]), _clip(high + by, WORTH[part]))
        return found


def _clip(points: Fraction, worth: Fraction) -> Fraction:
    return min(max(points, Fraction(0)), worth)


class Play:
    """Lets the same happen to the term and to its model, and compares."""

    def __init__(self, term: Term, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
        self.term, self.model, self.luck = term, Model(), random.Random(seed)
        run = term.sandbox.run

        def of_today(name: str, payload: Any, **more: Any) -> Any:
            if name == "grade_all":
                raise GradusError("One by one.")
            found = run(name, payload, **more)
            if name == "describe":
                found["fingerprint"] = f"software {self.model.software}"
            if name == "grade" and self.model.software % 2 and payload["answers"].get("total"):
                found["observation"]["seen"][0]["facts"]["base"]["total"]["right"] = False
                again = {key: payload[key] for key in ("package", "values", "seed", "decisions")}
                found["credit"] = run("credit", again | {"observation": found["observation"]})
            return found

        monkeypatch.setattr(term.sandbox, "run", of_today)

    def hand_in(self) -> None:
        student = len(self.model.answers)
        if student == len(ANSWERS):
            return
        total, why = ANSWERS[student]
        attempt = self.term.answer(student, total, why)
        self.model.answers[attempt] = Answer(total, why, self.model.software)
        for one in self.model.done:
            if not one.undone and one.kind != "software":
                self.model.reach(one, attempt)

    def judge(self) -> None:
        attempt = self.luck.choice(list(self.model.answers))
        answer = self.model.answers[attempt]
        part = self.luck.choice(["style", "total", "why"])
        points = Fraction(self.luck.choice(["-1", "1/2", "1"]))
        if part == "style":
            answer.style = abs(points)
            self.term.judge(attempt, str(abs(points)))
            return
        back = self.luck.random() < 0.3
        answer.moved.append((part, None, None if back else points))
        item = self.term.item(attempt)
        with self.term.transactions.writing() as tx:
            judgements.keep(tx, item, part, "", self.term.ines.person.id, points, "So.", withdrawn=back)
            judgements.credit_again(tx, item)
        self.term.grade()

    def regrade(self) -> None:
        kind = self.luck.choice(["rubric", "software", "void", "accept"])
        attempt = self.luck.choice([one for one, answer in self.model.answers.items() if answer.total])
        reason = f"Reason {len(self.model.done)}."
        about: Any
        if kind == "rubric":
            about = self.luck.choice([1, 2, 3])
            number = self.term.begin(regrade_starts.with_version, "calc", about, reason=reason)
        elif kind == "software":
            self.model.software += 1
            about = self.model.software
            number = self.term.begin(regrade_starts.with_software, reason=reason)
        elif kind == "void":
            about = self.luck.choice(["total", "why", ""])
            number = self.term.begin(regrade_starts.void, attempt, 1, about, reason=reason)
        else:
            about = self.model.answers[attempt].total
            number = self.term.begin(regrade_starts.accept, attempt, 1, "total", reason=reason)
        one = Applied(number, kind, about)
        if kind != "software" and self.luck.random() < 0.3:
            self.judge()
        while self.term.apply(number):
            pass
        self.model.apply(one)

    def undo(self) -> None:
        standing = [one for one in self.model.done if not one.undone]
        if standing:
            one = self.luck.choice(standing)
            one.undone = True
            self.term.undo(one.number)

    def compare(self) -> None:
        for attempt in self.model.answers:
            wanted = self.model.points(attempt)
            credit = self.term.current(attempt).credit
            assert credit is not None
            parts = {one["id"]: (Fraction(one["points"]), Fraction(one["upto"])) for one in credit["parts"]}
            assert parts == wanted, (attempt, self.model)
            item = self.term.item(attempt)
            with self.term.transactions.reading() as tx:
                changes = mark_history.changes_in(tx, self.term.ines, attempt)
                kept, stands = tx.session.get_one(SubmissionItem, item), standings(tx, [item])
            # What applying has changed step by step is what comes of going through the whole history.
            if item in stands:
                assert kept.version_id == (stands[item].version_id or kept.version_id)
                assert kept.observation_id == (stands[item].observation_id or kept.observation_id)
            for part, points in wanted.items():
                mine = [one for one in changes if (one.position, one.part) == (1, part)]
                for earlier, later in itertools.pairwise(mine):
                    assert (earlier.points, earlier.upto) == (later.points_before, later.upto_before)
                if mine:
                    assert (mine[-1].points, mine[-1].upto) == points


@pytest.mark.parametrize("seed", range(3))
def test_whatever_is_applied_and_undone_in_whatever_order_undone_regrades_leave_nothing(
    term: Term, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    play = Play(term, seed, monkeypatch)
    play.hand_in()
    play.hand_in()
    for _ in range(16):
        term.clock.pass_time(minutes=1)
        before = {attempt: play.model.points(attempt) for attempt in play.model.answers}
        what = play.luck.choice([play.regrade, play.regrade, play.undo, play.undo, play.judge, play.hand_in])
        what()
        play.compare()
        if what == play.undo:
            _told_as_undone(play, before)
    for one in list(play.model.done):
        if not one.undone:
            one.undone = True
            term.undo(one.number)
    play.compare()


def _told_as_undone(play: Play, before: dict[str, dict[str, tuple[Fraction, Fraction]]]) -> None:
    for attempt, parts in before.items():
        with play.term.transactions.reading() as tx:
            changes = mark_history.changes_in(tx, play.term.ines, attempt)
        for part, old in parts.items():
            if play.model.points(attempt)[part] != old:
                last = [one for one in changes if (one.position, one.part) == (1, part)][-1]
                assert last.reason == "regrade undone"
                assert last.said != ()


@pytest.mark.parametrize("seed", range(3))
def test_workers_may_take_what_is_applied_and_undone_in_any_order(term: Term, seed: int) -> None:
    luck = random.Random(seed)
    attempts = [term.answer(number, *ANSWERS[number]) for number in range(3)]
    before = [term.points(one) for one in attempts]
    begun = [
        term.begin(regrade_starts.with_version, "calc", 2),
        term.begin(regrade_starts.void, attempts[0], 1, "total"),
        term.begin(regrade_starts.with_version, "calc", 3),
        term.begin(regrade_starts.void, attempts[0], 1, ""),
    ]
    luck.shuffle(begun)
    for regrade in begun:
        term.clock.pass_time(minutes=1)
        # Its answers are prepared anew where another one came first; nothing waits for that one to be through.
        while term.do(regrades.apply, regrade, lambda: None):
            term.work()
    gone = begun[: luck.choice([3, 4])]
    luck.shuffle(gone)
    for regrade in gone:
        term.clock.pass_time(minutes=1)
        term.do(regrades.undo, regrade, lambda: None)
        duty = term.regrades
        keys = list(duty.due(100))
        luck.shuffle(keys)
        for key in keys[: luck.choice([0, 1, 4])]:
            duty.do(key, never)
    term.work()
    if len(gone) == 4:
        assert [term.points(one) for one in attempts] == before
    else:
        kept = term.preview(begun[3]).card
        want = Model(answers={one: Answer(*ANSWERS[number], 0) for number, one in enumerate(attempts)})
        want.apply(Applied("", kept.kind, kept.number or kept.part))
        for one in attempts:
            parts = want.points(one).values()
            assert term.points(one) == (sum(low for low, _ in parts), sum(high for _, high in parts))
    assert replay(term.transactions, term.sandbox, every=True).different == []


def test_two_voids_undone_in_the_order_of_their_application_leave_no_mark(term: Term) -> None:
    attempt = term.answer(0, "7")
    part = term.begin(regrade_starts.void, attempt, 1, "why", reason="The part.")
    term.apply(part)
    term.clock.pass_time(minutes=1)
    whole = term.begin(regrade_starts.void, attempt, 1, "", reason="The whole.")
    term.apply(whole)
    assert term.points(attempt) == (5, 5)
    term.clock.pass_time(minutes=1)
    term.undo(part)
    assert term.points(attempt) == (5, 5)
    term.clock.pass_time(minutes=1)
    term.undo(whole)
    assert term.points(attempt) == (1, 1)
    with term.transactions.reading() as tx:
        told = [(one.part, one.reason, one.said, one.points) for one in mark_history.changes_in(tx, term.ines, attempt)]
    assert told == [
        ("total", "regrade", ("The whole.",), 2),
        ("total", "regrade undone", ("The whole.",), 1),
        ("why", "regrade", ("The part.",), 3),
        ("why", "regrade undone", ("The whole.",), 0),
    ]


def test_two_rubrics_undone_in_the_order_of_their_application_lead_back_to_the_first(term: Term) -> None:
    attempt = term.answer(0, "7")
    first = term.current(attempt)
    second = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(second)
    third = term.begin(regrade_starts.with_version, "calc", 3)
    term.apply(third)
    term.undo(second)
    assert term.points(attempt)[0] == Fraction(1, 2)
    term.undo(third)
    assert term.points(attempt)[0] == 1
    assert term.current(attempt).question_version_id == first.question_version_id


def test_a_marker_who_takes_a_decision_back_brings_no_undone_regrade_back(term: Term) -> None:
    attempt = term.answer(0, "7")
    void = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(void)
    term.judge(attempt, "1", criterion="")
    term.undo(void)
    assert term.points(attempt) == (2, 2)
    take_back(term)
    assert term.points(attempt) == (1, 1)


def test_a_decision_taken_back_after_a_regrade_goes_with_the_regrade_when_that_is_undone(term: Term) -> None:
    attempt = term.answer(0, "7")
    void = term.begin(regrade_starts.void, attempt, 1, "why")
    term.apply(void)
    term.judge(attempt, "1", criterion="")
    take_back(term)
    assert term.points(attempt) == (4, 4)
    term.undo(void)
    assert term.points(attempt) == (1, 1)


def take_back(term: Term) -> Place:
    term.clock.pass_time(minutes=1)
    with term.transactions.writing() as tx:
        pile = Pile(term.ines, term.quiz, "calc", "why")
        place = deciding.undo(tx, pile, lambda: None)
    term.grade()
    return place


def test_an_answer_that_came_to_a_rubric_late_keeps_the_newer_one(term: Term) -> None:
    attempt = term.answer(0, "7")
    second = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(second)
    again = term.begin(regrade_starts.with_version, "calc", 2)
    term.apply(again)  # reaches nobody: all are graded like this already
    third = term.begin(regrade_starts.with_version, "calc", 3)
    term.apply(third)
    term.judge(attempt, "0")
    assert term.points(attempt)[0] == Fraction(1, 2)
    term.undo(third)
    assert term.points(attempt)[0] == Fraction(3, 2)
    term.undo(second)
    assert term.points(attempt)[0] == Fraction(3, 2)  # as the other one has it
    term.undo(again)
    assert term.points(attempt)[0] == 1
