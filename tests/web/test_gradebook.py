"""The pages of a gradebook: totals, rules, borders of grades, adjustments, a student's own marks, files."""

from __future__ import annotations

import io
import re
import time
from fractions import Fraction

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update

from app.storage import people
from app.storage.tables import Adjustment, Quiz
from tests.web.conftest import House
from tests.web.visiting import number_of, read, visit_as


@pytest.fixture
def graded(house: House) -> House:
    """An attempt of student0 that was handed in and graded: six sevenths are sure, and a point waits."""
    return hand_in(house)


@pytest.fixture
def small(small_house: House) -> House:
    return hand_in(small_house)


def hand_in(house: House) -> House:
    house.sign_in()
    attempt = house.start()
    house.save(attempt, house.token(attempt), {"item": 1, "field": "number", "revision": 1, "value": "7"})
    house.post(f"{attempt}/hand-in")
    for _ in range(200):
        if house.client.get(f"{attempt}/grading").json()["state"] != "being graded":
            break
        time.sleep(0.05)
    with house.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz)).one()
        quiz.closes_at = tx.now()
        found = people.person_by_login(tx, "student0")
        assert found is not None
        less = Fraction(36, 7) - 12  # what the sandbox of these tests credits
        given = {"course_id": quiz.course_id, "quiz_id": quiz.id, "person_id": found.id, "by_id": found.id}
        tx.session.add(Adjustment(**given, points=less, points_real=float(less), reason="Late", created_at=tx.now()))
    return house


def typed(page: str) -> dict[str, str]:
    """The fields of the form of a page as they are, tags read the plain way."""
    form = page[page.index("<form", page.index("<main")) :]
    found = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = re.search(r'name="([^"]+)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag or " checked" in tag):
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else ""
    return found


def test_staff_see_every_student_with_what_is_missing(graded: House) -> None:
    root = visit_as(graded, "tom", "assistant")
    page = read(graded.client.get(f"{root}/gradebook"))
    assert "Student 0" in page
    assert "1 did not take a quiz" in page
    assert "1 wait for a person" in page
    assert "85.71 % to 100 %" in page
    only = read(graded.client.get(f"{root}/gradebook?show=missing"))
    assert "Student 1" in only
    assert "Student 0" not in only
    assert "This is true of nobody now." in read(graded.client.get(f"{root}/gradebook?show=requests"))
    read(graded.client.get(f"{root}/gradebook?show=nonsense"))
    # Assistants look; rules, grades and adjustments are the instructors'.
    assert "/gradebook/rules" not in page
    one = read(graded.client.get(f"{root}/gradebook/students/{number_of(graded, 'student0')}"))
    assert "How the total came" in one
    assert "counts" in one


def test_rules_are_stored_once_and_a_stale_form_changes_nothing(graded: House) -> None:
    root = visit_as(graded, "ines", "instructor")
    form = typed(read(graded.client.get(f"{root}/gradebook/rules")))
    changed = form | {
        "group.0.name": "Homework",
        "group.0.drop": "1",
        "group.1.name": "Exam",
        "group.1.weight": "3/2",
        f"quiz.{graded.quiz}.group": "1",
        "beyond": "yes",
    }
    stored = graded.client.post(f"{root}/gradebook/rules", data=changed)
    again = typed(read(stored))
    assert "Stored." in stored.text
    assert (again["revision"], again["group.1.weight"], again[f"quiz.{graded.quiz}.group"]) == ("1", "1.5", "1")
    assert again["beyond"] == "yes"
    page = read(graded.client.post(f"{root}/gradebook/rules", data=form), 409)
    assert "Somebody else has changed these rules in the meantime." in page
    assert typed(read(graded.client.get(f"{root}/gradebook/rules"))) == again
    # A group without a name and a weight is gone, and its quizzes are in the first.
    emptied = again | {"group.1.name": "", "group.1.weight": ""}
    left = typed(read(graded.client.post(f"{root}/gradebook/rules", data=emptied)))
    assert (left["group.0.name"], left["group.1.name"], left[f"quiz.{graded.quiz}.group"]) == ("Homework", "", "0")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("group.0.weight", "much", "Write this as 2, 1.5 or 1/2."),
        ("group.0.weight", "0", "At least one group weighs something."),
        ("group.0.weight", "20000", "At most 10000."),
        ("group.0.drop", "-1", "This is a whole number from 0 to 99."),
        ("group.1.weight", "2", "Give this group a name."),
        ("quiz.{quiz}.weight", "1/0", "Write this as 2, 1.5 or 1/2."),
        ("quiz.{quiz}.group", "2", "Give this group a name and a weight first."),
    ],
)
def test_rules_that_mean_nothing_come_back_with_a_sentence(small: House, field: str, value: str, says: str) -> None:
    root = visit_as(small, "ines", "instructor")
    form = typed(read(small.client.get(f"{root}/gradebook/rules")))
    name = field.format(quiz=small.quiz)
    page = read(small.client.post(f"{root}/gradebook/rules", data=form | {name: value}), 422)
    assert says in page
    assert typed(page)[name] == value


