"""A quiz from the bank to the marks: built, previewed, published, sat, released, read; by mouse and by keyboard."""

from __future__ import annotations

import csv
import io
import re
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from app.web.templating import points
from tests.browser.axe import complaints
from tests.browser.keyboard import Keyboard
from tests.browser.test_quiz_building import SAVED, add, new_course, search
from tests.browser.test_sitting_an_exam import POINTS, answer_batch_norm_with_the_variance, fill_cells, go_to

BATCH_NORM, SPLITTING, RNN = "Batch normalisation by hand", "Splitting data from two sources", "Two steps of a ReLU RNN"
WITHHELD = "Marks and solutions appear when your instructors release them."
RELEASED = "Students see their marks and the solutions now."


def test_by_mouse(author: Page, page: Page, account: tuple[str, str], tmp_path: Path) -> None:
    teacher, student = author, page
    course = new_course(teacher, "A course by mouse")
    enrol(teacher, course, account[0])
    quiz = build_by_mouse(teacher, course)

    # The student gets one of the two tagged questions that the quiz does not ask anyway; either is worth two points.
    student.goto("/")
    card = student.locator(".quiz", has_text="From the bank to the marks")
    card.get_by_role("button", name="Start").click()
    student.locator("[data-exam]").wait_for()
    student.wait_for_load_state()
    entries = student.get_by_role("navigation", name="Questions")
    expect(entries.locator("[data-entry]")).to_have_count(2)
    drawn = SPLITTING if SPLITTING in entries.inner_text() else BATCH_NORM
    expect(entries).to_contain_text(drawn)
    if drawn == BATCH_NORM:
        answer_batch_norm_with_the_variance(student)
        earned = Fraction(3) * 2 / Fraction(7, 2)  # three of three and a half points, of which two are made
    else:
        for number, word in enumerate(("web", "target", "target", "target"), 1):
            student.locator(f"#input-sources-{number}").select_option(word)
        fill_cells(student, "sizes", "80000 5000 5000 5000")
        student.locator("#input-transfer").select_option("yes")
        earned = Fraction(2) * 2 / 4
    go_to(student, RNN)
    for field, value in {"h2": "30", "y2": "-30", "dy2": "-20"}.items():
        student.locator(f"#input-{field}").fill(value)
    student.get_by_role("link", name="Review and hand in").click()
    student.get_by_role("link", name="Hand in…").click()
    student.get_by_role("button", name="Yes, hand in").click()
    student.get_by_role("link", name="See the result").click()
    expect(student.get_by_text(WITHHELD)).to_be_visible()
    expect(student.locator(POINTS)).to_have_count(0)

    # Four of six for the question that counts twice: its first step is wrong once, and followed through.
    total = earned + 4
    wait_for_marks(teacher, f"{quiz}/results")
    row = teacher.locator("tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("td.total")).to_contain_text(points(total))
    expect(row.locator("td.number").nth(1)).to_contain_text(points(earned))
    expect(row.locator("td.number").nth(1)).to_contain_text(drawn)
    expect(row.locator("td.number").nth(2)).to_have_text("4")
    assert complaints(teacher) == []
    name = row.locator("th a").inner_text()
    check_sheets(teacher, tmp_path, name=name, drawn=drawn, earned=earned, total=total)

    row.locator("th a").click()
    expect(teacher.get_by_role("heading", level=2, name=name)).to_be_visible()
    expect(teacher.locator(".total-points")).to_have_text(points(total))
    asked_twice = teacher.locator("section.result", has=teacher.get_by_role("heading", name=RNN))
    expect(asked_twice.locator(POINTS)).to_have_text("4 of 6")
    expect(asked_twice).to_contain_text("With your own earlier answers: met.")
    behind = teacher.locator("details.behind", has_text=RNN)
    behind.locator("summary").click()
    expect(behind.get_by_role("region", name="Raw answers to question 2")).to_contain_text("-30")
    expect(behind.get_by_role("region", name="Facts about question 2")).to_contain_text("by own earlier answers")
    expect(behind.get_by_role("region", name="Gradings of question 2")).to_contain_text("4 / 6")
    assert complaints(teacher) == []

    teacher.get_by_role("navigation", name="Quiz").get_by_role("link", name="Statistics").click()
    expect(teacher.get_by_role("heading", name="Not enough results yet")).to_be_visible()
    expect(teacher.get_by_text("1 handed in")).to_be_visible()
    teacher.get_by_role("navigation", name="Quiz").get_by_role("link", name="Results").click()
    teacher.get_by_role("button", name="Release marks now").click()
    expect(teacher.get_by_text(RELEASED)).to_be_visible()
    expect(teacher.get_by_role("button", name="Release marks now")).to_have_count(0)
    assert complaints(teacher) == []

    # From the front page an instructor gets to the results of what they teach.
    teacher.goto("/")
    assert complaints(teacher) == []
    teacher.get_by_role("link", name="From the bank to the marks").click()
    expect(row.locator("td.total")).to_contain_text(points(total))

    student.reload()
    expect(student.locator(".total-points")).to_have_text(points(total))
    student.goto("/")
    expect(card.locator(".attempts .points")).to_have_text(f"{points(total)} of 8")


def test_by_keyboard_alone(author: Page, page: Page, account: tuple[str, str]) -> None:
    teacher, student = author, page
    course = new_course(teacher, "A course by keyboard")
    keys = Keyboard(teacher)
    teacher.goto(f"{course}/people")
    keys.type("#login", account[0])
    teacher.keyboard.press("Enter")
    expect(teacher.get_by_role("region", name="People of the course")).to_contain_text(account[0])

    teacher.goto(f"{course}/quizzes/new")
    keys.type("#title", "Without a mouse")
    keys.to("#release")
    teacher.keyboard.type("when I")
    keys.type("#search", "tum")
    teacher.keyboard.press("Enter")
    keys.press("[data-add][value='add:tum-10b']")
    expect(teacher.locator("[data-place]")).to_have_count(1)
    # Only one question is tagged so: the pool draws it for everybody.
    keys.type("#new_tag", "statistics")
    keys.press("[data-add-pool]")
    expect(teacher.locator("[data-place]")).to_have_count(2)
    keys.press("[data-place]:nth-child(2) [data-move='-1']")
    expect(teacher.locator("[data-place]").first).to_have_attribute("data-kind", "tag")
    keys.press(".save-bar button[value='publish']")
    expect(teacher.get_by_role("heading", name="What students will get")).to_be_visible()
    keys.press("form[method=post] .button.primary")
    expect(teacher.get_by_text("The quiz is published.")).to_be_visible()
    quiz = teacher.url.split("?")[0]
    keys.press("form[action$='/preview'] button")
    expect(teacher.locator(".exam-title")).to_contain_text("preview")

    keys = Keyboard(student)
    student.goto("/")
    keys.press(f"form[action='/quizzes/{quiz.split('/')[-1]}/attempts'] button")
    student.locator("[data-exam]").wait_for()
    student.wait_for_load_state()
    expect(student.get_by_role("heading", level=1)).to_have_text(BATCH_NORM)
    keys.to("#field-mu input")
    for number in ("13", "5", "0"):
        student.keyboard.type(number)
        student.keyboard.press("ArrowRight")
    keys.press("a[data-entry='2']")
    expect(student.get_by_role("heading", level=1)).to_have_text(RNN)
    for field, value in {"h2": "37", "y2": "-37", "dy2": "-20"}.items():
        keys.type(f"#input-{field}", value)
    keys.press(".side-foot a")
    expect(student.get_by_role("heading", name="Review before you hand in")).to_be_visible()
    keys.press("a[href$='/hand-in']")
    expect(student.get_by_role("heading", name="Hand in now?")).to_be_visible()
    keys.press("form button")
    expect(student.get_by_role("heading", name="Handed in")).to_be_visible()
    keys.press("a[href$='/result']")
    expect(student.get_by_text(WITHHELD)).to_be_visible()

    keys = Keyboard(teacher)
    wait_for_marks(teacher, f"{quiz}/results")
    row = teacher.locator("tbody tr")
    expect(row.locator("td.total")).to_contain_text("3.5")
    expect(row.locator("td.number").nth(1)).to_contain_text("0.5")
    expect(row.locator("td.number").nth(2)).to_have_text("3")
    keys.to("a[href$='/results.csv']")
    with teacher.expect_download() as downloading:
        teacher.keyboard.press("Enter")
    assert account[0] in downloading.value.path().read_text(encoding="utf-8")
    keys.press("tbody th a")
    expect(teacher.locator(".total-points")).to_have_text("3.5")
    keys.press("details.behind summary")
    expect(teacher.get_by_role("region", name="Raw answers to question 1")).to_contain_text("13")
    keys.press(".crumb a[href$='/results']")
    expect(teacher.get_by_role("region", name="Results by student and question")).to_be_visible()
    keys.press("form[action$='/release'] button")
    expect(teacher.get_by_text(RELEASED)).to_be_visible()

    student.reload()
    expect(student.locator(".total-points")).to_have_text("3.5")


def enrol(teacher: Page, course: str, login: str) -> None:
    teacher.goto(f"{course}/people")
    teacher.get_by_label("Login", exact=True).fill(login)
    teacher.get_by_role("button", name="Enrol", exact=True).click()
    expect(teacher.get_by_role("region", name="People of the course")).to_contain_text(login)


def build_by_mouse(teacher: Page, course: str) -> str:
    """A pool by tag, then a question that counts twice; previewed as a draft, then published. The quiz's address."""
    teacher.goto(f"{course}/quizzes/new")
    teacher.get_by_label("Title").fill("From the bank to the marks")
    teacher.get_by_label("Marks appear").select_option("by hand")
    search(teacher, "tum")
    add(teacher, RNN)
    places = teacher.locator("[data-place]")
    expect(places).to_have_count(1)
    places.first.locator("[data-amount]").fill("2")
    teacher.get_by_label("A pool of everything tagged").fill("journeys")
    teacher.get_by_role("button", name="Add this pool").click()
    expect(places).to_have_count(2)
    places.nth(1).locator("[data-worth-kind]").select_option("each")
    places.nth(1).locator("[data-amount]").fill("2")
    teacher.get_by_role("button", name="Move place 2 up").click()
    expect(places.first).to_have_attribute("data-kind", "tag")
    expect(teacher.locator("[data-total]")).to_have_text("2 questions · 8 points")
    teacher.get_by_role("button", name="Save", exact=True).click()
    teacher.wait_for_url(SAVED)
    quiz = teacher.url.split("?")[0]

    teacher.get_by_role("button", name="Preview as a student").click()
    expect(teacher.locator(".exam-title")).to_contain_text("preview")
    expect(teacher.get_by_role("navigation", name="Questions").locator("[data-entry]")).to_have_count(2)
    teacher.goto(quiz)
    teacher.get_by_role("button", name="Save and publish").click()
    expect(teacher.locator("main")).to_contain_text("2 questions, 8 points")
    expect(teacher.locator("main")).to_contain_text("Marks and solutions appear when you release them.")
    teacher.get_by_role("button", name="Publish now").click()
    expect(teacher.get_by_text("The quiz is published.")).to_be_visible()
    return quiz


def wait_for_marks(teacher: Page, results: str) -> None:
    """Until the one attempt of the course is graded; the preview of the instructor has no row."""
    teacher.goto(results)
    for _ in range(100):
        if teacher.locator("tbody .chip", has_text=re.compile("^graded$")).count():
            expect(
                teacher.get_by_text("Students do not see marks and solutions until you release them.")
            ).to_be_visible()
            return
        teacher.wait_for_timeout(300)
        teacher.reload()
    raise AssertionError("The attempt is not graded.")


def check_sheets(teacher: Page, folder: Path, *, name: str, drawn: str, earned: Fraction, total: Fraction) -> None:
    """Both files hold the one row, with the exact total."""
    files = {}
    for ending, link in (("csv", "CSV file"), ("xlsx", "Excel file")):
        with teacher.expect_download() as downloading:
            teacher.get_by_role("link", name=link).click()
        assert downloading.value.suggested_filename.endswith(f".{ending}")
        files[ending] = folder / f"results.{ending}"
        downloading.value.save_as(files[ending])
    table = list(csv.reader(io.StringIO(files["csv"].read_text(encoding="utf-8-sig"))))
    assert len(table) == 2
    found = dict(zip(*table, strict=True))
    assert (found["Name"], found["State"], found["Attempt"]) == (name, "graded", "1")
    assert (Fraction(found["Points (exact)"].replace("\u2044", "/")), found["Maximum"]) == (total, "8")
    assert found["Question 1: drawn"] == drawn
    assert found[f"Question 2: {RNN} (max 6)"] == "4"
    assert abs(float(found["Question 1: journeys (max 2)"]) - earned) < 1e-6

    rows = list(load_workbook(io.BytesIO(files["xlsx"].read_bytes())).worksheets[0].iter_rows(values_only=True))
    assert [str(cell) for cell in rows[0]] == table[0]
    written = dict(zip(table[0], rows[1], strict=True))
    assert written["Points (exact)"] == str(total)
    assert written[f"Question 2: {RNN} (max 6)"] == 4
    assert len(rows) == 2
