"""The pages of regrades: two clicks from an attempt, a preview, and buttons that do what they say."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.storage import people
from app.storage.tables import Course, Regrade
from tests.small_bank import FakeSandbox
from tests.web.conftest import House


class Judging(FakeSandbox):
    """Adds what a person decided about the whole part."""

    def close(self) -> None:
        """There is nothing to end."""

    def _credit(self, payload: Any) -> Any:
        credit = super()._credit(payload)
        if "p." in (payload.get("decisions") or {}):
            credit["points"] = credit["upto"] = "3"
            credit["parts"][0] |= {"points": "3", "upto": "3", "adjustment": "3"}
        return credit


@dataclass
class Corrected:
    """A Gradus with a graded attempt, opened by the instructor of the course."""

    house: House
    root: str
    attempt: str

    def get(self, page: str, status: int = 200) -> str:
        answer = self.house.client.get(f"{self.root}/{page}")
        assert answer.status_code == status, answer.text
        return answer.text

    def post(self, page: str, status: int = 200, **data: str) -> str:
        answer = self.house.post(f"{self.root}/{page}", data)
        assert answer.status_code == status, answer.text
        return answer.text

    def idle(self, regrade: str) -> str:
        """The page of a regrade once no worker is at it."""
        for _ in range(300):
            state = self.house.client.get(f"{self.root}/regrades/{regrade}/state").json()
            if state["state"] != "preparing" and state["left"] == 0:
                break
            time.sleep(0.02)
        return self.get(f"regrades/{regrade}")


@pytest.fixture
def corrected(open_house: Callable[..., House]) -> Corrected:
    house = open_house(sandbox=Judging())
    house.sign_in()
    attempt = house.start()
    house.save(attempt, house.token(attempt), {"item": 1, "field": "qa_x", "revision": 1, "value": "7 <b>"})
    house.post(f"{attempt}/hand-in")
    for _ in range(300):
        if house.client.get(f"{attempt}/grading").json()["state"] != "being graded":
            break
        time.sleep(0.02)
    with house.transactions.writing() as tx:
        row, course = people.person_by_login(tx, "student1"), people.course_by_title(tx, "Course")
        assert row is not None
        assert course is not None
        people.enrol(tx, course.id, row.id, "instructor")
    house.client.cookies.clear()
    house.sign_in("student1")
    with house.transactions.reading() as tx:
        public = tx.session.scalars(select(Course)).one().public_id
    return Corrected(house, f"/courses/{public}/quizzes/{house.quiz}", attempt.split("/")[-1])


def newest(corrected: Corrected) -> str:
    with corrected.house.transactions.reading() as tx:
        return tx.session.scalars(select(Regrade.public_id).order_by(Regrade.id.desc())).first() or ""


def test_a_part_is_voided_in_two_clicks_previewed_applied_and_undone(corrected: Corrected) -> None:
    page = corrected.get(f"results/{corrected.attempt}")
    links = re.findall(r'href="([^"]*regrades/new[^"]*)"', page)
    void = next(link.replace("&amp;", "&") for link in links if "kind=void" in link and "position=1" in link)
    form = corrected.house.client.get(void).text
    assert "Everybody who handed in this question gets all points of this part" in form
    place = {"kind": "void", "attempt": corrected.attempt, "position": "1", "part": "p"}
    refused = corrected.post("regrades", 422, **place, reason=" ")
    assert "Say why in a sentence" in refused
    corrected.post("regrades", **place, reason="It was <i>faulty</i>.")
    regrade = newest(corrected)
    page = corrected.idle(regrade)
    assert "It was &lt;i&gt;faulty&lt;/i&gt;." in page
    assert "the part is voided: 0 → 3" in page
    assert ">0<span" in page
    assert ">3<span" in page
    assert "Marks are released" in page
    assert "The new marks count." in corrected.post(f"regrades/{regrade}/apply")
    assert "Undo" in corrected.idle(regrade)
    # Its reason stands on the desk, and not in the box for what a marker says.
    on_desk = corrected.get(f"marking/qa/p/{corrected.attempt}/1?show=all")
    assert "A regrade gives these points: It was &lt;i&gt;faulty&lt;/i&gt;." in on_desk
    assert re.search(r'<textarea id="comment"[^>]*>\s*</textarea>', on_desk)
    twice = corrected.post(f"regrades/{regrade}/apply", 409)
    assert "This regrade has been applied or dropped already" in twice
    assert f"regrades/{regrade}/undo" in twice
    corrected.post(f"regrades/{regrade}/undo")
    assert "undone" in corrected.idle(regrade)
    assert "It was &lt;i&gt;faulty&lt;/i&gt;." in corrected.post(f"regrades/{regrade}/drop", 409)
    assert "Only a regrade that has been applied" in corrected.post(f"regrades/{regrade}/undo", 409)
    page = corrected.get("regrades")
    assert "counts in full for everybody" in page
    assert "1 of 1" in page


def test_an_answer_is_shown_before_it_is_accepted_and_a_preview_can_be_dropped(corrected: Corrected) -> None:
    place = {"kind": "accept", "attempt": corrected.attempt, "position": "1", "part": "p"}
    asked = "&".join(f"{name}={value}" for name, value in place.items())
    assert "7 &lt;b&gt;" in corrected.get(f"regrades/new?{asked}")
    corrected.post("regrades", **place, reason="It is right.")
    regrade = newest(corrected)
    corrected.idle(regrade)
    assert "no page at this address" in corrected.post(f"regrades/{regrade}/burn", 404)
    assert "All marks are as they were" in corrected.post(f"regrades/{regrade}/drop")
    # The other question was left blank: there is nothing to accept.
    refused = corrected.post("regrades", 409, **(place | {"position": "2"}), reason="Not this one.")
    assert "Nothing was answered there, so there is no answer to accept." in refused
    assert "Not this one." in refused
    assert 'name="reason"' in refused


def test_the_graders_of_today_are_offered_and_what_does_not_exist_is_not_found(corrected: Corrected) -> None:
    assert "fake 1" in corrected.get("regrades")
    assert "graders of today" in corrected.get("regrades/new?kind=software")
    corrected.post("regrades", kind="software", reason="Newer graders.")
    assert "No answer is concerned." in corrected.idle(newest(corrected))
    for page in ("regrades/nothing", "regrades/new", "regrades/new?kind=rubric&question=qa&number=9"):
        corrected.get(page, 404)
    corrected.get("regrades/new?kind=void&attempt=x&position=1&part=p", 404)
    corrected.post("regrades", 404, kind="magic", reason="Why.")
    corrected.post("regrades", 404, kind="rubric", question="qa", number="x", reason="Why.")


def test_assistants_look_and_touch_nothing(corrected: Corrected) -> None:
    corrected.post("regrades", kind="software", reason="Newer graders.")
    regrade = newest(corrected)
    corrected.idle(regrade)
    with corrected.house.transactions.writing() as tx:
        row, course = people.person_by_login(tx, "student1"), people.course_by_title(tx, "Course")
        assert row is not None
        assert course is not None
        people.enrol(tx, course.id, row.id, "assistant")
    assert '<button class="button primary">Apply' not in corrected.get(f"regrades/{regrade}")
    assert "kind=software" not in corrected.get("regrades")
    assert "regrades/new" not in corrected.get(f"results/{corrected.attempt}")
    corrected.post(f"regrades/{regrade}/apply", 403)


def test_two_thousand_answers_come_in_pages(corrected: Corrected, monkeypatch: pytest.MonkeyPatch) -> None:
    corrected.post("regrades", kind="software", reason="Newer graders.")
    regrade = newest(corrected)
    corrected.idle(regrade)
    from app.services.marking import regrades as service

    steps = {"applied": 2000}
    monkeypatch.setattr(service.regrade_items, "steps", lambda tx, ids: dict.fromkeys(ids, steps))
    asked: list[tuple[int | None, int]] = []

    def rows(tx: Any, number: int, *, limit: int | None = None, offset: int = 0) -> list[Any]:
        asked.append((limit, offset))
        return []

    monkeypatch.setattr(service.regrade_items, "rows", rows)
    corrected.get(f"regrades/{regrade}?page=3")
    corrected.get(f"regrades/{regrade}?page=99")
    assert asked == [(100, 200), (100, 1900)]
