"""A short text, written and graded: the result marks the student's own words."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import worded
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.served import PASSWORD

NEW = Callable[..., BrowserContext]


def answered(new_context: NEW, login: str, text: str, **options: object) -> Page:
    """The result of a text."""
    page = new_context(**options).new_page()
    sign_in(page, (login, PASSWORD))
    page.get_by_role("button", name="Start").first.click()
    page.locator("textarea").fill(text)
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    page.get_by_role("link", name="Review and hand in").first.click()
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Yes, hand in").click()
    page.get_by_role("link", name="See the result").click()
    page.locator(".result-head .points").wait_for()
    expect(page.locator(".result-head .points")).not_to_have_text("being graded", timeout=20_000)
    return page


def test_what_earned_and_what_spoke_against_it_is_marked(new_context: NEW) -> None:
    text = "BFGS is faster.\nNewton approximates the Hessian & more."
    page = answered(new_context, worded.STUDENTS[0], text)
    # Who says something right and something wrong is read by a person.
    expect(page.locator(".result-head .points")).to_have_text("0 to 2 of 2")
    marks = page.locator(".marked-text mark")
    told = [(mark.get_attribute("data-mark"), mark.inner_text().partition("\n")[0]) for mark in marks.all()]
    assert [one for one in told if one[0] != "unread"] == [
        ("earned", "faster"),
        ("contradicts", "approximates"),
        ("contradicts", "Hessian"),
    ]
    expect(page.locator(".marked-text")).to_contain_text("& more")
    expect(page.locator(".legend")).to_contain_text("earns points")
    expect(page.locator(".legend")).to_contain_text("speaks against it")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_can_be_read_by_everybody(new_context: NEW, scheme: str) -> None:
    login = worded.STUDENTS[1 if scheme == "light" else 2]
    text = (
        "Some approximation with sprockets. Newton is not cheap, BFGS is faster but it does not approximate the Hessian"
    )
    page = answered(new_context, login, text, color_scheme=scheme)
    page.set_viewport_size({"width": 320, "height": 640})
    expect(page.locator("mark[data-mark=unsure]").first).to_be_visible()
    assert not complaints(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
