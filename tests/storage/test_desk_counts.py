"""What waits, counted by the database and by what is remembered of gradings, is what a look at every answer finds."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update

from app.services.operating.transactions import Transaction
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_quiz
from app.storage import desk, people, questions
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Enrolment,
    Grading,
    Observation,
    QuestionVersion,
    Quiz,
    Submission,
    SubmissionItem,
    Variant,
)
from tests.small_bank import FakeSandbox, Stage, package

State = Literal["graded", "needs-person", "invalid"]
Who = Literal["student", "assistant", "instructor", "nobody", "administrator"]
STATES: tuple[State, ...] = ("graded", "needs-person", "invalid")
WHO: tuple[Who, ...] = ("student", "assistant", "instructor", "nobody", "administrator")
PARTS = ("p", "q", "r")


@dataclass(frozen=True)
class Made:
    """A grading to be stored; no parts: without a credit. `counts`: it is the one that counts."""

    whole: State
    parts: tuple[tuple[str, State], ...] | None
    counts: bool


@dataclass(frozen=True)
class Handed:
    """An answer handed in: the version that was asked, the one whose rubric counts instead, its gradings."""

    sat: int
    instead: int | None
    gradings: tuple[Made, ...]


@dataclass(frozen=True)
class Sat:
    """An attempt: who sat it, and what they handed in, time after time; only the last time counts, or none."""

    who: Who
    superseded: bool
    times: tuple[tuple[Handed, ...], ...]


parts = st.none() | st.dictionaries(st.sampled_from(PARTS), st.sampled_from(STATES)).map(lambda one: (*one.items(),))
made = st.builds(Made, st.sampled_from(STATES), parts, st.booleans())
# Versions by number in the list of those that there are.
handed = st.builds(Handed, st.integers(0, 2), st.none() | st.integers(0, 2), st.lists(made, max_size=2).map(tuple))
times = st.lists(st.lists(handed, max_size=3).map(tuple), min_size=1, max_size=2).map(tuple)
sittings = st.lists(st.builds(Sat, st.sampled_from(WHO), st.booleans(), times), max_size=6)


def versions(stage: Stage) -> list[int]:
    """Three question versions with other parts each, stored when they are first asked for."""
    found = []
    with stage.transactions.writing() as tx:
        for question, number, named in (("qa", 2, "pq"), ("qa", 3, "qr"), ("qb", 2, "r")):
            data = package(question)
            data["question"]["parts"] = [dict(data["question"]["parts"][0], id=name) for name in named]
            known = QuestionVersion.question == question, QuestionVersion.number == number
            row = tx.session.scalar(select(QuestionVersion.id).where(*known))
            found.append(row or _version(tx, question, number, data))
    return found


def _version(tx: Transaction, question: str, number: int, data: dict[str, Any]) -> int:
    hashes = FakeSandbox()._hashes({"package": data})
    key = secrets.token_hex(32)
    stored = questions.add_version(
        tx,
        question=question,
        number=number,
        title=question,
        points=Fraction(3),
        package=data,
        package_hash=key,
        hashes=hashes,
    )
    assert stored is not None
    return stored


def sit(stage: Stage, asked: list[int], sittings: list[Sat]) -> str:
    """A new quiz with these attempts."""
    with stage.transactions.writing() as tx:
        public = create_quiz(tx, NewQuiz(stage.course, "Quiz", (NewQuizItem("qa"),)))
        quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == public)).one()
        variant = tx.session.scalar(select(Variant.id)) or _variant(tx)
        for one in sittings:
            person = people.add_person(tx, secrets.token_hex(8), "Somebody", None, one.who == "administrator")
            if one.who not in ("nobody", "administrator"):
                people.enrol(tx, stage.course, person.id, one.who)
            attempt = _add(tx, Attempt, public_id=secrets.token_hex(8), quiz_id=quiz.id, person_id=person.id, number=1)
            position = 0
            for number, answers in enumerate(one.times, 1):
                old = one.superseded or number < len(one.times)
                submission = _add(tx, Submission, attempt_id=attempt, number=number, superseded=old)
                for answer in answers:
                    position += 1
                    item = _add(
                        tx,
                        AttemptItem,
                        attempt_id=attempt,
                        position=position,
                        variant_id=variant,
                        question_version_id=asked[answer.sat],
                    )
                    instead = None if answer.instead is None else asked[answer.instead]
                    row = _add(tx, SubmissionItem, submission_id=submission, attempt_item_id=item, version_id=instead)
                    _grade(tx, row, instead or asked[answer.sat], answer.gradings)
    return public


def _grade(tx: Transaction, item: int, version: int, gradings: tuple[Made, ...]) -> None:
    for one in gradings:
        key = secrets.token_hex(32)
        observation = _add(tx, Observation, submission_item_id=item, observe_hash=key, grader_fingerprint="", facts={})
        credit = None if one.parts is None else {"parts": [{"id": name, "state": state} for name, state in one.parts]}
        number = _add(
            tx,
            Grading,
            submission_item_id=item,
            question_version_id=version,
            observation_id=observation,
            credit=credit,
            state=one.whole,
            **dict.fromkeys(("points", "upto", "max"), Fraction(0)),
        )
        current = number if one.counts else None
        tx.session.execute(update(SubmissionItem).where(SubmissionItem.id == item).values(current_grading_id=current))


def _variant(tx: Transaction) -> int:
    texts = {"variant_hash": "v", "fingerprint": ""}
    return _add(tx, Variant, seed=0, values={}, rendered={}, solution={}, **texts)


def _add(tx: Transaction, table: Any, **values: Any) -> int:
    """Store a row with what every row of its table needs."""
    needed = {
        Attempt: {"state": "handed in", "started_at": tx.now()},
        AttemptItem: {"weight": Fraction(1), "weight_real": 1.0},
        Submission: {"at": tx.now(), "receipt": "0" * 64},
        SubmissionItem: {"answers_frozen": {}},
        Observation: {"created_at": tx.now()},
        Grading: {"points_real": 0.0, "created_at": tx.now()},
        Variant: {"created_at": tx.now()},
    }
    row = table(**needed[table], **values)
    tx.session.add(row)
    tx.session.flush()
    return int(row.id)


def counted(tx: Transaction, quiz: Quiz) -> tuple[Counter[Any], Counter[Any]]:
    """How many answers there are by version and state, and how many wait by version and part."""
    total, waiting = Counter[Any](), Counter[Any]()
    found, counts = desk.counts(tx, quiz)
    assert {one.id for one in found} == {one.version_id for one in counts}
    for one in counts:
        total[one.version_id, one.state] += one.number
        waiting.update({(one.version_id, part): number for part, number in one.waiting.items()})
    return total, waiting


def looked_at(tx: Transaction, quiz: Quiz, course: int) -> tuple[Counter[Any], Counter[Any]]:
    """The same, found by looking at one answer after the other."""
    total, waiting = Counter[Any](), Counter[Any]()
    for attempt in tx.session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id)).all():
        enrolment = tx.session.get(Enrolment, (course, attempt.person_id))
        if enrolment is None or enrolment.role != "student":
            continue
        some = select(Submission).where(Submission.attempt_id == attempt.id)
        for submission in [one for one in tx.session.scalars(some) if not one.superseded]:
            answers = select(SubmissionItem).where(SubmissionItem.submission_id == submission.id)
            for answer in tx.session.scalars(answers).all():
                asked = tx.session.get_one(AttemptItem, answer.attempt_item_id).question_version_id
                version = tx.session.get_one(QuestionVersion, answer.version_id or asked)
                if answer.current_grading_id is None:
                    total[version.id, None] += 1
                    continue
                grading = tx.session.get_one(Grading, answer.current_grading_id)
                total[version.id, grading.state] += 1
                credited = {part["id"]: part["state"] for part in (grading.credit or {}).get("parts", ())}
                for part in version.package["question"]["parts"]:
                    if credited.get(part["id"], grading.state) == "needs-person":
                        waiting[version.id, part["id"]] += 1
    return total, waiting


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(sittings, st.randoms(use_true_random=False))
def test_what_is_counted_is_what_a_look_at_every_answer_finds_now_and_later(
    stage: Stage, sittings: list[Sat], chance: Any
) -> None:
    asked = versions(stage)
    public = sit(stage, asked, sittings)

    def same() -> None:
        with stage.transactions.reading() as tx:
            quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == public)).one()
            assert counted(tx, quiz) == looked_at(tx, quiz, stage.course)

    same()
    # Another grading counts, or none; another rubric; and somebody hands in once more.
    with stage.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == public)).one()
        attempts = select(Attempt.id).where(Attempt.quiz_id == quiz.id)
        for submission in tx.session.scalars(select(Submission).where(Submission.attempt_id.in_(attempts))).all():
            submission.superseded = submission.superseded or chance.random() < 0.2
            answers = select(SubmissionItem).where(SubmissionItem.submission_id == submission.id)
            for answer in tx.session.scalars(answers).all():
                gradings = tx.session.scalars(select(Grading.id).where(Grading.submission_item_id == answer.id)).all()
                answer.current_grading_id = chance.choice([None, *gradings])
                answer.version_id = chance.choice([None, *asked])
    same()


def test_no_credit_is_read_whole_to_count_what_waits(stage: Stage) -> None:
    asked = versions(stage)
    graded = Made("needs-person", (("p", "needs-person"), ("q", "graded")), counts=True)
    public = sit(stage, asked, [Sat("student", False, ((Handed(0, None, (graded,)),),))])
    read = list[str]()

    def remember(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        # Of what is asked for, without the queries within.
        read.append(statement.partition("FROM")[0])

    with stage.transactions.reading() as tx:
        quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == public)).one()
        event.listen(tx.session.connection(), "before_cursor_execute", remember)
        _, waiting = counted(tx, quiz)
    assert waiting == {(asked[0], "p"): 1}
    assert [one for one in read if "gradings.state" in one]
    assert [one for one in read if "credit," in one or one.rstrip().endswith("credit")] == []
