"""The marking desk: one part of a question across students, in an order that is stable and says nothing about them.

A marker who opens an answer claims it, with all answers that are the same. Deciding: app.services.marking.deciding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.errors import NotFound
from app.services.marking import claims, stand_ins
from app.services.marking.desk_answers import DeskAnswer, answer_of, newest_by_answer, shown_text, waits_for
from app.services.marking.marking_groups import Groups, groups
from app.services.marking.normal_forms import text_form
from app.services.marking.piles import Pile
from app.services.marking.same_answers import answer_lines, typed_in
from app.services.marking.snippets import SnippetView, snippets
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.storage import desk as stored
from app.storage import quizzes
from app.storage.desk import Asked, Line
from app.storage.tables import Quiz

Show: TypeAlias = Literal["waiting", "all"]
MOST_AT_ONCE = 200
"""So many answers of a group are marked at once; the others form the next group."""


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a question in an attempt: where a marker is."""

    attempt: str
    position: int

    def __str__(self) -> str:
        return f"{self.attempt}/{self.position}"


@dataclass(frozen=True, slots=True)
class Alike:
    """Another answer of the same group: `text` where it is worded differently, and `said`: how it is written."""

    place: Place
    text: str
    said: str


@dataclass(frozen=True, slots=True)
class DeskPage:
    """An answer on the desk. `mine`: its marker may decide; else `holder` is at it.

    `number` of `total` counts through everything there is to see; `waiting` and `marked` are of the whole part.
    `undoable`: its marker has decided something here, or taken it back. `blind`: they may still be its second marker,
    so nothing of what was decided is shown.
    """

    quiz_id: str
    title: str
    question: str
    part: str
    show: Show
    place: Place
    answer: DeskAnswer
    mine: bool
    holder: str
    archived: bool
    blind: bool
    alike: tuple[Alike, ...]
    same: int
    previous: Place | None
    following: Place | None
    number: int
    total: int
    waiting: int
    marked: int
    by_me: int
    undoable: bool
    snippets: tuple[SnippetView, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """All answers to a part in a marker's own order, with what is known about each.

    What was just decided, or taken back, is there as it will be when it is credited, where that is known.
    """

    pile: Pile
    quiz: Quiz
    versions: tuple[Asked, ...]
    lines: tuple[Line, ...]
    mine: frozenset[int]
    marked: frozenset[int]

    @property
    def ids(self) -> list[int]:
        return sorted(line.item_id for line in self.lines)

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if line.state == "needs-person"]

    def grouped(self, tx: Transaction) -> Groups:
        """Who answered the same."""
        return groups(tx, self.quiz.public_id, self.versions, self.pile.part, self.ids)

    def at(self, place: Place) -> Line | None:
        """The answer at that place."""
        found = (one for one in self.lines if (one.attempt, one.position) == (place.attempt, place.position))
        return next(found, None)

    def line(self, place: Place) -> Line:
        """The answer at that place.

        Raises:
            NotFound: there is none.
        """
        found = self.at(place)
        if found is None:
            raise NotFound("There is no such answer (any more).")
        return found


def table(tx: Transaction, pile: Pile) -> Table:
    """The answers to a part of a question.

    Raises:
        NotFound: the course has no such quiz, or nobody has handed in such a part.
    """
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    versions = tuple(one for one in stored.versions_of(tx, pile.question) if one.place(pile.part) is not None)
    lines = stored.lines(tx, quiz, versions, pile.part) if versions else []
    if not lines:
        raise NotFound("Nobody has handed in an answer to such a part.")
    lines = stand_ins.with_states(tx, lines, pile.part)
    me = pile.marker
    judged = stored.markers(tx, quiz.id, [one.id for one in versions], pile.part)
    return Table(
        pile=pile,
        quiz=quiz,
        versions=versions,
        lines=tuple(sorted(lines, key=lambda line: shuffled(me, line.attempt, line.position))),
        mine=frozenset(item for item, _, person, _ in judged if person == me),
        marked=frozenset(item for item, _, _, _ in judged),
    )


