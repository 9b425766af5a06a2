"""Queries about surveys: what was said is kept without its person, and who said something without what."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import delete, select

from app.storage.changes import SURVEY
from app.storage.quizzes import by_staff
from app.storage.tables import Answer, Attempt, AttemptItem, QuestionVersion, Quiz, Save, SubmissionItem, SurveyAnswer
from app.storage.transaction import Transaction


def keep(tx: Transaction, quiz_id: int, version_id: int, part: str, field: str, said: str) -> None:
    """Store what somebody said, under a random key and with nothing else."""
    key = secrets.token_hex(16)
    tx.session.add(
        SurveyAnswer(key=key, quiz_id=quiz_id, question_version_id=version_id, part=part, field=field, value=said)
    )


def take_out(tx: Transaction, attempt_id: int, slots: Collection[tuple[int, int, str]]) -> None:
    """Remove what was typed in these fields (attempt item, position, field) from an attempt and all its saves."""
    fields = {(position, field) for _, position, field in slots}
    for item_id, _, field in slots:
        tx.session.execute(delete(Answer).where(Answer.attempt_item_id == item_id, Answer.field == field))
    for save in tx.session.scalars(select(Save).where(Save.attempt_id == attempt_id)).all():
        left = [
            [item, field, revision, None if (item, field) in fields else value, *how]
            for item, field, revision, value, *how in save.changes
        ]
        if left != save.changes:
            save.changes = left
    tx.session.flush()


def said(tx: Transaction, quiz_id: int) -> list[tuple[str, str, str, str, str]]:
    """Everything that was said in a quiz: question, part, field, key, words."""
    query = (
        select(QuestionVersion.question, SurveyAnswer.part, SurveyAnswer.field, SurveyAnswer.key, SurveyAnswer.value)
        .join(QuestionVersion, QuestionVersion.id == SurveyAnswer.question_version_id)
        .where(SurveyAnswer.quiz_id == quiz_id)
        .order_by(SurveyAnswer.key)
    )
    return [(row[0], row[1], row[2], row[3], str(row[4])) for row in tx.session.execute(query)]


def people_by_field(tx: Transaction, quiz_id: int) -> dict[tuple[str, str], int]:
    """How many students said something, by question and field, without what they said."""
    query = (
        select(QuestionVersion.question, Attempt.person_id, SubmissionItem.answers_frozen)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id, ~by_staff())
    )
    found: dict[tuple[str, str], set[int]] = {}
    for question, person_id, answers in tx.session.execute(query):
        for field in answers.get(SURVEY, ()):
            found.setdefault((question, field), set()).add(person_id)
    return {key: len(people) for key, people in found.items()}
