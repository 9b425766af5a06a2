"""Practising without a mouse: a hint, a check, the solution, a new variant, finishing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import sign_in, start
from tests.browser.keyboard import Keyboard
from tests.browser.practised import STUDENTS
from tests.browser.served import PASSWORD

TOTAL = "#field-total input.typed"


@pytest.fixture
def practising(new_context: Callable[..., BrowserContext], request: pytest.FixtureRequest) -> Page:
    """The question to practise, open in a fresh attempt of the student of that number."""
    page = new_context().new_page()
    sign_in(page, (STUDENTS[request.param], PASSWORD))
    return start(page)


def sum_asked(page: Page) -> int:
    """The right answer of this variant, read off the prompt."""
    shown = page.locator("#part-sum .math").first.get_attribute("data-tex") or ""
    first, second = re.findall(r"\d+", shown)
    return int(first) + int(second)


@pytest.mark.parametrize("practising", [0], indirect=True)
def test_a_question_is_practised_by_keyboard(practising: Page) -> None:
    page, keys = practising, Keyboard(practising)
    expect(page.locator("#practice")).not_to_contain_text("Show the solution")
    # A hint is asked for, and the focus is on it.
    keys.press("#hints-sum button")
    expect(page.locator("#hints-sum .hint")).to_be_focused()
    expect(page.locator("#hints-sum .hint")).to_contain_text("Count on from the larger number.")
    keys.press("#hints-sum button")
    expect(page.locator("#hints-sum .hint")).to_have_count(2)
    expect(page.locator("#hints-sum .hint").last).to_be_focused()
    expect(page.locator("#hints-sum button")).to_have_count(0)
    # A wrong answer is checked as it was typed, without waiting for it to be saved.
    first = sum_asked(page)
    page.locator(TOTAL).focus()
    page.keyboard.type(str(first + 1))
    keys.press("#practice .actions button")
    head = page.locator("#checked")
    expect(head).to_be_focused()
    expect(head).to_contain_text("0 of 3 points")
    expect(page.locator("[data-practice-status]")).to_have_text(re.compile("^Checked"))
    expect(page.locator("#practice")).to_contain_text("The sum is right")
    # The other part has no answer yet: not even its criterion is told.
    expect(page.locator("#practice")).not_to_contain_text("It names the law")
    expect(page.locator("#practice")).not_to_contain_text("because it is")
    # Try again: the result goes, the answer stays, the focus is in it.
    keys.press("#practice a[href*=again]")
    expect(head).to_have_count(0)
    expect(page.locator(TOTAL)).to_be_focused()
    page.locator(TOTAL).fill(str(first))
    keys.press("#practice .actions button")
    expect(page.locator("#checked")).to_contain_text("2 of 3 points")
    keys.press("#practice a[href*=solution]")
    expect(page.locator("#practice")).to_contain_text("because it is")
    expect(page.locator("#checked")).to_be_focused()
    # A new variant is another question, empty, without hints taken.
    keys.press("#practice button[formaction$=variant]")
    expect(page.locator("#variant")).to_contain_text("variant 2")
    expect(page.locator(TOTAL)).to_have_value("")
    assert sum_asked(page) != first
    expect(page.locator("#hints-sum .hint")).to_have_count(0)
    expect(page.locator("#checked")).to_have_count(0)
    keys.press("a[href$='/practice']")
    expect(page.get_by_role("heading", name="To practise")).to_be_visible()
    expect(page.locator(".practised")).to_contain_text("best: 2 of 3")
    keys.press("main form button")
    expect(page.locator("main")).to_contain_text("You have finished this practice.")


@pytest.mark.parametrize("practising", [1], indirect=True)
def test_what_cannot_be_checked_now_is_said_and_nothing_is_lost(practising: Page) -> None:
    page = practising
    page.locator(TOTAL).fill("7")
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")
    refused: dict[str, Any] = {"status": 503, "content_type": "text/html", "body": "<main><p>Many are here.</p></main>"}
    page.route("**/check", lambda route: route.fulfill(**refused))
    page.get_by_role("button", name="Check").click()
    expect(page.locator("[data-practice-status]")).to_have_text("Many are here.")
    page.unroute("**/check")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#checked")).to_be_focused()
    expect(page.locator(TOTAL)).to_have_value("7")


@pytest.mark.parametrize("practising", [2], indirect=True)
def test_practice_needs_no_scripts(practising: Page, new_context: Callable[..., BrowserContext]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    page.context.add_cookies(practising.context.cookies())  # type: ignore[arg-type]
    page.goto(practising.url)
    page.locator(TOTAL).fill("7")
    page.get_by_role("button", name="Show hint 1 of 2").click()
    expect(page.locator("#hints-sum")).to_contain_text("Count on from the larger number.")
    expect(page.locator(TOTAL)).to_have_value("7")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#checked")).to_contain_text("of 3 points")
    page.get_by_role("link", name="Show the solution").click()
    expect(page.locator("#practice")).to_contain_text("because it is")
    page.get_by_role("button", name="New variant").click()
    expect(page.locator("#variant")).to_contain_text("variant 2")
    expect(page.locator(TOTAL)).to_have_value("")