def test_borders_are_previewed_before_they_are_stored(graded: House) -> None:
    root = visit_as(graded, "ines", "instructor")
    address = f"{root}/gradebook/grades"
    form = typed(read(graded.client.get(address)))
    assert form["kind"] == "none"
    page = read(graded.client.post(address, data=form | {"act": "preset", "preset": "letters"}))
    assert "This is a preview. Nothing is stored yet." in page
    form = typed(page)
    assert [form[f"border.{n}.letter"] for n in range(7)] == ["A", "B", "C", "D", "F", "", ""]
    counted = re.findall(r"data-letter[^>]*>.*?data-count>(\d*)<", page, re.DOTALL)
    assert counted == ["0", "1", "0", "0", "1", "", ""]
    moved = read(graded.client.post(address, data=form | {"act": "preview", "border.0.at": "85,7142"}))
    assert re.findall(r"data-letter[^>]*>.*?data-count>(\d*)<", moved, re.DOTALL)[:2] == ["1", "0"]
    missed = read(graded.client.post(address, data=form | {"act": "preview", "border.0.at": "85.7143"}))
    assert re.findall(r"data-letter[^>]*>.*?data-count>(\d*)<", missed, re.DOTALL)[:2] == ["0", "1"]
    rounded = form | {"act": "preview", "border.0.at": "86", "step": "1"}
    page = read(graded.client.post(address, data=rounded))
    assert re.findall(r"data-letter[^>]*>.*?data-count>(\d*)<", page, re.DOTALL)[:2] == ["1", "0"]
    stored = read(graded.client.post(address, data=rounded | {"act": "save", "shown": "yes"}))
    assert "Stored." in stored
    assert "A</td>" in re.sub(r"\s", "", read(graded.client.get(f"{root}/gradebook")))
    assert "have another grade" not in stored
    changed = typed(stored) | {"act": "preview", "border.0.at": "99"}
    assert "1 student would have another grade." in read(graded.client.post(address, data=changed))
    read(graded.client.post(address, data=rounded | {"act": "save"}), 409)


