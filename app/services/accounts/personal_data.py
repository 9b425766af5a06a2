"""Everything that is stored about a person, as one ZIP of JSON files."""

from __future__ import annotations

import json
import tempfile
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from typing import IO, Any

from app.services.accounts.accounts import account
from app.services.operating.transactions import Transaction
from app.services.quizzes import releases
from app.storage import deductions as factors
from app.storage import drawn_pages, late_saves, people, personal, practice
from app.storage import requests as stored_requests
from app.storage import sessions as stored_sessions
from app.storage.tables import Attempt, Course, Quiz

IN_MEMORY = 4 << 20
PIECE = 1 << 16
NOT_RELEASED = "The marks of this quiz have not been released yet."
README = """\
Everything that Gradus stores about one person, as JSON (UTF-8; times are UTC).

account.json       name, login, address, courses, sign-ins, programs' tokens, accommodations, letters, invitations,
                   notes about exams that the person did not begin
activity.json      what the person did and what was done to their account, as the audit has it
adjustments.json   what was added to the person's marks, or taken from them, and why, as soon as the marks are released
judgements.json    what the person decided about others' answers (without whose)
attempts/*.json    one file for each attempt: questions as shown, every save (its changes are lists of question,
                   field, revision and value), answers, what happened while it was sat, what came too late and what
                   became of it, what was checked in practice, what was handed in, marks as soon as they are released
                   (why, as soon as that is shown), and what was asked about them
attempts/*.png     the pages that were drawn or uploaded in it; their names end in what the answers call them by

What was said in a survey was taken out when the attempt was handed in: only the names of its fields (“@survey”) are
left, and nothing connects the words with a person any more.

Passwords and tokens are not here: only hashes of them are stored.
"""


def personal_data(tx: Transaction, person_id: int, *, unreleased: bool) -> IO[bytes]:
    """The ZIP, ready to be read from its beginning. `unreleased`: with marks that students do not see yet.

    Raises:
        NotFound: there is no such person.
    """
    found = account(tx, person_id)
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  whoever sends it closes it
    moment = tx.now().astimezone(UTC).timetuple()[:6]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, data: object) -> None:
            text = data if isinstance(data, str) else json.dumps(data, ensure_ascii=False, indent=1, default=_plain)
            archive.writestr(zipfile.ZipInfo(name, moment), text, zipfile.ZIP_DEFLATED)

        add("README.txt", README)
        add("account.json", _account(tx, person_id, found.email))
        add("activity.json", _activity(tx, person_id))
        add("adjustments.json", _adjustments(tx, person_id, unreleased))
        add("judgements.json", [_fields(row, JUDGEMENT) for row in personal.judged_by(tx, person_id)])
        attempts = personal.attempts(tx, person_id)
        shown = releases.releases(tx, {quiz.id: quiz for _, quiz, _ in attempts}.values())
        for number, (attempt, quiz, course) in enumerate(attempts, 1):
            seen = releases.EVERYTHING if unreleased else shown[quiz.id]
            name = f"attempts/{number:04}-{attempt.public_id}"
            add(f"{name}.json", _attempt(tx, attempt, quiz, course, seen))
            for sha256, png in drawn_pages.all_of(tx, attempt.id):
                archive.writestr(zipfile.ZipInfo(f"{name}-{sha256}.png", moment), png)
            tx.session.expunge_all()  # thousands of answers need not be held at once
    file.seek(0)
    return file


def pieces(file: IO[bytes]) -> Iterator[bytes]:
    """The file piece by piece; closed at the end."""
    with file:
        while piece := file.read(PIECE):
            yield piece


JUDGEMENT = ("part", "criterion", "verdict", "worth", "comment", "created_at")
EVENT = ("at", "kind", "text")
ATTEMPT = ("number", "state", "started_at", "deadline_at", "honour_at")
LEFT = ("superseded", "done_at", "factor", "deductions")
LATE = ("origin", "not_before", "received_at", "changes", "state", "decided_at")
CHECK = ("answers", "points", "upto", "max", "credit", "created_at")
GRADING = ("state", "points", "upto", "max", "credit", "created_at")


