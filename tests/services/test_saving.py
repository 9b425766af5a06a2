"""Saving from the edge: what a browser may post, and what is refused before it reaches the database."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from app.domain.errors import InvalidInput, NotFound
from app.services.sitting.saving import Change, FieldChange, Kept, Saved, Saving, read_change
from app.storage.save_lane import SaveLane
from tests.small_bank import Stage


def posted(**other: Any) -> Any:
    change = {"item": 1, "field": "qa_x", "revision": 1, "value": "1/3"}
    change |= {name: value for name, value in other.items() if name in (*change, "base", "age", "about", "page")}
    body = {"device": "tab-1", "seq": 1, "changes": [change]}
    return body | {name: value for name, value in other.items() if name in body}


def test_a_posted_save_becomes_a_change() -> None:
    change = read_change("abc", posted(value=[["1", ""], ["2", None]]))
    assert change == Change("abc", "tab-1", 1, (FieldChange(1, "qa_x", 1, [["1", ""], ["2", None]]),))
    told = read_change("abc", posted(base=4, about=900, page="tab-0")).fields
    assert told == (FieldChange(1, "qa_x", 1, "1/3", base=4, about=900, page="tab-0"),)


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], ""),
        (posted(device="spaces are not"), "device"),
        (posted(device="x" * 65), "device"),
        (posted(device=7), "device"),
        (posted(seq=-1), "seq"),
        (posted(seq=2**31), "seq"),
        (posted(seq=True), "seq"),
        (posted(seq="1"), "seq"),
        (posted(changes=[]), "changes"),
        (posted(changes=[None]), "changes[0]"),
        (posted(changes=[{}] * 501), "changes"),
        (posted(item=0), "changes[0].item"),
        (posted(revision=2**40), "changes[0].revision"),
        (posted(revision=1.0), "changes[0].revision"),
        (posted(base=-1), "changes[0].base"),
        (posted(age=0.5), "changes[0].age"),
        (posted(about=2**31), "changes[0].about"),
        (posted(page="no name"), "changes[0].page"),
        (posted(page=["x"]), "changes[0].page"),
        (posted(field="../x"), "changes[0].field"),
        (posted(field="@other"), "changes[0].field"),
        (posted(field="@flag", value="yes"), "changes[0].value"),
        (posted(value="NUL \x00"), "changes[0].value"),
        (posted(value="half \ud83d"), "changes[0].value"),
        (posted(value=["deep", ["\udc00"]]), "changes[0].value"),
        (posted(value=float("nan")), "changes[0].value"),
        (posted(value=float("inf")), "changes[0].value"),
        (posted(value=2**64), "changes[0].value"),
        (posted(value={"a": 1}), "changes[0].value"),
        (posted(value=[[[[["deep"]]]]]), "changes[0].value"),
        (posted(value="x" * 20_001), "changes[0].value"),
        (posted(value=["x"] * 2_501), "changes[0].value"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_place(body: Any, place: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        read_change("abc", body)
    assert refused.value.place == place
    assert str(refused.value).endswith(".")


def test_awaiting_a_save_gives_what_is_stored_or_why_not(stage: Stage) -> None:
    timed = set_the_stage_with_time(stage)
    lane = SaveLane(timed.transactions, grace_seconds=0)
    attempt = timed.start()

    async def save_twice() -> None:
        saving = Saving(lane)
        saved = await saving.save(read_change(attempt, posted()))
        assert isinstance(saved, Saved)
        assert saved.fields[0].value == "1/3"
        timed.clock.pass_time(minutes=2)
        late = await saving.save(read_change(attempt, posted(seq=2, revision=2, value="1/4")))
        assert isinstance(late, Kept)
        with pytest.raises(NotFound):
            await saving.save(read_change("nothing", posted(seq=3)))

    asyncio.run(save_twice())
    lane.close()


def set_the_stage_with_time(stage: Stage) -> Stage:
    from app.services.quizzes import quizzes
    from app.services.quizzes.quizzes import NewQuiz, NewQuizItem

    with stage.transactions.writing() as tx:
        new = NewQuiz(stage.course, "Timed", (NewQuizItem("qa"),), minutes=1)
        quiz = quizzes.create_quiz(tx, new)
    return Stage(stage.transactions, stage.sandbox, stage.clock, stage.course, quiz, stage.students)
