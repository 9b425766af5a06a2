"""An instructor who knows no Python writes three questions from the empty form: a number, boxes over a pool, and a
calculation in two parts whose second follows the student's own first; with a mouse, and with a keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.drafting import row, saved
from tests.browser.hands import Hands, Keys, Mouse

BOTH: list[Callable[[Page], Hands]] = [Mouse, Keys]


def begin(hands: Hands, title: str) -> None:
    """The empty form."""
    page = hands.page
    page.goto("/bank/new")
    hands.fill(page.get_by_label("Title"), title)
    if isinstance(hands, Keys):
        hands.to(page.get_by_role("radio", checked=True))
        page.keyboard.press("ArrowUp")
    else:
        hands.press(page.get_by_label("Empty"))
    expect(page.get_by_label("Empty")).to_be_checked()
    hands.press(page.get_by_role("button", name="Start the draft"))
    page.wait_for_url("**/edit")


def variable(hands: Hands, button: str, name: str, **cells: str) -> None:
    """A new line of the spreadsheet; its name has the focus when it is added."""
    page = hands.page
    hands.press(page.get_by_role("button", name=button))
    page.keyboard.type(name)
    page.keyboard.press("Tab")
    for label, text in cells.items():
        hands.fill(row(page, name).get_by_label(label.replace("_", " "), exact=True), text)


def drawn(hands: Hands, name: str, printed: str, draw: str) -> None:
    variable(hands, "Add a drawn value", name, Value_on_the_printed_paper=printed, Draw=draw)


def part(page: Page, number: int = 0) -> Locator:
    return page.locator("#panel-parts .part-card").nth(number)


def texts(hands: Hands, prompt: str, solution: str) -> None:
    hands.tab("Texts")
    hands.fill(hands.page.get_by_label("Prompt", exact=True), prompt)
    hands.fill(hands.page.get_by_label("Worked solution", exact=True), solution)


def in_order(page: Page) -> None:
    expect(page.locator(".editor-problems .problem-list li")).to_have_count(0)
    expect(page.locator("[data-no-problems]")).to_contain_text("Nothing is wrong")
    saved(page)


def ask_to_publish(hands: Hands) -> Locator:
    hands.press(hands.page.get_by_role("button", name="Publish …"))
    dialog = hands.page.get_by_role("dialog", name="Publish this draft")
    hands.press(dialog.get_by_role("button", name="Test and publish"))
    return dialog


def published(hands: Hands, title: str) -> None:
    """The question is in the bank, with three seeds side by side."""
    page = hands.page
    ask_to_publish(hands)
    page.wait_for_url(re.compile(r"/bank/[a-z0-9-]+$"), timeout=60_000)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    for seed in ("Seed 0, the printed paper", "Seed 1", "Seed 2"):
        expect(page.get_by_role("heading", name=seed, exact=True)).to_be_visible()
    page.goto("/bank")
    page.get_by_role("link", name=title).click()
    page.get_by_role("heading", name="Seed 2", exact=True).wait_for()


def answer(hands: Hands, **answers: list[str]) -> str:
    """What an answer to the printed paper earns, in words."""
    page = hands.page
    hands.tab("Test")
    fields = page.get_by_role("form", name="Answers to try")
    # Asked for again, the fields come anew a moment later, and what was typed until then with them.
    if not fields.is_visible():
        hands.press(page.get_by_role("button", name="Show its fields"))
    for field, cells in answers.items():
        inputs = fields.locator(f".answer[data-field={field}] input:visible")
        expect(inputs).to_have_count(len(cells))
        for number, text in enumerate(cells):
            hands.fill(inputs.nth(number), text)
    hands.press(fields.get_by_role("button", name="Grade this answer"))
    verdict = page.locator(".try-verdict")
    expect(verdict.locator("h3")).to_be_focused()
    return verdict.inner_text()


# --- a number -------------------------------------------------------------------------------------------------------

PROMPT = """\
A fully connected layer has @{n} inputs and @{m} outputs; every output has a bias.

## a

