"""A computational graph drawn, valued and graded: by keyboard alone, by mouse, without scripts, on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import graphed
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.served import PASSWORD

NEW = Callable[..., BrowserContext]
# Name, operator, inputs, value, local gradients.
NODES = (
    ("s", "dot", "w, x", "1", ("[2, 1]", "")),
    ("lam", "square", "s", "1", ("2",)),
    ("a", "*", "lam, y", "1", ("1", "")),
    ("b", "log", "lam", "0", ("1",)),
    ("L", "-", "a, b", "1", ("1", "-1")),
)
POINTS = ".result-head .points"


def draw(new_context: NEW, login: str, **options: object) -> Page:
    page = new_context(**options).new_page()
    sign_in(page, (login, PASSWORD))
    go_on = page.get_by_role("link", name="Continue")
    page.get_by_role("button", name="Start").or_(go_on).first.click()
    page.locator("[data-exam]").wait_for()
    if options.get("java_script_enabled", True):
        page.locator("graph-answer tbody tr").first.wait_for()
    return page


def raw(page: Page) -> object:
    return page.locator("graph-answer").evaluate("element => element.raw")


def wanted() -> list[list[object]]:
    return [[name, operator, inputs, value, list(slopes)] for name, operator, inputs, value, slopes in NODES]


def test_by_keyboard_alone_a_graph_is_built_valued_and_graded(new_context: NEW) -> None:
    page = new_context().new_page()
    sign_in(page, (graphed.STUDENTS[0], PASSWORD))
    keys = Keyboard(page)
    keys.press("form[action$='/attempts'] button")
    page.locator("[data-exam]").wait_for()
    expect(page.locator("graph-answer tbody tr")).to_have_count(1)
    keys.to("graph-answer [data-column=name]")
    for number, (name, operator, inputs, value, slopes) in enumerate(NODES):
        row = page.locator("graph-answer tbody tr").nth(number)
        expect(row.locator("[data-column=name]")).to_be_focused()
        page.keyboard.type(name)
        page.keyboard.press("Tab")
        expect(row.locator("[data-column=operator]")).to_be_focused()
        while row.locator("[data-column=operator]").input_value() != operator:
            page.keyboard.press("ArrowDown")
        page.keyboard.press("Tab")
        page.keyboard.type(inputs)
        page.keyboard.press("Tab")
        page.keyboard.type(value)
        for slope in slopes:
            page.keyboard.press("Tab")
            page.keyboard.type(slope)
        # Return in the last row makes a new one.
        page.keyboard.press("Enter")
    expect(page.locator("graph-answer .unseen[aria-live]").last).to_have_text("Node 6 of 6 added")
    # A row too many, made by mistake, goes with Delete.
    page.keyboard.press("Delete")
    expect(page.locator("graph-answer tbody tr")).to_have_count(5)
    expect(page.locator("graph-answer .unseen[aria-live]").last).to_have_text("Node 6 removed, 5 left")
    # Up and down in a column; a value is corrected on the way.
    keys.to("graph-answer tr:nth-child(1) [data-column=value]")
    page.keyboard.press("ArrowDown")
    page.keyboard.type("1")
    expect(page.locator("graph-answer tr:nth-child(2) [data-column=value]")).to_have_value("1")
    assert raw(page) == wanted()
    expect(page.locator("graph-answer .read-as")).to_contain_text("Read as")
    drawing = page.get_by_role("img", name=re.compile("^Nodes: 5. s is dot of w, x. lam is square of s."))
    expect(drawing).to_be_visible()
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    assert complaints(page) == []
    keys.press("a[href$='/review']")
    expect(page.get_by_role("heading", name="Review before you hand in")).to_be_visible()
    keys.press("a[href$='/hand-in']")
    expect(page.get_by_role("heading", name="Hand in now?")).to_be_visible()
    keys.press("form button")
    expect(page.get_by_role("heading", name="Handed in")).to_be_visible()
    keys.press("a[href$='/result']")
    expect(page.locator(POINTS)).to_have_text("4 of 4", timeout=30_000)
    expect(page.locator(".given .katex").first).to_be_visible()
    assert complaints(page) == []


def test_by_mouse_nodes_are_put_in_and_connected_in_the_picture(new_context: NEW) -> None:
    page = draw(new_context, graphed.STUDENTS[1])
    view = page.locator("graph-answer .graph-view")

    def node(name: str) -> None:
        view.locator(f"[data-node='{name}']").click()

    for operator in ("dot", "square", "*", "log", "-"):
        page.get_by_role("button", name=f"Add a node: {operator}", exact=True).click()
    # Added by a click, they have names of their own: n1 to n5.
    for edge in ("w n1", "x n1", "n1 n2", "n2 n3", "y n3", "n2 n4", "n3 n5"):
        for name in edge.split():
            node(name)
    # One edge is dragged, once the page has come to rest: what was read stands below every row.
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    view.locator("[data-node='n4']").hover()
    page.mouse.down()
    end = view.locator("[data-node='n5']").bounding_box()
    assert end is not None
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    page.mouse.up()
    rows = raw(page)
    assert isinstance(rows, list)
    assert [row[:3] for row in rows] == [
        ["n1", "dot", "w, x"],
        ["n2", "square", "n1"],
        ["n3", "*", "n2, y"],
        ["n4", "log", "n2"],
        ["n5", "-", "n3, n4"],
    ]
    expect(view.locator(".edge")).to_have_count(8)
    page.get_by_label("Node 5, name").fill("L")
    expect(page.locator("graph-answer .read-as")).to_contain_text("Read as")
    # A node taken out leaves the others as they are; what it fed is asked for.
    page.get_by_role("button", name="Remove node n4").click()
    expect(page.locator("#reading-graph")).to_contain_text("“n4” is no input and no node of this graph")
    expect(view.locator(".loose")).to_have_count(1)
    expect(page.get_by_label("Node 4, inputs")).to_have_attribute("aria-invalid", "true")
    page.get_by_role("button", name="Write it as text").click()
    area = page.locator("#input-graph")
    expect(area).to_have_value("n1 = dot(w, x)\nn2 = square(n1)\nn3 = n2 * y\nL = n3 - n4")
    area.fill("n1 = dot(w, x)\nn2 = square(n1)\nn3 = n2*y\nn4 = log(n2)\nL = n3 - n4")
    expect(page.locator("#reading-graph")).to_contain_text("Read as")
    assert complaints(page) == []
    page.get_by_role("button", name="Back to the table").click()
    expect(page.locator("graph-answer tbody tr")).to_have_count(5)
    expect(page.get_by_label("Node 3, inputs")).to_have_value("n2, y")
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    page.reload()
    expect(page.get_by_label("Node 4, inputs")).to_have_value("n2")
    page.get_by_role("link", name="Review and hand in").click()
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Yes, hand in").click()
    page.get_by_role("link", name="See the result").click()
    expect(page.locator(POINTS)).to_have_text("2 of 4", timeout=30_000)


def test_by_mouse_a_graph_of_the_bank_is_drawn_valued_and_graded(new_context: NEW) -> None:
    page = draw(new_context, graphed.VALUER)
    view = page.locator("graph-answer .graph-view")
    for operator in ("dot", "square", "*", "log", "-"):
        page.get_by_role("button", name=f"Add a node: {operator}", exact=True).click()
    for edge in ("w n1", "x n1", "n1 n2", "n2 n3", "y n3", "n2 n4", "n3 n5", "n4 n5"):
        for name in edge.split():
            view.locator(f"[data-node='{name}']").click()
    # The printed numbers; the slip is at the logarithm, whose slope is written with what lies behind it.
    filled = (("1", ("[2, 1]",)), ("1", ("2",)), ("1", ("1",)), ("0", ("-1",)), ("1", ("1", "-1")))
    rows = page.locator("graph-answer tbody tr")
    for number, (value, slopes) in enumerate(filled):
        cell = rows.nth(number).locator("[data-column=value]")
        cell.click()
        cell.fill(value)
        for place, slope in enumerate(slopes):
            edge_cell = rows.nth(number).locator("[data-column=gradient]").nth(place)
            edge_cell.click()
            edge_cell.fill(slope)
    assert raw(page) == [
        ["n1", "dot", "w, x", "1", ["[2, 1]", ""]],
        ["n2", "square", "n1", "1", ["2"]],
        ["n3", "*", "n2, y", "1", ["1", ""]],
        ["n4", "log", "n2", "0", ["-1"]],
        ["n5", "-", "n3, n4", "1", ["1", "-1"]],
    ]
    expect(page.locator("graph-answer .read-as")).to_contain_text("Read as")
    # The product of these slopes: (1·1 + (−1)·(−1))·2 times x.
    for number, entry in enumerate(("8", "4"), 1):
        page.get_by_label(f"entry {number}").fill(entry)
    expect(page.locator("[data-saving]")).to_have_text("All changes saved")
    assert complaints(page) == []
    page.get_by_role("link", name="Review and hand in").click()
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Yes, hand in").click()
    page.get_by_role("link", name="See the result").click()
    # 3/2 for the slopes, 2 for the values, 3/2 for the product that follows from the wrong slope.
    expect(page.locator(POINTS)).to_have_text("5 of 5.5", timeout=30_000)
    expect(page.get_by_text("What stands at the edge from n2 to n4 is the gradient of the output")).to_be_visible()
    assert complaints(page) == []


def test_without_scripts_a_text_is_the_graph(new_context: NEW) -> None:
    page = draw(new_context, graphed.STUDENTS[2], java_script_enabled=False)
    area = page.locator("#input-graph")
    area.fill("w, x -> dot -> s\ns -> squar -> lam")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#reading-graph")).to_contain_text("“s -> squar -> lam”")
    page.locator("#input-graph").fill("w, x -> dot -> s\ns -> square -> lam\nL = lam*y - log(lam)")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#reading-graph")).to_contain_text("Read as")
    expect(page.locator("#input-graph")).to_have_value("w, x -> dot -> s\ns -> square -> lam\nL = lam*y - log(lam)")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_the_table_stacks_and_nothing_runs_out(new_context: NEW, theme: str) -> None:
    page = draw(new_context, graphed.STUDENTS[3], viewport={"width": 320, "height": 720}, color_scheme=theme)
    page.locator("graph-answer").evaluate("(element, rows) => { element.show(rows); element.changed(); }", wanted())
    expect(page.locator("graph-answer tbody tr")).to_have_count(5)
    expect(page.locator("graph-answer .read-as")).to_contain_text("Read as")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
    page.emulate_media(forced_colors="active")
    rect = page.locator("graph-answer .node rect").first
    assert rect.evaluate("element => getComputedStyle(element).stroke") != "none"
