"""Double marking: a share of what people decided is decided once more, by somebody else who sees none of it.

A second decision never counts by itself. Where the two differ, a person decides anew. Deciding: second_deciding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from app.domain.decisions import Verdict, Worths, worths_in
from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.courses.membership import Membership
from app.services.marking import claims
from app.services.marking.desk import MOST_AT_ONCE, Alike, Place, alike_views, shuffled, table
from app.services.marking.desk_answers import DeskAnswer, answer_of
from app.services.marking.piles import Pile
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.storage import desk, judgements
from app.storage import marking_quality as stored
from app.storage.desk import Answered, Line
from app.storage.marking_quality import Decision, Opinion

Opinions = Mapping[tuple[int, str, str], Opinion]
"""What the machine alone said: by submitted question, part and criterion."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """An answer to a part that is, or was, to be marked twice; decisions are oldest first."""

    item_id: int
    question: str
    part: str
    place: Place
    first: tuple[Decision, ...]
    second: tuple[Decision, ...]

    def free_for(self, person_id: int) -> bool:
        """Whether this person may be the second one: nobody was, and they have decided nothing about it."""
        return not self.second and all(one.person_id != person_id for one in self.first)


@dataclass(frozen=True, slots=True)
class Compared:
    """One criterion decided twice, both in points `of` as many as it is worth now.

    `settled`: somebody has decided about it since, or it is in the rubric no more.
    """

    answer: Sampled
    criterion: str
    says: str
    first: Fraction
    second: Fraction
    of: Fraction
    first_by: str
    second_by: str
    settled: bool

    @property
    def shares(self) -> tuple[Fraction, Fraction]:
        """How much of it was met, to the one and to the other."""
        return share(self.first, self.of), share(self.second, self.of)


@dataclass(frozen=True, slots=True)
class SecondPage:
    """An answer for its second marker; `mine`: they may decide, nobody else is at it.

    `number` of `left` counts through what waits for them; `undoable`: they have decided something that can be undone.
    """

    quiz_id: str
    title: str
    question: str
    part: str
    place: Place
    answer: DeskAnswer
    mine: bool
    left: int
    number: int
    previous: Sampled | None
    following: Sampled | None
    alike: tuple[Alike, ...]
    undoable: bool


def in_sample(attempt: str, position: int, part: str, percent: int) -> bool:
    """Whether an answer belongs to the sample: always the same ones, and more of them with a higher percentage."""
    drawn = hashlib.sha256(f"second marking {attempt} {position} {part}".encode()).digest()
    return int.from_bytes(drawn[:8], "big") * 100 < percent << 64


def sampled(decisions: Iterable[Decision], percent: int) -> list[Sampled]:
    """The answers that people decided about and that belong to the sample, and those that were marked twice before."""
    found: dict[tuple[int, str], list[Decision]] = {}
    for one in decisions:
        found.setdefault((one.item_id, one.part), []).append(one)
    answers = []
    for (item, part), some in found.items():
        first = tuple(one for one in some if one.round == 1)
        second = _standing([one for one in some if one.round == 2])
        place = Place(some[0].attempt, some[0].position)
        counts = any(not one.withdrawn for one in newest_by_criterion(first).values())
        if second or (counts and in_sample(place.attempt, place.position, part, percent)):
            answers.append(Sampled(item, some[0].question, part, place, first, second))
    return answers


def _standing(second: Sequence[Decision]) -> tuple[Decision, ...]:
    """What a second marker decided, without what was taken back, which is always taken back whole."""
    back = max((place for place, one in enumerate(second) if one.withdrawn), default=-1)
    return tuple(second[back + 1 :])


def newest_by_criterion(some: Iterable[Decision]) -> dict[str, Decision]:
    """The newest decision of each criterion; they come oldest first."""
    return {one.criterion: one for one in some}


def share(points: Fraction, of: Fraction) -> Fraction:
    """How much of a criterion is met that has so many of its points."""
    return points / of if of else Fraction(0)


def compared(answers: Sequence[Sampled], opinions: Opinions, worths: Mapping[int, Worths]) -> list[Compared]:
    """What was decided twice: by the first marker before the second one came, and by the second.

    What neither touched is not among it: there both took the machine's points, which says nothing about them.
    `worths`: of the rubric that counts, by submitted question.
    """
    found = []
    for answer in answers:
        if not answer.second:
            continue
        begun = answer.second[0].id
        before = newest_by_criterion(one for one in answer.first if one.id < begun)
        for name, second in newest_by_criterion(answer.second).items():
            opinion = opinions.get((answer.item_id, answer.part, name))
            decided = before.get(name)
            now = worths.get(answer.item_id, {}).get((answer.part, name))
            of = next((one for one in (now, second.worth, opinion and opinion.max) if one is not None), second.points)
            again = Verdict(second.points, second.worth).at(of)
            first, by = None, ""
            if decided is not None and not decided.withdrawn:
                first, by = Verdict(decided.points, decided.worth).at(of), decided.name
            elif opinion is not None and opinion.sure and opinion.likely is not None:
                likely = Verdict(opinion.likely, opinion.max).at(of)
                first = likely if likely != again else None
            if first is None:
                continue
            settled = now is None or any(one.criterion == name and one.id > begun for one in answer.first)
            says = opinion.says if opinion is not None else ""
            found.append(Compared(answer, name, says, first, again, of, by, second.name, settled))
    return found


def opinions_of(tx: Transaction, quiz: str, graded: Iterable[stored.Graded]) -> dict[tuple[int, str, str], Opinion]:
    """What the machine alone said about these submitted questions; `quiz`: its public id."""
    chosen = list(graded)
    known = stored.opinions(tx, quiz, [one.grading_id for one in chosen])
    return {(one.item_id, line.part, line.criterion): line for one in chosen for line in known[one.grading_id]}


def worths_of(tx: Transaction, quiz_id: int, answers: Iterable[Sampled]) -> dict[int, Worths]:
    """What the criteria are worth of those of these answers that were marked twice, by submitted question."""
    rubrics = stored.rubrics(tx, {one.item_id for one in answers if one.second})
    asked = desk.handed_in_versions(tx, quiz_id) if rubrics else []
    by_version = {one.id: worths_in(one.parts) for one in asked}
    return {item: by_version.get(version, {}) for item, version in rubrics.items()}


def choose_share(tx: Transaction, membership: Membership, quiz_id: str, typed: str) -> int:
    """Choose how many answers in percent are marked twice; 0 for none.

    Raises:
        NotFound: the course has no such quiz.
        InvalidInput: this is no percentage.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    plain = typed.strip().removesuffix("%").strip()
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 3 and int(plain) <= 100):
        raise InvalidInput("Write a whole number from 0 to 100.", "percent")
    stored.set_percent(tx, quiz.id, int(plain), membership.person.id)
    tx.record(membership.person.id, "chose how much is marked twice", f"quiz {quiz_id}", percent=int(plain))
    return int(plain)


