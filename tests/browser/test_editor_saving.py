"""What the question editor keeps: undoing, a broken source, somebody else's version, no network; tabs and widths."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.drafting import halving, names, saved, source, tab
from tests.browser.served import INSTRUCTOR, PASSWORD


def test_every_step_can_be_undone_and_done_again(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Details")
    title = page.get_by_role("textbox", name="Title", exact=True)
    title.fill("One")
    tab(page, "Variables")
    page.get_by_role("button", name="Add a drawn value").click()
    assert names(page) == ["n", "half", "x"]
    page.get_by_role("tab", name="Variables").focus()
    page.keyboard.press("Control+z")
    assert names(page) == ["n", "half"]
    page.keyboard.press("Control+z")
    expect(page.get_by_role("heading", level=1)).to_have_text("Halving")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+y")
    assert names(page) == ["n", "half", "x"]
    expect(page.get_by_role("heading", level=1)).to_have_text("One")
    saved(page)
    assert "title: One" in source(page)


def test_a_source_that_cannot_be_read_keeps_the_forms_waiting(author: Page) -> None:
    page = author
    halving(page)
    text = source(page)
    editor = page.get_by_label("Source of question.yaml")
    editor.fill(text.replace("half: n/2", "half: [n/2"))
    expect(page.locator("#panel-source .code-line.bad")).not_to_have_count(0)
    tab(page, "Variables")
    expect(page.get_by_text("so the forms wait")).to_be_visible()
    expect(page.locator("#panel-variables")).to_have_attribute("inert", "")
    saved(page)
    page.reload()
    tab(page, "Source")
    expect(editor).to_have_value(text.replace("half: n/2", "half: [n/2"))
    editor.fill(text)
    saved(page)
    tab(page, "Variables")
    expect(page.get_by_text("so the forms wait")).to_have_count(0)
    assert names(page) == ["n", "half"]


def test_when_somebody_else_has_saved_one_decides(author: Page, new_context: Callable[..., BrowserContext]) -> None:
    page = author
    short = halving(page)
    other = new_context().new_page()
    sign_in(other, (INSTRUCTOR.format(39), PASSWORD))
    other.goto(f"/bank/{short}/edit#details")
    other.get_by_role("textbox", name="Title", exact=True).fill("Theirs")
    saved(other)
    tab(page, "Details")
    page.get_by_role("textbox", name="Title", exact=True).fill("Mine")
    expect(page.get_by_role("alert").filter(has_text="Nothing is lost")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("Mine")
    page.get_by_role("button", name="Load theirs").click()
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("Theirs")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("Mine")
    saved(page)
    # And the other way round.
    other.get_by_role("textbox", name="Title", exact=True).fill("Theirs again")
    other.get_by_role("button", name="Keep mine").click()
    saved(other)
    page.reload()
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("Theirs again")


def test_without_a_network_nothing_is_lost(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Details")
    page.context.set_offline(True)
    page.get_by_label("Tags").fill("halves, numbers")
    expect(page.locator("[data-status]")).to_contain_text("Not saved: you are offline")
    page.context.set_offline(False)
    saved(page)
    page.reload()
    expect(page.get_by_label("Tags")).to_have_value("halves, numbers")


def test_the_tabs_are_walked_by_arrow_keys_and_kept_in_the_address(author: Page) -> None:
    page = author
    halving(page)
    page.get_by_role("tab", name="Source").focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("tab", name="Texts")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Variables")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("tabpanel", name="Variables")).to_be_visible()
    assert page.url.endswith("#variables")
    page.reload()
    expect(page.get_by_role("tabpanel", name="Variables")).to_be_visible()


def test_on_a_narrow_screen_the_preview_is_a_tab(author: Page) -> None:
    page = author
    halving(page)
    page.set_viewport_size({"width": 320, "height": 740})
    for name in ("Texts", "Variables", "Pools", "Images", "Details", "Source", "Preview"):
        tab(page, name)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    expect(page.locator(".paper")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Preview")).to_be_visible()
    page.set_viewport_size({"width": 1280, "height": 860})
    expect(page.locator(".paper")).to_be_visible()
    expect(page.get_by_role("tab", name="Preview")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(author: Page, scheme: str) -> None:
    page = author
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto("/bank/new")
    assert complaints(page) == []
    halving(page)
    for name in ("Texts", "Variables", "Pools", "Images", "Details", "Source"):
        tab(page, name)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert complaints(page) == [], name
