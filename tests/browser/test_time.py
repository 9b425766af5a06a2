"""Time is the server's: what staff do is seen in the open page, and no clock of a browser changes anything."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.services.sitting import running
from tests.browser.timed import Sat, sit

SEEN = 5_000  # milliseconds, as promised; what takes longer on a loaded machine is waited for beforehand
FIELD = "#input-h2"

CLOCK_AHEAD = """
(() => {
  const Real = Date;
  const ahead = 3600_000 * %s;
  window.Date = class extends Real {
    constructor(...given) { if (given.length) super(...given); else super(Real.now() + ahead); }
    static now() { return Real.now() + ahead; }
  };
})();
"""


@pytest.fixture
def sat(served: dict[str, Any]) -> Sat:
    return sit(served["database"])


@pytest.fixture
def context(new_context: Callable[..., BrowserContext]) -> BrowserContext:
    return new_context()


def listening(page: Page) -> None:
    """Wait until the page hears of news."""
    expect(page.locator("[data-sitting][data-hears]")).to_be_attached()


def minutes_left(page: Page) -> int:
    found = re.search(r"(\d+) min left", page.locator("[data-left]").inner_text())
    assert found
    return int(found[1])


def test_more_time_is_seen_while_the_page_is_open(sat: Sat, context: BrowserContext, address: str) -> None:
    page = sat.open(context, address)
    listening(page)
    assert minutes_left(page) == 30
    sat.do(running.give_time, 600, None, "noise in the hall")
    expect(page.locator("[data-left]")).to_have_text("40 min left", timeout=4 * SEEN)
    expect(page.get_by_role("log")).to_contain_text("You have been given more time: 10 min.")
    page.get_by_role("button", name="I have read this").click()
    expect(page.locator(".told")).to_have_count(0)
    page.reload()
    assert minutes_left(page) == 40


def test_a_pause_keeps_time_and_words_and_ends_where_it_began(sat: Sat, context: BrowserContext, address: str) -> None:
    page = sat.open(context, address)
    listening(page)
    field = page.locator("[data-exam] input[type=text]:visible").first
    field.press_sequentially("12")
    sat.do(running.pause, None, "fire alarm")
    expect(page.get_by_role("log")).to_contain_text("This attempt is paused.")
    assert page.locator("[data-exam]").evaluate("form => form.inert")
    expect(field).to_have_value("12")
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")
    assert "12" in str(sat.answers())
    page.reload()
    expect(page.get_by_role("log")).to_contain_text("This attempt is paused.")
    assert page.locator("[data-exam]").evaluate("form => form.inert")
    listening(page)
    sat.do(running.resume, None, "")
    expect(page.locator(".told")).to_have_count(0)
    assert not page.locator("[data-exam]").evaluate("form => form.inert")
    expect(field).to_have_value("12")
    field.press_sequentially("3")
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")


def test_a_message_stays_until_it_is_read_over_all_pages(sat: Sat, context: BrowserContext, address: str) -> None:
    page = sat.open(context, address)
    listening(page)
    sat.write("Question 2: n is 3.")
    told = page.get_by_role("log")
    expect(told).to_contain_text("From your instructors:")
    expect(told).to_contain_text("Question 2: n is 3.")
    page.goto(f"{sat.address}/review")
    expect(told).to_contain_text("Question 2: n is 3.")
    expect(told.locator(".told")).to_have_count(1)
    told.get_by_role("button", name="I have read this").click()
    expect(told.locator(".told")).to_have_count(0)
    page.goto(f"{sat.address}/hand-in")
    listening(page)
    expect(told.locator(".told")).to_have_count(0)


@pytest.mark.parametrize("hours", [-1, 1])
def test_a_clock_that_is_an_hour_off_changes_nothing(
    sat: Sat, context: BrowserContext, address: str, hours: int
) -> None:
    context.add_init_script(CLOCK_AHEAD % hours)
    page = sat.open(context, address)
    listening(page)
    assert minutes_left(page) == 30
    sat.do(running.give_time, 300, None, "")
    expect(page.locator("[data-left]")).to_have_text("35 min left")
    assert sat.state() == "open"


def test_a_clock_that_is_put_forward_meanwhile_changes_nothing_either(
    sat: Sat, context: BrowserContext, address: str
) -> None:
    page = sat.open(context, address)
    listening(page)
    sat.leave_seconds(290)
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"4:\d\d left"))
    with page.expect_response(re.compile("/state$")):  # it asks, rather than believing the clock
        page.evaluate(CLOCK_AHEAD % 1)
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"4:\d\d left"))


def test_time_can_be_hidden_and_comes_back_when_it_is_short(sat: Sat, context: BrowserContext, address: str) -> None:
    page = sat.open(context, address)
    page.get_by_role("button", name="Hide time").click()
    expect(page.locator("[data-left]")).to_be_hidden()
    page.reload()
    listening(page)
    expect(page.locator("[data-left]")).to_be_hidden()
    expect(page.get_by_role("button", name="Show time")).to_be_visible()
    sat.leave_seconds(302)
    expect(page.locator("[data-left]")).to_be_visible()
    expect(page.locator("[data-announce]")).to_have_text("5 minutes left.")
    page.get_by_role("button", name="Hide time").click()
    expect(page.locator("[data-left]")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("button", name="Show time")).to_be_visible()
    expect(page.locator("[data-announce]")).to_have_text("")


def test_when_time_is_over_the_last_word_is_saved_and_the_page_goes_to_the_receipt(
    sat: Sat, context: BrowserContext, address: str
) -> None:
    page = sat.open(context, address)
    listening(page)
    field = page.locator("[data-exam] input[type=text]:visible").first
    sat.leave_seconds(3)
    field.press_sequentially("the last word")
    expect(page.get_by_role("log")).to_contain_text("The time is over. The server is handing in your answers")
    assert page.locator("[data-exam]").evaluate("form => form.inert")
    page.wait_for_url("**/receipt")
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()
    assert sat.state() == "handed in"
    assert "the last word" in str(sat.answers())


def test_a_deadline_while_offline_is_said_and_so_is_what_became_of_it(
    sat: Sat, context: BrowserContext, address: str
) -> None:
    page = sat.open(context, address)
    listening(page)
    field = page.locator("[data-exam] input[type=text]:visible").first
    sat.leave_seconds(4)
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"0:0\d left"))
    context.set_offline(True)
    field.press_sequentially("77")
    expect(page.get_by_role("log")).to_contain_text("The time is over, and this device is offline.")
    assert page.evaluate(f"localStorage.getItem('gradus.journal.{sat.id}') ?? JSON.stringify(localStorage)")
    expect(field).to_have_value("77")
    page.wait_for_timeout(0)
    for _ in range(200):
        if sat.state() == "handed in":
            break
        page.wait_for_timeout(200)
    context.set_offline(False)
    told = page.get_by_role("log")
    expect(told).to_contain_text("This attempt has been handed in.")
    expect(told.get_by_role("link", name="To the receipt")).to_be_visible()


def test_a_page_whose_stream_cannot_be_had_asks_and_hears_the_same(
    sat: Sat, context: BrowserContext, address: str
) -> None:
    context.route("**/events**", lambda route: route.fulfill(status=503))
    page = sat.open(context, address)
    listening(page)
    told = page.get_by_role("log")
    sat.do(running.give_time, 600, None, "")
    expect(page.locator("[data-left]")).to_have_text("40 min left", timeout=4 * SEEN)
    sat.do(running.pause, None, "")
    expect(told).to_contain_text("This attempt is paused.", timeout=4 * SEEN)
    sat.do(running.resume, None, "")
    expect(told).not_to_contain_text("This attempt is paused.", timeout=4 * SEEN)
    sat.write("Question 2: n is 3.")
    expect(told).to_contain_text("Question 2: n is 3.", timeout=4 * SEEN)
    sat.do(running.end, None, "")
    page.wait_for_url("**/receipt")
    page.wait_for_timeout(1500)
    sat.reopen(300)
    reopened = page.locator("[data-reopened]")
    expect(reopened).to_contain_text("Your instructors have reopened this attempt", timeout=4 * SEEN)


def test_a_page_that_says_nothing_is_asked_through_its_stream_and_answers(
    sat: Sat, context: BrowserContext, address: str
) -> None:
    page = sat.open(context, address)
    with page.expect_response("**/here", timeout=4 * SEEN) as answered:
        listening(page)
    assert answered.value.status == 204


def test_staff_end_an_attempt_and_the_page_goes_to_the_receipt(sat: Sat, context: BrowserContext, address: str) -> None:
    page = sat.open(context, address)
    page.goto(f"{sat.address}/review")
    listening(page)
    sat.do(running.end, None, "")
    page.wait_for_url("**/receipt")


def test_a_receipt_that_is_open_says_that_the_attempt_was_reopened(
    sat: Sat, context: BrowserContext, address: str
) -> None:
    page = sat.open(context, address)
    listening(page)
    with page.expect_response("**/events?after=true"):
        sat.do(running.end, None, "by mistake")
    page.wait_for_timeout(1500)
    sat.reopen(300)
    told = page.locator("[data-reopened]")
    expect(told).to_contain_text("Your instructors have reopened this attempt", timeout=4 * SEEN)
    told.get_by_role("link", name="Go on").press("Enter")
    page.locator("[data-exam]").wait_for()
    page.goto(f"{sat.address}/receipt")
    page.locator("[data-exam]").wait_for()


def test_a_device_that_slept_asks_as_soon_as_it_wakes(sat: Sat, context: BrowserContext, address: str) -> None:
    context.clock.install()
    page = sat.open(context, address)
    listening(page)
    with page.expect_response("**/state"), page.expect_response("**/events"):
        page.clock.fast_forward("12:00")
        page.clock.run_for(6000)
    listening(page)
    assert minutes_left(page) == 30
