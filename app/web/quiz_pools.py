"""What the places of a quiz's form draw from, and what that is worth while nothing is stored yet."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from app.services.operating.transactions import Transaction
from app.services.quizzes import quiz_questions
from app.services.quizzes.quiz_building import Place, QuizPlan
from app.services.quizzes.quiz_questions import FoundQuestion
from app.web.quiz_forms import TypedPlace, TypedQuiz, amount_from

NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True)
class Pool:
    """The questions of a place, the names that do not exist, how many are taken, and the points that gives."""

    questions: tuple[FoundQuestion, ...]
    missing: tuple[str, ...]
    take: int
    least: Fraction
    most: Fraction


HEADING = Pool((), (), 0, NOTHING, NOTHING)


def pools_of(tx: Transaction, made: TypedQuiz, plan: QuizPlan | None) -> list[Pool]:
    """One for each row of the form."""
    if plan is not None and plan.state == "published":
        frozen = iter(plan.places)
        return [HEADING if place.kind == "section" else _frozen(next(frozen)) for place in made.places]
    names = {name for place in made.places for name in place.asked()}
    known = quiz_questions.questions_by_name(tx, names)
    tags = {place.tag for place in made.places if place.kind == "tag"}
    by_tag = {tag: quiz_questions.tagged_questions(tx, tag) for tag in tags}
    return [HEADING if place.kind == "section" else _typed(place, known, by_tag) for place in made.places]


def _typed(place: TypedPlace, known: dict[str, FoundQuestion], by_tag: dict[str, tuple[FoundQuestion, ...]]) -> Pool:
    asked = place.asked()
    questions = by_tag[place.tag] if place.kind == "tag" else tuple(known[one] for one in asked if one in known)
    text = place.take.strip()
    take = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
    amount = amount_from(place.amount) or NOTHING
    worth = sorted(amount * (one.points if place.worth != "each" else int(one.points > 0)) for one in questions)
    least, most = sum(worth[:take], NOTHING), sum(worth[::-1][:take], NOTHING)
    return Pool(questions, tuple(one for one in asked if one not in known), take, least, most)


def _frozen(place: Place) -> Pool:
    questions = tuple(
        FoundQuestion(one.question, one.title, one.number, one.points, one.retired) for one in place.questions
    )
    return Pool(questions, (), place.take, place.least, place.most)
