"""A proof made of blocks, put in order and graded: by keyboard alone, by dragging, by touch, without scripts."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser import ordered
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.served import PASSWORD

NEW = Callable[..., BrowserContext]
POINTS = ".result-head .points"
TOLD = "order-answer .unseen[aria-live]"


def sit(new_context: NEW, login: str, **options: object) -> Page:
    page = new_context(**options).new_page()
    sign_in(page, (login, PASSWORD))
    page.get_by_role("button", name="Start").or_(page.get_by_role("link", name="Continue")).first.click()
    page.locator("[data-exam]").wait_for()
    if options.get("java_script_enabled", True):
        page.locator("order-answer [data-list=pool] [data-block]").first.wait_for()
    return page


def raw(page: Page) -> object:
    return page.locator("order-answer").evaluate("element => element.raw")


def listed(page: Page, name: str) -> list[str]:
    rows = page.locator(f"order-answer [data-list={name}] > [data-block]")
    return [str(row.get_attribute("data-block")) for row in rows.all()]


def block(page: Page, number: int) -> Locator:
    return page.locator(f"order-answer [data-block='{number}']")


def hand_in(page: Page) -> None:
    page.get_by_role("link", name="Review and hand in").first.click()
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Yes, hand in").click()
    page.get_by_role("link", name="See the result").click()


def test_by_keyboard_alone_a_proof_is_put_in_order_and_graded(new_context: NEW) -> None:
    page = new_context().new_page()
    sign_in(page, (ordered.STUDENTS[0], PASSWORD))
    keys = Keyboard(page)
    keys.press("form[action$='/attempts'] button")
    page.locator("order-answer [data-list=pool] [data-block]").first.wait_for()
    expect(page.locator("order-answer .katex").first).to_be_visible()
    keys.to("[data-block='1'] [data-tool=add]")
    page.keyboard.press("Enter")
    # The focus stays with the block, and what happened is announced.
    expect(page.get_by_role("button", name="Move block 1 up")).to_be_focused()
    expect(page.locator(TOLD)).to_have_text("Block 1 added at place 1 of 1")
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Add block 2")).to_be_focused()
    for number in (3, 4, 6, 7):
        page.keyboard.press("Home")
        while not page.evaluate("n => document.activeElement.closest('[data-block]').dataset.block === n", str(number)):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name=f"Move block {number} up")).to_be_focused()
        page.keyboard.press("ArrowLeft")
    assert listed(page, "pool") == ["2", "5"]
    # A wrong one goes in and out again.
    page.keyboard.press("Enter")
    page.keyboard.press("Delete")
    expect(page.locator(TOLD)).to_have_text("Block 2 taken out, 5 left in your order")
    expect(page.get_by_role("button", name="Add block 2")).to_be_focused()
    # From 1, 3, 4, 6, 7 to 4, 6, 1, 7, 3.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Home")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowDown")
    expect(page.locator(TOLD)).to_have_text("Block 1 moved to place 4 of 5")
    page.keyboard.press("Home")
    while listed(page, "order")[-1] != "3":
        page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("button", name="Move block 3 up")).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    assert listed(page, "order") == ["4", "6", "1", "7", "3"]
    assert raw(page) == ordered.PROOF
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    assert complaints(page) == []
    keys.press("a[href$='/review']")
    expect(page.get_by_role("heading", name="Review before you hand in")).to_be_visible()
    keys.press("a[href$='/hand-in']")
    expect(page.get_by_role("heading", name="Hand in now?")).to_be_visible()
    keys.press("form button")
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()
    keys.press("a[href$='/result']")
    expect(page.locator(POINTS)).to_have_text("4 of 4", timeout=30_000)
    expect(page.locator(".ordered .order-of")).to_have_text([f"Block {n}" for n in ordered.PROOF.split(",")])
    expect(page.locator(".ordered .katex").first).to_be_visible()
    assert complaints(page) == []


def carry(page: Page, held: Locator, target: Locator, *, above: bool = False) -> None:
    """Drag a block by its grip to the upper or lower edge of another."""
    held.locator("[data-grip]").hover()
    page.mouse.down()
    box = target.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=4)
    page.mouse.move(box["x"] + 60, box["y"] + (3 if above else box["height"] - 3), steps=3)
    page.mouse.up()


def test_by_dragging_a_proof_is_put_in_order_and_graded(new_context: NEW) -> None:
    page = sit(new_context, ordered.STUDENTS[1])
    empty = page.locator("order-answer .order-empty").last
    expect(empty).to_be_visible()
    carry(page, block(page, 4), empty)
    assert raw(page) == "4"
    expect(empty).to_be_hidden()
    carry(page, block(page, 3), block(page, 4))
    carry(page, block(page, 6), block(page, 3), above=True)
    assert listed(page, "order") == ["4", "6", "3"]
    carry(page, block(page, 2), block(page, 3))
    carry(page, block(page, 7), block(page, 4), above=True)
    assert listed(page, "order") == ["7", "4", "6", "3", "2"]
    # Within the list, and out of it again; Escape leaves everything as it was.
    carry(page, block(page, 7), block(page, 6))
    carry(page, block(page, 2), block(page, 5))
    assert (listed(page, "order"), listed(page, "pool")) == (["4", "6", "7", "3"], ["1", "2", "5"])
    block(page, 3).locator("[data-grip]").hover()
    page.mouse.down()
    page.mouse.move(400, 200, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert raw(page) == "4,6,7,3"
    assert page.locator(".order-gap").count() == 0
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    page.reload()
    page.locator("order-answer [data-list=order] [data-block]").first.wait_for()
    assert listed(page, "order") == ["4", "6", "7", "3"]
    hand_in(page)
    # One of five steps is missing.
    expect(page.locator(POINTS)).to_have_text("3.2 of 4", timeout=30_000)
    expect(page.locator(".ordered li")).to_have_count(4)


def test_a_finger_carries_by_the_grip_and_scrolls_elsewhere(new_context: NEW) -> None:
    page = sit(new_context, ordered.STUDENTS[2], viewport={"width": 390, "height": 844}, has_touch=True)
    session = page.context.new_cdp_session(page)

    def touch(kind: str, x: float, y: float) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    page.get_by_role("button", name="Add block 4").tap()
    page.get_by_role("button", name="Add block 6").tap()
    expect(page.locator("order-answer [data-list=order] [data-block]")).to_have_count(2)
    lower = block(page, 6)
    lower.scroll_into_view_if_needed()
    grip, upper = lower.locator("[data-grip]").bounding_box(), block(page, 4).bounding_box()
    assert grip is not None
    assert upper is not None
    x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
    touch("touchStart", x, y)
    for part in range(1, 9):
        touch("touchMove", x, y + (upper["y"] + 3 - y) * part / 8)
    touch("touchEnd", x, upper["y"] + 3)
    expect(page.locator(TOLD)).to_have_text("Block 6 moved to place 1 of 2")
    assert raw(page) == "6,4"
    # Anywhere else a finger moves the page, not the block.
    box = block(page, 4).locator(".prose").bounding_box()
    assert box is not None
    touch("touchStart", box["x"] + 20, box["y"] + 5)
    for part in range(1, 6):
        touch("touchMove", box["x"] + 20, box["y"] + 5 - 30 * part)
    touch("touchEnd", box["x"] + 20, box["y"] - 145)
    assert raw(page) == "6,4"


def test_without_scripts_every_place_has_a_list_of_blocks(new_context: NEW) -> None:
    page = sit(new_context, ordered.STUDENTS[3], java_script_enabled=False)
    page.get_by_label("Place 1", exact=True).select_option("Block 4")
    page.get_by_label("Place 3", exact=True).select_option("Block 6")
    page.get_by_role("button", name="Save", exact=True).click()
    # What was left out in between closes up.
    expect(page.get_by_label("Place 2", exact=True)).to_have_value("6")
    expect(page.get_by_label("Place 3", exact=True)).to_have_value("")
    page.get_by_label("Place 3", exact=True).select_option("Block 4")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#field-proof")).to_contain_text("Block 4 stands in two places; every block can be used once.")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_runs_out_and_axe_is_content(new_context: NEW, theme: str, width: int) -> None:
    page = sit(new_context, ordered.STUDENTS[4], viewport={"width": width, "height": 900}, color_scheme=theme)
    page.locator("order-answer").evaluate("element => { element.show('7,4,6'); element.changed(); }")
    expect(page.locator("order-answer [data-list=order] [data-block]")).to_have_count(3)
    expect(page.locator("order-answer .katex").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints(page) == []
    first = page.get_by_role("button", name="Move block 7 up")
    expect(first).to_have_attribute("aria-disabled", "true")
    first.dispatch_event("click")
    assert raw(page) == "7,4,6"
    expect(page.locator("order-answer")).to_contain_text(re.compile("Drag blocks, or use the buttons"))