def _account(tx: Transaction, person_id: int, email: str | None) -> dict[str, Any]:
    row = people.person(tx, person_id)
    versions, drafts = personal.written(tx, person_id)
    return {
        **_fields(row, ("login", "name", "email", "language", "administrator", "created_at")),
        "password": "set" if row is not None and row.password_hash else "none",
        "courses": [
            {
                "course": course.title,
                "term": course.term,
                "role": mine.role,
                "group": mine.group,
                "since": mine.created_at,
            }
            for course, mine in people.enrolments(tx, person_id)
        ],
        "sessions": [_fields(one, ("created_at", "expires_at")) for one in stored_sessions.of_person(tx, person_id)],
        "tokens": [
            _fields(one, ("name", "hint", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"))
            for one in personal.tokens(tx, person_id)
        ],
        "accommodations": [
            {"quiz": quiz.title, **_fields(one, ("extra_minutes", "closes_at", "attempts_allowed", "reason"))}
            for one, quiz in personal.accommodations(tx, person_id)
        ],
        "notes": [_fields(one, EVENT) for one in personal.happened(tx, person_id, None)],
        "letters": [
            _fields(one, ("address", "subject", "state", "created_at", "sent_at"))
            for one in personal.letters(tx, email)
        ],
        "invitations": [
            {"course": course.title, **_fields(one, ("role", "created_at", "expires_at", "revoked_at"))}
            for one, course in personal.invitations(tx, person_id)
        ],
        "question_versions": [
            {"question": question, "version": number, "note": note} for question, number, note in versions
        ],
        "question_drafts": drafts,
    }


def _activity(tx: Transaction, person_id: int) -> list[dict[str, Any]]:
    return [
        {
            "by": "this person" if entry.person_id == person_id else "somebody else or the server",
            **_fields(entry, ("at", "action", "subject", "details")),
        }
        for entry in personal.audit_about(tx, person_id)
    ]


def _adjustments(tx: Transaction, person_id: int, unreleased: bool) -> list[dict[str, Any]]:
    found = personal.adjustments(tx, person_id)
    shown = releases.release_states(tx, {quiz.id: quiz for _, _, quiz in found if quiz is not None}.values())
    return [
        {
            "course": course.title,
            "quiz": quiz.title if quiz is not None else None,
            **_fields(one, ("points", "excused", "reason", "created_at", "withdrawn_at")),
        }
        for one, course, quiz in found
        if unreleased or quiz is None or shown[quiz.id].shown
    ]


def _attempt(tx: Transaction, attempt: Attempt, quiz: Quiz, course: Course, seen: releases.Releases) -> dict[str, Any]:
    items = personal.items(tx, attempt.id)
    place = {item.id: item.position for item in items}
    handed_in = personal.submissions(tx, attempt.id)
    ids = [item.id for _, item in handed_in]
    released, explained = seen.marks.shown, seen.feedback.shown
    gradings = personal.gradings(tx, ids) if released else []
    judgements = personal.judgements(tx, ids) if explained else []
    # The credit says why, criterion by criterion.
    grading = GRADING if explained else tuple(name for name in GRADING if name != "credit")
    asked = stored_requests.of_attempt(tx, attempt.id)
    said = stored_requests.said(tx, [one.request.id for one in asked])
    return {
        "course": course.title,
        "quiz": quiz.title,
        **_fields(attempt, ATTEMPT),
        "questions": [
            {
                "position": item.position,
                "question": item.question_version.question,
                "version": item.question_version.number,
                "weight": item.weight,
                "seed": item.variant.seed,
                "shown": item.variant.rendered,
            }
            for item in items
        ],
        "answers": [
            {"position": place[one.attempt_item_id], **_fields(one, ("field", "revision", "value", "saved_at"))}
            for one in personal.answers(tx, attempt.id)
        ],
        "saves": [_fields(one, ("device", "seq", "received_at", "changes")) for one in personal.saves(tx, attempt.id)],
        "events": [_fields(one, EVENT) for one in personal.happened(tx, attempt.person_id, attempt.id)],
        "late_saves": [_fields(one, LATE) for one in late_saves.of_attempt(tx, attempt.id)],
        "checks": [
            {"position": place[one.attempt_item_id], **_fields(one, CHECK)} for one in practice.checks(tx, attempt.id)
        ],
        "handed_in": [
            {
                **_fields(submission, ("number", "at", "receipt", *LEFT)),
                "position": place[item.attempt_item_id],
                "answers": item.answers_frozen,
                "gradings": [_fields(one, grading) for one in gradings if one.submission_item_id == item.id]
                if released
                else NOT_RELEASED,
                "judgements": [_fields(one, JUDGEMENT) for one in judgements if one.submission_item_id == item.id],
            }
            for submission, item in handed_in
        ],
        "deductions_changed": [
            _fields(one, ("at", "kind", "before", "after", "reason")) for one in factors.changes(tx, attempt.id)
        ],
        "requests": [
            {
                "position": one.position,
                **_fields(one.request, ("part", "criterion", "state", "created_at", "closed_at")),
                "messages": [
                    {"by": _who(line.message.person_id, attempt), **_fields(line.message, ("text", "created_at"))}
                    for line in said[one.request.id]
                ],
            }
            for one in asked
            if explained
        ],
    }


def _who(person_id: int, attempt: Attempt) -> str:
    return "this person" if person_id == attempt.person_id else "the course"


def _fields(row: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(type(value).__name__)
