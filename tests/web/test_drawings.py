"""Drawings as browsers send and show them: uploading, pages without scripts, the gallery, surveys."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response

from app.services.marking import grading
from app.services.sitting.drawn_pages import LARGEST_FILE
from app.storage import people
from app.storage.tables import Course
from app.web.pages.drawn_pages import HEADERS
from tests.databases import ENGINES
from tests.drawn import DRAWING, SAID, DrawnSandbox
from tests.web.conftest import PASSWORD, House

PAGE = hashlib.sha256(b"one").hexdigest()
OTHER = hashlib.sha256(b"two").hexdigest()


@pytest.fixture(params=ENGINES)
def drawn(request: pytest.FixtureRequest, open_house: Callable[..., House]) -> House:
    """A Gradus whose questions ask for a drawing and an opinion; student0 has signed in."""
    house = open_house(request.param, sandbox=DrawnSandbox())
    house.sign_in()
    return house


on_sqlite = pytest.mark.parametrize("drawn", ["sqlite"], indirect=True)


def upload(
    house: House, attempt: str, content: bytes, *, field: str = DRAWING, token: str = "", **headers: str
) -> Response:
    given = {"X-Attempt-Token": token or house.token(attempt), "Accept": "application/json", **headers}
    return house.client.post(f"{attempt}/pages?item=1&field={field}", content=content, headers=given)


def save(house: House, attempt: str, value: Any, *, field: str = DRAWING, revision: int = 1) -> Response:
    change = {"item": 1, "field": field, "revision": revision, "value": value}
    return house.save(attempt, house.token(attempt), change, seq=revision)


def hand_in(house: House, attempt: str) -> None:
    house.post(f"{attempt}/hand-in")
    graded(house)


def graded(house: House) -> None:
    for _ in range(200):
        with house.transactions.reading() as tx:
            if not grading.ungraded_papers(tx):
                return
        time.sleep(0.05)
    raise AssertionError("never graded")


def staff(house: House, role: str = "instructor") -> str:
    """Sign in as somebody of the staff; the address of the quiz."""
    with house.transactions.writing() as tx:
        student = people.person_by_login(tx, "student0")
        course = people.course_by_title(tx, "Course")
        assert student is not None
        assert course is not None
        if people.person_by_login(tx, role) is None:
            row = people.add_person(tx, role, role.title(), student.password_hash, False)
            people.enrol(tx, course.id, row.id, role)
        address = f"/courses/{course.public_id}/quizzes/{house.quiz}"
    house.sign_in(role)
    return address


def test_a_file_is_uploaded_named_in_the_answer_and_shown(drawn: House) -> None:
    attempt = drawn.start()
    answer = upload(drawn, attempt, b"one|two")
    assert answer.status_code == 200
    assert [page["sha256"] for page in answer.json()["pages"]] == [PAGE, OTHER]
    assert save(drawn, attempt, [[OTHER, PAGE], "A pumpkin", "shown"]).status_code == 200
    page = drawn.client.get(f"{attempt}/questions/1").text
    assert re.findall(r'data-page="(\w+)"', page) == [OTHER, PAGE]
    assert "A pumpkin</textarea>" in page
    shown = drawn.client.get(f"{attempt}/pages/{PAGE}")
    assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, b"one", "image/png")
    for name, value in HEADERS.items():
        assert shown.headers[name] == value
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")


@on_sqlite
def test_the_token_of_the_attempt_is_enough_and_needed(drawn: House) -> None:
    attempt = drawn.start()
    token = drawn.token(attempt)
    drawn.client.cookies.clear()
    assert upload(drawn, attempt, b"one", token=token).status_code == 200
    assert upload(drawn, attempt, b"one", token="1.nothing").status_code == 403
    assert drawn.client.post(f"{attempt}/pages?item=1&field={DRAWING}", content=b"one").status_code == 403
    assert drawn.client.get(f"{attempt}/pages/{PAGE}", follow_redirects=False).status_code == 303
    assert upload(drawn, attempt, b"one", token=token, Origin="https://evil.example").status_code == 403


@on_sqlite
def test_what_is_refused_is_told_in_a_sentence(drawn: House) -> None:
    attempt = drawn.start()
    refused = upload(drawn, attempt, b"<svg/>")
    assert (refused.status_code, refused.json()["detail"]) == (422, "This is no picture.")
    large = upload(drawn, attempt, b"x" * (LARGEST_FILE + 1))
    assert (large.status_code, large.json()["detail"]) == (422, "This file is larger than 10 MB.")
    assert upload(drawn, attempt, b"x" * (LARGEST_FILE + 5_000_000)).status_code == 413
    assert upload(drawn, attempt, b"one", field=SAID).status_code == 404
    assert upload(drawn, attempt, b"one", field="x" * 200).status_code == 422
    assert save(drawn, attempt, [PAGE]).status_code == 422  # it was never uploaded
    token = drawn.token(attempt)
    hand_in(drawn, attempt)
    assert upload(drawn, attempt, b"<svg/>", token=token).status_code == 422


def test_a_drawing_that_comes_late_is_kept_and_staff_sees_it(drawn: House) -> None:
    attempt = drawn.start()
    token = drawn.token(attempt)
    hand_in(drawn, attempt)
    assert upload(drawn, attempt, b"one", token=token).status_code == 200
    change = {"item": 1, "field": DRAWING, "revision": 1, "value": [[PAGE], "A pumpkin", ""]}
    assert drawn.save(attempt, token, change).status_code == 202
    address = staff(drawn)
    page = drawn.client.get(f"{address}/late").text
    (picture,) = re.findall(r'<img src="([^"]+)"', page)
    assert "A pumpkin" in page
    assert drawn.client.get(picture).content == b"one"
    assert "1 attempt has other answers now" in drawn.post(f"{address}/late", {"accept": "all"}).text


@on_sqlite
def test_without_scripts_a_late_drawing_is_kept_beside_what_was_typed(drawn: House) -> None:
    attempt = drawn.start()
    page = drawn.client.get(f"{attempt}/questions/1").text
    stamp = re.search(r'name="stamp" value="([^"]+)"', page)
    assert stamp
    typed = {"csrf": drawn.csrf(), f"f.{DRAWING}.text": "A pumpkin", "stamp": stamp[1]}
    hand_in(drawn, attempt)
    address = f"{attempt}/questions/1/pages/{DRAWING}"
    file = {f"f.{DRAWING}.file": ("drawing.png", b"one|two", "image/png")}
    answer = drawn.client.post(address, data=typed, files=file)
    assert answer.status_code == 403
    assert "kept for your instructor" in answer.text
    late = drawn.client.get(f"{staff(drawn)}/late").text
    assert "Typed between" in late
    assert late.count("<img src") == 2


@on_sqlite
def test_other_addresses_still_take_small_bodies_only(drawn: House) -> None:
    attempt = drawn.start()
    large = b"x" * (drawn.settings.max_body_bytes + 1)
    for address in ("questions/1", "hand-in", f"questions/1/showing/{DRAWING}"):
        assert drawn.post(f"{attempt}/{address}", {"x": large.decode()}).status_code == 413


def test_without_scripts_a_file_is_uploaded_with_the_form(drawn: House) -> None:
    attempt = drawn.start()
    address = f"{attempt}/questions/1/pages/{DRAWING}"
    typed = {
        "csrf": drawn.csrf(),
        f"f.{DRAWING}.text": "A pumpkin",
        f"f.{DRAWING}.shown": "shown",
        f"f.{SAID}": "Nice.",
    }
    file = {f"f.{DRAWING}.file": ("drawing.png", b"one|two", "image/png")}
    answer = drawn.client.post(address, data=typed, files=file, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{attempt}/questions/1#field-{DRAWING}")
    page = drawn.client.get(f"{attempt}/questions/1").text
    assert re.findall(r'data-page="(\w+)"', page) == [PAGE, OTHER]
    assert "Nice.</textarea>" in page
    assert "data-shown checked" in page
    # Another order, and one page less.
    plain = {f"f.{DRAWING}.page": [PAGE, OTHER], f"f.{DRAWING}.place": ["2", "1"], f"f.{DRAWING}.text": "A pumpkin"}
    drawn.post(f"{attempt}/questions/1", plain)
    assert re.findall(r'data-page="(\w+)"', drawn.client.get(f"{attempt}/questions/1").text) == [OTHER, PAGE]
    drawn.post(f"{attempt}/questions/1", plain | {f"f.{DRAWING}.remove": OTHER})
    assert re.findall(r'data-page="(\w+)"', drawn.client.get(f"{attempt}/questions/1").text) == [PAGE]


@on_sqlite
@pytest.mark.parametrize(
    ("content", "says"),
    [(b"<svg/>", "This is no picture."), (b"!", "could not be opened within the time"), (None, "Choose a file first.")],
)
def test_without_scripts_what_is_refused_stands_beside_the_field(
    drawn: House, content: bytes | None, says: str
) -> None:
    attempt = drawn.start()
    typed = {"csrf": drawn.csrf(), f"f.{DRAWING}.text": "A pumpkin"}
    name = "" if content is None else "x.png"
    file = {f"f.{DRAWING}.file": (name, content or b"", "image/png")}
    answer = drawn.client.post(f"{attempt}/questions/1/pages/{DRAWING}", data=typed, files=file)
    assert answer.status_code == 422
    assert says in answer.text
    assert f'id="complaint-{DRAWING}"' in answer.text
    assert "A pumpkin</textarea>" in answer.text  # what was typed is saved all the same


@on_sqlite
def test_a_form_of_another_session_uploads_nothing(drawn: House) -> None:
    attempt = drawn.start()
    file = {f"f.{DRAWING}.file": ("x.png", b"one", "image/png")}
    answer = drawn.client.post(f"{attempt}/questions/1/pages/{DRAWING}", data={"csrf": "0" * 64}, files=file)
    assert answer.status_code == 403


def test_from_handing_in_to_the_gallery(drawn: House) -> None:
    attempt = drawn.start()
    upload(drawn, attempt, b"one")
    save(drawn, attempt, [[PAGE], "A <pumpkin>", "shown"])
    hand_in(drawn, attempt)
    result = drawn.client.get(f"{attempt}/result").text
    assert f'src="{attempt}/pages/{PAGE}"' in result
    assert "Yes, without my name" in result
    assert f'src="{attempt}/pages/{PAGE}"' in drawn.client.get(f"{attempt}/paper").text
    address = staff(drawn)
    desk = drawn.post(f"{address}/marking/qa/p/next", {"show": "waiting"}).text
    assert re.search(rf'src="{address}/results/[\w-]+/pages/{PAGE}"', desk)
    listed = drawn.client.get(f"{address}/results").text
    assert f'href="{address}/drawings"' in listed
    assert f'href="{address}/survey"' in listed
    page = drawn.client.get(f"{address}/drawings").text
    assert "Student 0" in page
    assert "may be shown without the name" in page
    assert "A &lt;pumpkin&gt;" in page
    (own,) = set(re.findall(r'src="([^"]+/pages/\w+)"', page))
    assert drawn.client.get(own).content == b"one"
    assert f'src="{own}"' in drawn.client.get(own.rpartition("/pages/")[0]).text
    form = own.replace(f"/pages/{PAGE}", f"/drawings/1/{DRAWING}")
    assert "The points are stored." in drawn.post(f"{form}/award", {"points.award": "2.5"}).text
    graded(drawn)
    assert 'value="5/2"' in drawn.client.get(f"{address}/drawings").text
    wrong = drawn.post(f"{form}/award", {"points.award": "7"})
    assert (wrong.status_code, "From 0 to 3 points can be awarded here." in wrong.text) == (422, True)
    assert "The drawing is in the gallery now." in drawn.post(f"{form}/showing", {"shown": "true"}).text
    drawn.sign_in("student1")
    seen = drawn.client.get(f"{address}/gallery").text
    assert "Student 0" not in seen
    (public,) = set(re.findall(r'src="([^"]+/gallery/[^"]+)"', seen))
    assert drawn.client.get(public).content == b"one"
    assert drawn.client.get(own).status_code == 403
    drawn.sign_in("student0")
    result = drawn.client.get(f"{attempt}/result").text
    assert "The gallery of drawings" in result
    assert "2.5" in result
    drawn.post(f"{attempt}/questions/1/showing/{DRAWING}", {"consent": ""})
    drawn.sign_in("student1")
    assert "Nothing here yet" in drawn.client.get(f"{address}/gallery").text
    assert drawn.client.get(public).status_code == 404


@on_sqlite
def test_assistants_award_but_do_not_publish(drawn: House) -> None:
    attempt = drawn.start()
    upload(drawn, attempt, b"one")
    save(drawn, attempt, [[PAGE], "", "named"])
    hand_in(drawn, attempt)
    address = staff(drawn, "assistant")
    page = drawn.client.get(f"{address}/drawings").text
    assert ">Publish<" not in page
    form = f"{address}/results/{attempt.rpartition('/')[2]}/drawings/1/{DRAWING}"
    assert drawn.post(f"{form}/showing", {"shown": "true"}).status_code == 403
    assert "The points are stored." in drawn.post(f"{form}/award", {"points.award": "1"}).text


@on_sqlite
def test_points_that_somebody_has_awarded_meanwhile_are_not_overwritten(drawn: House) -> None:
    attempt = drawn.start()
    upload(drawn, attempt, b"one")
    save(drawn, attempt, [[PAGE], "", "named"])
    hand_in(drawn, attempt)
    address = staff(drawn, "assistant")
    form = f"{address}/results/{attempt.rpartition('/')[2]}/drawings/1/{DRAWING}/award"
    page = drawn.client.get(f"{address}/drawings").text
    assert 'name="seen.award" value=""' in page
    shown = {"seen.award": ""}
    assert "The points are stored." in drawn.post(form, shown | {"points.award": "1"}).text
    graded(drawn)
    late = drawn.post(form, shown | {"points.award": "2"})
    assert (late.status_code, "Somebody has decided about this answer in the meantime" in late.text) == (409, True)
    assert 'name="seen.award" value="1"' in late.text
    assert "The points are stored." in drawn.post(form, {"seen.award": "1", "points.award": "2"}).text


@on_sqlite
def test_awarded_points_are_held_back_from_whoever_may_mark_the_drawing_a_second_time(drawn: House) -> None:
    attempt = drawn.start()
    upload(drawn, attempt, b"one")
    save(drawn, attempt, [[PAGE], "", "named"])
    hand_in(drawn, attempt)
    address = staff(drawn)
    form = f"{address}/results/{attempt.rpartition('/')[2]}/drawings/1/{DRAWING}/award"
    assert "The points are stored." in drawn.post(form, {"points.award": "2.5"}).text
    graded(drawn)
    assert "The share is stored." in drawn.post(f"{address}/quality/share", {"percent": "100"}).text
    assert 'value="5/2"' in drawn.client.get(f"{address}/drawings").text
    staff(drawn, "assistant")
    page = drawn.client.get(f"{address}/drawings").text
    assert "Student 0" in page
    assert ("5/2" in page, "points.award" in page) == (False, False)


def test_what_is_said_in_a_survey_is_told_to_nobody_with_a_name(drawn: House) -> None:
    attempt = drawn.start()
    page = drawn.client.get(f"{attempt}/questions/1").text
    assert "kept without your name" in page
    save(drawn, attempt, "Too fast", field=SAID)
    address = staff(drawn)
    inside = f"{address}/results/{attempt.rpartition('/')[2]}"
    assert "Too fast" not in drawn.client.get(inside).text
    drawn.sign_in("student0")
    hand_in(drawn, attempt)
    assert "Kept without a name, apart from this attempt." in drawn.client.get(f"{attempt}/result").text
    staff(drawn)
    assert "Too fast" not in drawn.client.get(inside).text
    survey = drawn.client.get(f"{address}/survey").text
    assert "Too fast" not in survey
    assert "1 person said something" in survey
    assert "Shown as soon as 5 people have said something." in survey
    course = address.split("/")[2]
    with drawn.transactions.writing() as tx:
        found = people.course_by_title(tx, "Course")
        assert isinstance(found, Course)
        assert found.public_id == course
        student = people.person_by_login(tx, "student0")
        assert student is not None
        for number in range(2, 6):
            row = people.add_person(tx, f"student{number}", f"Student {number}", student.password_hash, False)
            people.enrol(tx, found.id, row.id, "student")
    for number in range(2, 6):
        drawn.sign_in(f"student{number}", PASSWORD)
        theirs = drawn.start()
        save(drawn, theirs, f"Opinion {number}", field=SAID)
        hand_in(drawn, theirs)
    staff(drawn)
    survey = drawn.client.get(f"{address}/survey").text
    assert sorted(re.findall(r"<li>([^<]+)</li>", survey)) == [*(f"Opinion {n}" for n in range(2, 6)), "Too fast"]
    assert "Student " not in survey


@on_sqlite
def test_pages_without_anything_say_so(drawn: House) -> None:
    address = staff(drawn)
    assert "No drawings yet" in drawn.client.get(f"{address}/drawings").text
    assert "No survey yet" in drawn.client.get(f"{address}/survey").text
    assert "Nothing here yet" in drawn.client.get(f"{address}/gallery").text
