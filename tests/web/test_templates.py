"""Every template is rendered: by a page that can be simply opened, or on one of the ways that other tests go."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import Environment

from app.web.templating import TEMPLATES
from tests.marked import EssaySandbox, fill
from tests.practised import HintingSandbox, practice_only
from tests.small_bank import Clock
from tests.web import (
    test_bank,
    test_desk,
    test_drafts,
    test_invigilation,
    test_late_saves,
    test_marking_quality,
    test_papers,
    test_practising,
    test_receipts,
    test_regrades,
    test_requests,
    test_results,
    test_roster,
    test_starting,
    test_webhooks,
    test_withheld,
)
from tests.web.building import open_desk
from tests.web.conftest import House
from tests.web.kept import Kept
from tests.web.test_access import PEOPLE, World, ways, world
from tests.web.test_bank import bank
from tests.web.test_desk import Room, room
from tests.web.test_drafts import Editor, editor
from tests.web.test_regrades import Corrected, corrected
from tests.web.test_webhooks import course

__all__ = ["bank", "corrected", "course", "editor", "room", "world"]

ALL = {file.relative_to(TEMPLATES).as_posix() for file in TEMPLATES.rglob("*.html")}


@pytest.fixture(scope="module")
def kept() -> Kept:
    """Templates of this module's own: those that all houses of a process share write some words only once."""
    return Kept()


@pytest.fixture(scope="module")
def rendered() -> set[str]:
    """The templates met so far by the tests of this module, which run in their order."""
    return set()


@pytest.fixture(autouse=True)
def recording(rendered: set[str], monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = Environment.get_template

    def get_template(self: Environment, name: Any, *rest: Any, **more: Any) -> Any:
        rendered.add(str(name))
        return loaded(self, name, *rest, **more)

    monkeypatch.setattr(Environment, "get_template", get_template)


def test_no_page_fails_for_anybody(world: World) -> None:
    for way in ways(world.house.app):
        if way.method == "GET" and not way.path.startswith("/api/"):
            for who in PEOPLE:
                assert world.ask(way, who, world.home).status_code < 500, f"{way} as {who}"


def test_questions_come_in_and_go_out(bank: House) -> None:
    test_bank.test_a_question_is_shown_with_three_variants_rubric_history_and_use(bank)
    test_bank.test_several_questions_get_what_was_chosen_for_each(bank)


def test_a_question_is_edited(editor: Editor) -> None:
    test_drafts.test_a_question_is_begun_edited_tested_and_published(editor)


def test_answers_are_marked(room: Room) -> None:
    test_desk.test_answers_are_opened_decided_and_followed_by_the_next(room)


def test_answers_are_marked_twice(open_house: Callable[..., House]) -> None:
    house = open_house(sandbox=EssaySandbox())
    room = test_marking_quality.Room(house, fill(house.transactions, Clock()))
    test_marking_quality.test_a_sample_is_marked_twice_and_what_differs_is_decided(room)


def test_a_request_is_answered(open_house: Callable[..., House]) -> None:
    test_requests.test_a_request_goes_its_way_without_scripts(open_desk(open_house()))


def test_a_webhook_is_looked_at(house: House, course: str) -> None:
    test_webhooks.test_a_webhook_is_added_looked_at_changed_and_removed(house, course)


def test_a_part_is_graded_anew(corrected: Corrected) -> None:
    test_regrades.test_a_part_is_voided_in_two_clicks_previewed_applied_and_undone(corrected)


def test_questions_are_practised(open_house: Callable[..., House]) -> None:
    house = open_house(sandbox=HintingSandbox())
    practice_only(house.transactions)
    house.sign_in()
    test_practising.test_a_question_is_checked_hinted_at_solved_and_got_anew_without_scripts(house)


def test_papers_results_and_people(open_house: Callable[..., House]) -> None:
    test_starting.test_forward_only_one_question_after_the_other(open_house())
    test_invigilation.test_ending_is_asked_about_in_words_first(open_desk(open_house()))
    test_late_saves.test_what_comes_late_is_kept_shown_and_accepted(open_house())
    test_papers.test_papers_with_every_kind_of_field_and_their_key(open_house())
    test_withheld.test_nothing_leaks_before_staff_release(open_house())
    test_results.test_points_reasons_and_the_solution_of_this_variant(open_house())
    test_receipts.test_ones_paper_is_printed_with_points_once_they_are_out(open_house())
    test_roster.test_an_invitation_is_made_and_somebody_joins(open_house())
    test_roster.test_who_has_no_account_makes_one_and_is_in(open_house())
    test_roster.test_a_list_is_shown_then_enrolled_and_the_rest_is_still_there(open_house())


def test_every_template_was_rendered(rendered: set[str]) -> None:
    assert sorted(ALL - rendered) == []