def test_a_scale_counts_its_numbers(small: House) -> None:
    root = visit_as(small, "ines", "instructor")
    address = f"{root}/gradebook/grades"
    form = typed(read(small.client.get(address)))
    page = read(small.client.post(address, data=form | {"act": "preset", "preset": "french"}))
    assert re.findall(r'<th scope="row">([\d.]+)</th><td class="number">(\d+)</td>', page) == [("17", "1"), ("0", "1")]
    says = read(small.client.post(address, data=typed(page) | {"act": "save", "step": "0"}), 422)
    assert "A scale needs a step to round to." in says


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"border.1.at": "90"}, "Two grades cannot begin at the same percentage."),
        ({"border.1.letter": "A"}, "There are two grades of this name."),
        ({"border.4.at": "10"}, "The lowest grade begins at 0."),
        ({"border.0.at": "1/3"}, "At most four decimals."),
        ({"border.0.at": "201"}, "At most 200."),
        ({"border.5.at": "50"}, "What is this grade called?"),
        ({"step": "x"}, "Write this as 2, 1.5 or 1/2."),
    ],
)
def test_borders_that_cannot_be_come_back_with_a_sentence(small: House, given: dict[str, str], says: str) -> None:
    root = visit_as(small, "ines", "instructor")
    address = f"{root}/gradebook/grades"
    form = typed(read(small.client.get(address)))
    form = typed(read(small.client.post(address, data=form | {"act": "preset", "preset": "letters"})))
    page = read(small.client.post(address, data=form | given | {"act": "save"}), 422)
    assert says in page
    assert {name: typed(page)[name] for name in given} == given


def test_an_adjustment_has_a_reason_and_is_withdrawn_not_deleted(graded: House) -> None:
    root = visit_as(graded, "ines", "instructor")
    address = f"{root}/gradebook/adjustments"
    student = str(number_of(graded, "student1"))
    form = typed(read(graded.client.get(f"{address}?person={student}")))
    assert form["person"] == student
    given = form | {"quiz": graded.quiz, "kind": "points", "points": "−3,5", "reason": ""}
    assert "Say why: the student reads it." in read(graded.client.post(address, data=given), 422)
    for points, says in (("x", "Write this as 2, −1.5 or 1/2."), ("0", "How many points?")):
        wrong = given | {"points": points, "reason": "why"}
        assert says in read(graded.client.post(address, data=wrong), 422)
    assert "Choose somebody." in read(graded.client.post(address, data=given | {"person": ""}), 422)
    assert "There is no such student" in read(graded.client.post(address, data=given | {"person": "999999"}), 422)
    page = read(graded.client.post(address, data=given | {"points": "+3", "reason": "Oral <b>exam</b>"}))
    assert "Oral <b>exam</b>" in page  # after unescaping
    assert "+3\n" in page or "+3<" in page
    number = re.search(r"/adjustments/(\d+)/withdraw", page)
    assert number
    assert "50 %" in read(graded.client.get(f"{root}/gradebook/students/{student}"))
    gone = read(graded.client.post(f"{address}/{number[1]}/withdraw", data={"csrf": form["csrf"]}))
    assert "withdrawn by Ines" in gone
    read(graded.client.post(f"{address}/999/withdraw", data={"csrf": form["csrf"]}), 404)


def test_an_adjusted_mark_is_said_wherever_its_student_reads_points_with_the_reason_and_without_a_name(
    graded: House,
) -> None:
    root = visit_as(graded, "ines", "instructor")
    address = f"{root}/gradebook/adjustments"
    form = typed(read(graded.client.get(f"{address}?person={number_of(graded, 'student0')}")))
    given = form | {"quiz": graded.quiz, "kind": "points", "points": "−100", "reason": "Copied <i>all</i> of it"}
    page = read(graded.client.post(address, data=given))
    number = re.search(r"/adjustments/(\d+)/withdraw", page)
    assert number
    # The staff's table says what counts, and what of it is no point of the attempt.
    table = read(graded.client.get(f"{root}/quizzes/{graded.quiz}/results"))
    assert re.search(r"of which −\d+\u202f\d⁄\d adjusted", table)
    assert table.count("adjusted") == 1
    visit_as(graded, "student0")
    attempt = re.search(r'href="(/attempts/[^"/]+)/result"', graded.client.get("/").text)
    assert attempt
    places = ("/", f"{attempt[1]}/result", f"{attempt[1]}/paper")
    for place in places:
        seen = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", graded.client.get(place).text))
        assert "Your mark of this quiz, adjusted: 0 of 6" in seen, place
        assert "−100 · Copied &lt;i&gt;all&lt;/i&gt; of it" in seen, place
        assert "Late" in seen, place
        assert "Ines" not in seen, place
    own = read(graded.client.get(f"{root}/marks"))
    assert "Copied <i>all</i> of it" in own
    assert "Ines" not in own
    # Nobody else's pages say anything of it.
    visit_as(graded, "student1")
    assert "Copied" not in read(graded.client.get("/"))
    visit_as(graded, "ines", "instructor")
    form = typed(read(graded.client.get(address)))
    read(graded.client.post(f"{address}/{number[1]}/withdraw", data={"csrf": form["csrf"]}))
    visit_as(graded, "student0")
    assert all("Copied" not in graded.client.get(place).text for place in places)
    # Before marks are released, the adjustment is not, either.
    with graded.transactions.writing() as tx:
        tx.session.execute(update(Quiz).values(release="by hand", released_at=None))
    assert "adjusted" not in graded.client.get("/").text
    assert "adjusted" not in graded.client.get(f"{attempt[1]}/paper").text


