"""What an instructor does without knowing Python: parts, fields, rubrics, mistakes, readings, drawings, the test, an
answer tried and kept, and publishing; by mouse and by keyboard alone."""

from __future__ import annotations

import json
import re
from fractions import Fraction

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.axe import complaints
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


def tree(page: Page) -> list[object]:
    """The first part's rubric as it is stored: ids, and groups as {kind: [...]}."""
    saved(page)
    document = page.evaluate("fetch(location.pathname.replace('edit', 'draft')).then(answer => answer.json())")

    def shape(node: dict[str, object]) -> object:
        for kind in ("best_of", "sum_of"):
            if kind in node:
                return {kind: [shape(inner) for inner in node[kind]]}  # type: ignore[attr-defined]
        return node["id"]

    return [shape(node) for node in document["document"]["parts"][0]["criteria"]]


def typed(page: Page, text: str) -> None:
    """Into the control that has the focus, instead of what it holds."""
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def tabbed(page: Page, target: Locator, most: int = 60) -> None:
    """With the Tab key to that control."""
    for _ in range(most):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError("Tab does not lead there.")


def test_a_rubric_is_built_by_keyboard_alone(author: Page) -> None:
    page = author
    parts(page)
    sums = rubric(page).locator(".rubric-sum")
    expect(sums).to_contain_text("This part is worth 2 points; the rubric can give 2.")
    page.get_by_role("tab", name="Parts").focus()
    points = criterion(page, "right").get_by_label("Points", exact=True)
    tabbed(page, points)
    typed(page, "1/2")
    expect(sums).to_contain_text("the rubric can give ½: 1½ points cannot be earned.")
    # A second criterion takes what is missing.
    add = rubric(page).get_by_role("button", name="Add a criterion", exact=True)
    tabbed(page, add)
    page.keyboard.press("Enter")
    added = criterion(page, "size")
    expect(added.get_by_label("Points", exact=True)).to_be_focused()
    expect(added.get_by_label("Points", exact=True)).to_have_value("3/2")
    expect(sums).to_contain_text("can give 2.")
    page.keyboard.press("Tab")
    expect(added.get_by_label("Earned when")).to_be_focused()
    typed(page, "size.off_by_one")
    assert tree(page) == ["right", "size"]
    page.keyboard.press("Alt+ArrowUp")
    expect(added.get_by_label("Earned when")).to_be_focused()
    assert tree(page) == ["size", "right"]
    page.keyboard.press("Alt+ArrowDown")
    # Both become alternatives: the first is put into a group, the second moves into it.
    criterion(page, "right").get_by_label("Points", exact=True).focus()
    tabbed(page, page.locator("[aria-label='More for right']"))
    page.keyboard.press("Enter")
    tabbed(page, page.get_by_role("button", name="Group as “the best of”: right"))
    page.keyboard.press("Enter")
    expect(criterion(page, "right").get_by_label("Points", exact=True)).to_be_focused()
    assert tree(page) == [{"best_of": ["right"]}, "size"]
    criterion(page, "size").get_by_label("Points", exact=True).focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(criterion(page, "size").get_by_label("Points", exact=True)).to_be_focused()
    assert tree(page) == [{"best_of": ["right", "size"]}]
    expect(sums).to_contain_text("the rubric can give 1½: ½ point cannot be earned.")
    expect(page.locator(".problem-list")).to_contain_text("The criteria reach 3/2 of 2 points at most.")
    page.keyboard.press("Alt+ArrowLeft")
    assert tree(page) == [{"best_of": ["right"]}, "size"]
    page.keyboard.press("Alt+ArrowRight")
    # One who adds them up instead reaches all the points.
    group = page.get_by_label("How the group counts")
    group.focus()
    page.keyboard.press("ArrowDown")
    expect(sums).to_contain_text("can give 2.")
    expect(page.locator(".problem-list li")).to_have_count(0)
    assert tree(page) == [{"sum_of": ["right", "size"]}]
    page.get_by_role("tab", name="Parts").focus()
    page.keyboard.press("Control+z")
    expect(group).to_have_value("best_of")
    assert tree(page) == [{"best_of": ["right", "size"]}]


