"""Surveys: from handing in on nothing connects what was said with anybody."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.errors import NotFound
from app.services.accounts.personal_data import personal_data, pieces
from app.services.results import outcomes, results
from app.services.sitting import attempts, submissions, surveys
from app.services.sitting.surveys import FEWEST, without_surveys, words_of
from app.storage import people, quizzes
from app.storage.changes import SURVEY, HandedIn
from app.storage.tables import Attempt, SurveyAnswer, metadata
from tests.drawn import SAID, DrawnSandbox
from tests.services.test_drawn_pages import save
from tests.small_bank import Stage, set_the_stage

SECRET = "The lecturer mumbles, says nobody but me"


@pytest.fixture
def drawn(database: object) -> Stage:
    return replace(set_the_stage(database, students=7, seeds="printed_first"), sandbox=DrawnSandbox())


def say(stage: Stage, student: int, words: str) -> str:
    attempt = stage.start(student)
    save(stage, attempt, words, field=SAID)
    return attempt


def hand_in(stage: Stage, student: int, attempt: str) -> None:
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[student], attempt, lambda: None)


def read(stage: Stage) -> surveys.Survey:
    with stage.transactions.reading() as tx:
        return surveys.survey(tx, stage.course, stage.quiz)


def rows_with(stage: Stage, words: str) -> list[str]:
    """The tables in which something holds these words."""
    with stage.transactions.reading() as tx:
        return [
            table.name
            for table in metadata.sorted_tables
            for row in tx.session.execute(select(table))
            if words in str(row)
        ]


def test_after_handing_in_the_words_stand_in_one_place_without_person_attempt_and_time(drawn: Stage) -> None:
    attempt = say(drawn, 0, "first thoughts")
    save(drawn, attempt, SECRET, field=SAID, seq=2)
    assert sorted(set(rows_with(drawn, SECRET))) == ["answers", "saves"]
    hand_in(drawn, 0, attempt)
    assert rows_with(drawn, SECRET) == ["survey_answers"]
    assert rows_with(drawn, "first thoughts") == []
    assert {column.name for column in SurveyAnswer.__table__.columns} == {
        *("key", "quiz_id", "question_version_id", "part", "field", "value")
    }
    with drawn.transactions.reading() as tx:
        (row,) = tx.session.scalars(select(SurveyAnswer))
        receipt = submissions.receipt(tx, drawn.students[0], attempt)
        assert submissions.receipt_is_true(tx, drawn.students[0], attempt)
    assert len(row.key) == 32
    assert receipt.answered == 1  # that something was said is remembered


def test_they_are_read_from_five_people_up_in_an_order_that_tells_nothing(drawn: Stage) -> None:
    said = [f"view {n}" for n in range(6)]
    for n, words in enumerate(said):
        attempt = say(drawn, n, words)
        hand_in(drawn, n, attempt)
        (field, *_) = read(drawn).fields
        assert field.people == n + 1
        assert field.enough == (n + 1 >= FEWEST)
        assert sorted(field.said) == (said[: n + 1] if n + 1 >= FEWEST else [])
    (field, *_) = read(drawn).fields
    assert field.label == "What do you think?"
    with drawn.transactions.reading() as tx:
        keys = tx.session.scalars(select(SurveyAnswer.key)).all()
    assert len(set(keys)) == 6


def test_five_attempts_of_one_person_are_one_person(drawn: Stage) -> None:
    with drawn.transactions.writing() as tx:
        from app.storage.tables import Quiz

        tx.session.scalars(select(Quiz)).one().attempts_allowed = 5
    for n in range(5):
        hand_in(drawn, 0, say(drawn, 0, f"again {n}"))
    (field, *_) = read(drawn).fields
    assert (field.people, field.said) == (1, ())


def test_blank_answers_and_previews_are_nobodys_opinion(drawn: Stage) -> None:
    hand_in(drawn, 0, say(drawn, 0, "   "))
    with drawn.transactions.writing() as tx:
        staff = people.add_person(tx, "ines", "Ines", None, False)
        people.enrol(tx, drawn.course, staff.id, "instructor")
    with drawn.transactions.reading() as tx:
        assert quizzes.only_looks(tx, drawn.course, staff.id)
    look = replace(drawn, students=(staff.id,))
    attempt = look.start()
    save(drawn, attempt, SECRET, field=SAID)
    hand_in(look, 0, attempt)
    assert [field.people for field in read(drawn).fields] == [0, 0]
    assert rows_with(drawn, SECRET) == []


def test_staff_never_sees_who_said_what(drawn: Stage) -> None:
    attempt = say(drawn, 0, SECRET)
    for handed_in in (False, True):
        if handed_in:
            hand_in(drawn, 0, attempt)
        with drawn.transactions.reading() as tx:
            detail = outcomes.attempt_detail(tx, drawn.course, drawn.quiz, attempt)
            view = without_surveys(attempts.view(tx, drawn.students[0], attempt))
        assert SECRET not in repr(detail)
        assert SAID not in [name for item in detail.items for name, _ in item.raw]
        assert SURVEY not in [name for item in detail.items for name, _ in item.raw]
        assert SECRET not in repr(view)
    with drawn.transactions.reading() as tx:
        assert SECRET in repr(surveys.stored.said(tx, tx.session.scalars(select(Attempt)).one().quiz_id))
        own = results.result(tx, drawn.students[0], attempt)
        told = b"".join(pieces(personal_data(tx, drawn.students[0], unreleased=True)))
    assert [part.surveyed for part in own.items[0].parts] == [(), (SAID,)]
    assert SECRET.encode() not in told


def test_a_late_repetition_of_a_save_is_refused_as_handed_in(drawn: Stage) -> None:
    attempt = say(drawn, 0, SECRET)
    hand_in(drawn, 0, attempt)
    with pytest.raises(HandedIn):
        save(drawn, attempt, SECRET, field=SAID)
    assert rows_with(drawn, SECRET) == ["survey_answers"]


def test_another_course_has_no_such_survey(drawn: Stage) -> None:
    with drawn.transactions.reading() as tx, pytest.raises(NotFound):
        surveys.survey(tx, drawn.course + 1, drawn.quiz)


@pytest.mark.parametrize(
    ("widget", "raw", "words"),
    [
        ({"kind": "text"}, " Fine.\n", "Fine."),
        ({"kind": "text"}, None, ""),
        ({"kind": "choice", "options_text": ["Too fast", "Just right", "Too slow"]}, "1,3", "Too fast; Too slow"),
        ({"kind": "choice", "options_text": ["Too fast"]}, "none", "none of them"),
        (
            {"kind": "truth", "options_text": ["It is fun.", "It is long."]},
            ["true", ""],
            "It is fun.: true; It is long.: –",
        ),
        ({"kind": "select", "words": ["yes", "no"]}, "yes", "yes"),
        ({"kind": "number"}, "7", "7"),
        ({"kind": "vector"}, ["1", "2"], "1, 2"),
    ],
)
def test_an_answer_is_kept_in_words_that_mean_the_same_in_every_variant(
    widget: dict[str, object], raw: object, words: str
) -> None:
    assert words_of(widget, json.loads(json.dumps(raw))) == words