def test_who_is_excused_reads_so_with_the_reason(graded: House) -> None:
    root = visit_as(graded, "ines", "instructor")
    address = f"{root}/gradebook/adjustments"
    form = typed(read(graded.client.get(f"{address}?person={number_of(graded, 'student1')}")))
    read(graded.client.post(address, data=form | {"quiz": graded.quiz, "kind": "excused", "reason": "A certificate"}))
    assert "excused" in read(graded.client.get(f"{root}/quizzes/{graded.quiz}/results"))
    visit_as(graded, "student1")
    page = read(graded.client.get("/"))
    assert "You are excused from this quiz." in page
    assert "A certificate" in page


def test_students_see_their_own_marks_and_no_others(graded: House) -> None:
    root = visit_as(graded, "student0")
    page = read(graded.client.get(f"{root}/marks"))
    assert "Your marks" in page
    assert "85.71 % to 100 %" in page
    assert "Student 1" not in page
    assert f'href="{root}/marks"' in read(graded.client.get("/"))
    for address in (
        "gradebook",
        "gradebook.csv",
        "gradebook.xlsx",
        f"gradebook/students/{number_of(graded, 'student0')}",
    ):
        assert graded.client.get(f"{root}/{address}").status_code == 403
    visit_as(graded, "tom", "assistant")
    answer = graded.client.get(f"{root}/marks", follow_redirects=False)
    assert answer.headers["location"] == f"{root}/gradebook"
    for address in ("gradebook/rules", "gradebook/grades", "gradebook/adjustments"):
        assert graded.client.get(f"{root}/{address}").status_code == 403


def test_the_workbook_holds_the_table(graded: House) -> None:
    root = visit_as(graded, "tom", "assistant")
    answer = graded.client.get(f"{root}/gradebook.xlsx")
    assert "Course-gradebook-" in answer.headers["content-disposition"]
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][:3] == ("Name", "Login", "Quiz (max 6)")
    login, points, percent, state, total, possible, exact, *_rest = lines[1][1:]
    assert (login, state, possible, exact) == ("student0", "waits for a person", 100, "6/7")
    assert [points, percent, total] == pytest.approx([36 / 7, 600 / 7, 600 / 7])
    table = graded.client.get(f"{root}/gradebook.csv").text
    assert table.count("\r\n") == 3
    # With a slash Excel would read the sixth of July.
    assert "6\u20447" in table
    assert "6/7" not in table


def test_a_course_without_students_says_so(small_house: House) -> None:
    root = visit_as(small_house, "ines", "instructor")
    for login in ("student0", "student1"):
        visit_as(small_house, login, "assistant")
    assert "Nothing to add up yet" in read(small_house.client.get(f"{root}/gradebook"))
    visit_as(small_house, "ines", "instructor")
    read(small_house.client.get(f"{root}/gradebook/grades"))
    assert "This course has no students yet." in read(small_house.client.get(f"{root}/gradebook/adjustments"))
