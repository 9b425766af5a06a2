"""Webhooks hear what happens in their course: signed, once it is on disk, and again until they have taken it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

import pytest

from app.domain.errors import InvalidInput, NotFound
from app.jobs.grading import GradeSubmissions
from app.jobs.webhooks import DeliverEvents, ForgetDeliveries
from app.services.accounts.people import Person
from app.services.courses import roster
from app.services.marking import grading
from app.services.operating import deliveries, webhooks
from app.services.operating.posting import Posted
from app.services.operating.webhooks import EVENTS, DeliveryCard
from app.services.quizzes import quiz_building, quizzes
from app.services.quizzes.quiz_building import NewPlace, QuizRules
from app.services.sitting import submissions
from app.storage import people
from tests.listener import Listener, listening
from tests.small_bank import Stage

INES = "https://example.org/hook"


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as one:
        yield one


def never() -> bool:
    return False


def teacher(stage: Stage) -> Person:
    with stage.transactions.writing() as tx:
        row = people.person_by_login(tx, "ines") or people.add_person(tx, "ines", "Ines", None, False)
        people.enrol(tx, stage.course, row.id, "instructor")
        return Person(row.id, row.login, row.name, False)


def listen(stage: Stage, address: str = INES, events: tuple[str, ...] = EVENTS, course: int | None = None) -> str:
    by = teacher(stage)
    with stage.transactions.writing() as tx:
        where = stage.course if course is None else course
        return webhooks.create(tx, where, by, address, events, private_targets=address.startswith("http:"))[0]


def log(stage: Stage, webhook: str, **given: Any) -> tuple[DeliveryCard, ...]:
    with stage.transactions.reading() as tx:
        return webhooks.deliveries(tx, stage.course, webhook, **given)


def events(stage: Stage, webhook: str) -> list[str]:
    return [card.event for card in reversed(log(stage, webhook))]


def hand_in(stage: Stage, attempt: str) -> None:
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[0], attempt, lambda: None)


def grade_all(stage: Stage) -> None:
    duty = GradeSubmissions(stage.transactions, stage.sandbox)
    for key in duty.due(10):
        duty.do(key, never)


def test_the_life_of_an_attempt_is_told_to_those_who_listen(stage: Stage) -> None:
    everything, graded = listen(stage), listen(stage, events=("attempt.graded",))
    attempt = stage.start()
    hand_in(stage, attempt)
    assert events(stage, everything) == ["attempt.started", "attempt.handed_in"]
    grade_all(stage)
    assert events(stage, everything) == ["attempt.started", "attempt.handed_in", "attempt.graded"]
    assert events(stage, graded) == ["attempt.graded"]
    (card,) = log(stage, graded)
    assert (card.payload["id"], card.payload["event"]) == (card.id, "attempt.graded")
    data = card.payload["data"]
    assert (data["attempt"], data["login"], data["number"], data["quiz"]) == (attempt, "student0", 1, stage.quiz)


def test_an_attempt_whose_last_questions_are_graded_at_once_is_told_once(stage: Stage) -> None:
    webhook = listen(stage, events=("attempt.graded",))
    told = [stage.start(0), stage.start(1)]
    with stage.transactions.writing() as tx:
        for student, attempt in zip(stage.students, told, strict=True):
            submissions.hand_in(tx, student, attempt, lambda: None)
    duty = GradeSubmissions(stage.transactions, stage.sandbox)
    with stage.transactions.reading() as tx:
        waiting = [one for paper in grading.ungraded_papers(tx) for one in grading.ungraded_of(tx, paper)]
    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(duty.grade, [number], never) for number in waiting]:
            done.result()
    assert sorted(card.payload["data"]["attempt"] for card in log(stage, webhook)) == sorted(told)


def test_a_quiz_that_is_published_or_released_is_told(stage: Stage) -> None:
    webhook, by = listen(stage), teacher(stage)
    with stage.transactions.writing() as tx:
        rules = QuizRules("Midterm", release="by hand")
        quiz = quiz_building.create(tx, stage.course, by, rules, [NewPlace(question="qa")])
        quiz_building.publish(tx, stage.course, quiz, by)
        quiz_building.release(tx, stage.course, quiz, by)
    assert events(stage, webhook) == ["quiz.published", "results.released"]


def test_who_comes_and_goes_is_told(stage: Stage) -> None:
    webhook, by = listen(stage), teacher(stage)
    with stage.transactions.writing() as tx:
        mira = roster.enrol(tx, stage.course, by, login="mira")
        roster.enrol(tx, stage.course, by, login="mira")
        roster.change_role(tx, stage.course, mira.person_id, "assistant", by)
        roster.remove(tx, stage.course, mira.person_id, by)
        roster.import_roster(tx, stage.course, by, roster.read_roster("login,name\nnoa,Noa\n").rows)
    told = [(card.payload["data"]["login"], card.payload["data"]["role"]) for card in reversed(log(stage, webhook))]
    assert told == [("mira", "student"), ("mira", "assistant"), ("mira", None), ("noa", "student")]


def test_what_does_not_happen_is_not_told(stage: Stage) -> None:
    webhook = listen(stage)

    def fail() -> None:
        with stage.transactions.writing() as tx:
            webhooks.announce(tx, stage.course, "quiz.published", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert log(stage, webhook) == ()


def test_a_webhook_hears_only_its_own_course_and_not_what_staff_try_out(stage: Stage) -> None:
    by = teacher(stage)
    with stage.transactions.writing() as tx:
        other = quizzes.create_course(tx, "Other")
        people.enrol(tx, stage.course, stage.students[1], "assistant")
    abroad, home = listen(stage, course=other), listen(stage)
    stage.start(1)
    stage.start(0)
    assert len(log(stage, home)) == 1
    with stage.transactions.reading() as tx:
        assert webhooks.deliveries(tx, other, abroad) == ()
        for ask in (webhooks.webhook, webhooks.deliveries, webhooks.secret_of):
            with pytest.raises(NotFound):
                ask(tx, stage.course, abroad)
    with pytest.raises(NotFound), stage.transactions.writing() as tx:
        webhooks.remove(tx, stage.course, abroad, by)


def test_an_event_arrives_signed(stage: Stage, listener: Listener) -> None:
    webhook = listen(stage, listener.address)
    stage.start()
    duty = DeliverEvents(stage.transactions, private_targets=True)
    (key,) = duty.due(5)
    duty.do(key, never)
    assert duty.due(5) == []
    ((_, headers, body),) = listener.heard
    with stage.transactions.reading() as tx:
        secret = webhooks.secret_of(tx, stage.course, webhook)
    stated = dict(piece.split("=", 1) for piece in headers["Gradus-Signature"].split(","))
    signed = f"{headers['Gradus-Event-Id']}.{stated['t']}.".encode() + body
    assert stated["v1"] == hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    assert int(stated["t"]) == int(stage.clock().timestamp())
    assert json.loads(body)["event"] == headers["Gradus-Event"] == "attempt.started"
    (card,) = log(stage, webhook)
    assert (card.state, card.tries, card.last_status, card.id) == ("delivered", 1, 204, headers["Gradus-Event-Id"])


def test_what_does_not_arrive_is_tried_for_about_a_day_and_then_given_up(stage: Stage) -> None:
    webhook = listen(stage)
    stage.start()
    began, times = stage.clock(), []

    def refuse(*_: Any, **__: Any) -> Posted:
        times.append(stage.clock())
        return Posted(503, "Answered 503.")

    for _ in range(24 * 60 * 2 + 10):
        with stage.transactions.reading() as tx:
            due = deliveries.webhooks_due(tx, 5)
        for number in due:
            deliveries.deliver(stage.transactions, number, private_targets=False, posting=refuse)
        if log(stage, webhook)[0].state == "given up":
            break
        following = log(stage, webhook)[0].next_at
        assert following is not None
        stage.clock.time = following
    (card,) = log(stage, webhook)
    assert (card.state, card.tries, card.last_status) == ("given up", len(deliveries.GAPS) + 1, 503)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps == sorted(gaps)
    assert 20 < (times[-1] - began).total_seconds() / 3600 <= 24


def test_a_webhook_that_fails_is_left_alone_for_a_while_and_loses_nothing(stage: Stage) -> None:
    webhook = listen(stage)
    stage.start(0)
    stage.start(1)
    tried: list[str] = []

    def posting(address: str, body: bytes, headers: dict[str, str], **_: Any) -> Posted:
        tried.append(headers["Gradus-Event-Id"])
        return Posted(None, "No.") if len(tried) == 1 else Posted(200, "")

    def deliver() -> int:
        with stage.transactions.reading() as tx:
            due = deliveries.webhooks_due(tx, 5)
        return sum(deliveries.deliver(stage.transactions, one, private_targets=False, posting=posting) for one in due)

    assert deliver() == 0
    assert deliver() == 0
    assert len(tried) == 1
    stage.clock.pass_time(seconds=31)
    assert deliver() == 2
    assert {card.state for card in log(stage, webhook)} == {"delivered"}
    assert len(set(tried)) == 2


def test_a_delivery_is_sent_again_with_the_same_id(stage: Stage, listener: Listener) -> None:
    webhook, by = listen(stage, listener.address), teacher(stage)
    stage.start()
    duty = DeliverEvents(stage.transactions, private_targets=True)
    for key in duty.due(5):
        duty.do(key, never)
    with stage.transactions.writing() as tx:
        card = webhooks.redeliver(tx, stage.course, webhook, log(stage, webhook)[0].id, by)
        assert card.state == "waiting"
    for key in duty.due(5):
        duty.do(key, never)
    first, second = (headers["Gradus-Event-Id"] for _, headers, _ in listener.heard)
    assert first == second
    with pytest.raises(NotFound), stage.transactions.writing() as tx:
        webhooks.redeliver(tx, stage.course, webhook, "nothing", by)


def test_a_webhook_that_rests_or_is_gone_hears_nothing(stage: Stage) -> None:
    resting, gone = listen(stage), listen(stage)
    by = teacher(stage)
    stage.start(0)
    with stage.transactions.writing() as tx:
        new: dict[str, Any] = {"address": INES, "events": EVENTS, "active": False, "private_targets": False}
        webhooks.change(tx, stage.course, resting, by, **new)
        webhooks.remove(tx, stage.course, gone, by)
    stage.start(1)
    assert len(log(stage, resting)) == 1
    with stage.transactions.reading() as tx:
        assert deliveries.webhooks_due(tx, 5) == []
        (card,) = webhooks.webhooks_of(tx, stage.course)
        assert (card.id, card.active, card.waiting) == (resting, False, 1)


@pytest.mark.parametrize(
    ("address", "chosen", "place"),
    [
        ("https://127.0.0.1/", EVENTS, "address"),
        ("https://example.org/" + "x" * 2000, EVENTS, "address"),
        (INES, (), "events"),
        (INES, ("attempt.started", "everything"), "events"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_its_place(
    stage: Stage, address: str, chosen: tuple[str, ...], place: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        listen(stage, address, chosen)
    assert refused.value.place == place


def test_a_course_has_a_bounded_number_of_webhooks(stage: Stage) -> None:
    for _ in range(webhooks.MOST_WEBHOOKS):
        listen(stage)
    with pytest.raises(InvalidInput):
        listen(stage)


def test_the_log_is_forgotten_after_three_months(stage: Stage) -> None:
    webhook = listen(stage)
    stage.start(0)
    duty = ForgetDeliveries(stage.transactions)
    with stage.transactions.reading() as tx:
        (number,) = deliveries.webhooks_due(tx, 1)
    deliveries.deliver(stage.transactions, number, private_targets=False, posting=lambda *_, **__: Posted(200, ""))
    stage.clock.pass_time(days=80)
    stage.start(1)
    assert duty.due(1) == []
    stage.clock.pass_time(days=11)
    assert duty.due(1) == ["all"]
    duty.do("all", never)
    duty.give_up("all", "whatever")
    assert [card.state for card in log(stage, webhook)] == ["waiting"]


def test_one_webhook_is_served_at_a_time(stage: Stage) -> None:
    listen(stage)
    stage.start()
    duty = DeliverEvents(stage.transactions, private_targets=False)
    (key,) = duty.due(1)
    duty._busy.acquire()
    assert duty.due(1) == []
    duty.do(key, never)
    duty._busy.release()
    assert duty.due(1) == [key]
    with pytest.raises(RuntimeError):
        duty.give_up(key, "no")
