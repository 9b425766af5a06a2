"""An instructor builds a quiz and opens it, once with the mouse and once with the keyboard alone; and prints papers."""

from __future__ import annotations

import io
import re
from collections import Counter

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.served import PASSWORD

SAVED = re.compile(r"\?done=")


def new_course(page: Page, title: str) -> str:
    """A course of one's own, so that nobody else's list of quizzes changes; its address."""
    page.goto("/courses/new")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Make course").click()
    page.get_by_role("navigation", name="Course").get_by_role("link", name="Quizzes").click()
    page.get_by_role("link", name="New quiz").wait_for()
    return page.url.split("?")[0]


def search(page: Page, words: str) -> None:
    page.get_by_label("Search the bank").fill(words)
    page.get_by_role("button", name="Search").click()
    page.locator(".found-list li").first.wait_for()


def add(page: Page, title: str) -> None:
    page.get_by_role("button", name=f"Add “{title}”").click()


def order(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("[data-place] .question-title").all_inner_texts()]


def test_by_mouse(author: Page) -> None:
    page = author
    course = new_course(page, "Mouse course")
    page.get_by_role("link", name="New quiz").click()
    page.get_by_label("Title").fill("Built by mouse")
    page.get_by_label("Attempts").fill("2")
    search(page, "tum")
    total = page.locator("[data-total]")
    for count, title in enumerate(("Batch normalisation by hand", "Two steps of a ReLU RNN"), 1):
        add(page, title)
        expect(total).to_contain_text(re.compile(rf"^{count} question"))
    expect(total).to_have_text("2 questions · 6.5 points")

    # A pool of two chosen questions, of which everybody gets one worth two and a half points.
    page.get_by_role("button", name="Add a pool of chosen questions").click()
    expect(page.locator("[data-place]")).to_have_count(3)
    page.get_by_label("Add to").select_option("the pool in place 3")
    for count, title in enumerate(("Shuffling the validation set", "Splitting data from two sources"), 1):
        add(page, title)
        expect(page.locator("[data-place]").nth(2).locator(".pool-list li")).to_have_count(count)
    pool = page.locator("[data-place]").nth(2)
    expect(pool.locator("[data-worth]")).to_have_text("2 to 4 points")
    expect(total).to_have_text("3 questions · 8.5 to 10.5 points")
    pool.locator("[data-worth-kind]").select_option("points each")
    pool.locator("[data-amount]").fill("2.5")
    expect(total).to_have_text("3 questions · 9 points")

    # The first question to the end, by dragging.
    first = page.locator("[data-place]").first
    first.locator("[data-number]").drag_to(pool, target_position={"x": 40, "y": 150})
    expect(page.locator("[data-place]").nth(2).locator(".question-title").first).to_have_text(
        "Batch normalisation by hand"
    )
    assert complaints(page) == []

    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_role("heading", name="What students will get")).to_be_visible()
    expect(page.locator("main")).to_contain_text("3 questions, 9 points")
    assert complaints(page) == []
    page.get_by_role("button", name="Publish now").click()
    expect(page.get_by_text("The quiz is published.")).to_be_visible()
    assert complaints(page) == []

    page.get_by_role("button", name="Preview as a student").click()
    page.locator("[data-exam]").wait_for()
    expect(page.locator(".exam-title")).to_contain_text("preview")
    expect(page.get_by_role("navigation", name="Questions").locator("[data-entry]")).to_have_count(3)
    expect(page.get_by_role("heading", level=1)).to_have_text("Two steps of a ReLU RNN")
    page.goto(course)
    expect(page.locator("tbody tr")).to_contain_text("open")
    assert complaints(page) == []


def test_by_keyboard_alone(author: Page) -> None:
    page, keys = author, Keyboard(author)
    course = new_course(page, "Keyboard course")
    page.goto(f"{course}/quizzes/new")
    keys.type("#title", "Built by keyboard")
    keys.type("#search", "tum")
    page.keyboard.press("Enter")
    page.locator(".found-list li").first.wait_for()
    for count, question in enumerate(("tum-03", "tum-05", "tum-10b"), 1):
        keys.press(f"[data-add][value='add:{question}']")
        expect(page.locator("[data-place]")).to_have_count(count)
    titles = order(page)

    # The last one to the top with Alt and an arrow, the new last one up with its button; then one is removed.
    keys.to("[data-place]:nth-child(3) [data-amount]")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    assert order(page) == [titles[2], titles[0], titles[1]]
    assert page.evaluate("document.activeElement.matches('[data-place]:nth-child(1) [data-amount]')")
    keys.press("[data-place]:nth-child(3) [data-move='-1']")
    assert order(page) == [titles[2], titles[1], titles[0]]
    keys.press("[data-place]:nth-child(3) [data-remove]")
    assert order(page) == [titles[2], titles[1]]
    expect(page.locator("[data-state]")).to_contain_text("Place 3 is removed.")
    keys.to("[data-place]:nth-child(1) [data-amount]")
    page.keyboard.press("Control+A")
    page.keyboard.type("1/3")
    keys.press(".save-bar button[value='publish']")
    expect(page.get_by_role("heading", name="What students will get")).to_be_visible()
    keys.press("form[method=post] .button.primary")
    expect(page.get_by_text("The quiz is published.")).to_be_visible()
    keys.press("form[action$='/preview'] button")
    page.locator("[data-exam]").wait_for()


