"""What a student reads after handing in."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

from sqlalchemy import select

from app.sandbox import SandboxFailure
from app.storage.tables import Quiz, QuizItem, QuizSection
from app.web.templating import of_part
from tests.web.conftest import House
from tests.web.variant import WideSandbox


def graded(house: House, attempt: str) -> str:
    """The result page once grading is over."""
    for _ in range(200):
        state = house.client.get(f"{attempt}/grading").json()["state"]
        if state != "being graded":
            return house.client.get(f"{attempt}/result").text
        time.sleep(0.05)
    raise AssertionError("never graded")


def test_points_reasons_and_the_solution_of_this_variant(house: House) -> None:
    house.sign_in()
    attempt = house.start()
    token = house.token(attempt)
    changes = [
        {"item": 1, "field": field, "revision": 1, "value": value}
        for field, value in {
            "number": "1*",
            "vector": ["1", "2", "3"],
            "several": "1,3",
            "single": "2",
            "order": "2,1",
            "truth": ["true", ""],
            "words": ["low", ""],
            "text": "so <b>",
        }.items()
    ]
    changes.append({"item": 2, "field": "several", "revision": 1, "value": "none"})
    house.save(attempt, token, *changes)
    house.post(f"{attempt}/hand-in")
    page = graded(house, attempt)
    assert '<p class="why" data-own>why followed</p>' in page
    assert "That is the variance." in page
    assert "This could not be read, so it was not graded:" in page
    assert "Something is missing after “*”." in page
    assert "As you drew it." in page
    assert 'Some <span class="math" data-tex="w_1">w_1</span> and &lt;b&gt; <code>f(x)</code>.' in page
    assert "a person decides" in page
    assert "deserve a person" in page
    assert "6 to 7 of 13" in page
    assert "\N{MINUS SIGN}0.5" in page
    assert "4 other ways to earn points here" in page
    assert "Because of p-number, seed 0." in page
    assert page.count("First of all.") == 2
    assert '<ul class="picked"><li class="prose"><p>Adam</p></li><li class="prose"><p>dropout</p></li></ul>' in page
    assert "none of them" in page
    ordered = re.findall(r'<li><span class="order-of">(Block \d)</span><div class="prose">(.*?)</div></li>', page)
    assert ordered == [("Block 2", "<p>So $x$.</p>"), ("Block 1", "<p>First.</p>")]
    assert '<li><b>True</b><span class="prose"><p>It learns.</p></span></li>' in page
    assert '<span class="soft">training</span> low' in page
    assert "<b>No answer</b>" in page
    assert "so &lt;b&gt;" in page
    assert "Try again with a new variant" in page
    listed = house.client.get("/").text
    assert "partly waits for a person" in listed
    again = house.start()
    assert again != attempt


class Slow(WideSandbox):
    """Grades when told."""

    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def _grade(self, payload: object) -> object:
        self.go.wait(20)
        return super()._grade(payload)


def test_while_grading_is_under_way_the_page_says_so_and_asks_again(open_house: Callable[..., House]) -> None:
    sandbox = Slow()
    house = open_house(sandbox=sandbox)
    house.sign_in()
    attempt = house.start()
    house.post(f"{attempt}/hand-in")
    page = house.client.get(f"{attempt}/result").text
    assert "Your answers are being graded." in page
    assert 'data-state="being graded"' in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert "being graded" in house.client.get("/").text
    sandbox.go.set()
    assert "Your answers are being graded." not in graded(house, attempt)


class Dying(WideSandbox):
    """Its graders are killed."""

    def _grade(self, payload: object) -> object:
        raise SandboxFailure("killed", "The grader took too long.")


def test_a_grader_that_dies_leaves_the_answer_to_a_person(open_house: Callable[..., House]) -> None:
    house = open_house(sandbox=Dying())
    house.sign_in()
    attempt = house.start()
    house.post(f"{attempt}/hand-in")
    page = graded(house, attempt)
    assert "Your answer is kept; a person will grade it." in page
    assert "took too long" not in page


def test_there_is_no_result_before_handing_in(small_house: House) -> None:
    small_house.sign_in()
    attempt = small_house.start()
    for page in ("result", "receipt"):
        answer = small_house.client.get(f"{attempt}/{page}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, attempt)
    for page in ("grading", "receipt.txt", "paper"):
        answer = small_house.client.get(f"{attempt}/{page}")
        assert answer.status_code == 404
        assert "has not been handed in yet" in answer.text


def test_sections_are_headings_wherever_their_questions_are_listed_after_handing_in(small_house: House) -> None:
    small_house.sign_in()
    with small_house.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz)).one()
        tx.session.add(QuizSection(quiz_id=quiz.id, number=1, title="Warm-up", text=""))
        tx.session.add(QuizSection(quiz_id=quiz.id, number=2, title="Data", text=""))
        for item in tx.session.scalars(select(QuizItem)):
            item.section = item.position
    attempt = small_house.start()
    review = small_house.client.get(f"{attempt}/review").text
    assert re.findall('<li class="review-section">([^<]+)', review) == ["Warm-up", "Data"]
    small_house.post(f"{attempt}/hand-in")
    headed = re.compile('<h2 class="result-section">([^<]+)')
    assert headed.findall(graded(small_house, attempt)) == ["Warm-up", "Data"]
    assert headed.findall(small_house.client.get(f"{attempt}/paper").text) == ["Warm-up", "Data"]
    receipt = small_house.client.get(f"{attempt}/receipt").text
    assert re.findall('<dd class="receipt-section">([^<]+)', receipt) == ["Warm-up", "Data"]
    assert "\n  Warm-up\n  1. " in small_house.client.get(f"{attempt}/receipt.txt").text


def test_what_cannot_be_read_is_said_once_and_names_its_fields() -> None:
    part = SimpleNamespace(fields=[SimpleNamespace(id=name) for name in "abc"])
    pairs = [("a", "Something is missing."), ("c", "Something is missing."), ("elsewhere", "No.")]
    ((says, named),) = of_part(pairs, part)
    assert (says, [(number, field.id) for number, field in named]) == (pairs[0][1], [(1, "a"), (3, "c")])
