"""A rubric built by keyboard alone, and by mouse; its points add up exactly, and facts are inserted where one types."""

from __future__ import annotations

import re
from fractions import Fraction

from playwright.sync_api import Locator, Page, expect

from tests.browser.drafting import saved
from tests.browser.test_editor_parts import criterion, parts, rubric, typed


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
        "document.querySelector('script[src*=\"editor/shell.js\"]').src.replace('editor/shell', 'fractions')"
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
