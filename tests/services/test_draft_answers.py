"""Answers to a short text, tried on a draft: beside a person's marks, and with what their changes would earn."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import InvalidInput
from app.services.drafts import drafts
from app.services.drafts.draft_answers import LONGEST_ANSWER, MOST_ANSWERS, read_answers, try_answers
from app.services.drafts.drafts import Change
from app.services.drafts.previews import Unusable
from tests.author_desk import Desk

FULL = "The derivative is zero and it cannot learn."


@pytest.fixture
def text(small_desk: Desk) -> str:
    return small_desk.begin(start="text")


def tried(desk: Desk, question: str, *answers: tuple[str, str | None], field: str = "essay", **change: Any) -> Any:
    given = read_answers([{"text": one, "points": mark} for one, mark in answers])
    with desk.transactions.reading() as tx:
        stored = drafts.outline_of(tx, question)
    return try_answers(desk.sandbox, question, stored, Change({}, **change), field, 0, given)


def test_answers_stand_beside_a_persons_marks(small_desk: Desk, text: str) -> None:
    answers = [(FULL, "2"), (FULL, "1/2"), ("It can learn.", "2"), ("Blorg xyzzy.", "1"), (FULL, None)]
    rows = tried(small_desk, text, *answers)["rows"]
    assert [row["judged"] for row in rows] == ["right", "too much", "too little", "open", ""]
    assert [row["marked"] for row in rows] == ["2", "1/2", "2", "1", None]
    assert rows[3]["unread"] == ["Blorg", "xyzzy"]
    assert not any(one["warns"] for row in rows for one in row["mutations"])


def test_a_change_that_earns_everything_is_warned_of_where_it_must_not(small_desk: Desk, text: str) -> None:
    document = small_desk.view(text).document
    field = document["parts"][0]["fields"]["essay"]
    field["concepts"]["zero"] = ["not zero"]  # harmless, as no claim asks for it
    claims = field["claims"] = {"no_gradient": {"earn": ["any gradient"]}, "no_learning": {"earn": ["learn"]}}
    full, half = tried(
        small_desk, text, ("Its derivative is zero and it can learn.", None), ("It learns.", None), document=document
    )["rows"]
    assert {one["kind"] for one in full["mutations"] if one["warns"]} == {"negated"}
    assert not any(one["warns"] for one in half["mutations"])
    # Where naming is asked for, a list of words is an answer like any other.
    for claim in claims.values():
        claim["named"] = True
    (named,) = tried(small_desk, text, ("Its derivative is zero and the unit can learn.", None), document=document)[
        "rows"
    ]
    listed = next(one for one in named["mutations"] if one["kind"] == "keywords")
    assert (listed["lo"], listed["wrong"], listed["warns"]) == ("2", False, False)


def test_a_draft_that_cannot_be_used_is_told_with_its_places(small_desk: Desk, text: str) -> None:
    document = small_desk.view(text).document
    document["parts"][0]["fields"]["essay"]["claims"]["no_gradient"]["earn"] = ["[nought"]
    with pytest.raises(Unusable) as told:
        tried(small_desk, text, (FULL, None), document=document)
    assert [one.path for one in told.value.problems] == ["parts.0.fields.essay.claims.no_gradient.earn.0"]


def test_a_short_text_is_tried_beside_right_answers_to_what_else_its_part_asks(small_desk: Desk, text: str) -> None:
    document = small_desk.view(text).document
    part = document["parts"][0]
    part["points"] = 3
    part["fields"] |= {"slope": {"grader": "number", "answer": "0"}}
    part["criteria"].append({"id": "slope", "points": 1, "when": "slope.right", "says": "The slope"})
    found = tried(small_desk, text, (FULL, "3"), ("It can learn.", "1"), document=document)
    assert (found["part"], found["field"], found["others"]) == ("a", "essay", {"slope": "0"})
    assert [(row["lo"], row["judged"]) for row in found["rows"]] == [("3", "right"), ("1", "right")]


def test_a_field_that_is_no_short_text_is_named(small_desk: Desk, text: str) -> None:
    with pytest.raises(InvalidInput, match="no short text called “other”") as told:
        tried(small_desk, text, (FULL, None), field="other")
    assert told.value.place == "field"
    small_desk.open()
    with pytest.raises(InvalidInput, match="no short text called “sum”"):
        tried(small_desk, "sum", (FULL, None), field="sum")


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        [],
        ["text"],
        [{"text": " "}],
        [{"text": 5}],
        [{"text": "a" * (LONGEST_ANSWER + 1)}],
        [{"text": "a", "points": "much"}],
        [{"text": "a", "points": []}],
        [{"text": "a"}] * (MOST_ANSWERS + 1),
    ],
)
def test_what_are_no_answers_is_refused(data: Any) -> None:
    with pytest.raises(InvalidInput) as told:
        read_answers(data)
    assert told.value.place == "answers"