def next_second(tx: Transaction, membership: Membership, quiz_id: str) -> Sampled | None:
    """The next answer that this person can mark as the second one, now claimed; None where there is none.

    Raises:
        NotFound: the course has no such quiz.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, membership.course_id)
    me = membership.person.id
    for one in waiting(tx, membership, quiz_id):
        if claims.take(tx, me, one.part, [one.item_id]):
            claims.keep_only(tx, me, [one.item_id])
            return one
    return None


def open_second(tx: Transaction, pile: Pile, place: Place) -> SecondPage:
    """An answer as its second marker sees it, claimed: with what the machine says, without what people decided.

    Raises:
        NotFound: it is not to be marked a second time, or not by this person.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    me, part = pile.marker, pile.part
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    answer, row, everything = to_mark(tx, pile, place)
    mine = claims.take(tx, me, part, [answer.item_id])
    alike: list[Line] = []
    if mine:
        same = alike_to(tx, pile, answer, everything)
        mine |= claims.take(tx, me, part, [one.item_id for one in same])
        alike = [Line(one.item_id, *_at(one), None) for one in same if one.item_id in mine]
    claims.keep_only(tx, me, mine)
    seen = answer_of(tx, row, part, names=False, blind=True)
    here = everything.index(answer)
    return SecondPage(
        quiz_id=quiz.public_id,
        title=quiz.title,
        question=pile.question,
        part=part,
        place=place,
        answer=seen,
        mine=answer.item_id in mine,
        left=len(everything),
        number=here + 1,
        previous=everything[here - 1] if here else None,
        following=everything[here + 1] if here + 1 < len(everything) else None,
        alike=alike_views(tx, answer.item_id, part, row.rendered, alike),
        undoable=undoable(tx, pile.membership, pile.quiz_id),
    )


def keep_claim(tx: Transaction, pile: Pile, place: Place) -> bool:
    """Prolong a second marker's claims, while they are at work; whether the answer at that place is theirs.

    Raises:
        NotFound: it is not to be marked a second time, or not by this person.
    """
    me, part = pile.marker, pile.part
    answer, _, _ = to_mark(tx, pile, place)
    mine = {one.submission_item_id for one in claims.held_by(tx, me, part)}
    return answer.item_id in claims.take(tx, me, part, mine | {answer.item_id})


