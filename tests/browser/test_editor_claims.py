"""The rubric of a short text in the editor: concepts and claims as forms, answers tried, cases kept, a refusal."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import complaints
from tests.browser.drafting import new, saved, source, tab
from tests.browser.hands import Keys
from tests.browser.test_authoring import begin, in_order, part, published, texts

BOX = "xpath=ancestor::div[contains(@class, 'labelled')][1]"
ANSWERS = """\
2 | The derivative is zero for negative inputs and therefore it cannot learn anything.
0 | The gradient is large and it learns quickly.
1 | Because the gradient vanishes the weights stay the same."""


def short_text(page: Page) -> Locator:
    """A draft of the starter; its only field."""
    new(page, "A short text")
    tab(page, "Parts")
    field = page.get_by_role("group", name="Field essay")
    expect(field).to_be_visible()
    return field


def entry(field: Locator, name: str) -> Locator:
    return field.get_by_role("group", name=name, exact=True)


def try_answers(page: Page, text: str) -> Locator:
    """The table of answers and claims."""
    tab(page, "Test")
    page.get_by_label("Answers", exact=True).fill(text)
    page.get_by_role("button", name="Try these answers").click()
    table = page.get_by_role("region", name="Answers and claims")
    expect(page.locator("#panel-test [role=status]").last).to_contain_text("tried.", timeout=30_000)
    return table


def test_concepts_and_claims_are_forms_of_the_source(author: Page) -> None:
    page = author
    field = short_text(page)
    words = entry(field, "Concepts: zero").get_by_label("Words, one on a line", exact=True)
    expect(words).to_have_value("zero\n0\nvanish*")
    words.fill("zero\n0\nvanish*\nnothing at all")
    field.get_by_role("button", name="Add: role").click()
    name = field.get_by_label("Name", exact=True).and_(page.locator(":focus"))
    name.fill("unit")
    name.press("Tab")
    entry(field, "Roles: unit").get_by_label("Words, one on a line", exact=True).fill("unit\nneuron")
    claim = entry(field, "Claims: no_learning")
    claim.get_by_label("Named", exact=True).check()
    claim.get_by_label("Near", exact=True).fill("unit::zero")
    field.get_by_role("button", name="Add: count").click()
    count = entry(field, "Counts: count")
    count.get_by_label("Of (needed)").fill("no_gradient\nno_learning")
    count.get_by_label("Need (needed)").fill("2")
    field.get_by_label("Nocredit").fill("gradient")
    expect(page.locator(".problem-list li")).to_have_count(0)
    saved(page)
    text = source(page)
    for line in (
        "nothing at all",
        "unit: [unit, neuron]",
        "named: true",
        "unit::zero",
        "need: 2",
        "nocredit: [gradient]",
    ):
        assert line in text.replace('"', ""), text
    assert "# Ideas, each with the words that people use for it." in text
    tab(page, "Parts")
    page.get_by_role("button", name="Undo").click()
    expect(field.get_by_label("Nocredit")).to_have_value("")


def test_a_pattern_that_cannot_be_read_says_so_where_it_stands(author: Page) -> None:
    page = author
    field = short_text(page)
    earn = entry(field, "Claims: no_gradient").get_by_label("Earn", exact=True)
    earn.fill("[gradient zero]\n[gradient nought]\n(((")
    box = earn.locator(BOX)
    expect(box.locator(".complaint")).to_contain_text("there is no concept nought")
    expect(box.locator(".complaint")).to_contain_text("(((")
    expect(earn).to_have_attribute("aria-invalid", "true")
    page.locator(".editor-problems .problem-list button", has_text="nought").click()
    expect(earn).to_be_focused()
    near = entry(field, "Claims: no_learning").get_by_label("Near", exact=True)
    near.fill("[zero")
    expect(near.locator(BOX).locator(".complaint")).to_contain_text("ends too early")
    earn.fill("[gradient zero]")
    expect(earn).not_to_have_attribute("aria-invalid", "true")


def test_a_new_name_is_taken_along_into_patterns_and_rubric(author: Page) -> None:
    page = author
    field = short_text(page)
    name = entry(field, "Concepts: gradient").get_by_label("Name", exact=True)
    name.fill("slope")
    name.press("Tab")
    earn = entry(field, "Claims: no_gradient").get_by_label("Earn", exact=True)
    expect(earn).to_have_value("[slope zero]\nnot [slope reach]")
    name = entry(field, "Claims: no_gradient").get_by_label("Name", exact=True)
    name.fill("flat")
    name.press("Tab")
    saved(page)
    expect(page.locator(".problem-list li")).to_have_count(0)
    text = source(page)
    assert "essay.flat" in text
    assert "near: [slope]" in text
    assert "essay.no_gradient" not in text
    tab(page, "Parts")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Earned when").first).to_have_value("essay.no_gradient")
    expect(entry(field, "Claims: no_gradient").get_by_label("Earn", exact=True)).to_have_value(
        "[slope zero]\nnot [slope reach]"
    )


def test_answers_are_judged_claim_by_claim(author: Page) -> None:
    page = author
    field = short_text(page)
    field.get_by_role("button", name="Try answers").click()
    expect(page.get_by_label("Answers", exact=True)).to_be_focused()
    table = try_answers(page, ANSWERS)
    first, second = table.locator("tbody").nth(0), table.locator("tbody").nth(1)
    expect(first.locator("td.number")).to_have_text("2as by the person")
    expect(first.locator("[data-decision=made]")).to_have_count(2)
    expect(first.locator("mark[data-mark=earned]").first).to_contain_text("derivative")
    expect(first).to_contain_text("fits [gradient zero]")
    expect(second.locator("[data-decision=unsure]")).to_contain_text("for a person")
    expect(second).to_contain_text("speaks against it learn")
    expect(page.locator("#panel-test [role=status]").last).to_contain_text("None judged otherwise")
    first.get_by_text("If it were changed").click()
    expect(first.locator(".changes")).to_contain_text("It is not true that")
    expect(table.locator(".complaint")).to_have_count(0)
    # Unsaved text counts, and what was tried before it is called old.
    tab(page, "Parts")
    entry(field, "Claims: no_learning").get_by_label("Deny", exact=True).fill("")
    entry(field, "Claims: no_learning").get_by_label("Earn", exact=True).fill("any learn")
    tab(page, "Test")
    expect(page.get_by_text("The draft has changed since these answers were tried.")).to_be_visible()
    table = try_answers(page, ANSWERS)
    expect(table.locator("tbody").nth(1).locator("td.number")).to_contain_text("too much: a person gave 0")
    expect(page.get_by_text("The draft has changed since these answers were tried.")).to_be_hidden()


def test_a_change_that_still_earns_everything_is_warned_of(author: Page) -> None:
    page = author
    field = short_text(page)
    words = entry(field, "Concepts: zero").get_by_label("Words, one on a line", exact=True)
    words.fill("not zero")  # Harmless, as no claim asks for it.
    for claim, earn in (("no_gradient", "any gradient"), ("no_learning", "learn")):
        entry(field, f"Claims: {claim}").get_by_label("Earn", exact=True).fill(earn)
        entry(field, f"Claims: {claim}").get_by_label("Deny", exact=True).fill("")
    field.get_by_label("Key", exact=True).fill("The derivative is zero and the unit can learn.")
    table = try_answers(page, "Its derivative is zero and it can learn.\n\nThe gradient is\nlarge, xyzzy.")
    expect(table.locator("tbody")).to_have_count(2)
    warned = table.locator("tbody").first.locator(".changes.warned")
    expect(warned).to_contain_text("It still earns full points.")
    expect(page.locator("#panel-test [role=status]").last).to_contain_text("still earn")
    expect(table.locator("tbody").last).to_contain_text("Not understood: xyzzy")
    dialog = page.get_by_role("dialog", name="Publish this draft")
    page.get_by_role("button", name="Publish …").click()
    dialog.get_by_role("button", name="Test and publish").click()
    expect(dialog.locator(".problem-list")).to_contain_text("earns full points", timeout=60_000)


def test_a_kept_case_that_is_judged_otherwise_holds_publishing_back(author: Page) -> None:
    page = author
    field = short_text(page)
    table = try_answers(page, "Because its weights are negative.\n0 | The gradient is zero and it cannot learn.")
    row = table.locator("tbody").last
    expect(row.locator("td.number")).to_contain_text("too much")
    row.get_by_role("button", name="Keep as a case: answer 2").click()
    expect(row.get_by_label("What it is about")).to_be_focused()
    expect(row.get_by_label("Points a person gives")).to_have_value("0")
    row.get_by_label("What it is about").fill("only guessed")
    row.get_by_label("Points a person gives").fill("none")
    row.get_by_role("button", name="Keep it").click()
    expect(row.get_by_role("alert")).to_contain_text("points such as")
    row.get_by_label("Points a person gives").fill("1/2")
    row.get_by_role("button", name="Keep it").click()
    expect(row.locator(".notice")).to_contain_text("cannot be published until")
    assert "marked: {a: 1/2 of 2}" in source(page, "cases.yaml")
    page.get_by_role("button", name="Publish …").click()
    dialog = page.get_by_role("dialog", name="Publish this draft")
    dialog.get_by_role("button", name="Test and publish").click()
    says = dialog.locator(".problem-list button")
    expect(says).to_contain_text("a person gave 1/2 of 2: it is paid too much", timeout=60_000)
    says.click()
    expect(page.get_by_label("Source of cases.yaml")).to_be_visible()
    tab(page, "Parts")
    expect(field).to_be_visible()


def test_a_case_is_kept_criterion_by_criterion_where_the_person_says_so(author: Page) -> None:
    page = author
    short_text(page)
    table = try_answers(page, "Because its weights are negative.\n1 | The gradient is zero and it cannot learn.")
    row = table.locator("tbody").last
    row.get_by_role("button", name="Keep as a case: answer 2").click()
    boxes = row.get_by_role("group", name="Or criterion by criterion").get_by_role("textbox")
    # The rubric gives two, the person one: nobody knows yet for what.
    assert [one.input_value() for one in boxes.all()] == ["", ""]
    boxes.first.fill("1")
    boxes.last.fill("1/2")
    expect(row.get_by_label("Points a person gives")).to_have_value("3/2")
    boxes.last.fill("0")
    row.get_by_label("What it is about").fill("only the gradient")
    row.get_by_role("button", name="Keep it").click()
    expect(row.locator(".notice")).to_contain_text("cannot be published until")
    assert "marked: {a.no_gradient: 1 of 1, a.no_learning: 0 of 1}" in source(page, "cases.yaml")


def test_a_text_among_other_fields_is_tried_and_kept_beside_right_answers(author: Page) -> None:
    page = author
    field = short_text(page)
    text = source(page)
    slope = '      slope: {grader: number, answer: "0"}\n    criteria:'
    rule = "      - {id: slope, points: 1, when: slope.right, says: The slope.}\n"
    text = text.replace("points: 2", "points: 3").replace("    criteria:", slope, 1).rstrip("\n") + "\n" + rule
    page.get_by_label("Source of question.yaml").fill(text)
    saved(page)
    expect(page.locator(".problem-list li")).to_have_count(0)
    tab(page, "Parts")
    field.get_by_role("button", name="Try answers").click()
    expect(page.get_by_text("Everything else that is asked in this part counts as answered rightly.")).to_be_visible()
    table = try_answers(page, "3 | The derivative is zero for negative inputs and therefore it cannot learn anything.")
    expect(table.locator("td.number").first).to_have_text("3as by the person")
    table.get_by_role("button", name="Keep as a case: answer 1").click()
    table.get_by_role("button", name="Keep it").click()
    expect(table.locator(".notice")).to_be_focused()
    assert 'slope: "0"' in source(page, "cases.yaml").replace("'", '"')


def test_a_question_with_a_text_is_written_tried_and_published_by_keyboard(author: Page) -> None:
    page, hands, title = author, Keys(author), "Why weight decay helps"
    begin(hands, title)
    hands.tab("Parts")
    hands.choose(part(page).get_by_label("Kind", exact=True), "Text")
    field = part(page).get_by_role("group", name="Field answer")
    hands.fill(field.get_by_label("Key", exact=True), "Weight decay keeps the weights small.")
    for before, name, words in (
        ("gradient", "weights", "weight\nparameter"),
        ("vanish", "small", "small\nnear/towards zero\nshrink"),
    ):
        hands.fill(entry(field, f"Concepts: {before}").get_by_label("Name", exact=True), name)
        hands.stroke("Tab")
        hands.fill(entry(field, f"Concepts: {name}").get_by_label("Words, one on a line", exact=True), words)
    hands.fill(entry(field, "Claims: vanishes").get_by_label("Name", exact=True), "shrinks")
    hands.stroke("Tab")
    hands.fill(entry(field, "Claims: shrinks").get_by_label("Earn", exact=True), "weights small")
    expect(entry(field, "Claims: shrinks").get_by_label("Earn", exact=True)).to_have_value("weights small")
    hands.fill(part(page).get_by_label("Earned when", exact=True), "answer.shrinks")
    hands.fill(part(page).get_by_label("Said to the student"), "It keeps the weights small.")
    texts(hands, "## a\n\nWhat does weight decay do?\n", "## a\n\nIt keeps the weights small.\n")
    in_order(page)
    hands.tab("Test")
    hands.fill(page.get_by_label("Answers", exact=True), "1 | Parameters shrink.\n0 | The learning rate grows.")
    hands.press(page.get_by_role("button", name="Try these answers"))
    table = page.get_by_role("region", name="Answers and claims")
    expect(table.locator("tbody").first.locator("td.number")).to_contain_text("as by the person", timeout=30_000)
    hands.press(table.get_by_role("button", name="Keep as a case: answer 1"))
    page.keyboard.press("Control+a")
    page.keyboard.type("in other words")
    hands.press(table.get_by_role("button", name="Keep it"))
    expect(table.locator(".notice")).to_be_focused()
    expect(table.locator(".notice")).to_contain_text("in other words")
    published(hands, title)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wrong_with_the_rubric_and_its_answers(author: Page, scheme: str) -> None:
    page = author
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    field = short_text(page)
    entry(field, "Claims: no_gradient").get_by_label("Near", exact=True).fill("[nought")
    expect(field.locator(".complaint").filter(has_text="nought").first).to_be_visible()
    assert complaints(page) == []
    entry(field, "Claims: no_gradient").get_by_label("Near", exact=True).fill("any gradient")
    table = try_answers(page, f"{ANSWERS}\n2 | It is not so that blorg.")
    table.get_by_role("button", name="Keep as a case: answer 1").click()
    table.get_by_text("If it were changed").first.click()
    assert complaints(page) == []


def test_on_a_phone_only_the_table_scrolls_sideways(author: Page) -> None:
    page = author
    page.set_viewport_size({"width": 320, "height": 740})
    short_text(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    table = try_answers(page, ANSWERS)
    table.get_by_role("button", name="Keep as a case: answer 1").click()
    table.get_by_text("If it were changed").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    below = table.locator(".tried-below").first.bounding_box()
    assert below is not None
    assert below["width"] <= 320
