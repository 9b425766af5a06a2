"""Fields in a real browser: reading, errors, sizes, choices, colours, narrow screens, and no scripts at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import sign_in, start


def go_to(page: Page, title: str) -> None:
    page.get_by_role("navigation", name="Questions").get_by_role("link", name=re.compile(title)).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")


def test_an_unreadable_cell_is_named_marked_and_counted_as_such(exam: Page) -> None:
    page = exam
    go_to(page, "Batch normalisation")
    cell = page.locator("#field-sigma .grid input").nth(1)
    cell.fill("5+*2")
    error = page.locator("#reading-sigma")
    expect(error).to_contain_text("Entry 2")
    expect(error.locator("mark")).to_have_text("*")
    expect(error).to_have_attribute("aria-live", "polite")
    expect(cell).to_have_attribute("aria-invalid", "true")
    entry = page.locator(".side-list a[aria-current]")
    expect(entry).to_contain_text("cannot be read")
    page.reload()
    expect(page.locator("#field-sigma [aria-invalid]")).to_have_count(1)
    cell.fill("5")
    expect(error).to_contain_text("Read as")
    expect(page.locator("#field-sigma [aria-invalid]")).to_have_count(0)
    expect(entry).to_contain_text("1 of 4 answered")


def test_a_size_that_is_part_of_the_answer_grows_and_shrinks_by_keyboard(exam: Page) -> None:
    page = exam
    go_to(page, "Sizes in a convolutional network")
    inputs = page.locator("#field-shape .grid input")
    expect(inputs).to_have_count(1)
    inputs.nth(0).fill("64")
    expect(page.get_by_role("button", name="Add entry").first).to_be_visible()
    page.locator("#field-shape [data-resize='column 1']").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Space")
    expect(inputs).to_have_count(3)
    expect(inputs.nth(2)).to_have_attribute("aria-label", "Entry 3")
    expect(page.locator("#field-shape [data-size]")).to_have_text("3 entries")
    page.locator("#field-shape [data-resize='column -1']").focus()
    page.keyboard.press("Enter")
    expect(inputs).to_have_count(2)
    # A cell that was merely offered is no part of the size.
    assert page.locator("#field-shape").evaluate("element => element.raw") == ["64"]


def test_a_pasted_block_is_spread_over_the_cells(exam: Page) -> None:
    page = exam
    go_to(page, "Batch normalisation")
    paste = """(element, text) => {
        const data = new DataTransfer();
        data.setData("text/plain", text);
        element.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
    }"""
    page.locator("#field-znorm .grid input").first.evaluate(paste, "[[-1, -1, -1], [1, 1, 1], [1, 0.5, 1]]")
    raw = page.locator("#field-znorm").evaluate("element => element.raw")
    assert raw == [["-1", "-1", "-1"], ["1", "1", "1"], ["1", "0.5", "1"], ["", "", ""]]
    page.locator("#field-mu .grid input").first.evaluate(paste, "13\t5\t0")
    assert page.locator("#field-mu").evaluate("element => element.raw") == ["13", "5", "0"]


def test_a_list_typed_into_the_first_cell_is_spread_over_the_cells(exam: Page) -> None:
    page = exam
    go_to(page, "Sizes in a convolutional network")
    page.locator("#field-shape .grid input").fill("64 x 64x96")
    page.locator("#input-weights").focus()
    assert page.locator("#field-shape").evaluate("element => element.raw") == ["64", "64", "96"]
    go_to(page, "Batch normalisation")
    first = page.locator("#field-mu .grid input").first
    for typed, raw in {
        "1,5": ["1,5", "", ""],
        "1, 2, 3, 4": ["1, 2, 3, 4", "", ""],
        "13, 5, 0": ["13", "5", "0"],
    }.items():
        first.fill(typed)
        page.locator("#field-y input").last.focus()
        assert page.locator("#field-mu").evaluate("element => element.raw") == raw


def test_none_of_them_and_the_options_exclude_each_other(exam: Page) -> None:
    page = exam
    go_to(page, "Shuffling")
    boxes = page.locator("#field-boxes input[type=checkbox]")
    none = page.locator("#field-boxes input[value=none]")
    boxes.nth(0).check()
    boxes.nth(2).check()
    assert page.locator("#field-boxes").evaluate("element => element.raw") == "1,3"
    none.check()
    expect(boxes.nth(0)).not_to_be_checked()
    assert page.locator("#field-boxes").evaluate("element => element.raw") == "none"
    boxes.nth(1).check()
    expect(none).not_to_be_checked()
    boxes.nth(1).uncheck()
    expect(page.locator(".side-list a[aria-current]")).to_contain_text("not answered")


def test_return_goes_to_the_next_field_and_never_hands_anything_in(exam: Page) -> None:
    page = exam
    go_to(page, "ReLU RNN")
    address = page.url
    page.locator("#input-h2").press("Enter")
    expect(page.locator("#input-y2")).to_be_focused()
    page.locator("#input-dy2").press("Enter")
    assert page.url == address


def test_the_chosen_colours_stay_chosen(page: Page) -> None:
    switch = page.get_by_role("button", name="Dark colours")
    background = "getComputedStyle(document.documentElement).backgroundColor"
    light = page.evaluate(background)
    switch.click()
    dark = page.evaluate(background)
    assert dark != light
    page.reload()
    assert page.evaluate(background) == dark
    expect(switch).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("width", [320, 768, 1920])
def test_nothing_sticks_out_of_the_page(
    new_context: Callable[..., BrowserContext], account: tuple[str, str], width: int
) -> None:
    page = new_context(viewport={"width": width, "height": 800}).new_page()

    def fits() -> None:
        expect(page.locator("h1").first).to_be_visible()
        page.evaluate("document.fonts.ready")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, page.url

    page.goto("/")
    fits()
    sign_in(page, account)
    fits()
    start(page)
    attempt = page.url.split("/questions")[0]
    for place in ("questions/1", "questions/2", "questions/3", "questions/4", "questions/5", "review", "hand-in"):
        page.goto(f"{attempt}/{place}")
        fits()
    page.get_by_role("button", name="Yes, hand in").click()
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()
    fits()
    page.get_by_role("link", name="See the result").click()
    expect(page.locator(".total-points")).to_be_visible(timeout=30_000)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    fits()


def test_on_a_narrow_screen_the_list_of_questions_folds(
    new_context: Callable[..., BrowserContext], account: tuple[str, str]
) -> None:
    page = new_context(viewport={"width": 360, "height": 740}).new_page()
    sign_in(page, account)
    start(page)
    entry = page.locator(".side-list a").nth(1)
    expect(entry).to_be_hidden()
    page.locator("details.side summary").click()
    expect(entry).to_contain_text("not answered")
    entry.click()
    expect(page.get_by_text(re.compile("^Question 2 of"))).to_have_count(2)


def test_the_core_works_without_scripts(new_context: Callable[..., BrowserContext], account: tuple[str, str]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, account)
    start(page)
    page.get_by_role("link", name=re.compile("ReLU RNN")).click()
    page.locator("#input-h2").fill("37")
    page.locator("#input-y2").fill("-37+")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#input-h2")).to_have_value("37")
    expect(page.locator("#reading-y2")).to_contain_text("missing")
    page.locator("#input-y2").fill("-37")
    page.get_by_role("button", name="Next question").click()
    page.locator(".side-foot a").click()
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Yes, hand in").click()
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()
    page.get_by_role("link", name="See the result").click()
    expect(page.locator("section.result", has_text="ReLU RNN").locator(".result-head .points")).to_have_text(
        "2 of 3", timeout=30_000
    )


def test_pages_are_drawn_in_forced_colours_and_on_paper(exam: Page) -> None:
    page = exam
    go_to(page, "Shuffling")
    page.emulate_media(forced_colors="active")
    page.locator(".option").first.click()
    outline = page.locator(".option").first.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"
    page.emulate_media(media="print", forced_colors="none")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".side-column")).to_be_hidden()
    expect(page.locator(".option").first).to_be_visible()


def test_the_skip_link_leads_to_the_content(page: Page) -> None:
    page.reload()
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
