"""A drawing by mouse, by upload, offline, without a mouse and without scripts; then the gallery and the survey."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect

from tests.browser import drawn
from tests.browser.axe import complaints
from tests.browser.conftest import crash, sign_in
from tests.browser.keyboard import Keyboard
from tests.browser.served import PASSWORD
from tests.graders.rasterising.files import as_file, document, picture, png_claiming

NEW = Callable[..., BrowserContext]
SAVED = "All changes saved"


def begin(new_context: NEW, login: str, **options: object) -> Page:
    page = new_context(**options).new_page()
    sign_in(page, (login, PASSWORD))
    go_on = page.get_by_role("link", name="Continue")
    page.get_by_role("button", name="Start").or_(go_on).first.click()
    page.locator("[data-exam]").wait_for()
    # Going on begins at what is not answered yet.
    if not page.url.endswith("/1"):
        page.goto(page.url.rpartition("/")[0] + "/1")
    if options.get("java_script_enabled", True):
        page.get_by_role("button", name="Draw here").wait_for()
    return page


def file(name: str, content: bytes, kind: str = "image/png") -> FilePayload:
    return {"name": name, "mimeType": kind, "buffer": content}


def scribble(page: Page) -> None:
    box = page.locator(".board-paper").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.down()
    for x, y in ((160, 140), (260, 60), (300, 180)):
        page.mouse.move(box["x"] + x, box["y"] + y, steps=5)
    page.mouse.up()


def colours(page: Page, number: int) -> set[tuple[int, ...]]:
    """The colours of a page, as the server has it."""
    address = page.locator(".drawn-page img").nth(number).get_attribute("src")
    assert address is not None
    image = Image.open(io.BytesIO(page.request.get(address).body())).convert("RGB")
    found = image.getcolors(1 << 24)
    assert found is not None
    return {colour for count, colour in found if count > 30 and isinstance(colour, tuple)}


def test_a_drawing_and_an_upload_reach_the_gallery_with_their_points(new_context: NEW) -> None:
    page = begin(new_context, drawn.STUDENTS[0])
    page.get_by_role("button", name="Draw here").click()
    scribble(page)
    page.get_by_role("button", name="Red").click()
    page.get_by_role("button", name="Thick").click()
    scribble(page)
    page.get_by_role("button", name="Undo").click()
    assert complaints(page) == []
    page.get_by_role("button", name="Add this drawing").click()
    expect(page.locator(".drawn-page")).to_have_count(1)
    assert (255, 255, 255) in colours(page, 0)
    assert not any(red > 150 and green < 80 for red, green, _ in colours(page, 0))  # it was undone
    blue = file("photo.jpg", as_file(picture(60, 40, colour="blue"), "JPEG"), "image/jpeg")
    page.locator("input[type=file]").set_input_files([blue, file("pages.pdf", document(2), "application/pdf")])
    expect(page.locator(".drawn-page")).to_have_count(3)  # the two blank pages of the PDF are one picture
    page.get_by_role("button", name="Move page 2 forward").click()
    expect(page.get_by_role("button", name="Move page 1 forward")).to_have_attribute("aria-disabled", "true")
    page.get_by_role("button", name="Remove page 3").click()
    expect(page.locator(".drawn-page")).to_have_count(2)
    page.get_by_label("What it shows").fill("A mountain on a blue day")
    page.get_by_label("It may be shown").check()
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    # What is drawn and not added yet is not lost by going on.
    page.get_by_role("button", name="Clear").click()
    scribble(page)
    page.get_by_role("button", name="Next question").click()
    page.get_by_label("What you liked").fill("The drawing.")
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    page.get_by_role("link", name="A drawing for the end").click()
    expect(page.locator(".drawn-page")).to_have_count(3)
    assert max(blue for _, _, blue in colours(page, 0)) > 200
    assert complaints(page) == []
    page.get_by_role("link", name="Review and hand in").first.click()
    page.get_by_role("link", name="Hand in…").click()
    page.get_by_role("button", name="Yes, hand in").click()
    page.get_by_role("link", name="See the result").click()
    expect(page.locator(".drawn-page img")).to_have_count(3)
    expect(page.get_by_text("Kept without a name")).to_be_visible()
    assert complaints(page) == []

    staff = new_context().new_page()
    sign_in(staff, (drawn.INSTRUCTOR, PASSWORD))
    staff.goto("/courses")
    staff.get_by_role("link", name=drawn.COURSE, exact=True).click()
    staff.get_by_role("link", name=f"Results of {drawn.QUIZ}").click()
    staff.locator("a.button", has_text="Drawings").click()
    expect(staff.locator(".drawn-page img").first).to_be_visible()
    staff.get_by_role("button", name="Publish the drawing of Dora").click()
    staff.get_by_label("Points for Dora").fill("2.5")
    staff.get_by_role("button", name="Award").click()
    expect(staff.get_by_text("The points are stored.")).to_be_visible()
    assert complaints(staff) == []
    staff.get_by_role("link", name="All results").click()
    staff.locator("a.button", has_text="Survey").click()
    expect(staff.get_by_text("1 person said something")).to_be_visible()
    expect(staff.get_by_text("The drawing.")).to_have_count(0)
    assert complaints(staff) == []

    page.reload()
    expect(page.locator(".total-points")).to_have_text("2.5", timeout=30_000)
    page.get_by_role("link", name="The gallery of drawings").click()
    expect(page.get_by_text("A mountain on a blue day")).to_be_visible()
    expect(page.locator(".gallery").get_by_text("Dora")).to_have_count(0)
    assert complaints(page) == []


HOSTILE = [
    (file("evil.svg", b"<svg onload='alert(1)'/>", "image/svg+xml"), "This is an SVG drawing"),
    (file("huge.png", png_claiming(40_000, 40_000)), "40,000 × 40,000 pixels"),
    (file("secret.pdf", document(1, password="x"), "application/pdf"), "protected by a password"),
    (file("b.pdf", document(1, script="app.alert(1)"), "application/pdf"), "holds a program"),
    (file("two.png", as_file(picture()) + b"<script>alert(1)</script>"), "Another file hides behind this picture"),
    (file("page.png", b"<!DOCTYPE html><script>alert(1)</script>"), "This is a web page"),
    (file("half.jpg", as_file(picture(300, 300), "JPEG")[:500], "image/jpeg"), "damaged or incomplete"),
]


def test_hostile_files_are_refused_in_words_and_the_network_may_fail(new_context: NEW) -> None:
    page = begin(new_context, drawn.STUDENTS[1])
    for sent, says in HOSTILE:
        page.locator("input[type=file]").set_input_files([sent])
        expect(page.locator(".drawn-told")).to_contain_text(f"{sent['name']} was not taken.")
        expect(page.locator(".drawn-told")).to_contain_text(says)
    expect(page.locator(".drawn-page")).to_have_count(0)
    page.context.set_offline(True)
    page.locator("input[type=file]").set_input_files([file("a.png", as_file(picture()))])
    expect(page.locator(".drawn-told")).to_contain_text("It is kept on this device and tried again.")
    expect(page.get_by_role("button", name="Try again now")).to_be_visible()
    page.context.set_offline(False)
    # As soon as there is a connection again, it is sent by itself.
    expect(page.locator(".drawn-page")).to_have_count(1)
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    # The same attempt in another tab: the newest answer wins, and no page is lost.
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator(".drawn-page")).to_have_count(1)
    other.locator("input[type=file]").set_input_files([file("b.pdf", document(1), "application/pdf")])
    expect(other.locator(".drawn-page")).to_have_count(2)
    expect(other.locator("[data-saving]")).to_have_text(SAVED)
    page.reload()
    expect(page.locator(".drawn-page")).to_have_count(2)


KEPT_FILES = """() => new Promise((done) => {
  const opening = indexedDB.open("gradus", 1);
  opening.onsuccess = () => {
    const asked = opening.result.transaction("files").objectStore("files").count();
    asked.onsuccess = () => { opening.result.close(); done(asked.result); };
  };
})"""


def kept_here(page: Page, count: int) -> None:
    for _ in range(100):
        if page.evaluate(KEPT_FILES) == count:
            return
        page.wait_for_timeout(100)
    assert page.evaluate(KEPT_FILES) == count


def test_drawings_survive_a_crash_offline_and_come_late_like_words(new_context: NEW) -> None:
    page = begin(new_context, drawn.STUDENTS[4])
    context, address = page.context, page.url
    page.get_by_role("button", name="Draw here").click()
    expect(page.locator(".board-paper")).to_be_visible()
    context.set_offline(True)
    page.locator("input[type=file]").set_input_files([file("a.png", as_file(picture()))])
    expect(page.locator(".drawn-told")).to_contain_text("It is kept on this device and tried again.")
    scribble(page)  # and not added
    kept_here(page, 2)
    crash(page)
    context.set_offline(False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator(".drawn-page")).to_have_count(2)
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    kept_here(page, 0)
    page.reload()
    expect(page.locator(".drawn-page")).to_have_count(2)

    # The next time another question is opened first, and it is sent from there.
    context.set_offline(True)
    page.locator("input[type=file]").set_input_files([file("b.png", as_file(picture(50, 30, colour="red")))])
    kept_here(page, 1)
    crash(page)
    context.set_offline(False)
    page = context.new_page()
    with page.expect_response("**/saves"):
        page.goto(address.rpartition("/")[0] + "/2")
    kept_here(page, 0)
    page.goto(address)
    expect(page.locator(".drawn-page")).to_have_count(3)

    # At last it is handed in elsewhere before this device is back.
    context.set_offline(True)
    page.locator("input[type=file]").set_input_files([file("c.png", as_file(picture(50, 30, colour="green")))])
    kept_here(page, 1)
    crash(page)
    other = begin(new_context, drawn.STUDENTS[4])
    other.goto(address.partition("/questions")[0] + "/hand-in")
    other.get_by_role("button", name="Yes, hand in").click()
    expect(other.get_by_role("heading", name="Handed in")).to_be_visible()
    context.set_offline(False)
    page = context.new_page()
    page.goto("/")
    page.get_by_role("link", name="Open the attempt, so that they are sent").click()
    expect(page.get_by_text("They have been sent, and are kept for your instructor")).to_be_visible()
    kept_here(page, 0)


def test_without_a_mouse_a_file_or_words_are_an_answer(new_context: NEW) -> None:
    page = begin(new_context, drawn.STUDENTS[2])
    keys = Keyboard(page)
    with page.expect_file_chooser() as chosen:
        keys.press("drawing-answer button[aria-describedby]")
    chosen.value.set_files([file("a.png", as_file(picture()))])
    expect(page.locator(".drawn-page")).to_have_count(1)
    keys.press("[data-move=remove]")
    expect(page.locator(".drawn-page")).to_have_count(0)
    expect(page.get_by_role("button", name="Draw here")).to_be_focused()
    keys.type("textarea", "A ghost that looks like a loss landscape")
    keys.press("[data-named]", "Space")
    assert page.locator("[data-shown]").is_checked()
    expect(page.locator("[data-saving]")).to_have_text(SAVED)
    page.reload()
    assert page.locator("drawing-answer").evaluate("one => one.raw") == [
        [],
        "A ghost that looks like a loss landscape",
        "named",
    ]


def test_without_scripts_the_form_uploads(new_context: NEW) -> None:
    page = begin(new_context, drawn.STUDENTS[3], java_script_enabled=False)
    page.get_by_label("A file with your drawing").set_input_files([file("a.png", as_file(picture()))])
    page.get_by_label("What it shows").fill("All red")
    page.get_by_role("button", name="Upload").click()
    expect(page.locator(".drawn-page img")).to_have_count(1)
    expect(page.get_by_label("What it shows")).to_have_value("All red")
    page.get_by_label("A file with your drawing").set_input_files([file("x.svg", b"<svg/>")])
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_role("alert")).to_contain_text("This is an SVG drawing")
    page.get_by_label("Remove page 1").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".drawn-page img")).to_have_count(0)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_on_a_phone_nothing_runs_out(new_context: NEW, theme: str) -> None:
    page = begin(new_context, drawn.STUDENTS[2], viewport={"width": 320, "height": 720}, color_scheme=theme)
    page.get_by_role("button", name="Draw here").click()
    page.locator(".board-paper").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert complaints(page) == []