def shuffled(person_id: int, attempt: str, position: int) -> bytes:
    """Where an answer stands in a marker's order: the same every time, and another one for every marker."""
    return hashlib.sha256(f"{person_id} {attempt} {position}".encode()).digest()


def next_place(tx: Transaction, found: Table, after: Place | None = None, done: Collection[int] = ()) -> Place | None:
    """The next answer that waits and that nobody else is at, from some place on, round to the beginning; claimed.

    `done` have been decided just now. Answers that are the same as one that another marker is at are left to that
    marker as long as there are others.
    """
    me, part = found.pile.marker, found.pile.part
    others = claims.held_by_others(tx, me, part)
    order = list(found.lines)
    here = found.at(after) if after is not None else None
    if here is not None:
        start = order.index(here) + 1
        order = order[start:] + order[: start - 1]
    free = [line for line in order if line.state == "needs-person" and line.item_id not in {*others, *done}]
    if others and free:
        grouped = found.grouped(tx)
        busy = {grouped.of.get(number) for number in others}
        free.sort(key=lambda line: grouped.of.get(line.item_id) in busy)
    for line in free:
        if claims.take(tx, me, part, [line.item_id]):
            return _place(line)
    return None


def undoable(tx: Transaction, pile: Pile) -> bool:
    """Whether a marker has decided something here, or taken it back, that can be undone.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    open_course = quizzes.course(tx, pile.course_id).archived_at is None
    return open_course and stored.has_decided(tx, quiz.id, pile.question, pile.part, pile.marker)


def first_place(found: Table) -> Place:
    """Where a marker's own order begins."""
    return _place(found.lines[0])


def keep_claim(tx: Transaction, pile: Pile, place: Place) -> bool:
    """Prolong a marker's claims of a part, while they are at work; whether the answer at that place is theirs.

    Raises:
        NotFound: there is no such part or answer.
    """
    line = table(tx, pile).line(place)
    me, part = pile.marker, pile.part
    mine = {one.submission_item_id for one in claims.held_by(tx, me, part)}
    return line.item_id in claims.take(tx, me, part, mine | {line.item_id})


def give_back(tx: Transaction, pile: Pile, place: Place) -> None:
    """Give back an answer with all that was claimed along with it; nothing happens where somebody else is at it.

    Raises:
        NotFound: there is no such part or answer.
    """
    line = table(tx, pile).line(place)
    me, part = pile.marker, pile.part
    if line.item_id in {one.submission_item_id for one in claims.held_by(tx, me, part)}:
        # Somebody marks one answer at a time, or one group.
        claims.let_go(tx, me)


