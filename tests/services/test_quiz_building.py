"""Building quizzes: drafts follow the bank, published quizzes stay as they are, attempts draw what was planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest
from sqlalchemy import func, select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.services.quizzes import quiz_building, quizzes
from app.services.quizzes.quiz_building import NewPlace, QuizRules
from app.services.sitting import attempts
from app.storage.tables import Attempt, AuditEntry, Course
from tests.quiz_bank import RULES, Building, add, question, retire


def test_a_draft_is_seen_by_staff_only_until_it_is_published(building: Building) -> None:
    quiz = building.create(question("conv1"))
    student = building.stage.students[0]
    with building.stage.transactions.reading() as tx:
        assert quiz not in {card.id for card in quizzes.quizzes_of(tx, student)}
        assert quiz in {card.id for card in quizzes.quizzes_of(tx, building.ines.id) if card.draft}
    with pytest.raises(NotFound, match="no such quiz in your courses"):
        building.start(quiz)
    building.publish(quiz)
    assert building.asked(building.start(quiz)) == ["conv1"]


def test_points_add_up_over_weights_pools_and_points_each(building: Building) -> None:
    quiz = building.create(
        question("conv1", weight=Fraction(2)),
        question("loss", each=Fraction(5, 2)),
        NewPlace(tag="conv", take=3, weight=Fraction(1, 3)),
        NewPlace(questions=("loss", "long"), take=1, each=Fraction(4)),
    )
    plan = building.plan(quiz)
    assert [place.most for place in plan.places] == [6, Fraction(5, 2), 3, 4]
    assert (plan.questions, plan.least, plan.most) == (6, Fraction(31, 2), Fraction(31, 2))
    with building.stage.transactions.reading() as tx:
        outline = quiz_building.quizzes_of_course(tx, building.course)[-1]
    assert (outline.questions, outline.points, outline.state) == (6, Fraction(31, 2), "draft")


def test_a_draft_follows_the_bank_and_a_published_quiz_does_not(building: Building) -> None:
    quiz = building.create(question("conv1"), NewPlace(tag="loss", take=1, each=Fraction(1)))
    with building.stage.transactions.writing() as tx:
        add(tx, "conv1", number=2, tags=["conv"])
        add(tx, "loss3", tags=["loss"])
    plan = building.plan(quiz)
    assert plan.places[0].questions[0].number == 2
    assert [one.question for one in plan.places[1].questions] == ["long", "loss", "loss3"]
    building.publish(quiz)
    with building.stage.transactions.writing() as tx:
        add(tx, "conv1", number=3, tags=["conv"])
        add(tx, "loss4", tags=["loss"])
    plan = building.plan(quiz)
    assert plan.places[0].questions[0].number == 2
    assert [one.question for one in plan.places[1].questions] == ["long", "loss", "loss3"]
    assert plan.remarks == ("“Question conv1” has a newer version (3) in the bank; this quiz stays with version 2.",)


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ([], "The quiz has no questions yet."),
        ([question("conv1"), question("conv1")], "“conv1” is in the quiz 2 times."),
        ([question("survey")], "The questions add up to no points."),
        ([question("survey", each=Fraction(2)), question("conv1")], "holds no points of its own"),
        ([NewPlace(tag="loss", take=1)], "The questions of the pool “loss” are worth different amounts"),
        ([NewPlace(tag="conv", take=7), question("conv1")], "The pool “conv” could run out of questions"),
        (
            [NewPlace(tag="conv", take=4), NewPlace(questions=("conv1", "conv2", "conv3"), take=3)],
            "The pool in place 2 could run out of questions",
        ),
    ],
)
def test_a_quiz_that_makes_no_sense_is_not_published(building: Building, places: list[NewPlace], says: str) -> None:
    quiz = building.create(*places)
    with pytest.raises(InvalidInput, match=says):
        building.publish(quiz)
    plan = building.plan(quiz)
    assert plan.state == "draft"
    assert any(says in trouble for trouble in plan.troubles)


def test_a_retired_question_keeps_a_draft_from_being_published(building: Building) -> None:
    quiz = building.create(question("conv1"), NewPlace(questions=("conv2", "conv3"), take=1))
    pool = building.create(NewPlace(tag="conv", take=6))
    with building.stage.transactions.writing() as tx:
        retire(tx, "conv3")
    with pytest.raises(InvalidInput, match="“conv3” has been retired from the bank"):
        building.publish(quiz)
    building.publish(pool)
    with building.stage.transactions.reading() as tx:
        assert len(quiz_building.quiz_plan(tx, building.course, pool).places[0].questions) == 6


def test_a_pool_that_has_become_too_small_is_told_when_publishing(building: Building) -> None:
    quiz = building.create(NewPlace(tag="loss", take=2, each=Fraction(1)))
    with building.stage.transactions.writing() as tx:
        retire(tx, "loss")
    with pytest.raises(InvalidInput, match="Only 1 question is tagged “loss”, so 2 cannot"):
        building.publish(quiz)


def test_a_broken_question_is_named_before_publishing(building: Building) -> None:
    quiz = building.create(question("conv1"))
    sandbox = building.stage.sandbox
    sandbox._check = lambda payload: {"problems": [{"says": "There is no grader “gone”."}]}  # type: ignore[method-assign]
    says = "“Question conv1” cannot be used as it is: There is no grader"
    with building.stage.transactions.reading() as tx, pytest.raises(InvalidInput, match=says):
        quiz_building.examine(tx, sandbox, building.course, quiz)


@pytest.mark.parametrize(
    ("rules", "place"),
    [
        (QuizRules(" "), "title"),
        (QuizRules("x" * 301), "title"),
        (QuizRules("A", minutes=0), "minutes"),
        (QuizRules("A", attempts_allowed=1001), "attempts_allowed"),
        (QuizRules("A", counts="worst"), "counts"),  # type: ignore[arg-type]
        (QuizRules("A", release="never"), "release"),  # type: ignore[arg-type]
        (QuizRules("A", description="x" * 20_001), "description"),
    ],
)
def test_rules_that_cannot_be_are_refused_by_name(building: Building, rules: QuizRules, place: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        building.create(rules=rules)
    assert refusal.value.place == place


@pytest.mark.parametrize(
    ("place", "where"),
    [
        (question("nothing"), "places[0].question"),
        (NewPlace(tag="nothing"), "places[0].tag"),
        (NewPlace(tag="conv", take=8), "places[0].take"),
        (NewPlace(tag="conv", take=0), "places[0].take"),
        (NewPlace(), "places[0]"),
        (NewPlace(question="conv1", tag="conv"), "places[0]"),
        (NewPlace(questions=("conv1", "nothing")), "places[0].list"),
        (question("conv1", weight=Fraction(-1)), "places[0].weight"),
        (question("conv1", each=Fraction(1, 99_999)), "places[0].each"),
        (question("conv1", take=2), "places[0].take"),
    ],
)
def test_places_that_cannot_be_are_refused_by_name(building: Building, place: NewPlace, where: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        building.create(place)
    assert refusal.value.place == where
    with building.stage.transactions.reading() as tx:
        assert len(quiz_building.quizzes_of_course(tx, building.course)) == 1


def test_closing_before_opening_is_refused(building: Building) -> None:
    now = building.stage.clock()
    with pytest.raises(InvalidInput, match="A quiz closes after it opens"):
        building.create(rules=replace(RULES, opens_at=now, closes_at=now))
    quiz = building.create(question("conv1"), rules=replace(RULES, closes_at=now - timedelta(minutes=1)))
    with pytest.raises(InvalidInput, match="The closing time has passed"):
        building.publish(quiz)


def test_two_people_who_change_the_same_quiz_do_not_overwrite_each_other(building: Building) -> None:
    quiz = building.create(question("conv1"))
    revision = building.plan(quiz).revision
    assert building.change(quiz, replace(RULES, title="Mine"), [question("conv2")], revision) == revision + 1
    with pytest.raises(Conflict, match="Somebody else has changed this quiz"):
        building.change(quiz, replace(RULES, title="Yours"), [question("conv3")], revision)
    plan = building.plan(quiz)
    assert (plan.title, [place.questions[0].question for place in plan.places]) == ("Mine", ["conv2"])


def test_a_published_quiz_changes_only_what_touches_no_answer(building: Building) -> None:
    quiz = building.published(question("conv1"))
    revision = building.plan(quiz).revision
    later = building.stage.clock() + timedelta(days=2)
    revision = building.change(
        quiz,
        replace(RULES, description="New", closes_at=later, attempts_allowed=2, release="after closing"),
        [question("conv1")],
        revision,
    )
    stored = building.plan(quiz).rules
    assert (stored.description, stored.closes_at, stored.attempts_allowed) == ("New", later, 2)
    for rules in (replace(stored, title="Other"), replace(stored, minutes=5), replace(stored, shuffle=True)):
        with pytest.raises(NotAllowed, match="The quiz is published"):
            building.change(quiz, rules, None, revision)
    with pytest.raises(NotAllowed, match="its questions stay as they are"):
        building.change(quiz, stored, [question("conv2")], revision)
    with pytest.raises(NotAllowed, match="needs a closing time"):
        building.change(quiz, replace(stored, closes_at=None), None, revision)


def test_a_quiz_goes_back_to_draft_only_while_no_student_has_started(building: Building) -> None:
    quiz = building.published(question("conv1"))
    building.preview(quiz)
    with building.stage.transactions.writing() as tx:
        quiz_building.back_to_draft(tx, building.course, quiz, building.ines)
    assert building.plan(quiz).state == "draft"
    building.publish(quiz)
    building.start(quiz)
    with building.stage.transactions.writing() as tx, pytest.raises(NotAllowed, match="Students have started"):
        quiz_building.back_to_draft(tx, building.course, quiz, building.ines)


def test_a_draft_is_deleted_with_the_previews_of_its_staff(building: Building) -> None:
    quiz = building.create(question("conv1"))
    attempt = building.preview(quiz)
    building.hand_in(attempt, building.ines.id)
    with building.stage.transactions.writing() as tx:
        quiz_building.remove(tx, building.course, quiz, building.ines)
    with building.stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Attempt)) == 0
        with pytest.raises(NotFound):
            quiz_building.quiz_plan(tx, building.course, quiz)
        actions = list(tx.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert actions[-1] == "deleted a quiz"
    published = building.published(question("conv1"))
    with building.stage.transactions.writing() as tx, pytest.raises(NotAllowed, match="Only drafts"):
        quiz_building.remove(tx, building.course, published, building.ines)


def test_a_quiz_of_another_course_is_not_there(building: Building) -> None:
    quiz = building.create(question("conv1"))
    with building.stage.transactions.writing() as tx:
        other = quizzes.create_course(tx, "Other")
        for call in (quiz_building.publish, quiz_building.remove, quiz_building.release):
            with pytest.raises(NotFound, match="no such quiz in this course"):
                call(tx, other, quiz, building.ines)
        with pytest.raises(NotFound):
            quiz_building.quiz_plan(tx, other, quiz)


def test_everybody_draws_distinct_questions_from_a_pool_and_always_the_same_ones(building: Building) -> None:
    quiz = building.published(
        question("conv1"), NewPlace(tag="conv", take=3), rules=replace(RULES, attempts_allowed=None)
    )
    first = building.start(quiz)
    asked = building.asked(first)
    assert len(set(asked)) == 4
    assert asked[0] == "conv1"
    assert building.asked(building.start(quiz)) == asked
    building.hand_in(first)
    seen = {tuple(building.asked(building.start(quiz, 1)))}
    for _ in range(4):
        attempt = building.start(quiz)
        asked = building.asked(attempt)
        assert len(set(asked)) == 4
        seen.add(tuple(asked))
        building.hand_in(attempt)
    assert len(seen) > 1


def test_a_question_in_a_pool_counts_what_the_place_says(building: Building) -> None:
    quiz = building.published(NewPlace(tag="loss", take=2, each=Fraction(3, 2)))
    attempt = building.start(quiz)
    with building.stage.transactions.reading() as tx:
        view = attempts.view(tx, building.stage.students[0], attempt)
    assert [item.points for item in view.items] == [Fraction(3, 2), Fraction(3, 2)]
    assert view.max == 3


def test_shuffled_questions_come_in_an_order_of_everybodys_own(building: Building) -> None:
    names = [f"conv{number}" for number in range(1, 8)]
    quiz = building.published(*map(question, names), rules=replace(RULES, shuffle=True))
    orders = set()
    for student in (0, 1):
        orders.add(tuple(building.asked(building.start(quiz, student))))
    building.hand_in(building.start(quiz))
    orders.add(tuple(building.asked(building.start(quiz))))
    assert all(sorted(order) == names for order in orders)
    assert len(orders) > 1


def test_staff_preview_drafts_and_closed_quizzes_as_often_as_they_like(building: Building) -> None:
    now = building.stage.clock()
    rules = replace(RULES, attempts_allowed=1, closes_at=now + timedelta(hours=1))
    quiz = building.create(question("conv1"), rules=rules)
    for _ in range(2):
        building.hand_in(building.preview(quiz), building.ines.id)
    building.publish(quiz)
    building.stage.clock.pass_time(hours=2)
    attempt = building.preview(quiz)
    with building.stage.transactions.reading() as tx:
        view = attempts.view(tx, building.ines.id, attempt)
        assert view.preview
        assert view.deadline_at is None
        assert quiz_building.quizzes_of_course(tx, building.course)[-1].attempts == 0
    with pytest.raises(NotAllowed, match="This quiz is closed"):
        building.start(quiz)


def test_nothing_starts_or_changes_in_an_archived_course(building: Building) -> None:
    quiz = building.published(question("conv1"))
    draft = building.create(question("conv2"))

    with building.stage.transactions.writing() as tx:
        tx.session.get_one(Course, building.course).archived_at = tx.now()
    with pytest.raises(NotAllowed, match="This course is over"):
        building.start(quiz)
    with pytest.raises(NotAllowed, match="This course is over"):
        building.preview(draft)
    with pytest.raises(NotAllowed, match="archived"):
        building.create(question("conv1"))
    with pytest.raises(NotAllowed, match="archived"):
        building.publish(draft)
    with building.stage.transactions.reading() as tx:
        cards = quizzes.quizzes_of(tx, building.stage.students[0])
    assert cards
    assert not any(card.may_start for card in cards)
