"""Who may start, what everybody gets, sections, and going forward only."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.domain.values import Json
from app.services.accounts.signing_in import TooSoon
from app.services.accounts.throttling import Throttle, ThrottleHere, ThrottleTogether
from app.services.quizzes import papers, quiz_building
from app.services.quizzes.entry_rules import Seen
from app.services.quizzes.quiz_building import NewPlace, QuizRules, Section
from app.services.sitting import attempts, going_forward
from app.services.sitting.admission import Elsewhere, Knock
from app.services.sitting.doors import door
from app.services.sitting.saving import read_change
from app.services.sitting.sightings import Sightings
from app.storage.changes import Saved
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Attempt, AttemptItem, Quiz, SittingEvent, Variant
from tests.quiz_bank import RULES, Building, question

ROOM = Seen("10.1.2.3")
STREET = Seen("203.0.113.9")
FORWARD = replace(RULES, navigation="forward")


def start(building: Building, quiz: str, knock: Knock | None, student: int = 0) -> str:
    stage = building.stage
    with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        return attempts.start(reading, writing, stage.sandbox, stage.students[student], quiz, knock)


def row(building: Building, attempt: str) -> Attempt:
    with building.stage.transactions.reading() as tx:
        return tx.session.scalars(select(Attempt).where(Attempt.public_id == attempt)).one()


def test_a_code_and_the_honour_statement_are_asked_for(building: Building) -> None:
    quiz = building.published(question("conv1"), rules=replace(RULES, access_code="Blue whale", honour="I am alone."))
    for knock, place in (
        (Knock(), "honour"),
        (Knock(code="blue whale"), "honour"),
        (Knock(honour=True), "access_code"),
        (Knock(code="orca", honour=True), "access_code"),
    ):
        with pytest.raises(InvalidInput) as refusal:
            start(building, quiz, knock)
        assert refusal.value.place == place
    attempt = start(building, quiz, Knock(code="BLUE WHALE", honour=True))
    assert row(building, attempt).honour_at == building.stage.clock()
    # Whoever is in goes on without being asked again; staff vouch for others and agree to nothing in their name.
    assert start(building, quiz, Knock()) == attempt
    assert row(building, start(building, quiz, None, student=1)).honour_at is None
    assert row(building, building.preview(quiz)).honour_at is None


@pytest.mark.parametrize("together", [False, True])
def test_guessing_codes_is_slowed_down_for_that_person_and_address_only(building: Building, together: bool) -> None:
    quiz = building.published(question("conv1"), rules=replace(RULES, access_code="Blue whale"))
    stage = building.stage
    throttle: Throttle = ThrottleTogether(stage.transactions) if together else ThrottleHere(stage.clock)
    for _ in range(3):
        with pytest.raises(InvalidInput, match="This is not the access code of this quiz"):
            start(building, quiz, Knock(STREET, "orca", throttle=throttle))
    # Even the right one has to wait now, so that nothing is learnt from trying.
    with pytest.raises(TooSoon, match="Too many wrong codes"):
        start(building, quiz, Knock(STREET, "blue whale", throttle=throttle))
    assert start(building, quiz, Knock(STREET, "blue whale", throttle=throttle), student=1)
    building.stage.clock.pass_time(seconds=61)
    assert start(building, quiz, Knock(STREET, "blue whale", throttle=throttle))


def test_a_quiz_is_started_from_its_networks_only(building: Building) -> None:
    quiz = building.published(question("conv1"), rules=replace(RULES, networks="10.0.0.0/8"))
    with pytest.raises(Elsewhere, match=r"you are seen at 203\.0\.113\.9"):
        start(building, quiz, Knock(STREET))
    with building.stage.transactions.reading() as tx:
        person = building.stage.students[0]
        assert "203.0.113.9" in door(tx, person, quiz, STREET).why_not_here
        assert door(tx, person, quiz, ROOM).why_not_here == ""
        with pytest.raises(NotFound):
            door(tx, person, "nothing", ROOM)
    assert start(building, quiz, Knock(ROOM))


def test_where_an_attempt_goes_on_is_written_down_once_for_each_address(building: Building) -> None:
    quiz = building.published(question("conv1"), rules=replace(RULES, networks="10.0.0.0/8"))
    attempt = start(building, quiz, Knock(ROOM))
    preview = building.preview(quiz)
    now = [0.0]
    for _ in range(2):  # the second is another process, which remembers nothing
        sightings = Sightings(building.stage.transactions, lambda: now[0])
        assert sightings.wants(attempt, STREET)
        for seen in (STREET, ROOM, STREET, Seen("198.51.100.1"), STREET):
            sightings.note(attempt, seen)
        sightings.note(preview, STREET)
        sightings.note("nothing", STREET)
        assert not sightings.wants(attempt, STREET)
        assert not sightings.wants(attempt, ROOM)
    with building.stage.transactions.reading() as tx:
        events = list(tx.session.scalars(select(SittingEvent).where(SittingEvent.kind == "other network")))
    assert [event.text for event in events] == ["203.0.113.9", "198.51.100.1"]
    now[0] += 60  # the rules may have changed since
    assert sightings.wants(attempt, ROOM)


def test_codes_and_networks_change_while_a_quiz_is_published_and_the_honour_statement_until_it_is_agreed_to(
    building: Building,
) -> None:
    quiz = building.published(question("conv1"), rules=replace(RULES, honour="I am alone."))
    rules = replace(RULES, honour="I am on my own.", access_code="x", networks="10.0.0.0/8", late_percent=5)
    revision = building.change(quiz, rules, None, building.plan(quiz).revision)
    start(building, quiz, Knock(ROOM, "x", honour=True))
    later = replace(rules, access_code="y", networks="", grace_seconds=5)
    revision = building.change(quiz, later, None, revision)
    for change in (replace(later, honour="Anything"), replace(later, late_percent=50), replace(later, mode="practice")):
        with pytest.raises(NotAllowed, match="The quiz is published"):
            building.change(quiz, change, None, revision)
    assert building.plan(quiz).rules == later


def test_everybody_gets_the_same_where_the_quiz_says_so(building: Building) -> None:
    places = (NewPlace(tag="conv", take=3), question("loss"))
    rules = replace(RULES, same_for_all=True, shuffle=True, attempts_allowed=None)
    same, own = building.published(*places, rules=rules), building.published(*places)

    def asked(quiz: str, student: int) -> list[tuple[str, int]]:
        attempt = building.start(quiz, student)
        with building.stage.transactions.reading() as tx:
            seeds = list(
                tx.session.scalars(
                    select(Variant.seed)
                    .join(AttemptItem, AttemptItem.variant_id == Variant.id)
                    .join(Attempt, Attempt.id == AttemptItem.attempt_id)
                    .where(Attempt.public_id == attempt)
                    .order_by(AttemptItem.position)
                )
            )
        names = building.asked(attempt)
        building.hand_in(attempt, building.stage.students[student])
        return list(zip(names, seeds, strict=True))

    rounds = [asked(same, 0) for _ in range(3)]
    # The other person meets the same, whatever they have met before.
    asked(own, 1)
    assert [asked(same, 1) for _ in range(3)] == rounds
    assert len({str(one) for one in rounds}) == 3
    seeds = [seed for one in rounds for name, seed in one if name == "loss"]
    assert len(set(seeds)) == 3
    with building.stage.transactions.reading() as reading, building.stage.transactions.writing() as writing:
        while papers.prepare(reading, writing, building.stage.sandbox, building.course, same, "blank", 2):
            pass
    with building.stage.transactions.reading() as tx:
        _, printed = papers.papers(tx, building.course, same, "blank", 2, 1, 2)
    assert [[one.title for one in paper.questions] for paper in printed] == [
        [f"Question {name}" for name, _ in rounds[0]]
    ] * 2


def create(building: Building, places: list[NewPlace], sections: list[Section], rules: QuizRules = RULES) -> str:
    with building.stage.transactions.writing() as tx:
        return quiz_building.create(tx, building.course, building.ines, rules, places, sections)


def test_sections_stay_in_order_and_questions_mix_within_them(building: Building) -> None:
    sections = [Section("Convolutions", "All with padding."), Section("Losses")]
    places = [
        question("conv1"),
        *(question(f"conv{n}", section=1) for n in range(2, 6)),
        question("loss", section=2),
        question("long", section=2),
    ]
    quiz = create(building, places, sections, replace(RULES, shuffle=True))
    assert building.plan(quiz).sections == tuple(sections)
    assert [place.section for place in building.plan(quiz).places] == [0, 1, 1, 1, 1, 2, 2]
    with building.stage.transactions.writing() as tx:
        # One of most salts, with which two people's orders differ.
        tx.session.scalars(select(Quiz).where(Quiz.public_id == quiz)).one().salt = "different orders"
    building.publish(quiz)
    orders = set()
    for student in (0, 1):
        attempt = building.start(quiz, student)
        asked = building.asked(attempt)
        assert asked[0] == "conv1"
        assert set(asked[1:5]) == {"conv2", "conv3", "conv4", "conv5"}
        orders.add(tuple(asked))
        with building.stage.transactions.reading() as tx:
            view = attempts.view(tx, building.stage.students[student], attempt)
        begun = [one.title if one else None for one in map(view.begins, view.items)]
        assert begun == [None, "Convolutions", None, None, None, "Losses", None]
        assert view.section_of(view.items[0]) is None
        assert view.section_of(view.items[2]) == sections[0]
    assert len(orders) == 2


@pytest.mark.parametrize(
    ("places", "sections", "where"),
    [
        ([question("conv1", section=1)], [], "places[0].section"),
        ([question("conv1", section=-1)], [Section("A")], "places[0].section"),
        (
            [question("conv1", section=2), question("conv2", section=1)],
            [Section("A"), Section("B")],
            "places[1].section",
        ),
        ([question("conv1")], [Section("  ")], "sections[0].title"),
        ([question("conv1")], [Section("A"), Section("x" * 301)], "sections[1].title"),
        ([question("conv1")], [Section("A", "x" * 20_001)], "sections[0].text"),
        ([question("conv1")], [Section("A")] * 101, "sections"),
    ],
)
def test_sections_that_cannot_be_are_refused_by_name(
    building: Building, places: list[NewPlace], sections: list[Section], where: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        create(building, places, sections)
    assert refusal.value.place == where


def test_a_heading_over_nothing_keeps_a_draft_from_being_published(building: Building) -> None:
    quiz = create(building, [question("conv1", section=1)], [Section("A"), Section("B")])
    assert building.plan(quiz).troubles == ("The section “B” has no questions.",)
    with pytest.raises(InvalidInput, match="The section “B” has no questions"):
        building.publish(quiz)
    late = building.create(question("conv1"), rules=replace(RULES, late_days=2))
    with pytest.raises(InvalidInput, match="Late days follow the closing time"):
        building.publish(late)


def save(building: Building, attempt: str, item: int, value: str, revision: int = 1) -> Saved:
    with building.stage.transactions.writing() as tx:
        data: Json = {
            "device": f"tab{item}{revision}",
            "seq": revision,
            "changes": [{"item": item, "field": f"conv{item}_x", "revision": revision, "value": value}],
        }
        (outcome,) = write_saves(tx, [Arrival(read_change(attempt, data), tx.now())], 30, {})
    assert isinstance(outcome, Saved)
    return outcome


def test_forward_only_a_question_that_was_left_is_neither_seen_nor_changed(building: Building) -> None:
    quiz = building.published(question("conv1"), question("conv2"), question("conv3"), rules=FORWARD)
    attempt, me = building.start(quiz), building.stage.students[0]

    def leave(position: int, person: int = me) -> int:
        with building.stage.transactions.writing() as tx:
            return going_forward.leave(tx, person, attempt, position)

    def view() -> attempts.AttemptView:
        with building.stage.transactions.reading() as tx:
            return attempts.view(tx, me, attempt)

    assert view().reached == 1
    with pytest.raises(Conflict, match="You are at question 1"):
        leave(2)
    with pytest.raises(NotFound):
        leave(1, building.stage.students[1])
    assert not save(building, attempt, 1, "1").fields[0].left
    # What has not been reached takes no answers either.
    assert save(building, attempt, 2, "5").fields[0].left
    assert leave(1) == 2
    assert leave(1) == 2
    assert [view().locked(position) for position in (1, 2, 3)] == [True, False, True]
    # What was typed before leaving may arrive a little later; then the question is closed, and the rest goes on.
    assert not save(building, attempt, 1, "2", 2).fields[0].stale
    building.stage.clock.pass_time(seconds=61)
    late = save(building, attempt, 1, "3", 3).fields[0]
    assert (late.left, late.stale, late.value) == (True, True, "2")
    assert not save(building, attempt, 2, "7", 2).fields[0].left
    assert leave(2) == 3
    assert save(building, attempt, 1, "4", 4).fields[0].left
    with pytest.raises(Conflict, match="This is the last question"):
        leave(3)
    with building.stage.transactions.writing() as tx:
        tx.session.scalars(select(Attempt)).one().paused_at = tx.now()
    with pytest.raises(NotAllowed, match="paused"):
        leave(3)


def test_free_attempts_are_not_left(building: Building) -> None:
    attempt = building.start(building.published(question("conv1"), question("conv2")))
    with (
        building.stage.transactions.writing() as tx,
        pytest.raises(Conflict, match="you may come back to every question"),
    ):
        going_forward.leave(tx, building.stage.students[0], attempt, 1)
    assert not save(building, attempt, 2, "1").fields[0].left
