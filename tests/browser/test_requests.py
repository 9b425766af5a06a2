"""A student asks for another look, an instructor answers with new points, and the history of the mark says so."""

from __future__ import annotations

from typing import Any, Literal

from playwright.sync_api import Page, expect

from tests.browser.axe import complaints
from tests.browser.conftest import start

# The colours of a theme have just been changed: a frame must be drawn with them.
SETTLED = """async () => {
  for (const _ of [1, 2, 3]) await new Promise(requestAnimationFrame);
  await Promise.all(document.getAnimations().map((one) => one.finished));
}"""
THEMES: tuple[Literal["dark"], Literal["light"]] = ("dark", "light")


def check(page: Page) -> None:
    """axe in both themes, and nothing runs out of a narrow screen."""
    for theme in THEMES:
        page.emulate_media(color_scheme=theme)
        page.evaluate(SETTLED)
        assert complaints(page) == []
    page.set_viewport_size({"width": 320, "height": 720})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 860})


def test_a_request_is_asked_answered_and_told(page: Page, author: Page, served: dict[str, Any]) -> None:
    start(page)
    attempt = page.url.split("/questions/")[0]
    page.goto(f"{attempt}/hand-in")
    page.locator("form button").last.click()
    page.goto(f"{attempt}/result")
    ask = page.get_by_role("link", name="Ask about these points").first
    # Until everything is graded the page loads itself anew.
    expect(page.locator("[data-state='graded'], [data-state='waits for a person']")).to_be_attached(timeout=60_000)
    check(page)
    ask.click()
    expect(page.get_by_role("heading", name="Ask for another look")).to_be_visible()
    page.get_by_role("button", name="Ask", exact=True).click()
    about = page.get_by_label("What it is about")
    about.select_option(index=2)
    chosen = about.evaluate("select => select.selectedOptions[0].textContent")
    page.get_by_label("Why it deserves another look").fill("I meant the second one.\nPlease look again.")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Your request is stored.")).to_be_visible()
    expect(page.locator(".chip", has_text="open")).to_be_visible()
    assert "of" in chosen
    check(page)

    requests = f"/courses/{served['course']}/quizzes/{served['quiz']}/requests"
    author.goto(requests)
    expect(author.get_by_text("1 request waits for an answer.")).to_be_visible()
    check(author)
    author.get_by_role("region", name="Requests of students").get_by_role("link").first.click()
    expect(author.get_by_text("I meant the second one.")).to_be_visible()
    author.get_by_role("button", name="Decline").click()
    expect(author.get_by_text("Say in a few words why.")).to_be_visible()
    check(author)
    author.get_by_label("Your answer").fill("Right, the second one counts.")
    author.get_by_label("New points for this criterion").fill("1/4")
    author.get_by_role("button", name="Grant with these points").click()
    expect(author.get_by_text("The new points are stored")).to_be_visible()

    page.reload()
    expect(page.locator(".chip", has_text="granted")).to_be_visible()
    expect(page.get_by_text("Right, the second one counts.")).to_be_visible()
    page.goto(f"{attempt}/result")
    summary = page.locator("details.history summary").first
    summary.wait_for(timeout=60_000)
    expect(page.locator(".total-points")).to_have_text("0.25")
    summary.click()
    line = page.locator(".history-lines li").first
    expect(line).to_contain_text("decided by a person: Right, the second one counts.")
    # By the same clock as the moment of handing in.
    expect(line.locator(".when time[datetime]")).to_have_count(1)
    expect(page.get_by_text("Comment: Right, the second one counts.")).to_be_visible()
    assert "Instructor" not in page.locator("main").inner_text()
    check(page)
