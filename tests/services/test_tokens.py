"""A token acts for its person within its scopes, until it is revoked, expires, or its person is gone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.accounts import tokens
from app.services.accounts.people import Person, person_from
from app.services.accounts.tokens import Grant, NewToken
from app.services.quizzes import quizzes
from app.storage import people
from app.storage.tables import Course, PersonRow, TokenRow
from tests.small_bank import Stage


def person(stage: Stage, number: int = 0) -> Person:
    with stage.transactions.reading() as tx:
        row = people.person(tx, stage.students[number])
        assert row is not None
        return person_from(row)


def make(stage: Stage, number: int = 0, **given: Any) -> str:
    new = NewToken(**({"name": "sync", "scopes": ("courses:read",)} | given))
    with stage.transactions.writing() as tx:
        return tokens.make(tx, person(stage, number), new)


def grant(stage: Stage, text: str) -> Grant | None:
    with stage.transactions.reading() as tx:
        return tokens.grant(tx, text)


def course(stage: Stage) -> str:
    with stage.transactions.reading() as tx:
        return tx.session.execute(select(Course.public_id).where(Course.id == stage.course)).scalar_one()


def test_a_token_opens_what_it_was_made_for_and_is_kept_only_as_a_hash(stage: Stage) -> None:
    text = make(stage, scopes=("results:read", "courses:read"))
    assert text.startswith("gradus_")
    found = grant(stage, text)
    assert found is not None
    assert (found.person.login, found.scopes) == ("student0", {"courses:read", "results:read"})
    with stage.transactions.reading() as tx:
        (row,) = tx.session.scalars(select(TokenRow)).all()
        stored = [str(value) for name, value in vars(row).items() if name != "hint"]
        assert not any(text in value or text.removeprefix("gradus_") in value for value in stored)
        assert len(row.hint) == len("gradus_") + 4


@pytest.mark.parametrize(
    "text", ["", "gradus_", "gradus_" + "x" * 43, "x" * 10_000, "gradus_\ud800", "gradus_" + "é" * 43]
)
def test_what_is_no_token_opens_nothing(stage: Stage, text: str) -> None:
    assert grant(stage, text) is None


def test_an_expired_token_opens_nothing(stage: Stage) -> None:
    text = make(stage, days=2)
    stage.clock.pass_time(days=1, hours=23)
    assert grant(stage, text) is not None
    stage.clock.pass_time(hours=1)
    assert grant(stage, text) is None
    with stage.transactions.reading() as tx:
        assert [card.expired for card in tokens.tokens_of(tx, person(stage))] == [True]


def test_a_revoked_token_opens_nothing_and_only_its_owner_revokes_it(stage: Stage) -> None:
    text = make(stage)
    with stage.transactions.reading() as tx:
        (card,) = tokens.tokens_of(tx, person(stage))
        assert tokens.tokens_of(tx, person(stage, 1)) == ()
    with pytest.raises(NotFound), stage.transactions.writing() as tx:
        tokens.revoke(tx, person(stage, 1), card.id)
    assert grant(stage, text) is not None
    with stage.transactions.writing() as tx:
        assert tokens.revoke(tx, person(stage), card.id) == "sync"
    assert grant(stage, text) is None
    with pytest.raises(NotFound), stage.transactions.writing() as tx:
        tokens.revoke(tx, person(stage), card.id)


def test_the_token_of_somebody_erased_opens_nothing(stage: Stage) -> None:
    text = make(stage)
    with stage.transactions.writing() as tx:
        tx.session.get_one(PersonRow, stage.students[0]).erased_at = tx.now()
    assert grant(stage, text) is None


def test_a_token_may_be_for_one_of_ones_own_courses_only(stage: Stage) -> None:
    found = grant(stage, make(stage, course=course(stage)))
    assert found is not None
    assert (found.course_id, found.course) == (stage.course, course(stage))
    with stage.transactions.writing() as tx:
        quizzes.create_course(tx, "Elsewhere")
        elsewhere = people.course_by_title(tx, "Elsewhere")
        assert elsewhere is not None
        foreign = elsewhere.public_id
    with pytest.raises(NotFound):
        make(stage, course=foreign)


def test_when_it_was_used_is_remembered_now_and_then(stage: Stage) -> None:
    text = make(stage)
    found = grant(stage, text)
    assert found is not None
    assert found.stale
    with stage.transactions.writing() as tx:
        tokens.used(tx, found.id)
    again = grant(stage, text)
    assert again is not None
    assert not again.stale
    stage.clock.pass_time(minutes=1)
    later = grant(stage, text)
    assert later is not None
    assert later.stale


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"scopes": ()}, "scopes"),
        ({"scopes": ("everything",)}, "scopes"),
        ({"scopes": ("courses:read", "everything")}, "scopes"),
        ({"days": 0}, "days"),
        ({"days": 10**6}, "days"),
        ({"once": "\0"}, "once"),
    ],
)
def test_what_cannot_be_taken_is_said_with_its_place(stage: Stage, given: dict[str, Any], place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        make(stage, **given)
    assert refused.value.place == place


def test_the_same_form_sent_twice_makes_one_token(stage: Stage) -> None:
    make(stage, once="a-form-of-its-own")
    with pytest.raises(Conflict):
        make(stage, once="a-form-of-its-own")
    with stage.transactions.reading() as tx:
        assert len(tokens.tokens_of(tx, person(stage))) == 1


def test_every_scope_is_explained() -> None:
    assert all(tokens.explained(scope) for scope in tokens.SCOPES)
    assert set(tokens.FOR_STUDENTS) <= set(tokens.SCOPES)
