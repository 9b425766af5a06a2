"""Staff at work while a quiz is sat: by keyboard alone, seen in the students' pages, and never in their own way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.services.accounts import sessions
from app.services.sitting import running
from app.storage import attempts, people
from app.storage.tables import Course
from app.web.visitors import COOKIE
from tests.browser.keyboard import Keyboard
from tests.browser.timed import Sat, sit


@pytest.fixture
def sat(served: dict[str, Any]) -> Sat:
    return sit(served["database"])


@pytest.fixture
def staff(sat: Sat, new_context: Callable[..., BrowserContext], address: str) -> Page:
    """The page of an assistant in the course where one student sits and another one does not."""
    with sat.transactions.writing() as tx:
        found = attempts.attempt(tx, sat.id)
        assert found is not None
        course = tx.session.get_one(Course, found[1].course_id)
        for role in ("assistant", "student"):
            row = people.add_person(tx, f"{role}-{sat.id}".lower(), f"Zoe {role}", None, False)
            people.enrol(tx, course.id, row.id, role)
            if role == "assistant":
                session = sessions.open_session(tx, row.id, 1).token
        place = f"/courses/{course.public_id}/quizzes/{found[1].public_id}/sitting"
    context = new_context()
    context.add_cookies([{"name": COOKIE, "value": session, "url": address}])
    page = context.new_page()
    page.goto(place)
    expect(page.locator("tr[data-key]")).to_have_count(2)
    return page


def student_page(sat: Sat, new_context: Callable[..., BrowserContext], address: str) -> Page:
    """The student's own page, which hears of news."""
    page = sat.open(new_context(), address)
    expect(page.locator("[data-sitting][data-hears]")).to_be_attached()
    return page


def test_time_a_pause_and_a_message_are_given_by_keyboard_and_seen_at_once(
    sat: Sat, staff: Page, new_context: Callable[..., BrowserContext], address: str
) -> None:
    student = student_page(sat, new_context, address)
    keyboard = Keyboard(staff)
    keyboard.press("tr[data-key] input", "Space")
    keyboard.type("#minutes", "10")
    keyboard.type("#reason", "noise in the hall")
    staff.keyboard.press("Enter")  # does nothing: no button was chosen
    keyboard.press("button[value=time]")
    expect(staff.get_by_role("status").first).to_contain_text("1 student has another deadline now.")
    expect(student.locator("[data-left]")).to_have_text("40 min left")
    keyboard.to("#whom")
    staff.keyboard.press("End")
    keyboard.press("button[value=pause]")
    expect(staff.get_by_role("status").first).to_contain_text("1 student is paused.")
    expect(student.get_by_role("log")).to_contain_text("This attempt is paused.")
    keyboard.press("tr[data-key] input", "Space")
    keyboard.press("button[value=resume]")
    expect(student.get_by_role("log")).not_to_contain_text("This attempt is paused.")
    keyboard.press("tr[data-key] input", "Space")
    keyboard.type("#text", "Question 2: n is 3.")
    keyboard.press("button[value=message]")
    expect(student.get_by_role("log")).to_contain_text("Question 2: n is 3.")
    keyboard.press("tr[data-key] input", "Space")
    keyboard.press("button[value=end]")
    expect(staff.get_by_role("heading", name="End the exam for 1 student now?")).to_be_visible()
    assert sat.state() == "open"
    keyboard.press("button[value=end]")
    student.wait_for_url("**/receipt")
    expect(staff.locator("tr[data-key]").first).to_contain_text("handed in")


def test_the_table_keeps_itself_fresh_and_leaves_alone_what_somebody_is_at(
    sat: Sat, staff: Page, new_context: Callable[..., BrowserContext], address: str
) -> None:
    row = staff.locator("tr[data-key]").first
    expect(row).to_contain_text("never seen")
    row.get_by_role("checkbox").check()
    name = row.get_by_role("link")
    name.evaluate("link => (link.mine = 'kept')")
    staff.locator("#text").fill("being written")
    staff.locator("#text").focus()
    student = student_page(sat, new_context, address)
    expect(row).to_contain_text("online")
    expect(staff.locator("[data-news]")).to_have_text("1 student is in; 0 have handed in.")
    student.locator("[data-exam] input[type=text]:visible").first.press_sequentially("12")
    expect(row).to_contain_text("1 of ")
    sat.do(running.give_time, 600, None, "")
    expect(row).to_contain_text("10 min")
    # What is marked is not taken away, and shows what is new as soon as it is let go.
    cell = row.locator("td").nth(2)
    before = cell.inner_text()
    cell.evaluate("cell => getSelection().selectAllChildren(cell)")
    sat.do(running.give_time, 1800, None, "")
    expect(row).to_contain_text("40 min")
    assert cell.inner_text().split() == before.split()
    staff.evaluate("getSelection().removeAllRanges()")
    expect(cell).not_to_have_text(before)
    expect(row.get_by_role("checkbox")).to_be_checked()
    expect(staff.locator("#text")).to_have_value("being written")
    expect(staff.locator("#text")).to_be_focused()
    assert name.evaluate("link => link.mine") == "kept"


def test_who_sits_without_scripts_is_without_a_live_page(
    sat: Sat, staff: Page, new_context: Callable[..., BrowserContext], address: str
) -> None:
    context = new_context(java_script_enabled=False)
    context.add_cookies([{"name": COOKIE, "value": sat.session, "url": address}])
    student = context.new_page()
    student.goto(f"{sat.address}/questions/1")
    row = staff.locator("tr[data-key]").first
    expect(row).to_contain_text("without live page", timeout=30_000)
    expect(row).to_contain_text("last seen")
    expect(row).not_to_contain_text("offline")


def test_when_the_server_is_away_the_page_says_so_and_goes_on(staff: Page) -> None:
    staff.context.set_offline(True)
    expect(staff.get_by_text("The table could not be refreshed.")).to_be_visible()
    staff.context.set_offline(False)
    expect(staff.get_by_text("The table could not be refreshed.")).to_be_hidden()