def undoable(tx: Transaction, membership: Membership, quiz_id: str) -> bool:
    """Whether a second marker has decided something that can be undone, or taken it back.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    return not membership.archived and bool(stored.newest_second(tx, quiz.id, membership.person.id))


def stop(tx: Transaction, membership: Membership, quiz_id: str) -> None:
    """Give back what this person has claimed.

    Raises:
        NotFound: the course has no such quiz.
    """
    quiz_of_course(tx, membership.course_id, quiz_id)
    claims.let_go(tx, membership.person.id)


def settle(
    tx: Transaction,
    pile: Pile,
    place: Place,
    criterion: str,
    second: bool,
    wake: Callable[[], None],
) -> None:
    """Decide a difference: what the first marker gave counts on, or from now on what the `second` gave.

    Raises:
        NotFound: the two do not differ there, or somebody has decided since.
        Conflict: another marker is at it.
        NotAllowed: the course is archived.
    """
    refuse_archived(tx, pile.course_id)
    me, part = pile.marker, pile.part
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    row = desk.one(tx, quiz.id, place.attempt, place.position)
    item = row.item_id if row is not None else 0
    if item and not claims.take(tx, me, part, [item]):
        raise Conflict("Somebody else is marking this answer now, so nothing was stored.")
    # Only now: whoever had the claim before may have settled it.
    answers = [
        one
        for one in sampled(stored.decisions(tx, quiz.id, [item]), 0)
        if (one.question, one.part, one.place) == (pile.question, part, place)
    ]
    alone = stored.graded_alone(tx, quiz.id, item)
    found = compared(answers, opinions_of(tx, quiz.public_id, alone), worths_of(tx, quiz.id, answers))
    open_here = [one for one in found if one.criterion == criterion and one.first != one.second and not one.settled]
    if not open_here:
        raise NotFound("The two markers do not differ there, or somebody has decided about it since.")
    one = open_here[0]
    worth = one.second if second else one.first
    judgements.keep(tx, one.answer.item_id, part, criterion, me, worth, worth=one.of)
    judgements.credit_again(tx, one.answer.item_id)
    claims.let_go(tx, me)
    told = {"question": pile.question, "part": part, "points": f"{criterion} {worth}"}
    tx.record(me, "settled a difference", f"attempt {place.attempt}", **told)
    tx.afterwards(wake)


def waiting(tx: Transaction, membership: Membership, quiz_id: str) -> list[Sampled]:
    """What this person can mark as the second one, in an order of their own."""
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    me = membership.person.id
    percent = stored.percent(tx, quiz.id)
    # Of tens of thousands of decisions only those of the sample are read whole.
    others = stored.decided_by_others(tx, quiz.id, me)
    items = {item for item, attempt, position, part in others if in_sample(attempt, position, part, percent)}
    found = sampled(stored.decisions(tx, quiz.id, items), percent)
    free = [one for one in found if one.free_for(me)]
    return sorted(free, key=lambda one: (one.question, one.part, shuffled(me, *_at(one))))


def to_mark(tx: Transaction, pile: Pile, place: Place) -> tuple[Sampled, Answered, list[Sampled]]:
    """An answer that this person can mark as the second one, and everything that they can.

    Raises:
        NotFound: it is not to be marked a second time, or not by this person.
    """
    everything = waiting(tx, pile.membership, pile.quiz_id)
    wanted = (pile.question, pile.part, place)
    here = next((one for one in everything if (one.question, one.part, one.place) == wanted), None)
    quiz = quiz_of_course(tx, pile.course_id, pile.quiz_id)
    row = desk.one(tx, quiz.id, place.attempt, place.position)
    if here is None or row is None:
        raise NotFound("This answer is not there for you to mark a second time.")
    return here, row, everything


def alike_to(tx: Transaction, pile: Pile, answer: Sampled, everything: Sequence[Sampled]) -> list[Sampled]:
    """Of everything that waits for a second marker: the answers that are the same as this one, and nobody is at."""
    others = claims.held_by_others(tx, pile.marker, pile.part)
    grouped = table(tx, pile).grouped(tx)
    wanted = set(grouped.alike(answer.item_id)) - {answer.item_id} - set(others)
    same = [one for one in everything if one.item_id in wanted]
    return [one for one in same if (one.question, one.part) == (pile.question, pile.part)][:MOST_AT_ONCE]


def _at(one: Sampled) -> tuple[str, int]:
    return one.place.attempt, one.place.position
