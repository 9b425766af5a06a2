"""The page that builds a quiz, as a browser without scripts uses it: nothing typed is ever lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.services.quizzes import quizzes
from app.storage.tables import Course
from tests.quiz_bank import add, instructor, retire
from tests.web.building import Desk, form, open_desk
from tests.web.conftest import House


@pytest.fixture
def desk(small_house: House) -> Desk:
    return open_desk(small_house)


def test_a_quiz_is_built_published_and_sat(house: House) -> None:
    desk = open_desk(house)
    assert "New quiz" in desk.get("")
    address = desk.create("conv1", "loss", minutes="30", shuffle="yes", description="On chapter 3")
    page = desk.get(address)
    assert "Students do not see this quiz." in page
    assert "2 questions · 5 points" in page
    desk.publish(address)
    assert "0 attempts of students." in desk.get(address)
    assert desk.plan(address).rules.minutes == 30
    house.sign_in("student0")
    assert "On chapter 3" in desk.get("/")


def test_what_cannot_be_taken_is_said_beside_its_field_and_everything_comes_back(desk: Desk) -> None:
    wrong = form("conv1", "loss", title="  ", minutes="soon", opens_at="tomorrow", description="<Kept> & all")
    wrong |= {"place.amount": ["x", "1/0"], "attempts_allowed": "-1"}
    page = desk.post("quizzes/new", wrong, 422).text
    for said in (
        "This is a whole number, or nothing.",
        "This is no date with a time",
        "Write this as 2, 1.5 or 1/2.",
        "nothing you typed is lost",
    ):
        assert said in page
    for kept in ('value="soon"', "&lt;Kept&gt; &amp; all", 'value="x"', 'value="1/0"', 'value="loss"'):
        assert kept in page
    assert page.count('aria-invalid="true"') == 5
    assert desk.titles() == ["Quiz"]
    page = desk.post("quizzes/new", form("conv1", title=" "), 422).text
    assert "A quiz needs a title." in page


@pytest.mark.parametrize(
    ("places", "says"),
    [
        ({"place.kind": ["tag"], "place.tag": ["nothing"]}, "No question is tagged “nothing”."),
        ({"place.kind": ["tag"], "place.tag": [""]}, "Which tag?"),
        ({"place.kind": ["tag"], "place.tag": ["conv"], "place.take": ["9"]}, "9 questions cannot be drawn from 4."),
        ({"place.kind": ["tag"], "place.tag": ["conv"], "place.take": ["some"]}, "This is a whole number."),
        ({"place.kind": ["list"], "place.names": [""]}, "Put questions into this pool, or remove it."),
        ({"place.kind": ["list"], "place.names": ["conv1 gone"]}, "The bank has no question “gone”."),
        ({"place.question": ["gone"]}, "There is no question “gone”."),
        ({"place.amount": ["99999"]}, "A weight is 0 to 10000."),
    ],
)
def test_places_that_cannot_be_are_said(desk: Desk, places: dict[str, list[str]], says: str) -> None:
    assert says in desk.post("quizzes/new", form("conv1") | places, 422).text
    assert desk.titles() == ["Quiz"]


def test_the_buttons_of_the_form_work_without_scripts(desk: Desk) -> None:
    typed = form("conv1", "loss", title="Half done")
    found = desk.post("quizzes/new", typed | {"act": "find", "search": "conv"}, 200).text
    assert 'value="add:conv4"' in found
    page = desk.post("quizzes/new", typed | {"act": "add:conv3", "search": "conv"}, 200).text
    assert page.count("data-place ") == 3
    assert page.count("data-place data-kind") == 3
    assert 'value="Half done"' in page
    page = desk.post("quizzes/new", typed | {"act": "up:1"}, 200).text
    assert page.index('name="place.question" value="loss"') < page.index('name="place.question" value="conv1"')
    page = desk.post("quizzes/new", typed | {"act": "down:0"}, 200).text
    assert page.index('name="place.question" value="loss"') < page.index('name="place.question" value="conv1"')
    page = desk.post("quizzes/new", typed | {"act": "remove:0"}, 200).text
    assert 'value="conv1"' not in page
    page = desk.post("quizzes/new", typed | {"act": "add-tag", "new_tag": "conv"}, 200).text
    assert "of 4 tagged" in page
    for nonsense in ("up:0", "down:7", "remove:x", "add:gone", "drop:0:x", "refresh", "x" * 500):
        assert desk.post("quizzes/new", typed | {"act": nonsense}, 200).text.count("data-place data-kind") == 2
    assert desk.titles() == ["Quiz"]


def test_a_pool_of_chosen_questions_is_filled_and_emptied(desk: Desk) -> None:
    typed = form("x") | {"place.kind": ["list"], "place.question": [""], "place.names": ["conv1"]}
    page = desk.post("quizzes/new", typed | {"act": "add:conv2", "target": "0"}, 200).text
    assert 'name="place.names" value="conv1 conv2"' in page
    page = desk.post("quizzes/new", typed | {"act": "drop:0:conv1"}, 200).text
    assert 'name="place.names" value=""' in page
    more = typed | {"place.names": ["conv1 loss"], "place.worth": ["each"], "place.amount": ["1,5"]}
    address = str(desk.post("quizzes/new", more).headers["location"]).partition("?")[0]
    plan = desk.plan(address)
    assert [one.question for one in plan.places[0].questions] == ["conv1", "loss"]
    assert float(plan.most) == 1.5
    assert "1.5 points" in desk.get(address)


def test_times_are_those_of_the_course_and_stay_exactly_as_they_were(desk: Desk) -> None:
    with desk.house.transactions.writing() as tx:
        tx.session.get_one(Course, desk.course_number).time_zone = "Europe/Berlin"
    address = desk.create("conv1", opens_at="2026-07-01T10:00", closes_at="2026-12-01T10:00")
    rules = desk.plan(address).rules
    assert rules.opens_at == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
    assert rules.closes_at == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    page = desk.get(address)
    assert 'value="2026-07-01T10:00"' in page
    assert "Europe/Berlin" in page
    gap = desk.post("quizzes/new", form("conv1", opens_at="2026-03-29T02:30"), 422).text
    assert "skip 02:30; they show 03:30 then" in gap
    fold = desk.post("quizzes/new", form("conv1", opens_at="2026-10-25T02:30"), 422).text
    assert "show 02:30 twice" in fold


def test_somebody_elses_change_is_told_and_what_was_typed_stays(desk: Desk) -> None:
    address = desk.create("conv1")
    desk.post(address, form("conv1", title="Theirs", revision="1"))
    page = desk.post(address, form("loss", title="Mine", revision="1"), 409).text
    assert "Somebody else has changed this quiz" in page
    assert 'value="Mine"' in page
    assert 'name="revision" value="2"' in page
    assert desk.titles() == ["Quiz", "Theirs"]
    desk.post(address, form("loss", title="Mine", revision="2"))
    assert desk.titles() == ["Quiz", "Mine"]


def test_publishing_says_what_is_in_the_way(desk: Desk) -> None:
    address = desk.create("conv1", "conv1")
    answer = desk.post(address, form("conv1", "conv1", revision="1", act="publish"))
    assert answer.headers["location"] == f"{address}/publish"
    assert "“conv1” is in the quiz 2 times." in desk.get(f"{address}/publish")
    assert "cannot be published yet" in desk.post(f"{address}/publish", {"revision": "2"}, 422).text
    desk.post(address, form("conv1", revision="2"))
    assert "Somebody else has changed this quiz" in desk.post(f"{address}/publish", {"revision": "2"}, 409).text
    with desk.house.transactions.writing() as tx:
        retire(tx, "conv1")
    assert "has been retired" in desk.post(f"{address}/publish", {"revision": "3"}, 422).text


def test_a_question_that_broke_is_named_when_publishing(desk: Desk) -> None:
    address = desk.create("conv1")
    desk.house.sandbox._check = lambda payload: {"problems": [{"says": "No such grader."}]}  # type: ignore[method-assign]
    page = desk.post(f"{address}/publish", {"revision": "1"}, 422).text
    assert "“Question conv1” cannot be used as it is: No such grader." in page


def test_a_published_quiz_takes_only_what_touches_no_answer(desk: Desk) -> None:
    address = desk.create("conv1")
    desk.publish(address)
    with desk.house.transactions.writing() as tx:
        add(tx, "conv1", number=2, tags=["conv"])
    page = desk.get(address)
    assert "1 question has a newer version in the bank" in page
    assert "this quiz stays with version 1." in page
    assert 'name="place.question"' not in page
    desk.post(address, form("loss", title="Other", description="New words", attempts_allowed="3", revision="2"))
    plan = desk.plan(address)
    assert (plan.title, plan.rules.description, plan.rules.attempts_allowed) == ("Weekly quiz", "New words", 3)
    assert plan.places[0].questions[0].question == "conv1"


def test_back_to_draft_and_deleted(desk: Desk) -> None:
    address = desk.create("conv1")
    desk.publish(address)
    assert "does not become" not in desk.get(address)
    desk.post(f"{address}/delete", status=403)
    desk.post(f"{address}/draft")
    assert "Students do not see this quiz." in desk.get(address)
    answer = desk.post(f"{address}/delete")
    assert "The draft is deleted." in desk.get(answer.headers["location"])
    desk.get(address, 404)


def test_a_preview_is_marked_and_counts_for_nobody(desk: Desk) -> None:
    address = desk.create("conv1")
    attempt = desk.post(f"{address}/preview").headers["location"]
    page = desk.house.client.get(attempt, follow_redirects=True).text
    assert '<span class="chip attention">preview</span>' in page
    desk.house.post(f"{attempt}/hand-in")
    assert "This is a preview of yours" in desk.get(f"{attempt}/result")
    assert desk.plan(address).attempts == 0
    assert "you teach this" in desk.get("/")


def test_quizzes_of_another_course_are_not_there(desk: Desk) -> None:
    address = desk.create("conv1")
    with desk.house.transactions.writing() as tx:
        other = tx.session.get_one(Course, quizzes.create_course(tx, "Other"))
        instructor(tx, other.id)
    quiz = address.rsplit("/", 1)[-1]
    elsewhere = f"/courses/{other.public_id}/quizzes/{quiz}"
    for page in ("", "/publish", "/accommodations", "/papers"):
        desk.get(elsewhere + page, 404)
    for action in ("/publish", "/draft", "/release", "/delete", "/preview"):
        desk.post(elsewhere + action, status=404)
    desk.post(elsewhere, form("conv1"), 404)


def test_hostile_forms_are_refused_calmly(desk: Desk) -> None:
    for hostile in (
        {"title": "\x00"},
        {"minutes": "9" * 400},
        {"closes_at": "9999-12-31T23:59"},
        {"place.amount": ["9" * 400]},
        {"place.take": ["٣"]},
        {"counts": "nobody"},
        {"revision": "x"},
    ):
        tagged = {"place.kind": ["tag"], "place.tag": ["conv"]} if "place.take" in hostile else {}
        typed = form("conv1") | hostile | tagged
        status = 303 if "revision" in hostile else 422
        desk.post("quizzes/new", typed, status)
    many = form(*["conv1"] * 300)
    desk.post("quizzes/new", many, 303)


def test_the_list_of_quizzes_says_how_they_stand(desk: Desk) -> None:
    desk.create("conv1", title="A draft")
    later = desk.create("conv1", title="Later", opens_at="2126-01-01T10:00")
    desk.publish(later)
    page = desk.get("")
    for says in ("draft", "not open yet", "open", "from 1 Jan 2126, 10:00", "Times are those of UTC."):
        assert says in page


def test_a_course_is_copied(desk: Desk) -> None:
    desk.create("conv1")
    assert "Its 2 quizzes come along as drafts" in desk.get("copy")
    assert "A course needs a title." in desk.post("copy", {"title": "", "term": "Summer"}, 422).text
    answer = desk.post("copy", {"title": "Deep Learning", "term": "Summer"})
    page = desk.get(answer.headers["location"])
    assert "Deep Learning" in page
    assert "Weekly quiz" in page
    assert page.count(">draft<") == 2
