"""What an instructor does without knowing Python: parts, fields, mistakes, readings and drawings; by mouse and
by keyboard alone."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.drafting import new, saved, source, tab


def parts(page: Page, start: str = "A number") -> str:
    """A fresh draft, its parts in view; answers the question's short name."""
    short = new(page, start)
    tab(page, "Parts")
    expect(page.locator(".part-card").first).to_be_visible()
    return short


def rubric(page: Page, part: int = 0) -> Locator:
    return page.locator(".part-card").nth(part).locator(".rubric")


def criterion(page: Page, name: str) -> Locator:
    """The row of a criterion, by its id, or of a group, by what it is."""
    return page.locator(f"#panel-parts .criterion[aria-label^='{name}']")


def typed(page: Page, text: str) -> None:
    """Into the control that has the focus, instead of what it holds."""
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_a_field_has_the_form_of_its_grader(author: Page) -> None:
    page = author
    parts(page, "A calculation in steps")
    first = page.locator(".part-card").first
    field = first.get_by_role("group", name="Field z")
    expect(field.locator(".cell-value dd").first).to_have_text("[1, -7]")
    field.get_by_label("Any order").check()
    field.get_by_label("Tolerance").fill("1%")
    field.get_by_label("Size", exact=True).select_option("free")
    field.get_by_label("Label for students").fill("$z$, exactly")
    field.get_by_label("Answer", exact=True).fill("z + nothing")
    expect(field.locator(".complaint").filter(has_text="nothing")).to_be_visible()
    field.get_by_label("Answer", exact=True).fill("z")
    expect(page.locator(".problem-list li")).to_have_count(0)
    # Another kind keeps what it knows; undo brings the rest back.
    field.get_by_label("Kind", exact=True).select_option("matrix")
    expect(field.get_by_label("Any order")).to_have_count(0)
    expect(field.get_by_label("Tolerance")).to_have_value("1%")
    page.get_by_role("button", name="Undo").click()
    expect(field.get_by_label("Any order")).to_be_checked()
    # A new field, chosen from the list of kinds.
    first.get_by_text("Add an answer field").click()
    expect(first.locator(".kinds")).to_contain_text("Judges words.")
    first.get_by_role("button", name="Select", exact=True).click()
    added = first.get_by_role("group", name="Field answer")
    expect(added.get_by_label("Name", exact=True)).to_be_focused()
    added.get_by_label("Words (needed)").fill("low\nhigh")
    added.get_by_label("Answer", exact=True).fill("'low'")
    added.get_by_label("Name", exact=True).fill("level")
    page.keyboard.press("Tab")
    expect(first.get_by_role("group", name="Field level")).to_be_visible()
    expect(page.locator(".paper-fields").first).to_contain_text("low · high")
    saved(page)
    text = source(page)
    assert re.search(r"level: \{?\s*grader: select", text)
    assert "any_order: true" in text
    assert "tolerance: 1%" in text
    assert "size: free" in text