How many learnable parameters has it?
"""
SOLUTION = "## a\n\n$(@{n} + 1) \\cdot @{m} = @{total}$\n"
EXPLAINED = "These are the weights alone; every output has a bias as well."


@pytest.mark.parametrize("kind", BOTH)
def test_a_number_is_refused_as_long_as_something_is_missing(author: Page, kind: Callable[[Page], Hands]) -> None:
    page, hands, title = author, kind(author), f"Parameters of a layer, by {kind.__name__}"
    begin(hands, title)
    hands.tab("Variables")
    drawn(hands, "n", "4", "integer(3, 9)")
    drawn(hands, "m", "3", "integer(2, 6)")
    variable(hands, "Add a formula", "total", Formula="(n + 1)*m")
    expect(row(page, "total").locator(".cell-value dd").first).to_have_text("15")
    hands.tab("Parts")
    hands.fill(part(page).get_by_label("Answer", exact=True), "total")
    hands.fill(part(page).get_by_label("Said to the student"), "All weights and biases are counted.")
    hands.press(part(page).get_by_role("button", name="Add a mistake"))
    page.keyboard.type("no_bias")
    page.keyboard.press("Tab")
    mistake = part(page).get_by_role("group", name="Mistake no_bias")
    hands.choose(mistake.get_by_label("Change a cell"), "total")
    hands.fill(mistake.get_by_label("total is"), "n*m")
    texts(hands, PROMPT, SOLUTION)
    saved(page)

    dialog = ask_to_publish(hands)
    expect(dialog.get_by_role("status")).to_contain_text("Nothing was published")
    refusal = dialog.locator(".problem-list button", has_text="The mistake no_bias says nothing to the student.")
    hands.press(refusal)
    expect(dialog).to_be_hidden()
    expect(mistake.get_by_label("Said to the student")).to_be_focused()
    hands.fill(mistake.get_by_label("Said to the student"), EXPLAINED)
    in_order(page)

    assert "1 of 1 points" in answer(hands, answer=["15"])
    told = answer(hands, answer=["12"])
    assert "0 of 1 points" in told
    assert EXPLAINED in told
    published(hands, title)


# --- boxes over a pool ----------------------------------------------------------------------------------------------

STATEMENTS = """\
+ Max-pooling has no weights.
+ Average pooling is a convolution with fixed weights.
+ Pooling with a stride of 2 halves each side.
- Max-pooling learns the size of its window.
- Max-pooling passes its gradient on to every cell of the window.
- Pooling changes the number of channels."""


def test_boxes_over_a_pool_are_written_by_keyboard_alone(author: Page) -> None:
    page, hands, title = author, Keys(author), "Facts about pooling"
    begin(hands, title)
    hands.tab("Pools")
    hands.press(page.get_by_role("button", name="Add a pool"))
    pool = page.locator("#panel-pools .pool")
    hands.press(pool.locator("summary", has_text="Add many at once"))
    hands.fill(pool.get_by_label("Statements, one on a line"), STATEMENTS)
    hands.press(pool.get_by_role("button", name="Add these"))
    expect(pool.locator(".facts")).to_contain_text("6 statements")
    expect(pool.locator(".facts")).to_contain_text("3 true")
    hands.fill(pool.get_by_label("Statements in every variant"), "7")
    hands.press(pool.get_by_role("button", name="Draw them at random"))
    expect(pool.get_by_role("alert")).to_contain_text("from 1 to 6")
    hands.fill(pool.get_by_label("Statements in every variant"), "4")
    hands.press(pool.get_by_role("button", name="Draw them at random"))
    expect(pool.get_by_text("draws from this pool")).to_be_visible()
    hands.tab("Parts")
    hands.choose(part(page).get_by_label("Kind"), "Choice")
    expect(part(page).get_by_label("Shown")).to_have_value("shown")
    hands.fill(part(page).get_by_label("Said to the student"), "All boxes are as they should be.")
    texts(hands, "## a\n\nWhich statements are true?\n", "## a\n\nPooling only summarises what is there.\n")
    in_order(page)
    expect(page.locator(".paper .option")).to_have_count(5)
    ticked = {"Max-pooling has no weights.", "Average pooling is a convolution with fixed weights."}
    hands.tab("Test")
    fields = page.get_by_role("form", name="Answers to try")
    # Asked for again, the fields come anew a moment later, and what was typed until then with them.
    if not fields.is_visible():
        hands.press(page.get_by_role("button", name="Show its fields"))
    for statement in (*sorted(ticked), "Pooling with a stride of 2 halves each side."):
        hands.press(fields.get_by_label(statement))
    hands.press(fields.get_by_role("button", name="Grade this answer"))
    expect(page.locator(".try-verdict h3")).to_contain_text("1 of 1 points")
    published(hands, title)


# --- a matrix, and what follows from it -----------------------------------------------------------------------------

STEPS = """\
A layer has the weights $W = @{W}$ and gets the batch $X = @{X}$.

## a

Compute $Z = W X$.

## b

Compute $H = \\mathrm{ReLU}(Z)$.
"""
SOLVED = "## a\n\n$Z = @{Z}$\n\n## b\n\n$H = @{H}$\n"


def test_a_matrix_with_follow_through_is_written_by_keyboard_alone(author: Page) -> None:
    page, hands, title = author, Keys(author), "A linear layer and its ReLU"
    begin(hands, title)
    hands.tab("Variables")
    drawn(hands, "W", "[[1, -2], [0, 3]]", "[integers(2, -3, 3) for i in range(2)]")
    drawn(hands, "X", "[[2, 1], [-1, 2]]", "[integers(2, -3, 3) for i in range(2)]")
    variable(hands, "Add a formula", "Z", Formula="dot(W, X)")
    variable(hands, "Add a formula", "H", Formula="relu(Z)")
    hands.press(page.get_by_role("button", name="Add a condition"))
    page.keyboard.type("min(Z) < 0 and max(Z) > 0")
    expect(row(page, "H").locator(".cell-value dd").first).to_have_text("[[4, 0], [0, 6]]")
    hands.tab("Parts")
    hands.choose(part(page).get_by_label("Kind"), "Matrix")
    hands.fill(part(page).get_by_label("Answer", exact=True), "Z")
    hands.fill(part(page).get_by_label("Earned when"), "share(answer.cells)")
    hands.press(page.get_by_role("button", name="Add a part"))
    second = part(page, 1)
    expect(second.get_by_label("Id").first).to_have_value("b")
    expect(second.get_by_label("Kind").locator("option:checked")).to_have_text("Matrix")
    expect(second.get_by_label("Answer", exact=True)).to_have_value("H")
    hands.press(second.get_by_role("checkbox", name="Z as answered in answer (part a)").last)
    texts(hands, STEPS, SOLVED)
    in_order(page)

    assert "2 of 2 points" in answer(hands, answer=["4", "-3", "-3", "6"], answer2=["4", "0", "0", "6"])
    # One cell of the first part is wrong: its share is lost there, and nothing in what follows from it.
    told = answer(hands, answer=["5", "-3", "-3", "6"], answer2=["5", "0", "0", "6"])
    assert re.search(r"a: ¾ of 1", told)
    assert re.search(r"b: 1 of 1", told)
    assert "With your own earlier answers: met." in told
    published(hands, title)
