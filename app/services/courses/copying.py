"""Copying a course into a new term: its quizzes as drafts, the rules of its gradebook, nobody but its instructors."""

from __future__ import annotations

import secrets

from app.services.accounts.people import Person
from app.services.courses.courses import create_course
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes import quiz_places
from app.services.quizzes.quiz_rules import rules_of, without_dates, write_rules
from app.services.quizzes.quiz_sections import sections_of, store_sections
from app.services.quizzes.quizzes import new_public_id
from app.services.results.gradebook import copy_rules
from app.storage import people, quizzes
from app.storage.tables import Quiz, QuizItem


def copy_course(tx: Transaction, membership: Membership, by: Person, title: str, term: str) -> str:
    """Make a course of this one; its public id.

    Its quizzes become drafts with the newest versions of their questions and without dates; nobody is enrolled but
    the instructors, no attempt, accommodation or release comes along. The gradebook keeps its rules.

    Raises:
        NotAllowed: `by` instructs no course and is no administrator.
        InvalidInput: the title or the term cannot be taken.
    """
    public_id = create_course(tx, by, title, term, membership.time_zone)
    found = people.course_with_role(tx, public_id, by.id)
    assert found is not None
    course = found[0]
    for person_id in quizzes.instructors(tx, membership.course_id):
        people.enrol(tx, course.id, person_id, "instructor")
    copies = {quiz.public_id: _copy_quiz(tx, quiz, course.id) for quiz in quizzes.of_course(tx, membership.course_id)}
    copy_rules(tx, membership.course_id, course.id, copies)
    tx.record(by.id, "copied a course", f"course {public_id}", source=membership.course)
    return public_id


def _copy_quiz(tx: Transaction, quiz: Quiz, course_id: int) -> str:
    copy = Quiz(
        public_id=new_public_id(),
        course_id=course_id,
        # A salt of its own: who takes the course again does not meet the same variants in the same order.
        salt=secrets.token_hex(16),
        created_at=tx.now(),
        state="draft",
        revision=1,
    )
    write_rules(copy, without_dates(rules_of(quiz)), tx.now())
    quizzes.add(tx, copy)
    for item in quizzes.items(tx, quiz.id):
        row = QuizItem(
            quiz_id=copy.id,
            position=item.position,
            question_version_id=item.question_version_id,
            pool=item.pool,
            weight=item.weight,
            weight_real=item.weight_real,
            take=item.take,
            each=item.each,
            tag=item.tag,
            section=item.section,
        )
        quizzes.add(tx, row)
    store_sections(tx, copy.id, sections_of(tx, quiz.id))
    # What a draft would draw now is what it starts with; a pool that has become too small is told when publishing.
    now = quiz_places.sources(tx, copy)
    if all(one.candidates for one in now):
        quiz_places.freeze(tx, copy, now)
    return copy.public_id
