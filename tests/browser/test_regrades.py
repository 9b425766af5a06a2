"""An instructor finds out that something was graded wrongly, and puts it right for everybody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import sign_in
from tests.browser.regrading import INSTRUCTOR
from tests.browser.served import PASSWORD


def rows(page: Page) -> list[tuple[str, str, str]]:
    """Who, from and to, of the answers whose marks change."""
    changed = page.locator("tr[data-changed]")
    cells = [one.locator("th a, td.number").all_inner_texts() for one in changed.all()]
    return [(name, before.split("/")[0].strip(), after.split("/")[0].strip()) for name, _, before, after in cells]


def done(page: Page, state: str) -> None:
    """Wait until no worker is at it any more."""
    expect(page.locator(".facts .chip").get_by_text(state, exact=True)).to_be_visible()


def test_an_answer_is_accepted_too_and_a_milder_rubric_is_previewed_applied_and_undone(
    served: dict[str, Any], new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    sign_in(page, (INSTRUCTOR, PASSWORD))
    root = served["regraded_quiz"]
    # Two clicks from the attempt that revealed it.
    page.goto(f"{root}/results/{served['regraded_attempt']}")
    page.get_by_role("link", name="Accept this answer too").first.click()
    expect(page.get_by_text("Everybody who answered this part in the same way")).to_be_visible()
    expect(page.locator(".quoted")).to_have_text("6")
    page.get_by_role("button", name="Show whose marks would change").click()
    apply = page.get_by_role("button", name="Apply")
    apply.wait_for()
    assert rows(page) == [("Sum 2", "1", "2"), ("Sum 3", "1", "2")]
    apply.click()
    done(page, "applied")
    page.goto(f"{root}/results")
    totals = page.locator("tbody tr", has_text="Sum 3").locator("td.total")
    expect(totals).to_contain_text("2")
    # The desk says why, above the boxes for points and comment, which stand side by side.
    page.goto(f"{root}/marking/calc/total/{served['regraded_attempt']}/1?show=all")
    reason = page.get_by_text("A regrade gives these points: This answer is right as well.").bounding_box()
    points, comment = (page.locator(one).bounding_box() for one in ("#adjustment", "#comment"))
    assert reason is not None
    assert points is not None
    assert comment is not None
    assert reason["y"] + reason["height"] <= points["y"]
    assert abs(points["y"] - comment["y"]) < 2
    assert comment["width"] > 2 * points["width"]
    # A rubric edit: who, from, to, why.
    page.goto(f"{root}/regrades")
    page.get_by_role("link", name="Grade 6 answers by version 2").click()
    page.get_by_label("Why").fill("")
    page.get_by_role("button", name="Show whose marks would change").click()
    expect(page.get_by_text("Say why in a sentence")).to_be_visible()
    page.get_by_label("Why").fill("Being close is worth more.")
    page.get_by_role("button", name="Show whose marks would change").click()
    page.get_by_role("button", name="Apply").wait_for()
    assert rows(page) == [("Sum 1", "1", "1.5")]
    expect(page.locator("tr[data-changed] .changes li")).to_have_text("Larger than a: 1 → 1.5")
    page.get_by_role("button", name="Apply").click()
    done(page, "applied")
    page.get_by_role("button", name="Undo").click()
    done(page, "undone")
    page.goto(f"{root}/results")
    expect(page.locator("tbody tr", has_text="Sum 1").locator("td.total")).to_contain_text("1")


def test_a_whole_question_is_voided_in_two_clicks_and_the_preview_says_who_gains_what(
    served: dict[str, Any], new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context().new_page()
    sign_in(page, (INSTRUCTOR, PASSWORD))
    page.goto(f"{served['regraded_quiz']}/results/{served['regraded_attempt']}")
    page.get_by_role("link", name="Void this question 1").click()
    expect(page.get_by_role("heading", name="Void the whole question “A sum”")).to_be_visible()
    page.get_by_role("button", name="Show whose marks would change").click()
    page.get_by_role("button", name="Apply").wait_for()
    expect(page.get_by_text("the whole question: counts in full for everybody")).to_be_visible()
    assert {after for _, _, after in rows(page)} == {"5"}
    blank = page.locator("tr", has_text="Sum 5").locator(".changes li")
    expect(blank).to_have_text([f"the part is voided: 0 → {worth}" for worth in (2, 3)])
    # Whoever had all points of the first part is moved in the second one only.
    right = page.locator("tr", has_text="Sum 0").locator(".changes li")
    expect(right).to_have_text(["the part is voided: 0 → 3"])
    page.get_by_role("button", name="Drop").click()
    done(page, "dropped")
