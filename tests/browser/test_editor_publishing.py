"""Before students see a question: its test over many variants, an answer tried and kept as a case, and publishing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.drafting import saved, source, tab
from tests.browser.test_editor_parts import criterion, parts, rubric


def test_the_test_panel_says_what_falls_short_and_leads_there(author: Page) -> None:
    page = author
    parts(page)
    criterion(page, "right").get_by_label("Earned when").fill("size.filled_in or size.right")
    tab(page, "Test")
    page.get_by_label("How many").select_option("20 variants")
    page.get_by_role("button", name="Test the draft").click()
    results = page.locator(".test-results")
    expect(results.locator(".problem-list")).to_contain_text("filled_in", timeout=30_000)
    results.locator(".problem-list button").first.click()
    expect(criterion(page, "right").get_by_label("Earned when")).to_be_focused()
    criterion(page, "right").get_by_label("Earned when").fill("not size.sign")
    tab(page, "Test")
    expect(page.get_by_text("The draft has changed since this test.")).to_be_visible()
    page.get_by_role("button", name="Test the draft").click()
    expect(results.locator(".problem-list")).to_contain_text("the mistake forgot_one earns full marks", timeout=30_000)
    expect(results.locator("table")).to_contain_text("Variants tried")
    results.locator(".problem-list button", has_text="forgot_one").first.click()
    expect(page.get_by_role("group", name="Mistake forgot_one").locator(":focus")).to_have_count(1)
    criterion(page, "right").get_by_label("Earned when").fill("size.right")
    tab(page, "Test")
    page.get_by_role("button", name="Test the draft").click()
    expect(page.locator("#panel-test [role=status]").first).to_have_text(
        "20 variants tried. Nothing falls short.", timeout=30_000
    )
    assert "Recorded cases" in results.inner_text()
    expect(page.get_by_role("progressbar")).to_be_hidden()


def test_an_answer_is_tried_and_kept_as_a_case(author: Page) -> None:
    page = author
    parts(page, "A calculation in steps")
    tab(page, "Test")
    page.get_by_role("button", name="Show its fields").click()
    entries = page.locator(".try-fields vector-answer").first.locator("input")
    expect(entries).to_have_count(2)
    entries.nth(0).fill("1")
    entries.nth(1).fill("+")
    expect(page.locator(".try-fields [data-reading]").first).to_contain_text("missing")
    entries.nth(1).fill("-7")
    expect(page.locator(".try-fields [data-reading]").first).to_contain_text("Read as")
    page.get_by_role("button", name="Grade this answer").click()
    verdict = page.locator(".try-verdict")
    expect(verdict).to_contain_text("2 of 3 points")
    expect(verdict).to_contain_text("Not answered.")
    keep = page.locator(".keep-case")
    keep.get_by_role("button", name="Keep as a recorded case").click()
    expect(keep).to_contain_text("Say what the case is about")
    keep.get_by_label("What it is about").fill("only the first step")
    expect(keep.get_by_label("layer")).to_have_value("2")
    keep.get_by_label("layer").fill("½")
    keep.get_by_role("button", name="Keep as a recorded case").click()
    expect(page.locator(".try-keep")).to_contain_text("Kept in cases.yaml")
    saved(page)
    assert "only the first step" in source(page, "cases.yaml")
    # The points were wrong, and the test says so.
    tab(page, "Test")
    page.get_by_role("button", name="Test the draft").click()
    sentence = page.locator(".test-results .problem-list button", has_text="layer is 2, expected 1/2")
    expect(sentence).to_be_visible(timeout=30_000)
    sentence.click()
    expect(page.get_by_label("Source of cases.yaml")).to_be_visible()


@pytest.mark.parametrize("start", ["Statements to tick", "A calculation in steps"])
def test_every_kind_of_field_can_be_tried(author: Page, start: str) -> None:
    page = author
    parts(page, start)
    first = page.locator(".part-card").first
    for kind, options in {
        "Number": {"Answer": "3"},
        "Matrix": {"Answer": "[[1, 2], [3, 4]]"},
        "Shape": {"Answer": "[3, 4]"},
        "Select": {"Answer": "'a'", "Words (needed)": "a\nb"},
        "Table": {"Answer": "[[1], [2]]", "Rows (needed)": "['r', 's']", "Columns (needed)": "['c']"},
    }.items():
        first.get_by_text("Add an answer field").click()
        first.get_by_role("button", name=kind, exact=True).click()
        row = first.get_by_role("group", name=re.compile("^Field ")).last
        for label, value in options.items():
            row.get_by_role("textbox", name=label, exact=True).fill(value)
    tab(page, "Test")
    page.get_by_role("button", name="Show its fields").click()
    expect(page.locator(".try-fields .answer").first).to_be_visible()
    page.locator(".try-fields number-answer input").first.fill("3")
    page.locator(".try-fields select-answer select").select_option("a")
    for place, text in enumerate("12"):
        page.locator(".try-fields table-answer input").nth(place).fill(text)
    for place, text in enumerate("1234"):
        page.locator(".try-fields matrix-answer input").nth(place).fill(text)
    if start == "Statements to tick":
        page.locator(".try-fields choice-answer input[type=checkbox]").first.check()
    page.get_by_role("button", name="Grade this answer").click()
    expect(page.locator(".try-verdict h3")).to_contain_text("points")
    assert page.locator(".try-fields number-answer").first.evaluate("element => element.raw") == "3"
    assert page.locator(".try-fields table-answer").first.evaluate("element => element.raw") == [["1"], ["2"]]


def test_publishing_is_refused_with_reasons_and_then_accepted(author: Page) -> None:
    page = author
    short = parts(page)
    criterion(page, "right").get_by_label("Earned when").fill("size.right or size.off_by_one")
    page.get_by_role("button", name="Publish …").click()
    dialog = page.get_by_role("dialog", name="Publish this draft")
    expect(dialog.get_by_label("What is new")).to_be_focused()
    dialog.get_by_label("What is new").fill("First version")
    dialog.get_by_role("button", name="Test and publish").click()
    expect(dialog).to_contain_text("Nothing was published", timeout=90_000)
    expect(dialog.locator(".problem-list")).to_contain_text("forgot_one")
    expect(dialog.locator(".problem-list")).to_contain_text("one too few")
    dialog.locator(".problem-list button", has_text="forgot_one").first.click()
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("group", name="Mistake forgot_one").locator(":focus")).to_have_count(1)
    criterion(page, "right").get_by_label("Earned when").fill("size.right")
    page.get_by_role("button", name="Publish …").click()
    expect(dialog.get_by_label("What is new")).to_have_value("First version")
    dialog.get_by_role("button", name="Test and publish").click()
    page.wait_for_url(f"**/bank/{short}", timeout=90_000)
    expect(page.get_by_role("heading", level=1)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(author: Page, scheme: str) -> None:
    page = author
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    parts(page, "A calculation in steps")
    rubric(page).get_by_role("button", name="Add “the best of”").click()
    tab(page, "Readings")
    page.get_by_role("button", name="Add a reading").click()
    tab(page, "Figures")
    page.get_by_role("button", name="Add a drawing").click()
    tab(page, "Test")
    page.get_by_role("button", name="Show its fields").click()
    expect(page.locator(".try-fields .answer").first).to_be_visible()
    page.get_by_role("button", name="Grade this answer").click()
    expect(page.locator(".keep-case")).to_be_visible()
    for name in ("Parts", "Readings", "Figures", "Test"):
        tab(page, name)
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        assert complaints(page) == [], name
    page.evaluate("document.querySelectorAll('.tool-menu').forEach(one => { one.open = false })")
    tab(page, "Parts")
    page.get_by_role("button", name="What a condition can name").first.click()
    assert complaints(page) == []
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Publish …").click()
    assert complaints(page) == []


@pytest.mark.parametrize("width", [320, 768])
def test_nothing_sticks_out(author: Page, width: int) -> None:
    page = author
    parts(page, "A calculation in steps")
    rubric(page).get_by_role("button", name="Add “the best of”").click()
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("Parts", "Readings", "Figures", "Test"):
        tab(page, name)
        page.evaluate("document.querySelectorAll('details:not(.tool-menu)').forEach(one => { one.open = true })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    tab(page, "Test")
    page.get_by_role("button", name="Show its fields").click()
    expect(page.locator(".try-fields .answer").first).to_be_visible()
    page.get_by_role("button", name="Grade this answer").click()
    expect(page.locator(".keep-case")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_role("button", name="Publish …").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
