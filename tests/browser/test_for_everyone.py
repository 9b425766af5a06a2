"""Exams for everyone: by keyboard with every kind of field, with the colours of the system, on a phone, on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser import every_kind
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.measures import walk
from tests.browser.ordered import PROOF
from tests.browser.served import LOGIN, PASSWORD, STUDENTS
from tests.browser.test_graphs import NODES
from tests.browser.test_sketches import CURVE, LINE

NEW = Callable[..., BrowserContext]
EVA, EMIL = every_kind.STUDENTS[:2]
QUESTIONS = range(1, len(every_kind.QUIZ) + 1)
TURN = {"true": ("ArrowRight",), "false": ("ArrowLeft",)}


def cells(keys: Keyboard, field: str, rows: tuple[tuple[str, ...], ...]) -> None:
    """Type into the cells of a field, row by row, with Tab from each to the next."""
    keys.to(f"#field-{field} .grid input, #field-{field} .labelled-grid input")
    for text in [text for row in rows for text in row]:
        keys.page.keyboard.type(text)
        keys.page.keyboard.press("Tab")


def onwards(keys: Keyboard, title: str) -> None:
    expect(keys.page.locator("[data-saving]")).to_have_text("All changes saved")
    keys.press(".exam-foot .primary")
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(title)
    keys.page.wait_for_load_state()


def pick_and_write(keys: Keyboard) -> None:
    page = keys.page
    keys.press("#field-several .option:nth-of-type(1) input", "Space")
    keys.press("#field-several .option:nth-of-type(3) input", "Space")
    keys.press("#field-single input", "ArrowDown")
    for number, word in enumerate(("true", "false", "true")):
        # Nothing is judged yet: the focus comes to "no answer", and the arrows lead from there in a circle.
        keys.to(f"[name='f.truth.{number}']")
        for key in TURN[word]:
            page.keyboard.press(key)
    keys.type("#input-word", "yes")
    keys.type("#input-each-1", "yes")
    keys.type("#input-each-2", "no")
    keys.type("#input-number", "1/3")
    cells(keys, "table", (("1", "2"), ("3", "4")))
    # A matrix of free size gets its rows and columns from the buttons below it.
    keys.to("#field-free .grid input")
    while page.locator("#field-free .grid tr").count() < 2:
        keys.press("#field-free [data-resize='row 1']", "Space")
    while page.locator("#field-free .grid tr:first-child input").count() < 2:
        keys.press("#field-free [data-resize='column 1']", "Space")
    cells(keys, "free", (("1", "2"), ("3", "4")))
    keys.type("#input-program", "v + v")
    keys.type("#input-said", "Fine.")


def normalise(keys: Keyboard) -> None:
    once, back = ("1", "1", "1"), ("-1", "-1", "-1")
    cells(keys, "mu", (("13", "5", "0"),))
    cells(keys, "sigma", (("1", "5", "5"),))
    cells(keys, "znorm", (back, once, once, back))
    up, down = ("1", "-9", "11"), ("-1", "-11", "9")
    cells(keys, "y", (down, up, up, down))


def write_formulas(keys: Keyboard) -> None:
    keys.type("#input-score", "lam*w.T*x")
    keys.type("#input-slope", "2*a*b")
    cells(keys, "jac", (("a+b", "a*b"), ("0", "1")))
    cells(keys, "col", (("a",), ("b",), ("t",)))
    keys.to("#field-steps .derivation textarea")
    keys.page.keyboard.type("a*a + a*b")
    keys.page.keyboard.press("Enter")
    keys.page.keyboard.type("a^2 + a*b")


def build_a_graph(keys: Keyboard) -> None:
    page = keys.page
    keys.to("graph-answer [data-column=name]")
    for number, (name, operator, inputs, value, slopes) in enumerate(NODES):
        row = page.locator("graph-answer tbody tr").nth(number)
        expect(row.locator("[data-column=name]")).to_be_focused()
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        while row.locator("[data-column=operator]").input_value() != operator:
            page.keyboard.press("ArrowDown")
        for text in (inputs, value, *slopes):
            page.keyboard.press("Tab")
            page.keyboard.type(text)
        if number + 1 < len(NODES):
            page.keyboard.press("Enter")


def order_blocks(keys: Keyboard) -> None:
    page = keys.page
    for number in PROOF.split(","):
        keys.to("[data-list=pool] [data-tool=add]")
        page.keyboard.press("Home")
        while not page.evaluate("n => document.activeElement.closest('[data-block]').dataset.block === n", number):
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Space")
        expect(page.get_by_role("button", name=f"Move block {number} up")).to_be_focused()
        page.keyboard.press("ArrowLeft")


def sketch(keys: Keyboard) -> None:
    for stroke, points in enumerate((LINE, CURVE)):
        keys.to(f"#field-lines [data-stroke='{stroke}'][data-row='0'][data-side='0']")
        for number, text in enumerate([text for pair in points for text in pair]):
            if number:
                keys.page.keyboard.press("Enter")
            keys.page.keyboard.type(text)
    for stroke, pair in enumerate((("2", "-1"), ("-3", "-1"))):
        for side, text in enumerate(pair):
            keys.type(f"#field-arrows [data-stroke='{stroke}'][data-side='{side}']", text)
    keys.press("#field-arrows [data-none='2']")


def test_a_whole_exam_by_keyboard_alone_with_every_kind_of_field(new_context: NEW) -> None:
    page = new_context().new_page()
    sign_in(page, (EMIL, PASSWORD))
    keys = Keyboard(page)
    keys.press("form[action$='/attempts'] button")
    page.locator("[data-exam]").wait_for()
    page.wait_for_load_state()
    pick_and_write(keys)
    onwards(keys, "Batch normalisation by hand")
    normalise(keys)
    onwards(keys, "The slope of a parabola")
    write_formulas(keys)
    onwards(keys, "A graph to draw")
    build_a_graph(keys)
    onwards(keys, "A proof to put in order")
    order_blocks(keys)
    onwards(keys, "Sketches")
    sketch(keys)
    onwards(keys, "A drawing for the end")
    keys.type("[data-description]", "A pumpkin with two hidden layers.")
    onwards(keys, "Review before you hand in")
    expect(page.locator(".review-done summary")).to_have_text(re.compile("questions are answered in full"))
    expect(page.locator(".open-places")).to_have_count(0)
    keys.press("a[href$='/hand-in']")
    expect(page.get_by_text("Every field is answered and can be read.")).to_be_visible()
    keys.press("form button")
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()

    keys.to("a[href$='/receipt.txt']")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    kept = Path(download.value.path()).read_text(encoding="utf-8")
    code = re.search(r"[0-9a-f]{64}", kept)
    assert code is not None
    page.reload()
    keys.press(f"a[href='/receipts?code={code[0]}']")
    expect(page.get_by_text("Unchanged: what is stored today gives exactly this code.")).to_be_visible()
    assert complaints(page) == []
    keys.press("a[href$='/receipt']")
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()
    keys.press("a[href$='/result']")
    points = page.locator(".result-head .points")
    expect(points.first).to_have_text("9 of 9", timeout=60_000)
    expect(points).to_have_text(["9 of 9", "3.5 of 3.5", "3 of 3", "4 of 4", "4 of 4", "5 of 5", re.compile("of 0")])
    assert complaints(page) == []


def test_the_review_leads_straight_into_the_field(exam: Page) -> None:
    page, keys = exam, Keyboard(exam)
    keys.press("a[data-entry='2']")
    expect(page.get_by_role("heading", level=1)).to_have_text("Batch normalisation by hand")
    page.wait_for_load_state()
    keys.to("#field-mu input")
    for text in ("13", "5*", "0"):
        page.keyboard.type(text)
        page.keyboard.press("ArrowRight")
    keys.press("[data-flag]", "Space")
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    keys.press(".side-foot a")
    expect(page.get_by_role("heading", name="Review before you hand in")).to_be_visible()
    assert complaints(page) == []
    for link, focused in (
        ("[href$='#field-mu']", "[name='f.mu.1']"),
        ("[href$='#field-sigma']", "[name='f.sigma.0']"),
        (".flag-word", "[data-flag]"),
    ):
        keys.press(f".review-list {link}")
        expect(page.locator(focused)).to_be_focused()
        expect(page.locator(focused)).to_be_in_viewport()
        keys.press(".side-foot a")
        expect(page.get_by_role("heading", name="Review before you hand in")).to_be_visible()
    keys.press("a[href$='/hand-in']")
    page.get_by_role("listitem").filter(has_text="cannot be read").get_by_role("link", name="Question 2").click()
    expect(page.locator("[name='f.mu.1']")).to_be_focused()


def test_a_result_that_comes_takes_nothing_away_from_under_the_fingers(
    new_context: NEW, served: dict[str, Any]
) -> None:
    page = new_context().new_page()
    sign_in(page, (LOGIN.format(STUDENTS - 1), PASSWORD))
    address = f"/attempts/{served['handed_in']}/result"
    page.goto(address)
    expect(page.locator(".result-head .points").first).to_contain_text(" of ", timeout=60_000)
    before: list[bool] = []
    here: list[bool] = []

    def still_grading(route: Route) -> None:
        """The first answer is that of a moment before."""
        answer = route.fetch()
        text = answer.text() if before else answer.text().replace('data-state="graded"', 'data-state="being graded"')
        before.append(True)
        route.fulfill(response=answer, body=text)

    def later(route: Route) -> None:
        route.continue_() if here else route.fulfill(json={"state": "being graded"})

    page.route(f"**{address}", still_grading)
    page.route("**/grading", later)
    page.goto(address)
    page.evaluate("window.stayed = true")
    keys = Keyboard(page)
    keys.press(".worked summary")
    expect(page.locator(".worked[open]")).to_have_count(1)
    here.append(True)
    expect(page.locator("[data-told]")).to_have_text(re.compile("^Graded: .* of "), timeout=30_000)
    assert page.evaluate("window.stayed") is True
    expect(page.locator(".worked summary").first).to_be_focused()
    expect(page.locator(".worked[open]")).to_have_count(1)
    expect(page.locator(".result .math:not(.typeset)")).to_have_count(0)
    assert complaints(page) == []


def test_with_the_colours_of_the_system_focus_and_choices_are_seen(new_context: NEW, served: dict[str, Any]) -> None:
    page = new_context(forced_colors="active", color_scheme="dark").new_page()
    sign_in(page, (EVA, PASSWORD))
    found = []
    for number in QUESTIONS:
        page.goto(f"/attempts/{served['kinds']}/questions/{number}")
        page.wait_for_load_state()
        found += [f"question {number}: {one}" for one in walk(page)]
        outline = page.locator(".side-list [aria-current]").evaluate("one => getComputedStyle(one).outlineStyle")
        found += [] if outline == "solid" else [f"question {number}: nothing shows where one is"]
    assert found == []
    page.goto(f"/attempts/{served['kinds']}/questions/1")
    option = page.locator("#field-several .option").first
    plain = option.evaluate("one => getComputedStyle(one).outlineStyle")
    option.click()
    assert (plain, option.evaluate("one => getComputedStyle(one).outlineStyle")) == ("none", "solid")
    option.click()
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")


@pytest.mark.parametrize("size", [(390, 844), (820, 1180)], ids=["phone", "tablet"])
def test_every_field_fits_a_screen_that_is_touched(
    new_context: NEW, served: dict[str, Any], size: tuple[int, int]
) -> None:
    width, height = size
    context = new_context(viewport={"width": width, "height": height}, has_touch=True, is_mobile=True)
    page = context.new_page()
    sign_in(page, (EVA, PASSWORD))
    found = []
    for place in (*(f"questions/{number}" for number in QUESTIONS), "review", "hand-in"):
        page.goto(f"/attempts/{served['kinds']}/{place}")
        page.wait_for_load_state()
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{place}: {wide} px wide"] if wide > width else []
        low = page.evaluate(
            "[...document.querySelectorAll('main .button')].filter((one) => one.checkVisibility()"
            " && one.getBoundingClientRect().height < 43.5).map((one) => one.textContent.trim())"
        )
        found += [f"{place}: too low for a finger: {one}" for one in low]
    assert found == []


def test_ones_paper_is_printed(new_context: NEW, served: dict[str, Any], tmp_path: Path) -> None:
    page = new_context().new_page()
    sign_in(page, (LOGIN.format(STUDENTS - 1), PASSWORD))
    page.goto(f"/attempts/{served['handed_in']}/paper")
    page.locator(".katex").first.wait_for()
    file = tmp_path / "paper.pdf"
    page.pdf(path=file, format="A4")
    paper = pypdfium2.PdfDocument(file)
    text = "\n".join(sheet.get_textpage().get_text_bounded() for sheet in paper)
    paper.close()
    assert len(text) > 1000
    for printed in ("Winter exam", f"Student {STUDENTS - 1}", "Batch normalisation", "Your answer", "not answered"):
        assert printed in text
    for left_out in ("Sign out", "Skip to the content", "Worked solution"):
        assert left_out not in text
