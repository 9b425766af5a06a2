"""Reading the audit: what was done in a course, by whom and when; and for administrators everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias, get_args

from app.domain.errors import InvalidInput
from app.services.operating.transactions import Transaction
from app.storage import audit

Kind: TypeAlias = Literal[
    "marks", "regrades", "requests", "quizzes", "results", "exam day", "attempts", "people", "bank", "accounts"
]
AT_ONCE = 50
LONGEST_WHO = 100
ACTIONS: Mapping[Kind, tuple[str, ...]] = {
    "marks": (
        *("marked an answer", "took back a decision", "saw a name while marking", "awarded points"),
        *("marked an answer a second time", "took back a second marking", "brought back a second marking"),
        *("settled a difference", "chose how much is marked twice", "adjusted a mark", "withdrew an adjustment"),
        *("waived a deduction", "took back a waiver", "judged lateness anew", "changed the gradebook"),
    ),
    "regrades": ("began a regrade", "applied a regrade", "undid a regrade", "dropped a regrade"),
    "requests": (
        *("asked about a mark", "replied about a mark", "withdrew a request", "granted a request"),
        *("declined a request", "asked a student back"),
    ),
    "quizzes": (
        *("created a quiz", "changed a quiz", "deleted a quiz", "published a quiz", "took a quiz back to draft"),
        *("granted an accommodation", "withdrew an accommodation"),
    ),
    "results": (
        *("released marks", "released feedback", "released solutions", "published a drawing"),
        *("unpublished a drawing", "decided about showing a drawing"),
    ),
    "exam day": (
        *("gave time", "took time back", "paused", "resumed", "ended", "sent a message", "reopened an attempt"),
        *("accepted late answers", "declined late answers", "started an attempt for somebody"),
        *("saved answers for somebody", "handed in for somebody", "handed in by the staff", "brought an answer file"),
        *(f"ordered: {work}" for work in ("time", "pause", "resume", "message", "note", "end", "reopen")),
    ),
    "attempts": (
        *("started an attempt", "started a preview", "handed in", "handed in at the deadline"),
        "finished practising",
    ),
    "people": (
        *("enrolled somebody", "enrolled a list", "changed a role", "changed a group", "removed somebody"),
        *("made an invitation", "took back an invitation", "joined by an invitation", "created a course"),
        *("changed a course", "archived a course", "took a course out of the archive", "copied a course"),
        *("added a webhook", "changed a webhook", "removed a webhook", "sent an event again"),
    ),
    "bank": (
        *("began a question", "began a draft", "discarded a draft", "retired a question"),
        *("took a question back into use", "kept an answer as a recorded case", "kept a comment", "removed a comment"),
        *(f"stored a question version ({origin})" for origin in ("bank", "editor", "import", "api")),
    ),
    "accounts": (
        *("made an account", "became the first administrator", "made an administrator", "erased a person"),
        *("took an administrator's rights", "changed name or address", "changed the password", "made a token"),
        *("asked for a new password", "made a password link", "set a new password by a link", "revoked a token"),
    ),
}
KINDS: tuple[Kind, ...] = get_args(Kind)
OF_COURSES = KINDS[:-2]
"""Questions and accounts belong to no course."""


@dataclass(frozen=True, slots=True)
class Done:
    """One thing that somebody did. `name` is empty where it was nobody, but the clock or a command.

    Of what it was done to: `what` (attempt, quiz, regrade, person …) and its `id`; where these are known, the quiz
    with its course, and `about`: whom it concerns.
    """

    number: int
    at: datetime
    name: str
    login: str
    action: str
    what: str
    id: str
    course: str
    quiz: str
    quiz_title: str
    about: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """A page of them, the newest first; `older`: before which one the next page goes on, if there is more."""

    lines: tuple[Done, ...]
    older: int | None


def done_in_course(
    tx: Transaction,
    course: tuple[int, str] | None,
    *,
    kind: str = "",
    who: str = "",
    before: int | None = None,
    limit: int = AT_ONCE,
) -> Page:
    """What was done in the course of this number and public id, or everywhere, of one kind and by some people only.

    Raises:
        InvalidInput: there is no such kind (place "kind"), or `who` is too long (place "who").
    """
    known = next((one for one in KINDS if one == kind), None)
    if kind and known is None:
        raise InvalidInput("There is no such kind of action.", "kind")
    who = who.strip()
    if len(who) > LONGEST_WHO:
        raise InvalidInput(f"Search for at most {LONGEST_WHO} characters.", "who")
    actions = ACTIONS[known] if known is not None else ()
    found = audit.entries(tx, course=course, actions=actions, who=who, before=before, limit=limit + 1)
    rows = found[:limit]
    named = {entry.id: f"person {entry.details['person']}" for entry, _, _ in rows if "person" in entry.details}
    things = audit.things(tx, [*(entry.subject for entry, _, _ in rows), *named.values()])
    lines = []
    for entry, name, login in rows:
        what, _, own = entry.subject.partition(" ")
        thing = things.get(entry.subject, audit.Thing())
        lines.append(
            Done(
                entry.id,
                entry.at,
                name,
                login,
                entry.action,
                what,
                own,
                thing.course,
                thing.quiz,
                thing.title,
                thing.person or things.get(named.get(entry.id, ""), audit.Thing()).person,
                entry.details,
            )
        )
    return Page(tuple(lines), rows[-1][0].id if len(found) > limit else None)
