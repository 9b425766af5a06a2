"""From rules to a grade in a file: the borders move while they are typed, and the server counts the same."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.served import INSTRUCTOR, LOGIN, PASSWORD, STUDENTS

SAT = LOGIN.format(STUDENTS - 1)


def test_rules_are_set_a_border_moves_and_the_file_says_the_new_grade(
    served: dict[str, Any], new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    sign_in(page, (INSTRUCTOR.format(38), PASSWORD))
    root = f"/courses/{served['course']}/gradebook"
    page.goto(f"{root}/rules")
    page.get_by_label("Name of group 1").fill("Homework")
    page.get_by_label("How many of group 1 are dropped").fill("1")
    page.get_by_label("Name of group 2").fill("Exam")
    page.get_by_label("Weight of group 2", exact=True).fill("3")
    page.get_by_label("Group of Winter exam").select_option("1")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Stored.")
    adjust(page, root)
    page.get_by_role("navigation", name="Gradebook").get_by_role("link", name="Grades").click()
    page.get_by_label("Begin with").select_option("letters")
    page.get_by_role("button", name="Use it").click()
    counts = page.locator("[data-count]")
    best = counts.first
    expect(best).to_have_text("0")
    border = page.get_by_label("Percentage from which on grade 1 is given")
    mark = page.locator('[data-mark="0"]')
    before = mark.get_attribute("transform")
    border.press("ControlOrMeta+a")
    # By the keyboard, and the chart follows at once.
    page.keyboard.type("80.5")
    page.get_by_label("Name of grade 2").fill("Good")
    assert mark.get_attribute("transform") != before
    live = counts.all_inner_texts()
    page.get_by_role("button", name="Preview").last.click()
    expect(page.get_by_role("status").first).to_contain_text("This is a preview.")
    assert page.locator("[data-count]").all_inner_texts() == live
    page.get_by_label("Percentage from which on grade 2 is given").fill("60.5")
    page.get_by_label("Percentage from which on grade 1 is given").fill("75")
    expect(page.locator("[data-count]").first).to_have_text("1")
    assert complaints(page) == []
    page.get_by_label("Rounding").select_option("up")
    expect(page.get_by_text("Press Preview to count by this.")).to_be_visible()
    page.get_by_label("Percentage from which on grade 3 is given").fill("50")
    page.get_by_label("Percentage from which on grade 4 is given").fill("40")
    page.get_by_label("Students see their grade").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").first).to_contain_text("Stored.")
    page.get_by_role("link", name="Totals").click()
    row = page.get_by_role("row").filter(has_text=SAT)
    expect(row).to_contain_text("A")
    with page.expect_download() as download:
        page.get_by_role("link", name="Excel file").click()
    sheet = load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    (mine,) = [line for line in lines if line[1] == SAT]
    assert lines[0][-1] == "Grade"
    assert (mine[-1], mine[-4]) == ("A", 80)
    own = new_context(color_scheme="dark").new_page()
    sign_in(own, (SAT, PASSWORD))
    own.get_by_role("link", name="Your marks in Deep Learning").click()
    expect(own.locator(".total-line")).to_have_text("Total 80 % A")
    assert complaints(own) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "widest"), [(320, 0.4), (1280, 0.5)])
def test_beside_the_names_there_is_room_for_what_is_read(
    served: dict[str, Any], new_context: Callable[..., BrowserContext], width: int, widest: float, scheme: Any
) -> None:
    page = new_context(viewport={"width": width, "height": 720}, color_scheme=scheme).new_page()
    sign_in(page, (INSTRUCTOR.format(38), PASSWORD))
    course = f"/courses/{served['course']}"
    quiz = f"{course}/quizzes/{served['quiz']}"
    for address in (f"{course}/gradebook", f"{quiz}/results", f"{quiz}/sitting"):
        page.goto(address)
        table = page.locator("table.sticky")
        # A name of 120 characters without a blank, and one as most are.
        table.locator("tbody .first a, tbody .first").first.evaluate("(one) => (one.textContent = 'A'.repeat(120))")
        table.locator("tbody .first").nth(1).evaluate("(one) => (one.textContent = 'Bartholomew Featherstonehaugh')")
        room, name = table.evaluate(
            """(table) => [table.parentElement.clientWidth,
                           table.querySelector("tbody .first").getBoundingClientRect().width]"""
        )
        assert name <= widest * room, (address, name, room)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        # It stays where it is while the rest is read.
        table.locator("..").evaluate("(one) => one.scrollTo(400, 300)")
        place = table.locator("tbody .first").nth(12).bounding_box()
        assert place is not None
        assert 0 <= place["x"] < 120
        assert complaints(page) == []


def adjust(page: Page, root: str) -> None:
    """Everybody's total is nothing: somebody is given 80 percentage points."""
    page.goto(f"{root}/adjustments")
    page.get_by_label("Person").select_option(label=f"Student {STUDENTS - 1} ({SAT})")
    page.get_by_label("Points", exact=True).fill("80")
    page.get_by_label("Reason").fill("An oral examination")
    page.get_by_role("button", name="Adjust", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="An oral examination").first).to_contain_text("+80")