def test_nothing_typed_is_lost_when_the_server_refuses_or_is_away(author: Page) -> None:
    page = author
    course = new_course(page, "Careful course")
    page.goto(f"{course}/quizzes/new")
    page.get_by_label("Title").fill("Careful")
    page.get_by_label("Description").fill("Kept")
    page.get_by_label("Time limit in minutes").fill("soon")
    save = page.locator(".save-bar button").first
    save.click()
    expect(page.get_by_text("This is a whole number, or nothing.")).to_be_visible()
    expect(page.get_by_label("Time limit in minutes")).to_be_focused()
    expect(page.get_by_label("Description")).to_have_value("Kept")
    assert complaints(page) == []
    page.get_by_label("Time limit in minutes").fill("30")
    page.context.set_offline(True)
    save.click()
    expect(page.get_by_text("The server could not be reached.")).to_be_visible()
    page.context.set_offline(False)
    save.click()
    page.wait_for_url(SAVED)
    expect(page.get_by_label("Description")).to_have_value("Kept")

    # Signed out and in again in another tab: what is typed here can still be saved.
    other = page.context.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    other.get_by_label("Account").wait_for()
    page.get_by_label("Description").fill("Kept once more")
    save.click()
    expect(page.get_by_text("You have been signed out.")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("Kept once more")
    login = page.locator(".bar-name").inner_text().lower().replace(" ", "")
    sign_in(other, (login, PASSWORD))
    save.click()
    page.wait_for_load_state()
    expect(page.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_label("Description")).to_have_value("Kept once more")


def test_the_pages_around_a_quiz_have_no_faults(author: Page) -> None:
    page = author
    course = new_course(page, "Fair course")
    page.goto(f"{course}/quizzes/new")
    page.get_by_label("Title").fill("Fair")
    page.locator(".save-bar button").first.click()
    page.wait_for_url(SAVED)
    page.get_by_role("link", name="Accommodations").click()
    expect(page.get_by_text("This course has no students yet.")).to_be_visible()
    assert complaints(page) == []
    page.goto(f"{course}/copy")
    assert complaints(page) == []


def test_printed_papers_differ_and_carry_their_codes(author: Page) -> None:
    page = author
    course = new_course(page, "Paper course")
    page.goto(f"{course}/quizzes/new")
    page.get_by_label("Title").fill("On paper")
    search(page, "tum")
    add(page, "Two steps of a ReLU RNN")
    expect(page.locator("[data-place]")).to_have_count(1)
    add(page, "Batch normalisation by hand")
    expect(page.locator("[data-place]")).to_have_count(2)
    page.locator(".save-bar button").first.click()
    page.wait_for_url(SAVED)
    page.get_by_role("link", name="Papers").click()
    page.get_by_label("How many, without names").fill("4")
    page.get_by_role("button", name="Choose").click()
    page.get_by_role("button", name="Prepare the papers").click()
    sheets = page.locator(".sheets a", has_text="Papers")
    sheets.wait_for(timeout=60_000)
    assert complaints(page) == []
    sheets.click()
    page.locator(".paper .katex").first.wait_for()
    assert complaints(page) == []
    codes = [str(code) for code in page.locator(".paper").evaluate_all("all => all.map((one) => one.dataset.paper)")]
    assert len(set(codes)) == 4

    pages = printed(page)
    # The head stands on every page of a paper, and no page holds two papers.
    heads = [re.findall(r"\d{3}-[A-Z]{3}", text) for text in pages]
    assert all(len(set(found)) == 1 for found in heads)
    assert list(dict.fromkeys(found[0] for found in heads)) == codes
    papers = {
        code: "".join(text for text, found in zip(pages, heads, strict=True) if found[0] == code).replace(code, "")
        for code in codes
    }
    assert len(set(papers.values())) == 4
    assert not any("Worked" in text for text in papers.values())

    page.goto(page.url + "&key=true")
    page.locator(".paper .katex").first.wait_for()
    assert Counter(re.findall(r"\d{3}-[A-Z]{3}", " ".join(printed(page)))).keys() == set(codes)


def printed(page: Page) -> list[str]:
    """The text of every page of the PDF that the browser makes."""
    made = page.pdf(prefer_css_page_size=True)
    return [sheet.extract_text() for sheet in PdfReader(io.BytesIO(made)).pages]
