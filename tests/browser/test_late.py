"""Nothing typed is lost, also when it comes late: long offline, on two devices, after the hand-in, and as a file."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import crash, sign_in, start
from tests.browser.test_saving import KEPT, SAVED, number_question

CHANGED = "Changed on another page or device."
ON_THIS_DEVICE = "Object.keys(localStorage).filter(key => key.startsWith('gradus.journal.'))"


def status(page: Page, says: str) -> None:
    expect(page.locator("[data-saving]")).to_have_text(says)


def device(new_context: Callable[..., BrowserContext], account: tuple[str, str], address: str = "") -> Page:
    """A browser of its own in which this student sits the exam."""
    page = new_context().new_page()
    sign_in(page, account)
    if address:
        page.goto(address)
        status(page, SAVED)
    else:
        start(page)
        number_question(page)
    return page


def late_page(author: Page, served: dict[str, Any]) -> Page:
    author.goto(f"/courses/{served['course']}/quizzes/{served['quiz']}/late")
    return author


def test_ten_minutes_offline_and_then_a_reload_lose_nothing(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    context = new_context()
    context.clock.install()
    page = context.new_page()
    sign_in(page, account)
    start(page)
    number_question(page)
    address = page.url
    context.set_offline(True)
    page.locator("#input-h2").fill("36")
    status(page, KEPT)
    page.clock.fast_forward("05:00")
    page.locator("#input-h2").fill("37")
    page.locator("#input-y2").fill("-37")
    page.clock.fast_forward("05:00")
    status(page, KEPT)
    crash(page)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#input-h2")).to_have_value("37")
    expect(page.locator("#input-y2")).to_have_value("-37")
    status(page, SAVED)
    assert page.evaluate(ON_THIS_DEVICE) == []
    other = device(new_context, account, address)
    expect(other.locator("#input-h2")).to_have_value("37")
    expect(other.locator("#input-y2")).to_have_value("-37")


def test_what_was_typed_offline_in_another_question_is_in_the_list_once_it_is_saved(exam: Page) -> None:
    page, context = exam, exam.context
    first = page.url
    number_question(page)
    context.set_offline(True)
    page.locator("#input-h2").fill("37")
    status(page, KEPT)
    crash(page)
    context.set_offline(False)
    page = context.new_page()
    page.goto(first)
    expect(page.locator(".side-list a", has_text="ReLU RNN")).to_contain_text("1 of 3 answered")


def test_two_devices_show_what_the_other_one_changed_without_a_key(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    here = device(new_context, account)
    with here.expect_response("**/saves"):
        here.locator("#input-h2").fill("1")
    status(here, SAVED)
    there = device(new_context, account, here.url)
    expect(there.locator("#input-h2")).to_have_value("1")
    there.locator("#input-y2").fill("2")
    # Nobody presses a key here: the news of the attempt say that there is another page.
    expect(here.locator("#input-y2")).to_have_value("2")
    expect(here.locator("#field-y2")).to_contain_text(CHANGED)
    here.locator("#input-h2").fill("37")
    expect(there.locator("#input-h2")).to_have_value("37")
    # Where somebody is typing nothing is taken away; the last typing counts.
    there.locator("#input-h2").focus()
    here.locator("#input-h2").fill("38")
    status(here, SAVED)
    there.locator("#input-h2").press("End")
    there.locator("#input-h2").press_sequentially("0")
    expect(here.locator("#input-h2")).to_be_focused()
    here.locator("#input-y2").focus()
    expect(here.locator("#input-h2")).to_have_value(re.compile("^3(7|8)0$"))
    there.reload()
    expect(there.locator("#input-h2")).to_have_value(re.compile("^3(7|8)0$"))


def test_what_comes_after_the_hand_in_is_kept_and_can_be_accepted(
    new_context: Callable[..., BrowserContext], account: tuple[str, str], author: Page, served: dict[str, Any]
) -> None:
    here = device(new_context, account)
    there = device(new_context, account, here.url)
    here.context.set_offline(True)
    here.locator("#input-h2").fill("37")
    status(here, KEPT)
    crash(here)
    attempt = there.url.split("/questions")[0]
    there.goto(f"{attempt}/hand-in")
    there.get_by_role("button", name="Yes, hand in").click()
    expect(there.get_by_role("heading", name="Handed in")).to_be_visible()
    code = there.locator(".receipt-code").inner_text()

    here.context.set_offline(False)
    page = here.context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Open the attempt, so that they are sent").click()
    expect(page.get_by_text("They have been sent, and are kept for your instructor")).to_be_visible()
    assert page.evaluate(ON_THIS_DEVICE) == []
    page.goto("/")
    expect(page.locator("[data-kept-here]")).to_be_hidden()

    late_page(author, served)
    card = author.locator("article", has_text=account[0])
    expect(card).to_contain_text("Typed between")
    expect(card).to_contain_text("37")
    accept = card.get_by_role("button", name="Accept")
    accept.focus()
    accept.press("Enter")
    expect(author.locator(".notice")).to_contain_text("1 attempt has other answers now")
    there.reload()
    expect(there.locator(".receipt-code")).not_to_have_text(code)


def test_a_page_that_is_open_when_the_attempt_is_handed_in_says_that_the_rest_is_kept(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    here = device(new_context, account)
    here.route("**/events", lambda route: route.fulfill(status=503))
    here.route("**/state", lambda route: route.fulfill(status=503))
    here.reload()
    status(here, SAVED)
    there = device(new_context, account, here.url)
    there.goto(here.url.split("/questions")[0] + "/hand-in")
    there.get_by_role("button", name="Yes, hand in").click()
    expect(there.get_by_role("heading", name="Handed in")).to_be_visible()
    here.locator("#input-h2").fill("37")
    status(here, "Too late to count by itself – kept for your instructor to decide")
    assert here.evaluate(ON_THIS_DEVICE) == []


def test_answers_are_downloaded_and_brought_as_a_file(
    new_context: Callable[..., BrowserContext],
    account: tuple[str, str],
    author: Page,
    served: dict[str, Any],
    tmp_path: Path,
) -> None:
    page = device(new_context, account)
    page.context.set_offline(True)
    page.locator("#input-h2").fill("37")
    status(page, KEPT)
    menu = page.locator("[data-answers-menu] summary")
    menu.focus()
    menu.press("Enter")
    with page.expect_download() as downloading:
        page.get_by_role("button", name="Download my answers").press("Enter")
    target = tmp_path / "answers.json"
    downloading.value.save_as(target)
    file = json.loads(target.read_text("utf-8"))
    assert account[0] not in target.read_text("utf-8")
    assert len(file["checksum"]) == 64
    assert [1 for row in file["entries"] if row[1] == "h2" and row[3] == "37"]

    late_page(author, served)
    author.locator("#file").set_input_files(target)
    author.get_by_role("button", name="Read the file").click()
    expect(author.locator(".notice")).to_contain_text("waits for a decision")
    expect(author.locator("article", has_text=account[0])).to_contain_text("answer file")
    target.write_text(target.read_text("utf-8").replace("37", "38"), "utf-8")
    author.locator("#file").set_input_files(target)
    author.get_by_role("button", name="Read the file").click()
    expect(author.get_by_role("alert")).to_have_text("This file was damaged, or changed, since it was downloaded.")


def test_a_browser_that_keeps_nothing_says_so(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    context = new_context()
    context.add_init_script("Storage.prototype.setItem = () => { throw new Error('blocked'); };")
    page = context.new_page()
    sign_in(page, account)
    start(page)
    number_question(page)
    context.set_offline(True)
    page.locator("#input-h2").fill("37")
    status(page, "Not saved yet, and this browser keeps nothing for us. Do not close this page.")
    context.set_offline(False)
    status(page, SAVED)
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("37")
