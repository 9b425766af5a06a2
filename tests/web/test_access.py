"""The access matrix: every route times every role, at home and in a foreign course, is as its signature declares."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import fastapi.routing
import pytest
import starlette.responses
from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx2 import Response

from app.domain.access import ROLES, Rule, declared
from app.services.accounts import sessions, tokens
from app.services.accounts.people import person_from
from app.services.accounts.tokens import SCOPES, NewToken
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.services.sitting import attempts
from app.storage import attempts as stored_attempts
from app.storage import people
from app.storage.tables import Answer
from app.web.pages import news
from app.web.visitors import COOKIE, any_form
from tests.web.conftest import House

LET_THROUGH = 299
STRICTNESS: tuple[Rule, ...] = (
    "anyone",
    "signed in",
    "own attempt",
    "member",
    "staff",
    "instructor",
    "author",
    "administrator",
)
# Roles are held in the home course; the foreign course has a student and an instructor of its own.
PEOPLE = ("nobody", "stranger", "student", "assistant", "instructor", "administrator")
# What stands in an address where nothing has to be looked up before the door.
ANY = {
    "tree": "0",
    "name": "favicon.svg",
    "token": "x" * 43,
    "question": "qa",
    "part": "p",
    "field": "qa_x",
    "position": "1",
    "number": "1",
    "seed": "1",
    "code": "abc",
    "webhook_id": "w",
    "regrade_id": "r",
    "step": "apply",
    "token_id": "t",
    "delivery_id": "d",
    "person_id": "1",
    "invitation_id": "1",
    "handle": "0123456789abcdef",
    "sha256": "0" * 64,
    "attempt_id": "nothing",
    "request_id": "nothing",
    "login": "student0",
}


@dataclass(frozen=True)
class Way:
    """One method of one route, and the strictest rule that its dependencies declare."""

    method: str
    path: str
    rule: Rule | None
    form: bool

    @property
    def of_course(self) -> bool:
        return "{course_id}" in self.path

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def ways(app: FastAPI) -> list[Way]:
    """The route table, route by route and method by method."""
    found = []
    for route in app.routes:
        if isinstance(route, APIRoute):
            calls = list(dependencies(route.dependant))
            rules = [rule for rule in map(declared, calls) if rule is not None]
            strictest = max(rules, key=STRICTNESS.index, default=None)
            methods = sorted((route.methods or set()) - {"HEAD", "OPTIONS"})
            found += [Way(method, route.path, strictest, any_form in calls) for method in methods]
    return found


def dependencies(dependant: Any) -> Iterator[Callable[..., Any]]:
    for one in dependant.dependencies:
        yield one.call
        yield from dependencies(one)


@dataclass
class World:
    """Two courses, and somebody of every role in the first."""

    house: House
    home: dict[str, str]
    foreign: dict[str, str]
    sessions: dict[str, str]
    tokens: dict[str, str]

    def address(self, way: Way, place: dict[str, str]) -> str:
        names = re.findall(r"{(\w+)(?::\w+)?}", way.path)
        known = ANY | place
        assert set(names) <= set(known), f"{way}: say in ANY what may stand for {set(names) - set(known)}"
        return re.sub(r"{(\w+)(?::\w+)?}", lambda found: known[found[1]], way.path)

    def ask(self, way: Way, who: str, place: dict[str, str]) -> Response:
        """The request as this person's browser or program would send it."""
        client = self.house.client
        client.cookies.clear()
        address = self.address(way, place)
        headers: dict[str, str] = {}
        if way.path.startswith("/api/"):
            if who in self.tokens:
                headers["Authorization"] = f"Bearer {self.tokens[who]}"
            return client.request(way.method, address, headers=headers, json=None if way.method == "GET" else {})
        csrf = ""
        if who in self.sessions:
            client.cookies.set(COOKIE, self.sessions[who])
            csrf = sessions.csrf_of(self.sessions[who])
        if who == place.get("owner"):
            headers["X-Attempt-Token"] = place["attempt_token"]
        if way.method == "GET":
            return client.get(address, headers=headers, follow_redirects=False)
        headers["X-CSRF-Token"] = csrf
        if way.form:
            return client.request(way.method, address, data={"csrf": csrf}, headers=headers, follow_redirects=False)
        return client.request(way.method, address, json={}, headers=headers, follow_redirects=False)


def kept_out(answer: Response) -> bool:
    if answer.status_code == 303:
        return str(answer.headers["location"]).startswith(("/?next=", "/")) and answer.headers["location"][:2] in (
            "/?",
            "/",
        )
    return answer.status_code in (401, 403, 404)


def may(rule: Rule, who: str, at_home: bool) -> bool:
    """What the rule says about somebody, in so many words."""
    if rule == "anyone":
        return True
    if who == "nobody":
        return False
    if rule == "signed in" or who == "administrator":
        return True
    if rule == "administrator":
        return False
    if rule == "author":
        return who == "instructor"
    return at_home and who in ROLES[rule]


