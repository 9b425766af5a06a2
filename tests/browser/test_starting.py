"""Through the door of a quiz and forward only, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.guarded import CODE, HONOUR, STUDENTS
from tests.browser.keyboard import Keyboard
from tests.browser.served import PASSWORD


def saved(page: Page) -> None:
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")


def test_code_honour_and_forward_only_by_keyboard(
    served: dict[str, Any], new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context()
    page, keyboard = context.new_page(), None
    sign_in(page, (STUDENTS[0], PASSWORD))
    keyboard = Keyboard(page)
    keyboard.press(f"a[href='/quizzes/{served['door']}/start']")
    page.get_by_role("heading", name="Behind a door").wait_for()
    expect(page.get_by_text(HONOUR)).to_be_visible()
    expect(page.get_by_text("90 minutes")).to_be_visible()
    # The browser itself asks for the box first; a wrong code is answered beside its field, and the box stays ticked.
    keyboard.press("#honour", "Space")
    keyboard.type("#access_code", "orca")
    page.keyboard.press("Enter")
    expect(page.locator("#why-access_code")).to_have_text("This is not the access code of this quiz.")
    expect(page.locator("#honour")).to_be_checked()
    assert complaints(page) == []
    keyboard.type("#access_code", CODE.lower())
    page.keyboard.press("Enter")
    page.get_by_text("Warm-up · Question 1 of 3").wait_for()

    side = page.get_by_role("navigation", name="Questions")
    expect(side.get_by_text("still to come")).to_have_count(2)
    expect(side.locator("a[data-entry]")).to_have_count(1)
    expect(page.locator("[data-flag]")).to_be_hidden()
    first = page.url
    keyboard.to("#input-h2")
    page.keyboard.type("30")
    # Asked once; staying is possible, and what was typed is there.
    keyboard.press("button[name=go]")
    page.get_by_role("heading", name="Leave question 1 for good?").wait_for()
    assert complaints(page) == []
    keyboard.press("main a.button")
    expect(page.locator("#input-h2")).to_have_value("30")
    saved(page)
    other = context.new_page()
    other.goto(first)
    expect(other.locator("#input-h2")).to_have_value("30")
    keyboard.press("button[name=go]")
    keyboard.press("main button.primary")
    page.get_by_text("Warm-up · Question 2 of 3").wait_for()

    # The page of before is closed, whichever way one tries.
    page.goto(first)
    expect(page.get_by_text("Question 1 has been left.")).to_be_visible()
    expect(side.locator("a[data-entry]")).to_have_count(1)
    keyboard.press("button[name=go]")
    page.get_by_text("Data · Question 3 of 3").wait_for()
    # Another tab that still shows a question of before learns of it as soon as something is typed there.
    other.locator("#input-y2").fill("5")
    other.get_by_text("Question 1 has been left.").wait_for()
    other.get_by_text("Data · Question 3 of 3").wait_for()

    keyboard.press("button[name=go]")
    page.get_by_role("heading", name="Review before you hand in").wait_for()
    expect(page.locator(".review-list a")).to_have_count(1)
    assert complaints(page) == []
    keyboard.press("a[href$='/hand-in']")
    keyboard.press("form[data-hand-in] button")
    page.get_by_role("heading", name="Handed in").wait_for()
