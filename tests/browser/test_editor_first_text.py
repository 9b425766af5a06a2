"""A short text from an empty form to the bank: claims written, answers pasted, the matrix read, cases kept; published
only once no wrong, negated or swapped case earns and no right one is denied."""

from __future__ import annotations

from itertools import count

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.axe import complaints
from tests.browser.drafting import source, tab
from tests.browser.hands import Mouse
from tests.browser.test_authoring import ask_to_publish, begin, in_order, published, texts

RIGHT = "In training it uses the statistics of the batch, at test time the running averages."
OTHERWISE = "At test time the running mean is used, in training that of the batch."
NEGATED = "In training it does not use the statistics of the batch, at test time not the running averages."
SWAPPED = "In training it uses the running averages, at test time the statistics of the batch."
WRONG = "It makes the gradient larger, with running averages and a batch."
WORDS = "Words, one on a line"
_numbers = count(1)


def named(field: Locator, kind: str, name: str) -> Locator:
    return field.get_by_role("group", name=f"{kind}: {name}", exact=True)


def add(field: Locator, noun: str, name: str) -> Locator:
    """A new row of a list, with its name."""
    field.get_by_role("button", name=f"Add: {noun}", exact=True).click()
    focused = field.page.locator(":focus")
    expect(focused).to_have_attribute("data-role", "name")
    focused.fill(name)
    focused.press("Tab")
    return named(field, {"concept": "Concepts", "role": "Roles", "claim": "Claims"}[noun], name)


def words(field: Locator, noun: str, name: str, lines: str) -> None:
    add(field, noun, name).get_by_label(WORDS, exact=True).fill(lines)


def rename(field: Locator, kind: str, before: str, name: str) -> None:
    control = named(field, kind, before).get_by_label("Name", exact=True)
    control.fill(name)
    control.press("Tab")


def text_part(page: Page) -> tuple[Locator, str]:
    """From the empty form: the part that is there goes, one that is answered in words comes; it, and the title."""
    title = f"Batch norm in words {next(_numbers)}"
    begin(Mouse(page), title)
    tab(page, "Parts")
    page.get_by_role("button", name="Add a part").click()
    part = page.locator("#panel-parts .part-card").last
    part.get_by_label("Kind", exact=True).select_option("Text")
    page.get_by_role("button", name="Remove: a", exact=True).click()
    expect(page.locator("#panel-parts .part-card")).to_have_count(1)
    return page.locator("#panel-parts .part-card").first, title


def try_answers(page: Page, *answers: str) -> Locator:
    tab(page, "Test")
    page.get_by_label("Answers", exact=True).fill("\n".join(answers))
    page.get_by_role("button", name="Try these answers").click()
    expect(page.locator("#panel-test [role=status]").last).to_contain_text("tried.", timeout=30_000)
    return page.get_by_role("region", name="Answers and claims")


def keep(table: Locator, number: int, title: str, points: str) -> Locator:
    """Keep a tried answer as a case; answers what the editor says to it."""
    row = table.locator("tbody").nth(number - 1)
    row.get_by_role("button", name=f"Keep as a case: answer {number}").click()
    row.get_by_label("What it is about").fill(title)
    expect(row.get_by_label("Points a person gives")).to_have_value(points)
    row.get_by_role("button", name="Keep it").click()
    notice = row.locator(".notice")
    expect(notice).to_contain_text(f"Kept in cases.yaml as “{title}”.")
    return notice


def refused(page: Page) -> Locator:
    """What publishing is refused for; the dialog is closed again by hand."""
    ask_to_publish(Mouse(page))
    reasons = page.get_by_role("dialog", name="Publish this draft").locator(".problem-list")
    expect(reasons).to_be_visible(timeout=60_000)
    return reasons


def back(page: Page) -> None:
    page.get_by_role("dialog", name="Publish this draft").get_by_role("button", name="Cancel").click()
    tab(page, "Parts")