PLUGIN = {
    "version": 1,
    "summary": "Judges melodies.",
    "facts": "right: the melody. rhythm: the rhythm alone.",
    "schema": {
        "type": "object",
        "required": ["tune"],
        "$defs": {"Key": {"enum": ["major", "minor"], "type": "string"}},
        "properties": {
            "answer": {"format": "expression", "title": "Answer", "readOnly": True},
            "tune": {"format": "expression", "title": "Tune", "description": "What is sung."},
            "mode": {"$ref": "#/$defs/Key", "default": "major", "description": "The key."},
            "bars": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": None, "description": "How many."},
            "loud": {"type": "boolean", "default": True, "description": "Forte."},
            "voices": {"type": "array", "items": {"type": "string"}, "default": []},
            "motto": {"anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]},
            "claims": {"format": "pool", "default": None},
            "odd": {"type": "object", "properties": {}},
        },
    },
}


def test_the_options_of_a_plugin_appear_by_themselves(author: Page) -> None:
    page = author
    short = parts(page, "Statements to tick")

    def with_plugin(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace('"graders": {', f'"graders": {{"melody": {json.dumps(PLUGIN)}, ', 1)
        route.fulfill(response=answer, body=body)

    page.route(f"**/bank/{short}/edit", with_plugin)
    page.reload()
    field = page.get_by_role("group", name="Field boxes")
    field.get_by_label("Kind", exact=True).select_option("melody")
    expect(field.locator(".hint").first).to_have_text("Judges melodies.")
    expect(field.get_by_label("Answer", exact=True)).to_have_count(0)
    field.get_by_label("Tune (needed)").fill("[1, 2, 3]")
    field.get_by_label("Mode", exact=True).select_option("minor")
    field.get_by_label("Bars").fill("12")
    field.get_by_label("Loud").uncheck()
    field.get_by_label("Voices").fill("alto\nbass")
    field.get_by_label("Motto").fill("Sing")
    field.get_by_label("Claims").select_option("claims")
    field.get_by_label("Odd").fill("{a: [1, b]}")
    saved(page)
    document = page.evaluate("fetch(location.pathname.replace('edit', 'draft')).then(answer => answer.json())")
    assert document["document"]["parts"][0]["fields"]["boxes"] == {
        "grader": "melody",
        "tune": "[1, 2, 3]",
        "mode": "minor",
        "bars": 12,
        "loud": False,
        "voices": ["alto", "bass"],
        "motto": "Sing",
        "claims": "claims",
        "odd": {"a": [1, "b"]},
    }
    # Its options are strange to another grader only if they are written there.
    page.unroute(f"**/bank/{short}/edit")
    page.reload()
    expect(field.get_by_label("Kind", exact=True)).to_have_value("melody")
    expect(field).to_contain_text("This kind of field has no option tune")
    field.get_by_role("button", name="Remove tune").click()
    expect(field.get_by_label("Kind", exact=True).locator("option:checked")).to_have_text("melody (there is none)")


def test_names_are_taken_along(author: Page) -> None:
    page = author
    parts(page)
    page.get_by_role("group", name="Field size").get_by_label("Name", exact=True).fill("width_out")
    page.keyboard.press("Enter")
    expect(criterion(page, "right").get_by_label("Earned when")).to_have_value("width_out.right")
    page.locator(".part-facts").first.get_by_label("Id", exact=True).fill("output")
    page.keyboard.press("Enter")
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    assert "## output" in source(page, "prompt.md")
    assert "## output" in source(page, "solution.md")
    cases = source(page, "cases.yaml")
    assert 'answers: {width_out: "28"}, expect: {output: 2}' in cases
    assert "size:" not in cases
    tab(page, "Parts")
    page.get_by_role("group", name="Field width_out").get_by_label("Name", exact=True).fill("person")
    page.keyboard.press("Tab")
    expect(page.get_by_role("group", name="Field width_out")).to_contain_text("It is still called width_out.")


def test_parts_are_added_moved_duplicated_and_removed_by_keyboard(author: Page) -> None:
    page = author
    parts(page, "A calculation in steps")
    cards = page.locator(".part-card")
    page.get_by_role("button", name="Add a part").focus()
    page.keyboard.press("Enter")
    expect(cards).to_have_count(3)
    expect(cards.nth(2).get_by_label("Id", exact=True).first).to_be_focused()
    typed(page, "third")
    page.keyboard.press("Tab")
    expect(cards.nth(2).get_by_label("Label", exact=True)).to_be_focused()
    expect(cards.nth(2).get_by_label("Label", exact=True)).to_have_value("c")
    page.keyboard.press("Tab")
    typed(page, "1/2")
    page.keyboard.press("Alt+ArrowUp")
    expect(cards.nth(1).get_by_label("Points", exact=True).first).to_be_focused()
    expect(cards.nth(1).get_by_label("Id", exact=True).first).to_have_value("third")
    expect(page.locator(".problem-list li")).to_have_count(0)
    page.get_by_role("button", name="Duplicate: layer").press("Enter")
    expect(cards).to_have_count(4)
    expect(cards.nth(1).get_by_label("Id", exact=True).first).to_have_value("layer2")
    expect(cards.nth(1).get_by_role("group", name="Field z2")).to_be_visible()
    expect(page.locator(".problem-list li")).to_have_count(0)
    page.get_by_role("button", name="Remove: layer2").press("Enter")
    page.get_by_role("button", name="Remove: third").press("Enter")
    expect(cards).to_have_count(2)
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    assert "## third" not in source(page, "prompt.md")
    page.get_by_role("button", name="Undo").click()
    saved(page)
    assert "## third" in source(page, "prompt.md")


def test_typing_is_never_interrupted(author: Page) -> None:
    page = author
    parts(page)
    says = criterion(page, "right").get_by_label("Said to the student")
    says.focus()
    typed(page, "A sentence that takes a while, longer than the preview and the saving do.")
    expect(says).to_be_focused()
    expect(says).to_have_value("A sentence that takes a while, longer than the preview and the saving do.")
    page.keyboard.press("Home")
    for letter in "Slow: ":
        page.keyboard.type(letter)
        page.wait_for_timeout(200)
    expect(says).to_have_value("Slow: A sentence that takes a while, longer than the preview and the saving do.")
    saved(page)


def test_errors_are_carried_forward_by_ticking_cells(author: Page) -> None:
    page = author
    parts(page, "A calculation in steps")
    second = page.locator(".part-card").nth(1)
    boxes = second.locator(".part-section", has_text="Errors carried forward")
    expect(boxes.get_by_label(re.compile("^z as answered in z"))).to_be_checked()
    boxes.get_by_label(re.compile("^z as answered")).uncheck()
    boxes.get_by_label(re.compile("^z as answered")).check()
    boxes.get_by_label("Only if").fill("any(v < 0 for v in z)")
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    text = source(page)
    assert "carry_if: any(v < 0 for v in z)" in text
    assert "# Who made a mistake in a) goes on" in text


def test_a_mistake_is_another_world_or_a_condition(author: Page) -> None:
    page = author
    parts(page)
    page.get_by_role("button", name="Add a mistake").click()
    row = page.get_by_role("group", name="Mistake slip")
    expect(row.get_by_label("Name", exact=True)).to_be_focused()
    typed(page, "no_stride")
    page.keyboard.press("Tab")
    row = page.get_by_role("group", name="Mistake no_stride")
    row.get_by_label("Change a cell").select_option("stride")
    expect(row.get_by_label("stride is")).to_be_focused()
    row.get_by_label("stride is").fill("stride + 1")
    expect(row.locator(".world-says")).to_contain_text("goes on as if stride is stride + 1")
    expect(row.locator(".world-says")).to_contain_text("All that follows changes with it: output.")
    expect(page.locator(".problem-list")).to_contain_text("says nothing to the student")
    row.get_by_label("Said to the student").fill("Mind the stride.")
    row.get_by_label("In some variants it may not show").check()
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    page.get_by_role("button", name="Add a mistake").click()
    typed(page, "negative")
    page.keyboard.press("Tab")
    other = page.get_by_role("group", name="Mistake negative")
    other.get_by_role("radio", name="a condition").check()
    expect(other.get_by_role("radio", name="a condition")).to_be_focused()
    other.get_by_label("Seen when").fill("size.value < 0")
    other.get_by_label("Said to the student").fill("A width is positive.")
    other.get_by_label("Name", exact=True).press("Alt+ArrowUp")
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    text = source(page)
    assert "stride: stride + 1" in text
    assert "may_hide: true" in text
    assert text.index("negative:") < text.index("no_stride:")


def test_a_reading_and_a_drawing(author: Page) -> None:
    page = author
    parts(page)
    tab(page, "Readings")
    page.get_by_role("button", name="Add a reading").click()
    row = page.get_by_role("group", name="Reading reading")
    row.get_by_label("Change a cell").select_option("kernel")
    row.get_by_label("kernel is").fill("kernel + 2")
    row.get_by_label("Only if").fill("size.value < 0")
    row.get_by_label("Said to the student").fill("With another kernel.")
    tab(page, "Figures")
    page.get_by_role("button", name="Add a drawing").click()
    figure = page.get_by_role("group", name="Drawing figure")
    figure.get_by_label("Name", exact=True).fill("row")
    page.keyboard.press("Enter")
    figure = page.get_by_role("group", name="Drawing row")
    figure.get_by_label("Of", exact=True).fill("[[width, kernel]]")
    figure.get_by_label("For those who cannot see it").fill("A row of @{width} and @{kernel}")
    figure.get_by_role("button", name="Insert into the prompt").click()
    expect(figure).to_contain_text("Used in prompt.md")
    expect(page.locator(".paper svg").first).to_be_visible()
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    text = source(page)
    assert "kernel: kernel + 2" in text
    assert "if: size.value < 0" in text
    assert "draw: table" in text


@pytest.mark.parametrize("strange", ["parts: nothing", "parts: [1]", "parts: [{id: a, fields: [x], criteria: y}]"])
def test_forms_wait_while_the_source_has_another_shape(author: Page, strange: str) -> None:
    page = author
    parts(page)
    text = source(page)
    page.get_by_label("Source of question.yaml").fill(text[: text.index("parts:")] + strange + "\n")
    tab(page, "Parts")
    expect(page.get_by_text("so the forms wait")).to_be_visible()
    saved(page)
    page.reload()
    expect(page.get_by_text("so the forms wait")).to_be_visible()
    expect(page.locator("#panel-parts")).to_have_attribute("inert", "")
    tab(page, "Source")
    page.get_by_label("Source of question.yaml").fill(text)
    tab(page, "Parts")
    expect(criterion(page, "right").get_by_label("Points", exact=True)).to_have_value("2")
