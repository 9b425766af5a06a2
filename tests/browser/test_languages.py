"""The language of a page is changed at any time: no word is lost, and every language fits a narrow screen."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.test_saving import number_question

NAMES = {"de": "Deutsch", "fr": "Français", "en": "English"}


def choose(page: Page, language: str) -> None:
    menu = page.locator("[data-languages]")
    menu.locator("summary").click()
    menu.get_by_role("button", name=NAMES[language]).click()
    expect(page.locator("html")).to_have_attribute("lang", language)
    page.wait_for_load_state()


def test_what_is_typed_right_before_the_switch_is_there_in_the_other_language(exam: Page) -> None:
    page = exam
    number_question(page)
    page.locator("#input-h2").press_sequentially("3*11+2*2")
    choose(page, "de")
    expect(page.get_by_role("heading", level=1)).to_have_text("Zwei Schritte eines ReLU-RNN")
    expect(page.locator("#input-h2")).to_have_value("3*11+2*2")
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")
    # The server takes nothing for a while: this device carries the words over.
    page.route(re.compile("/saves$"), lambda route: route.fulfill(status=503, json={}))
    page.locator("#input-h2").fill("37")
    page.locator("#input-y2").press_sequentially("-3")
    choose(page, "fr")
    expect(page.locator("#input-h2")).to_have_value("37")
    expect(page.locator("#input-y2")).to_have_value("-3")
    page.unroute(re.compile("/saves$"))
    page.reload()
    expect(page.locator("[data-saving]")).to_have_attribute("data-state", "saved")
    expect(page.locator("#input-h2")).to_have_value("37")


def test_without_scripts_the_form_is_saved_on_the_way(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    page = new_context(java_script_enabled=False, locale="de-DE").new_page()
    page.goto("/")
    page.get_by_label("Konto").fill(account[0])
    page.get_by_label("Passwort").fill(account[1])
    page.locator("form[action='/sign-in'] button").click()
    page.locator("form[action$='/attempts'] button").first.click()
    page.locator(".side-list a").nth(2).click()
    page.locator("#input-h2").fill("37")
    choose(page, "fr")
    expect(page.locator("#input-h2")).to_have_value("37")


def test_every_language_fits_a_narrow_screen_and_typed_words_stay(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    page = new_context(viewport={"width": 320, "height": 700}).new_page()

    def fits() -> None:
        for language in ("de", "fr"):
            choose(page, language)
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, (page.url, language)

    page.goto("/")
    page.locator("#login").fill(account[0])
    fits()
    expect(page.locator("#login")).to_have_value(account[0])
    page.locator("#password").fill(account[1])
    page.locator("form[action='/sign-in'] button").click()
    page.locator(".quiz").first.wait_for()
    fits()
    page.locator("form[action$='/attempts'] button").first.click()
    page.locator("[data-exam]").wait_for()
    attempt = page.url.partition("/questions/")[0]
    fits()
    page.goto(f"{attempt}/hand-in")
    fits()
    page.locator("form[action$='/hand-in'] button").click()
    page.locator(".receipt-code").wait_for()
    page.goto(f"{attempt}/result")
    page.locator(".total-points").wait_for()
    fits()