def test_a_rubric_is_built_by_mouse(author: Page) -> None:
    page = author
    parts(page)
    box = rubric(page)
    box.get_by_role("button", name="Add “the best of”").click()
    group = page.locator(".criterion-group")
    expect(group).to_have_attribute("aria-label", re.compile("gives up to 1"))
    assert tree(page) == ["right", {"best_of": ["size"]}]
    grip = criterion(page, "right").locator(".grip")
    target = group.locator(".criteria-end")
    target.scroll_into_view_if_needed()
    start, end = grip.bounding_box(), target.bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 5, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(start["x"] + 20, start["y"] + 60, steps=4)
    page.mouse.move(end["x"] + 40, end["y"] + end["height"] / 2, steps=6)
    expect(target).to_have_attribute("data-drop", "last")
    page.mouse.up()
    assert tree(page) == [{"best_of": ["size", "right"]}]
    # Escape leaves everything where it was.
    grip = criterion(page, "right").locator(".grip")
    start = grip.bounding_box()
    assert start
    page.mouse.move(start["x"] + 5, start["y"] + 30)
    page.mouse.down()
    page.mouse.move(start["x"] + 5, start["y"] - 200, steps=4)
    page.keyboard.press("Escape")
    page.mouse.up()
    assert tree(page) == [{"best_of": ["size", "right"]}]
    criterion(page, "size").get_by_role("button", name="Move down").click()
    assert tree(page) == [{"best_of": ["right", "size"]}]
    expect(box.locator(".rubric-sum")).to_contain_text("the rubric can give 2.")
    criterion(page, "right").get_by_label("Points", exact=True).fill("3")
    expect(box.locator(".rubric-sum")).to_contain_text("the rubric can give 3: more than 2 is never counted.")
    box.get_by_role("button", name="Make it worth 3").click()
    expect(page.locator(".part-facts").first.get_by_label("Points", exact=True)).to_have_value("3")
    group.get_by_text("Limits and name").last.click()
    group.get_by_label("At most").fill("5/2")
    expect(box.locator(".rubric-sum")).to_contain_text("can give 2½: ½ point cannot be earned.")
    group.get_by_role("button", name="Remove: size").click()
    criterion(page, "group").locator(".tool-menu summary").first.click()
    page.get_by_role("button", name=re.compile("Dissolve the group")).click()
    assert tree(page) == ["right"]


def test_points_add_up_exactly(author: Page) -> None:
    page = author
    parts(page)
    sums = rubric(page).locator(".rubric-sum")
    points = criterion(page, "right").get_by_label("Points", exact=True)
    for written, words in {"0.1": "⅒", "2/3": "⅔", "½": "½", "1 1/2": "1½", "0,25": "¼", "-1": "0"}.items():
        points.fill(written)
        expect(sums).to_contain_text(f"the rubric can give {words}:")
    expect(sums).to_contain_text("Up to 1 can be taken away.")
    points.fill("a half")
    expect(criterion(page, "right").locator(".complaint").first).to_contain_text("Points are an exact number")
    points.fill("1½")
    page.keyboard.press("Tab")
    expect(points).to_have_value("3/2")
    module = page.evaluate(
        "document.querySelector('script[src*=\"editor/shell.js\"]').src.replace('shell', 'fractions')"
    )
    thirds = """async (module) => {
        const { readFraction, sum } = await import(module);
        return String(sum(Array.from({ length: 30 }, (_, i) => readFraction(`1/${i + 1}`))));
    }"""
    assert Fraction(page.evaluate(thirds, module)) == sum(Fraction(1, n) for n in range(1, 31))


def test_facts_are_inserted_where_one_types(author: Page) -> None:
    page = author
    parts(page)
    row = criterion(page, "right")
    when = row.get_by_label("Earned when")
    when.fill("not size.blank and ")
    row.get_by_role("button", name="What a condition can name").first.click()
    chooser = page.get_by_role("dialog", name="What a condition can name")
    expect(chooser).to_contain_text("Field size (number)")
    expect(chooser).to_contain_text("right but for the sign")
    expect(chooser.get_by_role("button", name="mistake(forgot_one)")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name="What a condition can name").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(chooser.get_by_role("button", name="size.right within the tolerance")).to_be_focused()
    page.keyboard.press("Enter")
    expect(when).to_have_value("not size.blank and size.right")
    expect(when).to_be_focused()
    expect(chooser).to_have_count(0)
    when.fill("size.wrong")
    expect(row.locator(".complaint").filter(has_text="no fact called wrong")).to_be_visible()


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
    row = page.get_by_role("group", name="Mistake mistake")
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
    other.get_by_role("radio", name="a condition").check(force=True)
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


@pytest.mark.parametrize("strange", ["parts: nothing", "parts: [1]", "parts: [{id: a, fields: [x], criteria: y}]"])
def test_forms_wait_while_the_source_has_another_shape(author: Page, strange: str) -> None:
    page = author
    parts(page)
    text = source(page)
    page.get_by_label("Source of question.yaml").fill(text[: text.index("parts:")] + strange + "\n")
    tab(page, "Parts")
    expect(page.get_by_text("so the forms wait")).to_be_visible()
    page.reload()
    expect(page.get_by_text("so the forms wait")).to_be_visible()
    expect(page.locator("#panel-parts")).to_have_attribute("inert", "")
    tab(page, "Source")
    page.get_by_label("Source of question.yaml").fill(text)
    tab(page, "Parts")
    expect(criterion(page, "right").get_by_label("Points", exact=True)).to_have_value("2")
