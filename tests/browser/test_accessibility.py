"""Every page, in both themes: axe finds nothing, and on the narrowest screen nothing runs out of it sideways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from app.main import create_app
from app.settings import read_settings
from tests.browser import desked, formulated, regrading
from tests.browser.axe import complaints
from tests.browser.conftest import sign_in
from tests.browser.served import ADMINISTRATOR, INSTRUCTOR, LOGIN, PASSWORD, STUDENTS

NOBODY, AUTHOR, SAT, SITS = "", INSTRUCTOR.format(39), LOGIN.format(STUDENTS - 1), LOGIN.format(STUDENTS - 2)
MARKER = desked.MARKERS[0]
CORRECTOR = regrading.INSTRUCTOR
FRIDA = formulated.STUDENT.format(0)
QUIZ = "/courses/{course}/quizzes/{quiz}"
# Route, address, and whose page it is. `{…}` in an address is what the served Gradus told.
PAGES = (
    ("/", "/", NOBODY),
    ("/", "/", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{running}/questions/1", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{running}/questions/2", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{running}/questions/4", SITS),
    ("/attempts/{attempt_id}/questions/{position}", "/attempts/{formulas}/questions/1", FRIDA),
    ("/attempts/{attempt_id}/review", "/attempts/{running}/review", SITS),
    ("/attempts/{attempt_id}/hand-in", "/attempts/{running}/hand-in", SITS),
    ("/attempts/{attempt_id}/receipt", "/attempts/{handed_in}/receipt", SAT),
    ("/attempts/{attempt_id}/result", "/attempts/{handed_in}/result", SAT),
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
    "/attempts/{attempt_id}/state",
    "/courses/{course_id}/quizzes/{quiz_id}/regrades/{regrade_id}/state",
    "/attempts/{attempt_id}/pages/{sha256}",
    "/courses/{course_id}/quizzes/{quiz_id}/gallery/{handle}/{sha256}",
    "/courses/{course_id}/quizzes/{quiz_id}/results/{attempt_id}/pages/{sha256}",
    "/account/data.zip",
    "/people/{person_id}/data.zip",
    "/courses/{course_id}/gradebook.csv",
    "/courses/{course_id}/gradebook.xlsx",
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
    contexts = [one for included in app.routes for one in getattr(included, "effective_route_contexts", tuple)()]
    answers = {one.path for one in contexts if "GET" in one.methods and not one.path.startswith("/api/")}
    assert answers == {route for route, _, _ in PAGES} | NO_PAGES


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("who", sorted({who for _, _, who in PAGES}), ids=lambda who: who or "nobody")
def test_no_page_has_a_fault_that_axe_finds_or_runs_out_of_a_narrow_screen(
    served: dict[str, Any], new_context: Callable[..., BrowserContext], theme: str, who: str
) -> None:
    page = open_as(new_context, who, color_scheme=theme)
    found = []
    for _, address, whose in PAGES:
        if whose != who:
            continue
        page.goto(address.format(**served))
        found += [f"{address}: {one}" for one in complaints(page)]
        if theme == "light":
            page.set_viewport_size({"width": 320, "height": 720})
            width = page.evaluate("document.documentElement.scrollWidth")
            found += [f"{address}: {width} px wide on a screen of 320"] if width > 320 else []
            page.set_viewport_size({"width": 1280, "height": 860})
    assert found == []
