"""What the audit says, in the language of the page: the actions, what they were done to, and their details."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.services.operating.audit import Done, Kind
from app.web.audited_settings import in_words
from app.web.wording import gettext as _


def kinds() -> Mapping[Kind, str]:
    """The kinds of actions to choose from."""
    return {
        "marks": _("Marking"),
        "regrades": _("Regrades"),
        "requests": _("Requests"),
        "quizzes": _("Quizzes and accommodations"),
        "results": _("Releases and the gallery"),
        "exam day": _("Exam day"),
        "attempts": _("Attempts of students"),
        "people": _("People and settings of the course"),
        "bank": _("Question bank"),
        "accounts": _("Accounts"),
    }


def actions() -> Mapping[str, str]:
    """What somebody did, by the words of the audit."""
    return {
        "marked an answer": _("marked an answer"),
        "took back a decision": _("took back a decision"),
        "saw a name while marking": _("saw a name while marking"),
        "awarded points": _("awarded points"),
        "marked an answer a second time": _("marked an answer a second time"),
        "took back a second marking": _("took back a second marking"),
        "brought back a second marking": _("brought back a second marking"),
        "settled a difference": _("settled a difference"),
        "chose how much is marked twice": _("chose how much is marked twice"),
        "adjusted a mark": _("adjusted a mark"),
        "withdrew an adjustment": _("withdrew an adjustment"),
        "waived a deduction": _("waived a deduction"),
        "took back a waiver": _("took back a waiver"),
        "judged lateness anew": _("judged lateness anew"),
        "changed the gradebook": _("changed the gradebook"),
        "began a regrade": _("began a regrade"),
        "applied a regrade": _("applied a regrade"),
        "undid a regrade": _("undid a regrade"),
        "dropped a regrade": _("dropped a regrade"),
        "asked about a mark": _("asked about a mark"),
        "replied about a mark": _("replied about a mark"),
        "withdrew a request": _("withdrew a request"),
        "granted a request": _("granted a request"),
        "declined a request": _("declined a request"),
        "asked a student back": _("asked a student back"),
        "created a quiz": _("created a quiz"),
        "changed a quiz": _("changed a quiz"),
        "deleted a quiz": _("deleted a quiz"),
        "published a quiz": _("published a quiz"),
        "took a quiz back to draft": _("took a quiz back to draft"),
        "granted an accommodation": _("granted an accommodation"),
        "withdrew an accommodation": _("withdrew an accommodation"),
        "released marks": _("released marks"),
        "released feedback": _("released comments and reasons"),
        "released solutions": _("released solutions"),
        "published a drawing": _("published a drawing"),
        "unpublished a drawing": _("took a drawing out of the gallery"),
        "decided about showing a drawing": _("decided about showing a drawing"),
        "gave time": _("gave time"),
        "took time back": _("took time back"),
        "paused": _("paused attempts"),
        "resumed": _("let attempts go on"),
        "ended": _("ended attempts"),
        "sent a message": _("sent a message"),
        "reopened an attempt": _("reopened an attempt"),
        "accepted late answers": _("accepted late answers"),
        "declined late answers": _("declined late answers"),
        "started an attempt for somebody": _("started an attempt for somebody"),
        "saved answers for somebody": _("saved answers for somebody"),
        "handed in for somebody": _("handed in for somebody"),
        "handed in by the staff": _("handed in for somebody"),
        "brought an answer file": _("brought an answer file"),
        **{
            f"ordered: {work}": _("gave an order to many at once")
            for work in ("time", "pause", "resume", "message", "note", "end", "reopen")
        },
        "started an attempt": _("started an attempt"),
        "started a preview": _("started a preview"),
        "handed in": _("handed in"),
        "handed in at the deadline": _("handed in at the deadline"),
        "finished practising": _("finished practising"),
        "enrolled somebody": _("enrolled somebody"),
        "enrolled a list": _("enrolled a list"),
        "changed a role": _("changed a role"),
        "changed a group": _("changed a group"),
        "removed somebody": _("removed somebody from the course"),
        "made an invitation": _("made an invitation"),
        "took back an invitation": _("took back an invitation"),
        "joined by an invitation": _("joined by an invitation"),
        "created a course": _("created a course"),
        "changed a course": _("changed a course"),
        "archived a course": _("archived a course"),
        "took a course out of the archive": _("took a course out of the archive"),
        "copied a course": _("copied a course"),
        "added a webhook": _("added a webhook"),
        "changed a webhook": _("changed a webhook"),
        "removed a webhook": _("removed a webhook"),
        "sent an event again": _("sent an event again"),
        **{
            f"stored a question version ({origin})": _("stored a question version")
            for origin in ("bank", "editor", "import", "api")
        },
        "began a question": _("began a question"),
        "began a draft": _("began a draft"),
        "discarded a draft": _("discarded a draft"),
        "retired a question": _("retired a question"),
        "took a question back into use": _("took a question back into use"),
        "kept an answer as a recorded case": _("kept an answer as a recorded case"),
        "kept a comment": _("kept a comment"),
        "removed a comment": _("removed a comment"),
        "made an account": _("made an account"),
        "became the first administrator": _("became the first administrator"),
        "made an administrator": _("made an administrator"),
        "took an administrator's rights": _("took an administrator's rights"),
        "erased a person": _("erased a person"),
        "changed name or address": _("changed name or address"),
        "changed the password": _("changed the password"),
        "asked for a new password": _("asked for a new password"),
        "made a password link": _("made a password link"),
        "set a new password by a link": _("set a new password by a link"),
        "made a token": _("made a token"),
        "revoked a token": _("revoked a token"),
    }


def things() -> Mapping[str, str]:
    """What something was done to, where the page has no name or link for it."""
    return {
        "attempt": _("attempt"),
        "quiz": _("quiz"),
        "regrade": _("regrade"),
        "person": _("person"),
        "people": _("people"),
        "course": _("course"),
        "question": _("question"),
        "webhook": _("webhook"),
        "token": _("token"),
    }


def details_of(one: Done) -> list[tuple[str, str]]:
    """What else the audit says, with a name for each; what stands beside it as a link is left out."""
    names = {
        "question": _("Question"),
        "part": _("Part"),
        "criterion": _("Criterion"),
        "points": _("Points"),
        "answers": _("Answers"),
        "attempts": _("Attempts"),
        "reason": _("Reason"),
        "role": _("Role"),
        "students": _("Students"),
        "seconds": _("Seconds"),
        "percent": _("Percent"),
        "title": _("Title"),
        "before": _("Before"),
        "after": _("After"),
        "fields": _("Fields"),
        "kind": _("Kind"),
        "number": _("Number"),
        "revision": _("Revision"),
    }
    texts = {name: _text(name, value) for name, value in one.details.items() if name in names}
    return [(names[name], text) for name, text in texts.items() if text]


def _text(name: str, value: Any) -> str:
    text = str(value).strip()
    if name in ("before", "after"):
        return in_words(text)
    if name == "points":
        return ", ".join(map(_decided, text.split(", ")))
    words = {
        "role": {"student": _("Student"), "assistant": _("Assistant"), "instructor": _("Instructor")},
        "kind": {
            "rubric": _("Another version of the rubric"),
            "software": _("Graders of another release"),
            "void": _("Voided"),
            "accept": _("Accepted answer"),
        },
    }
    return words.get(name, {}).get(text, text)


def _decided(points: str) -> str:
    """The points of a criterion, such as "sigma 1/2"; a whole part, and what is left to the machine, in words."""
    criterion, _space, number = points.rpartition(" ")
    if number == "machine":
        number = _("left to the machine")
    if number == "excused":
        number = _("excused")
    if criterion == "adjusted":
        criterion = _("whole part")
    return f"{criterion} {number}".strip()
