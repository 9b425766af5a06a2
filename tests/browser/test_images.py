"""A question with an image, from the exam to the result, on paper and in the bank."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.browser import pictured
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in, start
from tests.browser.served import ADMINISTRATOR, PASSWORD

IMAGES = "img.figure"
LOADED = "all => all.map((one) => [one.complete, one.naturalWidth, one.naturalHeight])"


def expect_images(page: Page, count: int) -> None:
    """So many images of the question stand on this page, and each is there to the last pixel."""
    images = page.locator(IMAGES)
    expect(images).to_have_count(count)
    for image in images.all():
        expect(image).to_have_js_property("complete", True)
    assert images.evaluate_all(LOADED) == [[True, pictured.WIDE, pictured.HIGH]] * count


def expect_some_images(page: Page) -> None:
    """Prompt and solution, at least."""
    expect(page.locator(IMAGES).nth(1)).to_be_attached()
    expect_images(page, page.locator(IMAGES).count())


def test_images_are_there_in_the_exam_in_the_result_on_paper_and_in_the_bank(
    served: dict[str, Any], new_context: Callable[..., BrowserContext]
) -> None:
    student = new_context().new_page()
    sign_in(student, (pictured.STUDENT, PASSWORD))
    start(student)
    expect_images(student, 2)
    expect(student.get_by_role("img", name="Two boxes beside each other")).to_be_visible()
    assert complaints(student) == []
    student.locator("#input-layers").fill("2")
    student.get_by_role("link", name="Review and hand in").click()
    student.get_by_role("link", name="Hand in…").click()
    student.get_by_role("button", name="Yes, hand in").click()
    student.get_by_role("link", name="See the result").click()
    expect(student.locator(".result-head .points").first).to_have_text("1 of 1", timeout=30_000)
    student.get_by_text("Worked solution").first.click()
    expect_some_images(student)

    staff = new_context().new_page()
    sign_in(staff, (ADMINISTRATOR, PASSWORD))
    staff.goto(f"{served['pictures']}/papers?whose=blank&count=1")
    papers = staff.locator(".sheets a", has_text="Papers")
    # Variants are made ahead as well: there may be nothing left to prepare.
    prepare = staff.get_by_role("button", name="Prepare the papers")
    expect(prepare.or_(papers).first).to_be_visible()
    if prepare.is_visible():
        prepare.click()
    papers.click()
    expect_images(staff, 2)
    # The printed file holds the picture as well.
    objects = [one["/Resources"].get("/XObject", {}) for one in PdfReader(io.BytesIO(staff.pdf())).pages]
    kinds = [held[name].get_object()["/Subtype"] for held in objects for name in held]
    assert kinds.count("/Image") >= 1
    staff.goto(staff.url + "&key=true")
    expect_images(staff, 1)

    staff.goto(f"{served['pictures']}/results")
    staff.locator("a[href*='/results/']", has_text="Pia").first.click()
    expect(staff.get_by_role("heading", name="Pia Picture")).to_be_visible()
    expect_some_images(staff)
    staff.goto(f"/bank/{pictured.QUESTION}")
    expect_some_images(staff)
