"""Sketches drawn and graded: by keyboard alone, by pointer, without scripts, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import sketched
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.served import PASSWORD

NEW = Callable[..., BrowserContext]
LINE = (("0", "-0.3"), ("7", "1.3"))
CURVE = (("0", "0"), ("2.5", "0.1"), ("3.5", "0.5"), ("4.5", "0.9"), ("7", "1"))
POINTS = ".result-head .points"


def draw(new_context: NEW, login: str, **options: object) -> Page:
    page = new_context(**options).new_page()
    sign_in(page, (login, PASSWORD))
    page.get_by_role("button", name="Start").or_(page.get_by_role("link", name="Continue")).first.click()
    page.locator("[data-exam]").wait_for()
    if options.get("java_script_enabled", True):
        page.locator("#field-arrows .handle").first.wait_for()
    return page


def raw(page: Page, field: str) -> object:
    return page.locator(f"#field-{field}").evaluate("element => element.raw")


def hand_in(page: Page, points: str) -> None:
    page.get_by_role("link", name="Review and hand in").first.click()
    expect(page.get_by_role("img", name=re.compile("^Drawing."))).to_have_count(2)
    assert complaints(page) == []
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Yes, hand in").click()
    page.get_by_role("link", name="See the result").click()
    expect(page.locator(POINTS).first).to_have_text(points, timeout=30_000)


def test_by_keyboard_alone_lines_and_arrows_are_drawn_and_graded(new_context: NEW) -> None:
    page = draw(new_context, sketched.STUDENTS[0])
    keys = Keyboard(page)
    keys.to("#field-lines input[data-row='0'][data-side='0']")
    for stroke, points in enumerate((LINE, CURVE)):
        for row, pair in enumerate(points):
            for side, text in enumerate(pair):
                cell = f"#field-lines [data-stroke='{stroke}'][data-row='{row}'][data-side='{side}']"
                expect(page.locator(cell)).to_be_focused()
                page.keyboard.type(text)
                # Return goes from x to y to the next row, and makes one where there is none.
                if (row, side) != (len(points) - 1, 1):
                    page.keyboard.press("Enter")
        if stroke == 0:
            keys.to("#field-lines [data-stroke='1'][data-row='0'][data-side='0']")
    assert raw(page, "lines") == [[list(pair) for pair in LINE], [list(pair) for pair in CURVE]]
    # A point in the drawing: moved, and back by a wider step.
    keys.to("#field-lines .handle[data-stroke='1'][data-point='2']")
    handle = page.locator("#field-lines .handle:focus")
    expect(handle).to_have_attribute("aria-valuetext", "(3.5, 0.5)")
    page.keyboard.press("ArrowRight")
    expect(handle).to_have_attribute("aria-valuetext", "(3.55, 0.5)")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    expect(page.get_by_label("logistic, point 3, y")).to_have_value("0.7")
    page.keyboard.press("Shift+ArrowDown")
    # Arrows: the first by its tip, the others in the table.
    keys.to("#field-arrows [data-stroke='1'][data-side='0']")
    page.keyboard.type("-3")
    page.keyboard.press("Tab")
    page.keyboard.type("-1")
    keys.press("#field-arrows [data-none='2']")
    keys.to("#field-arrows .handle[data-stroke='0']")
    for _ in range(4):
        page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("#field-arrows [data-none='2']")).to_be_visible()
    arrows = raw(page, "arrows")
    assert isinstance(arrows, list)
    assert arrows[1:] == [[["-3", "-1"]], [["0", "0"]]]
    assert float(arrows[0][0][0]) == -2 * float(arrows[0][0][1]) > 0
    expect(page.get_by_role("group", name=re.compile("Drawing of the table. f_a: .* f_n: No arrow."))).to_be_visible()
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    assert complaints(page) == []
    hand_in(page, "5 of 5")
    expect(page.locator(".sketch-drawn svg").first).to_be_visible()
    assert complaints(page) == []


def test_by_pointer_points_are_placed_dragged_and_taken_out(new_context: NEW) -> None:
    page = draw(new_context, sketched.STUDENTS[1])

    def place(field: str, x: float, y: float) -> tuple[float, float]:
        """Where a place of the sheet is on the screen."""
        script = """(element, [x, y]) => {
          const { sheet, svg } = element.drawing;
          const at = new DOMPoint(...sheet.at([x, y])).matrixTransform(svg.getScreenCTM());
          return [at.x, at.y];
        }"""
        field_element = page.locator(f"#field-{field}")
        field_element.locator("svg.live").scroll_into_view_if_needed()
        found: list[float] = field_element.evaluate(script, [x, y])
        return found[0], found[1]

    for x, y in LINE:
        page.mouse.click(*place("lines", float(x), float(y)))
    page.locator("#field-lines").get_by_role("button", name="logistic", exact=True).click()
    for x, y in (CURVE[0], CURVE[-1]):
        page.mouse.click(*place("lines", float(x), float(y)))
    # On the line between two points, a click puts a point between them; then it is dragged.
    for (x, y), on_line in ((CURVE[1], 2.5 / 7), (CURVE[3], 0.1 + 0.9 * 2 / 4.5)):
        page.mouse.click(*place("lines", float(x), on_line))
        page.mouse.move(*place("lines", float(x), on_line))
        page.mouse.down()
        page.mouse.move(*place("lines", float(x), 0.6), steps=3)
        page.mouse.move(*place("lines", float(x), float(y)), steps=3)
        page.mouse.up()
    curve = raw(page, "lines")
    assert isinstance(curve, list)
    assert [float(x) for x, _ in curve[1]] == pytest.approx([0, 2.5, 4.5, 7], abs=0.1)
    assert [float(y) for _, y in curve[1]] == pytest.approx([0, 0.1, 0.9, 1], abs=0.05)
    # Beside the line it stands where its x belongs, not at the nearer end.
    page.mouse.click(*place("lines", 1.5, 1.2))
    expect(page.get_by_label("logistic, point 2, y")).to_have_value("1.2")
    page.get_by_role("button", name="Remove point 2 of logistic").click()
    # A point too many goes by its button.
    page.mouse.click(*place("lines", 3.5, 0.5))
    expect(page.locator("#field-lines .handle[data-stroke='1']")).to_have_count(5)
    page.get_by_role("button", name="Remove point 3 of logistic").click()
    expect(page.locator("#field-lines .handle[data-stroke='1']")).to_have_count(4)
    # Tips are dragged away from their points.
    for start, tip in (((0, 0), (2, -1)), ((3, 1), (0, 0))):
        page.mouse.move(*place("arrows", *start))
        page.mouse.down()
        page.mouse.move(*place("arrows", *tip), steps=4)
        page.mouse.up()
    page.get_by_role("button", name="No arrow for f_n").click()
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    before = raw(page, "arrows")
    page.reload()
    page.locator("#field-arrows .handle").first.wait_for()
    assert raw(page, "arrows") == before
    hand_in(page, "5 of 5")


def test_without_scripts_the_table_is_the_sketch(new_context: NEW) -> None:
    page = draw(new_context, sketched.STUDENTS[2], java_script_enabled=False)
    page.get_by_label("linear, point 1, x").fill("0")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#reading-lines")).to_contain_text("linear, point 1, y is missing.")
    for row, (x, y) in enumerate(LINE, 1):
        page.get_by_label(f"linear, point {row}, x").fill(x)
        page.get_by_label(f"linear, point {row}, y").fill(y)
    page.get_by_label("f_a, to the right").fill("2")
    page.get_by_label("f_a, up").fill("-1")
    page.get_by_role("button", name="Save", exact=True).click()
    told = "Drawing. Given points: (1, 0), (2, 0), (3, 0), (4, 1), (5, 1), (6, 1). linear: (0, −0.3), (7, 1.3)"
    expect(page.get_by_role("img", name=told, exact=True)).to_be_visible()
    expect(page.get_by_label("f_a, up")).to_have_value("-1")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_nothing_runs_out_and_targets_are_large(new_context: NEW, theme: str) -> None:
    login = sketched.STUDENTS[3 if theme == "light" else 4]
    page = draw(new_context, login, viewport={"width": 320, "height": 720}, color_scheme=theme)
    page.locator("#field-lines").evaluate(
        "(element, rows) => { element.show(rows); element.changed(); }", [LINE, CURVE]
    )
    expect(page.locator("#field-lines .handle")).to_have_count(7)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
    sizes = "all => all.map((one) => one.getBoundingClientRect()).map(({ width, height }) => Math.min(width, height))"
    small = [one for one in page.locator("sketch-answer :is(button, .typed, .handle)").evaluate_all(sizes) if one < 24]
    assert small == []
    page.locator("#field-lines .handle").nth(3).press("Delete")
    expect(page.locator("#field-lines .handle")).to_have_count(6)
    page.emulate_media(forced_colors="active")
    knob = page.locator("#field-lines .knob").first
    assert knob.evaluate("element => getComputedStyle(element).stroke") != "none"
