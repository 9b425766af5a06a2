"""Nothing typed is lost: saving by itself, offline, in two tabs, and what the page says about it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.conftest import crash, sign_in, start

SAVED = "All changes saved"
KEPT = "Offline – kept on this device"


def number_question(page: Page) -> None:
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("ReLU RNN")).click()
    expect(page.locator("#input-h2")).to_be_visible()
    expect(page.locator("[data-saving]")).to_have_text(SAVED)


def test_what_is_typed_is_saved_without_a_button_and_is_there_again(exam: Page) -> None:
    page = exam
    number_question(page)
    with page.expect_response(re.compile("/saves$")) as saving:
        page.locator("#input-h2").press_sequentially("3*11+2*2")
    assert saving.value.ok
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('gradus.journal'))") == []
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("3*11+2*2")
    expect(page.locator("#reading-h2 .katex")).to_be_visible()


def test_moving_on_at_once_loses_nothing_and_the_list_knows(exam: Page) -> None:
    page = exam
    number_question(page)
    page.locator("#input-h2").fill("37")
    page.get_by_role("button", name="Previous").click()
    expect(page.locator("#field-mu")).to_be_visible()
    entry = page.locator(".side-list a", has_text="ReLU RNN")
    expect(entry).to_contain_text("1 of 3 answered")


def test_what_was_typed_before_the_scripts_arrived_is_saved_too(exam: Page) -> None:
    page = exam
    number_question(page)
    page.route("**/js/exam.js", lambda route: (page.wait_for_timeout(300), route.continue_()))  # type: ignore[func-returns-value]
    page.reload(wait_until="commit")
    page.locator("#input-h2").fill("37")
    assert not page.evaluate("!!customElements.get('number-answer')")
    expect(page.locator("#reading-h2")).to_contain_text("Read as")
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    page.unroute("**/js/exam.js")
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("37")


def test_offline_everything_is_kept_and_saved_later(exam: Page) -> None:
    page = exam
    number_question(page)
    page.context.set_offline(True)
    page.locator("#input-h2").fill("37")
    expect(page.locator("[data-saving]")).to_have_text(KEPT)
    page.locator("#input-y2").fill("-37")
    expect(page.locator("[data-saving]")).to_have_text(KEPT)
    page.context.set_offline(False)
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("37")
    expect(page.locator("#input-y2")).to_have_value("-37")


def test_offline_no_link_leads_away_from_what_was_typed(exam: Page) -> None:
    page = exam
    number_question(page)
    address = page.url
    page.context.set_offline(True)
    page.locator("#input-h2").fill("37")
    page.get_by_role("button", name="Next question").click()
    expect(page.locator("[data-saving]")).to_contain_text("Stay on this page")
    assert page.url == address
    page.context.set_offline(False)
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    page.get_by_role("button", name="Next question").click()
    expect(page.locator("#input-h2")).to_have_count(0)


def test_a_page_that_dies_offline_leaves_its_answers_to_the_next_one(exam: Page) -> None:
    page = exam
    number_question(page)
    address, context = page.url, page.context
    context.set_offline(True)
    page.locator("#input-h2").fill("36")
    expect(page.locator("[data-saving]")).to_have_text(KEPT)
    crash(page)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("#input-h2")).to_have_value("36")
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("36")


def test_what_is_left_on_the_device_is_sent_before_handing_in(exam: Page) -> None:
    page = exam
    number_question(page)
    address, context = page.url, page.context
    context.set_offline(True)
    page.locator("#input-h2").fill("37")
    expect(page.locator("[data-saving]")).to_have_text(KEPT)
    crash(page)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address.split("/questions")[0] + "/review")
    entry = page.locator(".review-list li", has_text="ReLU RNN")
    expect(entry).to_contain_text("1 of 3 answered")


def test_a_server_that_cannot_save_is_asked_again(exam: Page) -> None:
    page = exam
    number_question(page)
    body = json.dumps({"detail": "The disk of the server is full.", "status": 503})
    refusals: list[str] = []

    def refuse(route: Route) -> None:
        if len(refusals) < 2:
            refusals.append(route.request.url)
            route.fulfill(status=503, content_type="application/problem+json", body=body)
        else:
            route.continue_()

    page.route("**/saves", refuse)
    page.locator("#input-h2").fill("37")
    expect(page.locator("[data-saving]")).to_contain_text("cannot save just now")
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    assert len(refusals) == 2


def test_what_is_refused_for_good_is_said_and_kept(exam: Page) -> None:
    page = exam
    number_question(page)
    says = "The time for this attempt is over."
    body = json.dumps({"detail": says, "status": 403})
    page.route("**/saves", lambda route: route.fulfill(status=403, content_type="application/problem+json", body=body))
    page.locator("#input-h2").fill("37")
    expect(page.locator("[data-saving]")).to_have_text(says)
    assert "37" in page.evaluate("JSON.stringify(localStorage)")


def test_an_answer_that_cannot_be_stored_keeps_no_other_from_being_saved(exam: Page) -> None:
    page = exam
    number_question(page)
    page.locator("#input-h2").evaluate(
        "box => { box.value = '1'.repeat(25000); box.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(page.locator("[data-saving]")).to_have_text("An answer has at most 20000 characters.")
    page.get_by_role("button", name="Previous").click()
    with page.expect_response("**/saves"):
        page.locator("#field-mu .grid input").first.fill("13")
    expect(page.locator("[data-saving]")).to_contain_text("An answer has at most 20000 characters.")
    expect(page.locator("[data-saving]")).to_contain_text("Not saved in question")
    page.reload()
    expect(page.locator("#field-mu .grid input").first).to_have_value("13")
    number = page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile("ReLU RNN"))
    number.click()
    page.locator("#input-h2").fill("37")
    expect(page.locator("[data-saving]")).to_have_text(SAVED)


def test_what_is_no_answer_of_the_server_is_as_good_as_none(exam: Page) -> None:
    page = exam
    number_question(page)
    login = "<html><body>Please sign in to this network.</body></html>"
    strange = [
        {"status": 200, "content_type": "application/json", "body": '{"fields": ['},
        {"status": 200, "content_type": "text/html", "body": login},
        {"status": 403, "content_type": "text/html", "body": login},
    ]

    def answer(route: Route) -> None:
        if strange:
            route.fulfill(**strange.pop(0))  # type: ignore[arg-type]
        else:
            route.continue_()

    page.route("**/saves", answer)
    page.locator("#input-h2").fill("37")
    expect(page.locator("[data-saving]")).to_have_text(SAVED, timeout=30_000)
    assert strange == []
    page.reload()
    expect(page.locator("#input-h2")).to_have_value("37")


def test_in_two_tabs_the_last_typing_counts(exam: Page) -> None:
    first = exam
    number_question(first)
    second = first.context.new_page()
    second.goto(first.url)
    for page, value in ((first, "1"), (second, "2"), (first, "3")):
        with page.expect_response("**/saves"):
            page.locator("#input-h2").fill(value)
        expect(page.locator("[data-saving]")).to_have_text(SAVED)
    second.reload()
    expect(second.locator("#input-h2")).to_have_value("3")


def test_an_answer_kept_here_but_changed_elsewhere_is_offered(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    here, there = (new_context().new_page() for _ in range(2))
    sign_in(here, account)
    start(here)
    number_question(here)
    address = here.url
    here.context.set_offline(True)
    here.locator("#input-h2").fill("36")
    expect(here.locator("[data-saving]")).to_have_text(KEPT)
    crash(here)
    sign_in(there, account)
    there.goto(address)
    for value in ("37", "38"):
        with there.expect_response("**/saves"):
            there.locator("#input-h2").fill(value)
        expect(there.locator("[data-saving]")).to_have_text(SAVED)
    here.context.set_offline(False)
    page = here.context.new_page()
    page.goto(address)
    expect(page.locator("#input-h2")).to_have_value("38")
    expect(page.locator(".conflict")).to_contain_text("36")
    page.get_by_role("button", name="Use the answer of this device").click()
    expect(page.locator("#input-h2")).to_have_value("36")
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    there.reload()
    expect(there.locator("#input-h2")).to_have_value("36")
