"""Every page, in both themes: axe finds nothing, targets are large enough, nothing moves for who wants no motion.

On the narrowest screen nothing runs out of it sideways, and with wider spacing no text is cut off. On the pages of
students and of markers the focus is always seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import BrowserContext, Page

from app.main import create_app
from app.settings import read_settings
from tests.browser import desked, every_kind, formulated, guarded, practised, regrading
from tests.browser.axe import complaints, complaints_in_the_dark
from tests.browser.conftest import sign_in
from tests.browser.measures import clipped, moving, small_targets, walk
from tests.browser.served import ADMINISTRATOR, INSTRUCTOR, LOGIN, PASSWORD, STUDENTS

NOBODY, AUTHOR, SAT, SITS = "", INSTRUCTOR.format(39), LOGIN.format(STUDENTS - 1), LOGIN.format(STUDENTS - 2)
MARKER = desked.MARKERS[0]
PRACTISES = practised.STUDENTS[-1]
CORRECTOR = regrading.INSTRUCTOR
FRIDA = formulated.STUDENT.format(0)
EVA = every_kind.STUDENTS[0]
QUIZ = "/courses/{course}/quizzes/{quiz}"
# Route, address, and whose page it is. `{…}` in an address is what the served Gradus told.
PAGES = (
    ("/", "/", NOBODY),
    ("/", "/", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{running}/questions/1", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{running}/questions/2", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{running}/questions/4", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{formulas}/questions/1", FRIDA),
    *(
        ("/attempts/{attempt_id}/questions/{position}", f"/attempts/{{kinds}}/questions/{n}", EVA)
        for n in range(1, len(every_kind.QUIZ) + 1)
    ),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{practice}/questions/1", PRACTISES),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{practice}/questions/1?solution=true", PRACTISES),
    ("/attempts/{attempt_id}/practice", "/attempts/{practice}/practice", PRACTISES),
    ("/attempts/{attempt_id}/review", "/attempts/{kinds}/review", EVA),
    ("/quizzes/{quiz_id}/start", "/quizzes/{door}/start", guarded.STUDENTS[0]),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{forward}/questions/1?left=2", guarded.STUDENTS[1]),
    ("/attempts/{attempt_id}/questions/{position}/leave", "/attempts/{forward}/questions/1/leave", guarded.STUDENTS[1]),
    ("/attempts/{attempt_id}/review", "/attempts/{forward}/review", guarded.STUDENTS[1]),
    ("/attempts/{attempt_id}/review", "/attempts/{running}/review", SITS),
    ("/attempts/{attempt_id}/hand-in", "/attempts/{running}/hand-in", SITS),
    ("/attempts/{attempt_id}/receipt", "/attempts/{handed_in}/receipt", SAT),
    ("/attempts/{attempt_id}/result", "/attempts/{handed_in}/result", SAT),
    ("/attempts/{attempt_id}/paper", "/attempts/{handed_in}/paper", SAT),
    ("/receipts", "/receipts?code=0123456789abcdef", SAT),
    ("/attempts/{attempt_id}/requests", "/attempts/{handed_in}/requests", SAT),
    ("/account", "/account", SAT),
    ("/account/erase", "/account/erase", SAT),
    ("/account/tokens", "/account/tokens", AUTHOR),
    ("/password/forgot", "/password/forgot", NOBODY),
    ("/password/{token}", "/password/nothing-like-a-token-here", NOBODY),
    ("/password/{token}", "{reset}", NOBODY),
    ("/invitations/{token}", "/invitations/{invitation}", NOBODY),
    ("/invitations/{token}", "/invitations/{invitation}", AUTHOR),
    ("/invitations/{token}", "/invitations/nothing-like-a-token-here", NOBODY),
    ("/welcome/{token}", "/welcome/nothing-like-a-token-here", NOBODY),
    ("/people", "/people", ADMINISTRATOR),
    ("/people/new", "/people/new", ADMINISTRATOR),
    ("/people/{person_id}", "/people/1", ADMINISTRATOR),
    ("/people/{person_id}/erase", "/people/1/erase", ADMINISTRATOR),
    ("/courses", "/courses", AUTHOR),
    ("/courses/new", "/courses/new", AUTHOR),
    ("/courses/{course_id}", "/courses/{course}", AUTHOR),
    ("/courses/{course_id}/people", "/courses/{course}/people", AUTHOR),
    ("/courses/{course_id}/people/{person_id}", "/courses/{course}/people/1", AUTHOR),
    ("/courses/{course_id}/people-list", "/courses/{course}/people-list", AUTHOR),
    ("/courses/{course_id}/settings", "/courses/{course}/settings", AUTHOR),
    ("/courses/{course_id}/audit", "/courses/{course}/audit", AUTHOR),
    ("/audit", "/audit?kind=quizzes", ADMINISTRATOR),
    ("/courses/{course_id}/copy", "/courses/{course}/copy", AUTHOR),
    ("/courses/{course_id}/webhooks", "/courses/{course}/webhooks", AUTHOR),
    ("/courses/{course_id}/webhooks/{webhook_id}", "/courses/{course}/webhooks/nothing", AUTHOR),
    ("/courses/{course_id}/gradebook", "/courses/{course}/gradebook", AUTHOR),
    ("/courses/{course_id}/gradebook/students/{person_id}", "/courses/{course}/gradebook/students/1", AUTHOR),
    ("/courses/{course_id}/gradebook/rules", "/courses/{course}/gradebook/rules", AUTHOR),
    ("/courses/{course_id}/gradebook/grades", "/courses/{course}/gradebook/grades", AUTHOR),
    ("/courses/{course_id}/gradebook/adjustments", "/courses/{course}/gradebook/adjustments", AUTHOR),
    ("/courses/{course_id}/marks", "/courses/{course}/marks", SAT),
    ("/courses/{course_id}/quizzes/new", "/courses/{course}/quizzes/new", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}", QUIZ, AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/publish", QUIZ + "/publish", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/accommodations", QUIZ + "/accommodations", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/papers", QUIZ + "/papers", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/papers/sheets", QUIZ + "/papers/sheets?copies=2&key=1", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/sitting", QUIZ + "/sitting", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/sitting/log", QUIZ + "/sitting/log", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/late", QUIZ + "/late", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/results", QUIZ + "/results", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/results/{attempt_id}", QUIZ + "/results/{handed_in}", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/requests", QUIZ + "/requests", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/requests/{request_id}", QUIZ + "/requests/nothing", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/figures", QUIZ + "/figures", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/drawings", QUIZ + "/drawings", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/gallery", QUIZ + "/gallery", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/survey", QUIZ + "/survey", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/marking", QUIZ + "/marking", AUTHOR),
    ("/courses/{course_id}/quizzes/{quiz_id}/marking", "{desk_quiz}/marking", MARKER),
    (
        "/courses/{course_id}/quizzes/{quiz_id}/marking/{question}/{part}/{attempt_id}/{position}",
        "{desk_answer}?show=all",
        MARKER,
    ),
    ("/courses/{course_id}/quizzes/{quiz_id}/quality", "{desk_quiz}/quality", MARKER),
    ("/courses/{course_id}/quizzes/{quiz_id}/quality", "{twice_quiz}/quality", MARKER),
    ("/courses/{course_id}/quizzes/{quiz_id}/quality", "{twice_quiz}/quality?done=empty", MARKER),
    ("/courses/{course_id}/quizzes/{quiz_id}/results", "{twice_quiz}/results", MARKER),
    ("/courses/{course_id}/quizzes/{quiz_id}/requests", "{twice_quiz}/requests", MARKER),
    (
        "/courses/{course_id}/quizzes/{quiz_id}/quality/second/{question}/{part}/{attempt_id}/{position}",
        "{twice_answer}",
        MARKER,
    ),
    ("/courses/{course_id}/quizzes/{quiz_id}/regrades", "{regraded_quiz}/regrades", CORRECTOR),
    (
        "/courses/{course_id}/quizzes/{quiz_id}/regrades/new",
        "{regraded_quiz}/regrades/new?kind=accept&attempt={regraded_attempt}&position=1&part=total",
        CORRECTOR,
    ),
    (
        "/courses/{course_id}/quizzes/{quiz_id}/regrades/new",
        "{regraded_quiz}/regrades/new?kind=void&attempt={regraded_attempt}&position=1",
        CORRECTOR,
    ),
    ("/courses/{course_id}/quizzes/{quiz_id}/regrades/{regrade_id}", "{regrade}", CORRECTOR),
    (
        "/courses/{course_id}/quizzes/{quiz_id}/results/{attempt_id}",
        "{regraded_quiz}/results/{regraded_attempt}",
        CORRECTOR,
    ),
    ("/bank", "/bank", AUTHOR),
    ("/bank", "/bank?text=nothing+like+it", AUTHOR),
    ("/bank/new", "/bank/new", AUTHOR),
    ("/bank/import", "/bank/import", AUTHOR),
    ("/bank/{question}", "/bank/tum-05", AUTHOR),
    ("/bank/{question}/versions/{number}", "/bank/tum-05/versions/1", AUTHOR),
    ("/bank/{question}/changes", "/bank/tum-05/changes?from=1&to=1", AUTHOR),
)
# What answers GET and is no page: files, state for scripts, ways on to a page; the editor has tests of its own.
NO_PAGES = {
    "/attempts/{attempt_id}",
    "/attempts/{attempt_id}/answers",
    "/attempts/{attempt_id}/state",
    "/attempts/{attempt_id}/events",
    "/attempts/{attempt_id}/grading",
    "/attempts/{attempt_id}/receipt.txt",
    "/courses/{course_id}/quizzes/{quiz_id}/regrades/{regrade_id}/state",
    "/attempts/{attempt_id}/pages/{sha256}",
    "/courses/{course_id}/quizzes/{quiz_id}/gallery/{handle}/{sha256}",
    "/courses/{course_id}/quizzes/{quiz_id}/results/{attempt_id}/pages/{sha256}",
    "/account/data.zip",
    "/people/{person_id}/data.zip",
    "/courses/{course_id}/gradebook.csv",
    "/courses/{course_id}/gradebook.xlsx",
    "/courses/{course_id}/quizzes/{quiz_id}/sitting/rows",
    "/courses/{course_id}/quizzes/{quiz_id}/sitting/log.csv",
    "/courses/{course_id}/quizzes/{quiz_id}/results.csv",
    "/courses/{course_id}/quizzes/{quiz_id}/results.xlsx",
    "/bank/{question}/edit",
    "/bank/{question}/draft",
    "/bank/{question}/draft/files/{name}",
    "/bank/{question}/export",
    "/files/{sha256}/{name}",
    "/healthz",
    "/readyz",
    "/metrics",
    "/static/{tree}/{name:path}",
    "/favicon.ico",
}


def open_as(new_context: Callable[..., BrowserContext], who: str, **options: Any) -> Page:
    page = new_context(**options).new_page()
    if who:
        sign_in(page, (who, PASSWORD))
    return page


def test_every_page_is_looked_at() -> None:
    app = create_app(read_settings())
    routes = [one for one in app.routes if isinstance(one, APIRoute)]
    answers = {one.path for one in routes if "GET" in one.methods and not one.path.startswith("/api/")}
    assert answers == {route for route, _, _ in PAGES} | NO_PAGES


# Where the focus is followed, too: where somebody works against the clock, or all day.
FOLLOWED = ("/attempts/", "{desk_answer}")


@pytest.mark.parametrize("who", sorted({who for _, _, who in PAGES}), ids=lambda who: who or "nobody")
def test_no_page_has_a_fault_that_can_be_measured(
    served: dict[str, Any], new_context: Callable[..., BrowserContext], who: str
) -> None:
    page = open_as(new_context, who, color_scheme="light", reduced_motion="reduce")
    found = []
    for _, address, whose in PAGES:
        if whose == who:
            page.goto(address.format(**served))
            found += [f"{address}: {one}" for one in faults(page, followed=address.startswith(FOLLOWED))]
    assert found == []


def faults(page: Page, *, followed: bool) -> list[str]:
    """Everything that is wrong with the page that is open: one visit serves all measurements."""
    found = complaints(page) + small_targets(page) + moving(page) + complaints_in_the_dark(page)
    if followed:
        # Low, so that the bar takes much of it.
        page.set_viewport_size({"width": 1280, "height": 480})
        found += [f"focus: {one}" for one in walk(page)]
    page.set_viewport_size({"width": 320, "height": 720})
    width = page.evaluate("document.documentElement.scrollWidth")
    found += [f"{width} px wide on a screen of 320"] if width > 320 else []
    found += [f"on a narrow screen: {one}" for one in small_targets(page) + clipped(page)]
    if followed:
        found += [f"focus on a narrow screen: {one}" for one in walk(page)]
    page.set_viewport_size({"width": 1280, "height": 860})
    return found
