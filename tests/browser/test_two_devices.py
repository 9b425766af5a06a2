"""One student, two devices, one of them offline: what was typed last stands, however many keys were pressed for it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import crash
from tests.browser.test_late import CHANGED, ON_THIS_DEVICE, device, late_page, status
from tests.browser.test_saving import KEPT, SAVED, number_question

HERE = "Answered on another page or device, too – choose below which answer counts"
MANY_KEYS = "1+2+3+4+5+6+7+8+9"
USE, KEEP = "Use the answer of this device", "Keep the answer shown here"


class Devices(NamedTuple):
    """Two browsers on the same question; the first one is offline."""

    here: Page
    there: Page


@pytest.fixture
def devices(new_context: Callable[..., BrowserContext], account: tuple[str, str]) -> Devices:
    here = device(new_context, account)
    there = device(new_context, account, here.url)
    here.context.set_offline(True)
    return Devices(here, there)


def type_there(there: Page, *keys: str) -> None:
    with there.expect_response("**/saves"):
        there.locator("#input-h2").press_sequentially("".join(keys))
    status(there, SAVED)


def type_here(here: Page, keys: str) -> None:
    here.locator("#input-h2").press_sequentially(keys)
    status(here, KEPT)


def test_an_older_answer_with_more_keystrokes_replaces_no_newer_one(devices: Devices) -> None:
    here, there = devices
    type_here(here, MANY_KEYS)
    type_there(there, "38")
    here.context.set_offline(False)
    expect(here.locator(".conflict")).to_contain_text(MANY_KEYS)
    expect(here.locator("#input-h2")).to_have_value("38")
    status(here, HERE)
    there.reload()
    expect(there.locator("#input-h2")).to_have_value("38")
    here.get_by_role("button", name=KEEP).click()
    status(here, SAVED)
    expect(here.locator(".conflict")).to_have_count(0)
    assert here.evaluate(ON_THIS_DEVICE) == []


def test_a_newer_answer_with_fewer_keystrokes_wins_and_the_other_page_is_told(devices: Devices) -> None:
    here, there = devices
    type_there(there, MANY_KEYS)
    there.locator("#input-y2").focus()
    type_here(here, "5")
    with here.expect_response("**/saves"):
        here.context.set_offline(False)
    status(here, SAVED)
    expect(here.locator("#input-h2")).to_have_value("5")
    expect(there.locator("#input-h2")).to_have_value("5")
    expect(there.locator("#field-h2")).to_contain_text(CHANGED)
    # And on from there: whoever types counts, on either device.
    there.locator("#input-h2").press("End")
    type_there(there, "1")
    there.reload()
    expect(there.locator("#input-h2")).to_have_value("51")


@pytest.mark.parametrize(("choice", "stands"), [(USE, MANY_KEYS), (KEEP, "38")])
def test_after_a_crash_nobody_knows_which_is_newer_so_the_person_decides(
    devices: Devices, choice: str, stands: str
) -> None:
    here, there = devices
    address = here.url
    type_here(here, MANY_KEYS)
    crash(here)
    type_there(there, "38")
    here.context.set_offline(False)
    page = here.context.new_page()
    page.goto(address)
    expect(page.locator(".conflict")).to_contain_text(MANY_KEYS)
    # Whoever does not decide at once finds both answers again, and learns so on every page.
    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#field-mu")).to_be_visible()
    expect(page.locator("[data-saving]")).to_contain_text("was answered on another page or device, too: open it")
    page.goto(address)
    expect(page.locator("#input-h2")).to_have_value("38")
    status(page, HERE)
    page.get_by_role("button", name=choice).press("Enter")
    expect(page.locator("#input-h2")).to_have_value(stands)
    expect(page.locator("#input-h2")).to_be_focused()
    status(page, SAVED)
    assert page.evaluate(ON_THIS_DEVICE) == []
    for one in (page, there):
        one.reload()
        expect(one.locator("#input-h2")).to_have_value(stands)
        expect(one.locator(".conflict")).to_have_count(0)


def test_of_two_tabs_of_one_browser_that_were_both_offline_the_last_typing_stands_in_both(exam: Page) -> None:
    first = exam
    number_question(first)
    second = first.context.new_page()
    second.goto(first.url)
    status(second, SAVED)
    first.context.set_offline(True)
    type_here(first, MANY_KEYS)
    type_here(second, "5")
    first.locator("#input-y2").focus()
    first.context.set_offline(False)
    for page in (first, second):
        status(page, SAVED)
        expect(page.locator("#input-h2")).to_have_value("5")
    assert first.evaluate(ON_THIS_DEVICE) == []
    second.reload()
    expect(second.locator("#input-h2")).to_have_value("5")


def test_a_device_that_has_slept_does_not_claim_to_be_newer(devices: Devices) -> None:
    here, there = devices
    type_here(here, MANY_KEYS)
    type_there(there, "38")
    # An hour of sleep: the date went on, the clock of the page stood still.
    here.evaluate(
        "() => { const [date, clock] = [Date.now, performance.now()];"
        " Date.now = () => date() + 3600e3; performance.now = () => clock; }"
    )
    here.context.set_offline(False)
    expect(here.locator(".conflict")).to_contain_text(MANY_KEYS)
    expect(here.locator("#input-h2")).to_have_value("38")


def test_an_answer_of_which_only_the_acknowledgement_was_lost_is_no_other_answer(exam: Page) -> None:
    page, context = exam, exam.context
    number_question(page)
    address = page.url

    def store_and_say_nothing(route: Route) -> None:
        route.fetch()
        route.abort("internetdisconnected")

    context.route("**/saves", store_and_say_nothing)
    page.locator("#input-h2").press_sequentially("3")
    status(page, KEPT)
    context.set_offline(True)
    page.locator("#input-h2").press_sequentially("7")
    crash(page)
    context.unroute("**/saves")
    context.set_offline(False)
    page = context.new_page()
    with page.expect_response("**/saves"):
        page.goto(address)
    status(page, SAVED)
    expect(page.locator("#input-h2")).to_have_value("37")
    expect(page.locator(".conflict")).to_have_count(0)
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("37")


def test_what_nobody_decided_goes_to_the_staff_who_see_that_it_is_older(
    devices: Devices, account: tuple[str, str], author: Page, served: dict[str, Any]
) -> None:
    here, there = devices
    type_here(here, MANY_KEYS)
    crash(here)
    type_there(there, "38")
    here.context.set_offline(False)
    page = here.context.new_page()
    page.goto(there.url)
    expect(page.locator(".conflict")).to_contain_text(MANY_KEYS)
    there.goto(there.url.split("/questions")[0] + "/hand-in")
    there.get_by_role("button", name="Yes, hand in").click()
    expect(there.get_by_role("heading", name="Handed in")).to_be_visible()
    code = there.locator(".receipt-code").inner_text()
    page.goto(there.url)
    expect(page.get_by_text("They have been sent, and are kept for your instructor")).to_be_visible()
    assert page.evaluate(ON_THIS_DEVICE) == []

    late_page(author, served)
    card = author.locator("article", has_text=account[0])
    expect(card).to_contain_text(MANY_KEYS)
    expect(card).to_contain_text("newer than what came late; it stays")
    card.get_by_role("button", name="Accept").press("Enter")
    expect(author.locator(".notice")).to_be_visible()
    there.reload()
    expect(there.locator(".receipt-code")).to_have_text(code)


def test_what_a_proxy_finds_too_large_keeps_no_other_answer_from_being_saved(exam: Page) -> None:
    page = exam
    number_question(page)
    too_large = {
        "status": 413,
        "content_type": "text/html",
        "body": "<html><body>413 Request Entity Too Large</body></html>",
    }
    sizes: list[int] = []

    def proxy(route: Route) -> None:
        changes = json.loads(route.request.post_data or "")["changes"]
        sizes.append(len(changes))
        if len(route.request.post_data or "") > 1000:
            route.fulfill(**too_large)  # type: ignore[arg-type]
        else:
            route.continue_()

    page.context.set_offline(True)
    page.locator("#input-h2").fill("1+" * 400 + "1")
    page.locator("#input-y2").fill("-37")
    status(page, KEPT)
    page.context.route("**/saves", proxy)
    page.context.set_offline(False)
    status(page, "This answer is too large to be sent. It is kept on this device.")
    assert sizes == [2, 1, 1]
    assert len(page.evaluate(ON_THIS_DEVICE)) == 1
    page.locator("#input-h2").fill("37")
    status(page, SAVED)
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("37")
    expect(page.locator("#input-y2")).to_have_value(re.compile("^-37$"))