def in_a_hurry(page: Page) -> tuple[Locator, str]:
    """A question from the empty form whose claims only ask that the ideas are named; its part and title."""
    part, title = text_part(page)
    part.get_by_label("Points", exact=True).first.fill("2")
    field = part.get_by_role("group", name="Field answer2")
    field.get_by_label("Key", exact=True).fill(RIGHT)
    for before, name, lines in (
        ("gradient", "batch", "batch"),
        ("vanish", "running", "running average/mean"),
    ):
        rename(field, "Concepts", before, name)
        named(field, "Concepts", name).get_by_label(WORDS, exact=True).fill(lines)
    rename(field, "Claims", "vanishes", "train")
    named(field, "Claims", "train").get_by_label("Earn", exact=True).fill("any batch")
    add(field, "claim", "test").get_by_label("Earn", exact=True).fill("any running")
    first = part.locator(".criterion").first
    first.get_by_label("Earned when").fill("answer2.train")
    first.get_by_label("Said to the student").fill("The batch, in training")
    part.get_by_role("button", name="Add a criterion").click()
    second = part.locator(".criterion").last
    second.get_by_label("Points", exact=True).fill("1")
    second.get_by_label("Earned when").fill("answer2.test")
    second.get_by_label("Said to the student").fill("Running averages, at test time")
    texts(
        Mouse(page),
        "## b\n\nWhich statistics does batch norm use?\n",
        "## b\n\nThose of the batch, then running averages.\n",
    )
    in_order(page)
    return part, title


def test_from_an_empty_form_a_text_is_judged_and_published_once_no_case_is_judged_wrongly(author: Page) -> None:
    page = author
    part, title = in_a_hurry(page)
    field = part.get_by_role("group", name="Field answer2")
    table = try_answers(page, f"2 | {RIGHT}", f"0 | {NEGATED}", f"0 | {SWAPPED}", f"0 | {WRONG}")
    expect(table.locator("tbody")).to_have_count(4)
    expect(table.locator("tbody").first.locator("mark[data-mark=earned]").first).to_contain_text("batch")
    expect(table.locator("tbody").first).to_contain_text("fits any running")
    for number in (3, 4):
        expect(table.locator("tbody").nth(number - 1).locator("td.number")).to_contain_text("too much: a person gave 0")
    for number, (about, points) in enumerate((("right", "2"), ("negated", "0"), ("swapped", "0"), ("wrong", "0")), 1):
        notice = keep(table, number, about, points)
        if number > 2:
            expect(notice).to_contain_text("cannot be published until")
    reasons = refused(page)
    for about in ("swapped", "wrong"):
        expect(reasons).to_contain_text(f"Case “{about}”: b is 2, a person gave 0 of 2: it is paid too much")
    back(page)

    # The wrong way round: what denies the ideas earns, and a right answer is denied.
    train = named(field, "Claims", "train").get_by_label("Earn", exact=True)
    test = named(field, "Claims", "test").get_by_label("Earn", exact=True)
    train.fill("not batch")
    test.fill("not running")
    reasons = refused(page)
    expect(reasons).to_contain_text("Case “negated”: b is 2, a person gave 0 of 2: it is paid too much")
    denied = "Case “right”: b.right is 0, a person gave 1 of 1: points that it deserves are denied"
    expect(reasons).to_contain_text(denied)
    back(page)

    # Who is spoken of, and when.
    words(field, "role", "training", "training")
    words(field, "role", "testing", "test time")
    train.fill("training::batch")
    test.fill("testing::running")
    in_order(page)
    table = try_answers(page, f"2 | {RIGHT}", f"2 | {OTHERWISE}", f"0 | {NEGATED}", f"0 | {SWAPPED}", f"0 | {WRONG}")
    expect(table.locator(".complaint")).to_have_count(0)
    expect(page.locator("#panel-test [role=status]").last).to_contain_text("None judged otherwise than by the person.")
    expect(table.locator("tbody").first).to_contain_text("If it were changed")
    keep(table, 2, "in other words", "2")
    cases = source(page, "cases.yaml")
    assert cases.count("marked:") == 5, cases
    published(Mouse(page), title)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_the_first_text_is_written_and_tried_without_a_complaint(author: Page, scheme: str) -> None:
    page = author
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": 320, "height": 740})
    in_a_hurry(page)
    tab(page, "Parts")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
    table = try_answers(page, f"2 | {RIGHT}", f"0 | {NEGATED}", f"0 | {WRONG}")
    table.get_by_role("button", name="Keep as a case: answer 2").click()
    table.get_by_text("If it were changed").first.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
