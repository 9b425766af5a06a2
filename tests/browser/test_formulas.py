"""Typing formulas in a real browser: with the mouse, by keyboard alone, drawn, line by line, and without scripts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import formulated
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in, start
from tests.browser.hands import Keys
from tests.browser.served import PASSWORD

# The first one sits for the test of every page.
_fridas = itertools.count(1)
# Every change of what is told to those who cannot see the page.
LISTEN = """element => {
    element.told = [];
    const region = element.querySelector("[data-announce]");
    new MutationObserver(() => element.told.push(region.textContent)).observe(region, {childList: true, subtree: true});
}"""
CARET = """element => {
    const range = document.createRange();
    const text = element.querySelector(".caret").firstChild;
    range.setStart(text, text.data.indexOf("^"));
    range.setEnd(text, text.data.length);
    const [mark, caret] = [element.querySelector("mark"), range].map((one) => one.getBoundingClientRect());
    return [mark.left - caret.left, mark.width - caret.width, caret.top > mark.top];
}"""


@pytest.fixture
def frida() -> tuple[str, str]:
    return formulated.STUDENT.format(next(_fridas)), PASSWORD


@pytest.fixture
def sheet(new_context: Callable[..., BrowserContext], frida: tuple[str, str]) -> Page:
    """A fresh page of formulas."""
    page = new_context().new_page()
    sign_in(page, frida)
    saved(start(page))  # its scripts are at work
    return page


def saved(page: Page) -> None:
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")


def tex(place: Locator) -> str:
    """The formula shown there."""
    return place.locator(".math").get_attribute("data-tex") or ""


def raw(page: Page, field: str) -> object:
    return page.locator(f"#field-{field}").evaluate("element => element.raw")


def test_a_formula_is_typed_with_mouse_and_keys_and_shown_as_it_was_read(sheet: Page) -> None:
    page = sheet
    box, read = page.locator("#input-score"), page.locator("#reading-score")
    expect(page.locator("#lead-score .katex")).to_have_count(1)
    box.click()
    page.keyboard.type("w^T x")
    expect(read).to_contain_text("Read as")
    expect(read.locator(".katex")).to_have_count(1)
    # A name is written where the cursor is, apart from its neighbours.
    page.keyboard.press("Home")
    page.get_by_role("button", name="lam, positive number").first.click()
    expect(box).to_be_focused()
    expect(box).to_have_value("lam w^T x")
    page.keyboard.type("*1")
    expect(box).to_have_value("lam*1 w^T x")
    saved(page)
    page.reload()
    expect(box).to_have_value("lam*1 w^T x")
    assert r"\lambda" in tex(read)


def test_a_formula_is_typed_by_keyboard_alone(sheet: Page) -> None:
    page, keys = sheet, Keys(sheet)
    keys.fill(page.locator("#input-slope"), "2")
    names = page.locator("#field-slope [data-names] button")
    keys.stroke("Tab")
    expect(names.first).to_be_focused()
    keys.stroke("End")
    expect(names.last).to_be_focused()
    keys.stroke("Home")
    keys.stroke("ArrowRight")
    expect(names.nth(1)).to_be_focused()
    keys.stroke("ArrowRight")
    expect(names.nth(2)).to_have_accessible_name("lam, positive number")
    keys.stroke("Enter")
    expect(page.locator("#input-slope")).to_be_focused()
    page.keyboard.type("*a")
    expect(page.locator("#input-slope")).to_have_value("2 lam*a")
    expect(page.locator("#reading-slope")).to_contain_text("Read as")
    # The names are one stop on the way, and the last one used is the way back into them.
    keys.stroke("Tab")
    expect(names.nth(2)).to_be_focused()
    keys.stroke("Tab")
    expect(page.locator("#field-slope [data-visual-switch]")).to_be_focused()
    # Return goes on; it writes no second line.
    page.locator("#input-score").press("Enter")
    expect(page.locator("#input-slope")).to_be_focused()
    saved(page)


def test_a_reading_is_told_once_when_the_typing_rests(sheet: Page) -> None:
    page = sheet
    field, box = page.locator("#field-slope"), page.locator("#input-slope")
    field.evaluate(LISTEN)
    box.press_sequentially("2a*b", delay=40)
    expect(field.locator("[data-announce]")).to_contain_text("Read as")
    # Another spelling of the same formula, then a fault in two stages: the sentence stays the same.
    box.press_sequentially(" ", delay=40)
    expect(page.locator("#reading-slope .math")).to_have_count(1)
    page.wait_for_timeout(1300)
    box.press_sequentially("*(", delay=40)
    expect(field.locator("[data-announce]")).to_contain_text("is never closed")
    told = field.evaluate("element => element.told")
    assert len(told) == 2
    box.press_sequentially("a", delay=40)
    page.wait_for_timeout(1300)
    assert field.evaluate("element => element.told") == told
    # Nothing is read out twice: the drawing that KaTeX makes for the eyes stays away.
    assert field.locator("[data-announce] [aria-hidden=true]").count() == 0


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("2a*(b+a", "("),
        ("a + 😀*b", "😀"),
        ("𝑎 + 𝑎*😀", "😀"),
        (" + ".join(["a"] * 60) + " + ? + " + " + ".join(["b"] * 60), "?"),
    ],
    ids=["bracket", "emoji", "after letters of two halves", "far away"],
)
def test_the_caret_stands_under_the_characters_that_cannot_be_read(sheet: Page, typed: str, marked: str) -> None:
    page = sheet
    page.locator("#input-slope").fill(typed)
    place = page.locator("#reading-slope .place")
    expect(place.locator("mark")).to_have_text(marked)
    expect(page.locator("#input-slope")).to_have_attribute("aria-invalid", "true")
    left, width, below = place.evaluate(CARET)
    # An emoji is as wide as two letters; the mark says where it ends.
    assert below
    assert abs(left) < (20 if "𝑎" in typed or "…" in place.inner_text() else 2)
    assert abs(width) < (2 if marked.isascii() else 20)
    assert len(place.locator("mark").evaluate("element => element.parentNode.textContent.split('^')[0]")) < 200


def test_a_derivation_has_a_reading_for_every_line(sheet: Page) -> None:
    page = sheet
    field = page.locator("#field-steps")
    lines = field.locator("ol textarea")
    expect(page.locator("#input-steps")).to_be_hidden()
    expect(lines).to_have_count(1)
    lines.first.click()
    page.keyboard.type("a*(a + b")
    page.keyboard.press("Enter")
    expect(lines.nth(1)).to_be_focused()
    page.keyboard.type("a*a + a*b")
    expect(lines.nth(1)).to_have_attribute("aria-label", "Line 2")
    first, second = field.locator("li").nth(0), field.locator("li").nth(1)
    expect(first).to_contain_text("is never closed")
    expect(first.locator("mark")).to_have_text("(")
    expect(second).to_contain_text("Read as")
    expect(lines.nth(0)).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("End")
    page.keyboard.type(")")
    expect(first).to_contain_text("Read as")
    assert raw(page, "steps") == "a*(a + b)\na*a + a*b"
    saved(page)
    page.reload()
    expect(lines).to_have_count(2)
    expect(second).to_contain_text("Read as")
    # Lines are cut in two and joined where the cursor is.
    lines.nth(1).click()
    page.keyboard.press("Home")
    page.keyboard.press("Backspace")
    expect(lines).to_have_count(1)
    page.keyboard.press("Enter")
    expect(lines).to_have_count(2)
    assert raw(page, "steps") == "a*(a + b)\na*a + a*b"
    page.get_by_role("button", name="Add a line").click()
    page.keyboard.type("a^2 + a b")
    page.get_by_role("button", name="Remove line 2").click()
    assert raw(page, "steps") == "a*(a + b)\na^2 + a b"
    # Several lines pasted into one are several.
    lines.nth(1).fill("b\nb*1\nb + 0")
    expect(lines).to_have_count(4)
    assert raw(page, "steps") == "a*(a + b)\nb\nb*1\nb + 0"


def test_the_cells_of_a_matrix_hold_formulas(sheet: Page) -> None:
    page = sheet
    cells = page.locator("#field-jac .grid input")
    for cell, text in zip(range(4), ("a + b", "max(a, b)", "0", "1"), strict=True):
        cells.nth(cell).fill(text)
    assert raw(page, "jac") == [["a + b", "max(a, b)"], ["0", "1"]]
    expect(page.locator("#reading-jac")).to_contain_text("Read as")
    assert "pmatrix" in tex(page.locator("#reading-jac"))
    cells.nth(1).fill("a b (")
    expect(page.locator("#reading-jac")).to_contain_text("Row 1, column 2")
    expect(cells.nth(1)).to_have_attribute("aria-invalid", "true")
    column = page.locator("#field-col .grid input")
    column.nth(0).fill("a")
    column.nth(0).press("ArrowDown")
    page.keyboard.type("b")
    assert raw(page, "col") == ["a", "b", ""]
    saved(page)
    page.reload()
    assert raw(page, "col") == ["a", "b", ""]


def test_visual_input_is_switched_on_used_and_left_again(sheet: Page) -> None:
    page = sheet
    box, read = page.locator("#input-slope"), page.locator("#reading-slope")
    switch, drawing = page.locator("#field-slope [data-visual-switch]"), page.locator("#field-slope math-field")
    assert page.evaluate("performance.getEntriesByType('resource').every(one => !one.name.includes('mathlive'))")
    box.fill("a * 2/b")
    expect(read).to_contain_text("Read as")
    switch.focus()
    page.keyboard.press("Enter")
    expect(switch).to_have_attribute("aria-pressed", "true")
    expect(drawing).to_be_focused()
    expect(box).to_have_value("a * 2/b")
    page.keyboard.press("End")
    page.keyboard.type("+a")
    expect(box).to_have_value(re.compile(r"\\frac\{.*\}\{b\}\+a"))
    expect(read).to_contain_text("Read as")
    expect(read.locator(".math")).to_have_attribute("data-tex", re.compile(r"\+ a$"))
    # Back at the drawing of what was typed, the text is again what was typed.
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    expect(box).to_have_value("a * 2/b")
    # Tab and Escape lead out of it.
    page.keyboard.press("Tab")
    expect(page.locator("#field-slope [data-names] button").first).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(drawing).to_be_focused()
    page.keyboard.press("Escape")
    expect(box).to_be_focused()
    # What cannot be read is kept until something is drawn in its place.
    box.fill("a * (")
    expect(page.locator("#field-slope .drawing")).to_contain_text("cannot be read yet")
    expect(box).to_have_value("a * (")
    drawing.focus()
    page.get_by_role("button", name="lam, positive number").nth(1).click()
    expect(box).to_have_value(r"\lambda")
    expect(drawing).to_be_focused()
    expect(page.locator(".ML__keyboard, .ML__virtual-keyboard-toggle:visible")).to_have_count(0)
    saved(page)
    assert complaints(page) == []
    # Remembered; switched off, the text is as it was.
    page.reload()
    expect(drawing).to_have_count(1)
    expect(box).to_have_value(r"\lambda")
    switch.click()
    expect(page.locator("math-field")).to_have_count(0)
    expect(switch).to_have_attribute("aria-pressed", "false")
    expect(box).to_have_value(r"\lambda")
    page.reload()
    expect(page.locator("[data-visual-switch]").first).to_be_visible()
    expect(page.locator("math-field")).to_have_count(0)


def test_visual_input_draws_the_cell_or_line_in_hand(sheet: Page) -> None:
    page = sheet
    cells = page.locator("#field-jac .grid input")
    cells.nth(0).fill("a/b")
    page.locator("#field-jac [data-visual-switch]").click()
    drawing = page.locator("#field-jac math-field")
    expect(drawing).to_have_attribute("aria-label", "Visual input: Row 1, column 1")
    expect(drawing).to_have_js_property("value", r"\frac{a}{b}")
    cells.nth(3).focus()
    expect(drawing).to_have_attribute("aria-label", "Visual input: Row 2, column 2")
    expect(drawing).to_have_js_property("value", "")
    drawing.focus()
    page.keyboard.type("b^2")
    expect(cells.nth(3)).to_have_value("b^2")
    expect(cells.nth(0)).to_have_value("a/b")
    page.keyboard.press("Escape")
    expect(cells.nth(3)).to_be_focused()


def test_formulas_need_no_scripts(new_context: Callable[..., BrowserContext], frida: tuple[str, str]) -> None:
    page = new_context(java_script_enabled=False).new_page()
    sign_in(page, frida)
    start(page)
    page.locator("#input-slope").fill("2a\n*b")
    page.locator("#input-steps").fill("a*(a + b)\na^2 + (")
    page.locator("#field-col input[type=text]").nth(1).fill("b")
    expect(page.locator("[data-visual-switch]").first).to_be_hidden()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#input-slope")).to_have_value("2a *b")
    expect(page.locator("#reading-slope")).to_contain_text("Read as")
    expect(page.locator("#input-steps")).to_have_value("a*(a + b)\na^2 + (")
    expect(page.locator("#reading-steps")).to_contain_text("Line 2")
    expect(page.locator("#field-col input[type=text]").nth(1)).to_have_value("b")


def test_formulas_fit_a_phone_in_both_colours(
    new_context: Callable[..., BrowserContext], frida: tuple[str, str]
) -> None:
    page = new_context(viewport={"width": 390, "height": 844}, has_touch=True, color_scheme="dark").new_page()
    sign_in(page, frida)
    start(page)
    page.locator("#input-score").fill(" + ".join(["lam*(a + b)/(a*b + 1)"] * 6))
    page.locator("#input-slope").fill(" + ".join(["a"] * 80) + "*")
    # What it was read as moves everything below it, so one waits for it before pressing anything there.
    expect(page.locator("#reading-slope .place")).to_be_visible()
    page.locator("#field-slope [data-visual-switch]").click()
    expect(page.locator("#field-slope math-field")).to_have_count(1)
    page.locator("details.writing summary").click()
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints(page) == []