@pytest.fixture
def world(open_house: Callable[..., House], monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(news, "LASTS", 0.1)  # a stream goes on for a minute, unless there is nothing to tell
    house = open_house()
    opened: dict[str, str] = {}
    held: dict[str, str] = {}
    with house.transactions.writing() as tx:
        course = people.course_by_title(tx, "Course")
        assert course is not None
        for who in PEOPLE[1:]:
            row = people.person_by_login(tx, "student0") if who == "student" else None
            row = row or people.add_person(tx, who, who.title(), None, who == "administrator")
            if who in ("assistant", "instructor"):
                people.enrol(tx, course.id, row.id, who)
            opened[who] = sessions.open_session(tx, row.id, 1).token
            held[who] = tokens.make(tx, person_from(row), NewToken(who, tuple(SCOPES)))
        home = {"course_id": course.public_id, "quiz_id": house.quiz, "owner": "student"}
        student = people.person_by_login(tx, "student0")
        other = people.person_by_login(tx, "student1")
        assert student is not None
        assert other is not None
        owner, neighbour = student.id, other.id
        abroad_id = quizzes.create_course(tx, "Abroad")
        people.enrol(tx, abroad_id, neighbour, "student")
        abroad = people.course_by_title(tx, "Abroad")
        assert abroad is not None
        foreign = {"course_id": abroad.public_id}
        foreign["quiz_id"] = quizzes.create_quiz(tx, NewQuiz(abroad_id, "Foreign quiz", (NewQuizItem("qa"),)))
    for place, person in ((home, owner), (foreign, neighbour)):
        with house.transactions.reading() as reading, house.transactions.writing() as writing:
            place["attempt_id"] = attempts.start(reading, writing, house.sandbox, person, place["quiz_id"])
    home |= draw(house, owner, home["attempt_id"])
    home["attempt_token"] = sessions.save_token(house.app.state.secret, home["attempt_id"], owner)
    return World(house, home, foreign, opened, held)


def draw(house: House, person: int, attempt: str) -> dict[str, str]:
    """A page in the answer to a drawing of this attempt: its field and its name."""
    (page,) = house.app.state.uploads.take(person, attempt, 1, "drawing", io.BytesIO(b"a page"))
    with house.transactions.writing() as tx:
        found = stored_attempts.attempt(tx, attempt)
        assert found is not None
        item = stored_attempts.items(tx, found[0].id)[0]
        tx.session.add(
            Answer(attempt_item_id=item.id, field="drawing", revision=1, value=[page.sha256], saved_at=tx.now())
        )
    return {"field": "drawing", "sha256": page.sha256}


def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    async def through(**_: Any) -> starlette.responses.Response:
        return starlette.responses.Response(status_code=LET_THROUGH)

    monkeypatch.setattr(fastapi.routing, "run_endpoint_function", through)


def test_every_route_declares_who_may_call_it(world: World) -> None:
    assert [str(way) for way in ways(world.house.app) if way.rule is None] == []


def test_everybody_gets_exactly_as_far_as_the_signature_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    stub(monkeypatch)
    wrong = []
    tried = 0
    for way, who in itertools.product(ways(world.house.app), PEOPLE):
        if way.rule is None or way.rule == "own attempt":
            continue
        for at_home in (True, False) if way.of_course else (True,):
            answer = world.ask(way, who, world.home if at_home else world.foreign)
            tried += 1
            let = answer.status_code in (LET_THROUGH, 422)
            if may(way.rule, who, at_home) != let or (not let and not kept_out(answer)):
                wrong.append(f"{way}: {who} {'at home' if at_home else 'abroad'} got {answer.status_code} ({way.rule})")
    assert wrong == []
    assert tried > 100


def test_an_attempt_is_reached_by_its_owner_and_by_programs_of_its_staff_only(world: World) -> None:
    own = [way for way in ways(world.house.app) if "{attempt_id}" in way.path and not way.of_course]
    # By then the empty forms of other ways have taken the drawing out of the answer: see test_drawings.
    own = [way for way in own if "/showing/" not in way.path]
    # Practice is refused to the owner of an exam, too: see test_practising.
    own = [way for way in own if not re.search("/(check|hints|variant|practice|finish)(/|$)", way.path)]
    wrong = []
    # The owner comes last: handing in changes what there is to reach.
    for who, way in itertools.product(sorted(PEOPLE, key=lambda who: who == "student"), own):
        answer = world.ask(way, who, world.home)
        reached = not kept_out(answer)
        by_program = way.path.startswith("/api/") and may("staff", who, True)
        if reached != (who == "student" or by_program):
            wrong.append(f"{way}: {who} got {answer.status_code}")
    assert wrong == []
    assert len(own) > 5


def test_what_belongs_to_another_course_is_not_found_through_ones_own(world: World) -> None:
    mixed = world.foreign | {"course_id": world.home["course_id"]}
    wrong = []
    for way in ways(world.house.app):
        if not way.of_course or not ({"{quiz_id}", "{attempt_id}"} & set(re.findall(r"{\w+}", way.path))):
            continue
        answer = world.ask(way, "instructor", mixed)
        # A form that is incomplete may be refused before anything is looked up.
        refused = {404} if way.method == "GET" else {404, 409, 422}
        if answer.status_code not in refused:
            wrong.append(f"{way}: {answer.status_code}")
    assert wrong == []


def test_a_token_without_scopes_opens_no_operation_that_asks_for_one(world: World) -> None:
    with world.house.transactions.writing() as tx:
        row = people.person_by_login(tx, "instructor")
        assert row is not None
        world.tokens["instructor"] = tokens.make(tx, person_from(row), NewToken("narrow", ("bank:read",)))
    wrong = []
    for way in ways(world.house.app):
        if way.path.startswith("/api/") and way.of_course:
            answer = world.ask(way, "instructor", world.home)
            if answer.status_code != 403:
                wrong.append(f"{way}: {answer.status_code}")
    assert wrong == []
