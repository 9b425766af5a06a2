"""Forty answers marked without a mouse, by two people who never meet; comments, undo, keys switched off."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import desked
from tests.browser.axe import complaints, complaints_in_the_dark
from tests.browser.conftest import sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.served import PASSWORD

NEW = Callable[..., BrowserContext]


def marker(new_context: NEW, number: int) -> Page:
    page = new_context().new_page()
    sign_in(page, (desked.MARKERS[number], PASSWORD))
    return page


def begin(page: Page, root: str) -> None:
    """From the course to the first answer, with the keyboard alone."""
    page.goto(root.partition("/quizzes/")[0])
    Keyboard(page).press(f'a[href="{root}/marking"]')
    page.locator("h1", has_text=desked.QUIZ).wait_for()
    # As soon as the graders have said what they are not sure about.
    for _ in range(60):
        if page.get_by_text(f"{desked.STUDENTS} answers wait").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    Keyboard(page).press('form[action$="/next"] button')
    page.locator("[data-criterion]").first.wait_for()


def graded(page: Page, address: str) -> None:
    """Open an answer as soon as the graders have looked at it."""
    for _ in range(120):
        page.goto(address)
        if page.locator("[data-criterion]").count():
            break
        page.wait_for_timeout(500)
    page.locator("[data-criterion]").first.wait_for()
    page.locator("[data-help]:not([hidden])").wait_for()


def waits(page: Page) -> int:
    found = re.search(r"(\d+) waits?", page.locator(".desk-head").inner_text())
    assert found
    return int(found[1])


def press(page: Page, key: str) -> None:
    """A key that leads to another answer."""
    before = page.url
    with page.expect_navigation():
        page.keyboard.press(key)
    page.locator("[data-help]:not([hidden]), table.rows, .empty").first.wait_for()
    assert page.url != before


def test_forty_answers_are_marked_by_keyboard_alone(served: dict[str, Any], new_context: NEW) -> None:
    root = served["desk_quiz"]
    mara, mark = marker(new_context, 0), marker(new_context, 1)
    begin(mara, root)
    mark.goto(f"{root}/marking")
    expect(mark.get_by_text("Mara 0 · is marking")).to_be_visible()
    mark.get_by_role("button", name="Mark").click()
    assert mark.url.partition("?")[0] != mara.url.partition("?")[0]
    # What one is at the other can only look at.
    mark.goto(mara.url)
    expect(mark.get_by_text("Mara is marking this answer now")).to_be_visible()
    expect(mark.get_by_role("button", name="Save and next").last).to_be_disabled()
    mark.get_by_role("button", name="Stop marking").click()
    assert "Text " not in mara.locator("main").inner_text().replace("Text fields", "")

    # Every toggle: all points, none, the machine's; nothing for everything.
    worth = mara.locator("input.worth").first
    chosen = []
    for _ in range(3):
        mara.keyboard.press("1")
        chosen.append(worth.input_value())
    assert set(chosen) >= {"1", "0"}
    mara.keyboard.press("0")
    assert [one.input_value() for one in mara.locator("[data-criterion] input.worth").all()] == ["0", "0"]
    # A comment, kept for others; it is not taken for shortcuts.
    mara.keyboard.press("f")
    mara.keyboard.type("Say which of them, and why: 1, 2, g.")
    mara.keyboard.press("Escape")
    mara.keyboard.press("a")
    mara.keyboard.type("0.5")
    mara.keyboard.press("Escape")
    expect(mara.locator("[data-sum]")).to_have_text("Together 0.5 of 2")
    first = mara.url.partition("?")[0]
    left = waits(mara)
    press(mara, "g")
    stored = re.compile("Stored for [14] answers?")
    expect(mara.get_by_text(stored)).to_be_visible()
    number = stored.search(mara.locator("main").inner_text())
    # Undone and decided again: at once the whole group waits as before.
    press(mara, "u")
    assert mara.url.partition("?")[0] == first
    expect(mara.get_by_text("Taken back.")).to_be_visible()
    assert waits(mara) == left
    assert (number is not None and "4" in number[0]) == bool(mara.locator(".desk-alike").count())
    mara.locator("body").press("1")
    press(mara, "g")
    press(mara, "j")
    press(mara, "k")

    marked, grouped = 0, False
    while "/marking/" in mara.url and marked < 2 * desked.STUDENTS:
        assert waits(mara) < left + 1
        grouped |= bool(mara.locator(".desk-alike").count())
        if marked % 3 == 0 and mara.get_by_role("button", name="Accept the suggestion").count():
            press(mara, "y")
        else:
            mara.keyboard.press("1")
            mara.keyboard.press("2")
            if marked % 3 == 1:
                mara.keyboard.press("2")
            for place, one in enumerate(mara.locator("[data-criterion] input.worth").all(), 1):
                while one.input_value() == "":
                    mara.keyboard.press(str(place))
            press(mara, "g")
        marked += 1
    assert marked >= 38
    # The last one is undone where it ended, and decided again.
    assert "done=empty" in mara.url
    expect(mara.get_by_role("button", name="Undo my last")).to_be_visible()
    assert complaints(mara) + complaints_in_the_dark(mara) == []
    press(mara, "u")
    expect(mara.get_by_text("Taken back.")).to_be_visible()
    for place, one in enumerate(mara.locator("[data-criterion] input.worth").all(), 1):
        if one.input_value() == "":
            mara.keyboard.press(str(place))
    press(mara, "g")
    expect(mara.get_by_role("heading", name="Nothing waits for you")).to_be_visible(timeout=30_000)
    assert complaints(mara) == []
    mara.goto(f"{root}/marking")
    expect(mara.locator(".chips").first).to_contain_text(f"Mara {desked.STUDENTS}")


def test_a_sample_is_marked_a_second_time_by_keyboard_alone(served: dict[str, Any], new_context: NEW) -> None:
    mara = marker(new_context, 0)
    root = served["twice_quiz"]
    mara.goto(f"{root}/quality")
    Keyboard(mara).press('form[action$="/second"] button')
    mara.wait_for_url("**/quality/second/**")
    graded(mara, mara.url)
    assert "Mark" not in mara.locator("main").inner_text().replace("Marked", "").replace("Mark 1", "")
    of_all = re.compile(r"Answer (\d) of (\d)")

    def here() -> tuple[str, str]:
        found = of_all.search(mara.locator(".desk-head").inner_text())
        assert found
        return found[1], found[2]

    assert here()[1] == "4"
    # There and back; a key that leads nowhere says so.
    press(mara, "j")
    press(mara, "k")
    assert here() == ("1", "4")
    mara.keyboard.press("?")
    dialog = mara.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert complaints(mara) == []
    expect(dialog.get_by_role("checkbox")).to_have_count(8)
    mara.keyboard.press("Escape")
    first = mara.url.partition("?")[0]
    decide(mara)
    expect(mara.get_by_text(re.compile("Stored for [12] answers?"))).to_be_visible()
    press(mara, "u")
    assert mara.url.partition("?")[0] == first
    expect(mara.get_by_text("Taken back.")).to_be_visible()
    assert here()[1] == "4"
    grouped = 0
    while "/second/" in mara.url:
        grouped += mara.locator(".desk-alike").count()
        if mara.get_by_role("button", name="Accept the suggestion").count():
            before = mara.url
            with mara.expect_navigation():
                mara.keyboard.press("y")
            assert mara.url != before
        else:
            decide(mara)
    assert grouped == 1  # the identical ones came together
    # The last one is undone where it ended, and decided again.
    expect(mara.get_by_text(re.compile("Stored for [12] answers?. Nothing waits there for you."))).to_be_visible()
    assert complaints(mara) + complaints_in_the_dark(mara) == []
    press(mara, "u")
    expect(mara.get_by_text("Taken back.")).to_be_visible()
    decide(mara)
    expect(mara.get_by_text("Nothing waits there for you.")).to_be_visible()
    told = "5 answers belong to the sample. No answer waits for a second marker."
    expect(mara.get_by_text(told)).to_be_visible()


def decide(page: Page) -> None:
    """Points for every criterion, by its number, and on."""
    for place, one in enumerate(page.locator("[data-criterion] input.worth").all(), 1):
        page.keyboard.press(str(place))
        while one.input_value() == "":
            page.keyboard.press(str(place))
    with page.expect_navigation():
        page.keyboard.press("g")


@pytest.mark.parametrize(
    ("machine", "third"), [("", ""), ("1", "1"), ("0", "0"), ("1/2", "1/2")], ids=["nothing", "all", "none", "half"]
)
def test_a_digit_gives_all_points_then_none_then_the_machines_whatever_the_machine_suggests(
    served: dict[str, Any], new_context: NEW, machine: str, third: str
) -> None:
    page = marker(new_context, 1)

    def suggesting(route: Route) -> None:
        answer = route.fetch()
        found = re.compile(r'data-machine="[^"]*"(?: data-open)?')
        html, changed = found.subn(f'data-machine="{machine}" data-open', answer.text())
        assert changed == 2
        route.fulfill(response=answer, body=html)

    graded(page, served["desk_answer"] + "?show=all")
    page.route("**/marking/**", suggesting)
    page.goto(served["desk_answer"] + "?show=all")
    worth = page.locator("input.worth").first
    worth.fill("")
    worth.press("Escape")
    page.locator("body").click(position={"x": 1, "y": 1})
    chosen = []
    for _ in range(6):
        page.keyboard.press("1")
        chosen.append(worth.input_value())
    assert chosen == ["1", "0", third] * 2
    # After something else was typed, or nothing was given for all of them, it begins anew.
    for typed in ("1/4", "0", ""):
        worth.fill(typed)
        worth.press("Escape")
        page.keyboard.press("1")
        assert worth.input_value() == "1"
    page.keyboard.press("0")
    page.keyboard.press("1")
    assert worth.input_value() == "1"
    # More points than there are come to nothing that could be told.
    together = page.locator("[data-sum]")
    expect(together).to_be_visible()
    worth.fill("9")
    expect(together).to_be_hidden()


KEYS = {"digits": "1", "0": "0", "y": "y", "g": "g", "j": "j", "k": "k", "f": "f", "a": "a", "u": "u", "?": "?"}


def test_each_key_can_be_switched_off_by_itself(served: dict[str, Any], new_context: NEW) -> None:
    page = marker(new_context, 1)
    graded(page, served["desk_answer"] + "?show=all")
    told, boxes = page.locator("[data-told]"), page.locator("[data-keys] [data-key]")
    expect(boxes).to_have_count(len(KEYS))
    assert [one.get_attribute("data-key") for one in boxes.all()] == list(KEYS)
    for name, key in KEYS.items():
        page.get_by_role("button", name="Keys").click()
        page.locator(f'[data-key="{name}"]').uncheck()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        before = (page.url, state(page))
        page.keyboard.press(key)
        page.wait_for_timeout(150)
        assert (page.url, state(page)) == before, name
        # The others still work: this one says or does something at once.
        page.get_by_role("button", name="Keys").click()
        page.locator(f'[data-key="{name}"]').check()
        page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect(told).not_to_be_empty()


def state(page: Page) -> Any:
    """All that a key could have changed without leaving."""
    script = """() => [
        [...new FormData(document.getElementById("deciding"))],
        document.querySelector("[data-told]").textContent,
        document.querySelector("dialog").open,
        ["TEXTAREA", "INPUT"].includes(document.activeElement.tagName),
    ]"""
    return page.evaluate(script)


def test_keys_are_switched_off_and_that_is_remembered(served: dict[str, Any], new_context: NEW) -> None:
    page = marker(new_context, 1)
    graded(page, served["desk_answer"] + "?show=all")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert complaints(page) == []
    page.get_by_role("checkbox", name="no criterion is met").uncheck()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    before = page.locator("input.worth").first.input_value()
    page.keyboard.press("0")
    assert page.locator("input.worth").first.input_value() == before
    page.reload()
    page.keyboard.press("0")
    assert page.locator("input.worth").first.input_value() == before
    page.keyboard.press("1")
    assert page.locator("input.worth").first.input_value() != before
    page.get_by_role("button", name="Keys").click()
    page.get_by_role("button", name="All on or off").click()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("way", ["key", "mouse"])
def test_undo_warns_before_a_remark_is_lost_and_is_offered_again_after_it(
    served: dict[str, Any], new_context: NEW, way: str
) -> None:
    page = marker(new_context, 1)
    graded(page, served["undone_answer"] + "?show=all")

    def undo() -> None:
        if way == "key":
            page.keyboard.press("u")
        else:
            page.get_by_role("button", name="Undo my last").click()

    for one in page.locator("input.worth").all():
        one.fill("1/4")
    page.get_by_role("button", name="Save and stay").click()
    expect(page.get_by_text("Stored for 1 answer.")).to_be_visible()
    expect(page.get_by_text("decided by Mark", exact=True)).to_be_visible()
    page.reload()
    page.locator("[data-help]:not([hidden])").wait_for()
    here = page.url
    page.keyboard.press("f")
    page.keyboard.type("A long thought")
    page.keyboard.press("Escape")
    undo()
    expect(page.locator("[data-told]")).to_contain_text("Not saved yet")
    seen = page.locator("[data-told]").bounding_box()
    assert seen is not None
    assert seen["height"] > 10
    assert complaints(page) == []
    assert page.url == here
    assert page.locator("#comment").input_value() == "A long thought"
    # The same once more means it.
    with page.expect_navigation():
        undo()
    expect(page.get_by_text("Taken back. Undo again to bring it back.")).to_be_visible()
    expect(page.get_by_role("button", name="Undo my last")).to_be_visible()
    for _ in range(2):  # brought back, and taken back once more
        with page.expect_navigation():
            undo()
        page.locator("[data-help]:not([hidden])").wait_for()


def test_a_question_that_was_opened_stays_open_from_answer_to_answer(served: dict[str, Any], new_context: NEW) -> None:
    page = marker(new_context, 1)
    page.goto(served["desk_answer"] + "?show=all")
    asked = page.locator("details.asked")
    expect(asked).not_to_have_attribute("open", "")
    asked.locator("summary").click()
    page.reload()
    expect(asked).to_have_attribute("open", "")
    asked.locator("summary").click()
    page.reload()
    expect(asked).not_to_have_attribute("open", "")
