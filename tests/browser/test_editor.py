"""The question editor in a real browser, by mouse and by keyboard: the form for a new question, texts, variables,
pools, translations and images."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drafting import PNG, PROMPT, halving, names, new, row, saved, source, tab


@pytest.mark.parametrize("start", ["A number", "Statements to tick", "A calculation in steps", "A short text", "Empty"])
def test_a_new_question_starts_from_a_form(author: Page, start: str) -> None:
    new(author, start)
    expect(author.get_by_role("tab", name="Texts")).to_have_attribute("aria-selected", "true")
    if start != "Empty":
        expect(author.locator(".paper-part").first).to_be_visible()
        expect(author.locator(".problem-list li")).to_have_count(0)
    saved(author)


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(author: Page) -> None:
    short = new(author)
    author.goto("/bank/new")
    author.get_by_label("Title").fill("Another")
    author.get_by_label("Short name").fill(short)
    author.get_by_label("Statements to tick").check()
    author.get_by_role("button", name="Start the draft").click()
    expect(author.get_by_label("Short name")).to_have_attribute("aria-invalid", "true")
    expect(author.get_by_label("Title")).to_have_value("Another")
    expect(author.get_by_label("Statements to tick")).to_be_checked()


def test_what_is_written_shows_at_once_and_is_saved(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Texts")
    page.get_by_label("Prompt", exact=True).fill(PROMPT.replace("Take", "Think of"))
    expect(page.locator(".paper")).to_contain_text("Think of")
    expect(page.locator(".paper .katex").first).to_be_visible()
    page.get_by_label("with the solution").check()
    expect(page.locator(".paper-solution")).to_be_visible()
    page.get_by_role("radio", name="Variant 1").check()
    expect(page.locator(".paper")).to_contain_text("Think of")
    saved(page)
    page.reload()
    expect(page.get_by_label("Prompt", exact=True)).to_have_value(PROMPT.replace("Take", "Think of"))


def test_a_value_is_inserted_at_the_caret(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Texts")
    prompt = page.get_by_label("Prompt", exact=True)
    prompt.fill("Half of ?\n\n## half\n\nGo.\n")
    prompt.evaluate("element => { element.focus(); element.setSelectionRange(8, 9); }")
    page.get_by_text("Insert into the prompt").click()
    page.locator("details[open]").get_by_role("button", name="n", exact=True).click()
    expect(prompt).to_have_value("Half of @{n}\n\n## half\n\nGo.\n")
    expect(prompt).to_be_focused()
    expect(page.locator(".paper")).to_contain_text("Half of 8")


def test_a_problem_in_a_text_is_marked_at_its_line_and_leads_there(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Texts")
    page.get_by_label("Prompt", exact=True).fill(PROMPT.replace("half of it?", "half of @{m}?"))
    problem = page.locator(".problem-list button").first
    expect(problem).to_contain_text("prompt.md, line 5")
    expect(page.locator("#panel-texts .code-line.bad .line-number").first).to_have_text("5")
    expect(page.get_by_role("tab", name="Texts")).to_contain_text("1 problem")
    tab(page, "Details")
    problem.focus()
    page.keyboard.press("Enter")
    prompt = page.get_by_label("Prompt", exact=True)
    expect(prompt).to_be_focused()
    start = prompt.evaluate("element => element.selectionStart")
    assert PROMPT[:start].count("\n") == 4
    prompt.fill(PROMPT)
    expect(page.locator(".problem-list li")).to_have_count(0)


def test_variables_are_a_spreadsheet_with_the_values_of_three_variants(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Variables")
    values = row(page, "half").locator(".cell-value dd")
    expect(values).to_have_count(3)
    expect(values.first).to_have_text("4")
    row(page, "half").get_by_label("Formula").fill("n/4")
    expect(values.first).to_have_text("2")
    row(page, "half").get_by_label("Formula").fill("n/nothing")
    expect(row(page, "half").locator(".complaint")).to_contain_text("nothing")
    row(page, "half").get_by_label("Formula").fill("n/2")
    expect(row(page, "half").locator(".complaint")).to_be_hidden()
    saved(page)


def test_variables_are_added_moved_renamed_and_removed_by_keyboard(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Variables")
    page.get_by_role("button", name="Add a formula").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("double")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+a")
    page.keyboard.type("2*n")
    expect(row(page, "double").locator(".cell-value dd").first).to_have_text("16")
    assert names(page) == ["n", "half", "double"]
    page.keyboard.press("Alt+ArrowUp")
    assert names(page) == ["n", "double", "half"]
    expect(row(page, "double").get_by_label("Formula")).to_be_focused()
    row(page, "double").get_by_role("button", name="Remove").focus()
    page.keyboard.press("Enter")
    assert names(page) == ["n", "half"]
    # A new name is taken along by formulas and texts.
    row(page, "n").get_by_label("Name").fill("whole_number")
    page.keyboard.press("Enter")
    assert names(page) == ["whole_number", "half"]
    expect(row(page, "half").get_by_label("Formula")).to_have_value("whole_number/2")
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    assert "@{whole_number}" in source(page, "prompt.md")
    assert "# even, so that halves are whole" in source(page)
    tab(page, "Variables")
    row(page, "half").get_by_label("Name").fill("not a name")
    page.keyboard.press("Tab")
    expect(row(page, "half").locator(".complaint")).to_contain_text("letters, digits")


def test_a_drawn_variable_has_a_printed_value_and_a_draw(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Variables")
    page.get_by_text("What formulas and draws can be made of").click()
    page.get_by_role("button", name="choose([2, 4, 8])").click()
    added = row(page, "x")
    added.get_by_label("Value on the printed paper").fill("[1, 2")
    expect(added.get_by_text("A list ends with ]")).to_be_visible()
    added.get_by_label("Value on the printed paper").fill("4")
    expect(added.locator(".cell-value dd").first).to_have_text("4")
    added.get_by_label("How it gets its value").select_option("fixed value")
    expect(added.get_by_label("Value", exact=True)).to_have_value("4")
    saved(page)
    assert "x:" in source(page)


def test_numbers_too_long_for_scripts_come_back_unchanged(author: Page) -> None:
    page = author
    halving(page)
    text = source(page)
    long = "big: {value: 12345678901234567891}"
    page.get_by_label("Source of question.yaml").fill(text.replace("  half: n/2", f"  half: n/2\n  {long}"))
    saved(page)
    tab(page, "Variables")
    expect(row(page, "big").get_by_label("Value", exact=True)).to_have_value("12345678901234567891")
    row(page, "half").get_by_label("Name").fill("part")
    page.keyboard.press("Enter")
    saved(page)
    assert long in source(page)


def test_conditions_reject_draws(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Variables")
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("Condition 1").last.fill("n > 12")
    expect(row(page, "n").locator(".cell-value dd").nth(1)).to_have_text(re.compile("14|16"))
    expect(row(page, "n").locator(".cell-value dd").first).to_have_text("8")
    page.get_by_label("Condition 1").last.fill("n >")
    expect(page.locator(".condition .complaint")).to_be_visible()


def test_a_pool_is_a_table_of_statements(author: Page) -> None:
    page = author
    new(page, "Empty")
    tab(page, "Pools")
    page.get_by_role("button", name="Add a pool").click()
    first = page.get_by_role("group", name="Statement 1")
    first.get_by_label("Statement 1").fill("Pooling has weights.")
    first.get_by_label("is", exact=True).select_option("false")
    first.get_by_label("Because").fill("It only takes a maximum.")
    first.get_by_label("Twin").fill("weights")
    page.get_by_text("Add many at once").click()
    page.get_by_label("Statements, one on a line").fill("+ Convolutions have weights.\n- ReLU has weights.")
    page.get_by_role("button", name="Add these").click()
    # They take the place of the second statement, which nobody has written.
    expect(page.locator(".pool .facts")).to_contain_text("3 statements")
    third = page.get_by_role("group", name="Statement 3")
    expect(third.get_by_label("Id")).to_have_value("relu_has_weights")
    third.get_by_label("Statement 3").press("Alt+ArrowUp")
    moved = page.get_by_role("group", name="Statement 2").get_by_label("Statement 2")
    expect(moved).to_have_value("ReLU has weights.")
    expect(moved).to_be_focused()
    page.get_by_label("Name of the pool").fill("facts")
    page.keyboard.press("Enter")
    saved(page)
    text = source(page)
    assert "facts:" in text
    assert "Pooling has weights." in text
    assert "twin: weights" in text


def test_a_translation_is_added_written_and_removed(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Details")
    page.get_by_label("Add a translation").select_option("de")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_label("Title (German)").fill("Halbieren")
    tab(page, "Texts")
    prompt = page.get_by_label("Prompt", exact=True)
    expect(prompt).to_have_value(PROMPT)
    prompt.fill(PROMPT.replace("Take", "Nimm"))
    expect(page.locator(".paper")).to_contain_text("Nimm")
    page.get_by_label("Language", exact=True).select_option("English")
    expect(prompt).to_have_value(PROMPT)
    expect(page.locator(".paper")).to_contain_text("Take")
    saved(page)
    assert "de: Halbieren" in source(page)
    assert "Nimm" in source(page, "prompt.de.md")
    tab(page, "Details")
    page.get_by_role("button", name="Remove the translation into German").click()
    expect(page.get_by_role("textbox", name="Title", exact=True)).to_have_value("Halving")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Title (German)")).to_have_value("Halbieren")
    saved(page)


def test_an_image_is_uploaded_inserted_and_removed(author: Page) -> None:
    page = author
    halving(page)
    tab(page, "Images")
    picker = page.get_by_label("Add images")
    picker.set_input_files({"name": "net.png", "mimeType": "image/png", "buffer": b"this is no image"})
    expect(page.locator("#panel-images [role=alert]")).to_be_visible()
    picker.set_input_files({"name": "net.png", "mimeType": "image/png", "buffer": PNG})
    page.get_by_label("What it shows").fill("A small net")
    page.get_by_role("button", name="Insert into the prompt").click()
    expect(page.locator(".image-row")).to_contain_text("Used in prompt.md")
    expect(page.locator(".paper img[alt='A small net']")).to_have_js_property("naturalWidth", 1)
    saved(page)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".paper img")).to_have_count(0)
    page.get_by_role("button", name="Remove net.png").click()
    expect(page.locator(".image-row")).to_have_count(0)
    page.reload()
    expect(page.locator(".image-row")).to_have_count(0)


FLOW = [
    ("3", 3),
    ("-0.5", -0.5),
    ("1/3", "1/3"),
    ("two words, here", "two words, here"),
    ('"3"', "3"),
    ("[1, [2, x y], 'a, b']", [1, [2, "x y"], "a, b"]),
    ("{mixed: [mixed, web], n: 1}", {"mixed": ["mixed", "web"], "n": 1}),
    ("true", True),
    ("[]", []),
    ("99999999999999999999", "99999999999999999999"),
]


@pytest.mark.parametrize(("typed", "value"), FLOW)
def test_values_are_read_as_typed_and_written_so_that_they_are_read_again(
    author: Page, typed: str, value: object
) -> None:
    author.goto("/bank/new")
    module = author.evaluate(
        "document.querySelector('script[src*=\"editor/new.js\"]').src.replace('new.js', 'flow.js')"
    )
    read = """async ([module, typed]) => {
        const { readFlow, writeFlow } = await import(module);
        return [readFlow(typed), readFlow(writeFlow(readFlow(typed)))];
    }"""
    assert author.evaluate(read, [module, typed]) == [value, value]