def open_answer(
    tx: Transaction,
    pile: Pile,
    place: Place,
    *,
    show: Show = "waiting",
    names: bool = False,
    claim: bool = True,
    blind: bool = False,
) -> DeskPage:
    """An answer with all that its marker needs, claimed together with its group where nobody else is at it.

    Who looks at names is written down. Without `claim` it is only looked at, and nothing is written. `blind`: for
    somebody who may still mark it a second time, who sees nothing of what was decided, and decides nothing here.

    Raises:
        NotFound: there is no such part or answer.
    """
    found = table(tx, pile)
    line = found.line(place)
    row = stand_ins.answered(tx, found.quiz.id, place.attempt, place.position)
    if row is None:
        raise NotFound("There is no such answer (any more).")
    me, part = pile.marker, pile.part
    others = claims.held_by_others(tx, me, part)
    archived = quizzes.course(tx, pile.course_id).archived_at is not None
    blind = blind and line.state != "needs-person"
    mine: set[int] = set()
    grouped = found.grouped(tx)
    alike: list[Line] = [] if archived or blind else _alike(tx, found, grouped, line, others)
    if claim and not archived and not blind:
        mine = claims.take(tx, me, part, [line.item_id])
        if mine:
            mine |= claims.take(tx, me, part, [one.item_id for one in alike])
        claims.keep_only(tx, me, mine)
        alike = [one for one in alike if one.item_id in mine]
    elif not archived and not blind:
        mine = {one.submission_item_id for one in claims.held_by(tx, me, part)}
    held = others.get(line.item_id)
    if names:
        subject = f"attempt {place.attempt}"
        tx.record(me, "saw a name while marking", subject, question=pile.question, part=part)
    answer = answer_of(tx, row, part, names=names, blind=blind)
    if blind:
        answer = replace(answer, points=Fraction(0), upto=answer.max)
    walk = [one for one in found.lines if show == "all" or _to_see(found, one) or one is line]
    number = walk.index(line)
    return DeskPage(
        quiz_id=found.quiz.public_id,
        title=found.quiz.title,
        question=pile.question,
        part=part,
        show=show,
        place=place,
        answer=answer,
        mine=line.item_id in mine,
        holder=held.name if held is not None and line.item_id not in mine else "",
        archived=archived,
        blind=blind,
        alike=alike_views(tx, row.item_id, part, row.rendered, alike),
        same=len(alike),
        previous=_place(walk[number - 1]) if number else None,
        following=_place(walk[number + 1]) if number + 1 < len(walk) else None,
        number=number + 1,
        total=len(walk),
        waiting=len(found.waiting),
        marked=len(found.marked),
        by_me=len(found.mine),
        undoable=undoable(tx, pile),
        snippets=snippets(tx, pile.course_id, pile.question),
    )


def alike_to(tx: Transaction, found: Table, line: Line, others: Mapping[int, object]) -> list[Line]:
    """The answers that are the same as this one, wait as it does, and are nobody else's at the moment."""
    return _alike(tx, found, found.grouped(tx), line, others)


def _to_see(found: Table, line: Line) -> bool:
    return line.state == "needs-person" or line.item_id in found.mine


def _alike(tx: Transaction, found: Table, grouped: Groups, line: Line, others: Mapping[int, object]) -> list[Line]:
    wanted = set(grouped.alike(line.item_id)) - {line.item_id} - set(others)
    if line.state != "needs-person" or not wanted:
        return []
    same = [one for one in found.lines if one.item_id in wanted and one.state == "needs-person"]
    numbers = {line.item_id, *(one.item_id for one in same)}
    if numbers & found.marked:
        # Somebody has decided about some of them, which wait again or still: not for the same as the others, maybe.
        newest = newest_by_answer(tx, numbers, found.pile.part)
        credits = stand_ins.credits(tx, numbers)
        waits = {one: waits_for(credits[one], found.pile.part, newest.get(one, {})) for one in numbers}
        same = [one for one in same if waits[one.item_id] == waits[line.item_id]]
    return same[:MOST_AT_ONCE]


def alike_views(
    tx: Transaction, item_id: int, part: str, rendered: Mapping[str, object], alike: Sequence[Line]
) -> tuple[Alike, ...]:
    """Other answers of a group beside one of them, which is an answer to `rendered`."""
    rows = {row.item_id: row for row in stored.frozen(tx, [item_id, *(one.item_id for one in alike)] if alike else [])}
    texts = {number: shown_text(rendered, part, row.answers) for number, row in rows.items()}
    forms = {number: text_form(text) for number, text in texts.items()}
    own = forms.get(item_id, "")
    typed = {number: typed_in(rendered, row.answers, part) for number, row in rows.items()}
    # Reading takes its time, and most write the same to the letter.
    one_each = {typed[number]: row for number, row in rows.items()}
    said = {key: "\n".join(answer_lines(rendered, row.answers, part)) for key, row in one_each.items()}
    return tuple(
        Alike(_place(one), texts[one.item_id] if forms[one.item_id] != own else "", said[typed[one.item_id]])
        for one in alike
    )


def _place(line: Line) -> Place:
    return Place(line.attempt, line.position)
