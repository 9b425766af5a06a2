"""Uploading pages: only to one's own open attempt, only where something is drawn, and only what can be taken."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.errors import InvalidInput, NotFound
from app.services.sitting import attempts, drawn_pages, late_saves, submissions
from app.services.sitting.drawn_pages import LARGEST_FILE, MOST_KEPT, Uploads
from app.services.sitting.saving import read_change
from app.storage import submissions as stored
from app.storage.changes import HandedIn
from app.storage.save_lane import SaveLane
from app.storage.tables import DrawnPage, Quiz, Submission
from tests.drawn import DRAWING, SAID, DrawnSandbox
from tests.small_bank import Stage


class HeldUp(DrawnSandbox):
    """A sandbox in which files of one kind take as long as it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.began = threading.Semaphore(0)

    def run(self, name: str, payload: Any, **more: Any) -> Any:
        if name == "pages" and payload["content"] == base64.b64encode(b"a bomb").decode():
            self.began.release()
            assert self.go_on.wait(10)
        return super().run(name, payload, **more)


@pytest.fixture
def drawn(stage: Stage) -> Stage:
    return replace(stage, sandbox=DrawnSandbox())


@pytest.fixture
def uploads(drawn: Stage) -> Uploads:
    return Uploads(drawn.transactions, drawn.sandbox)


def take(uploads: Uploads, stage: Stage, attempt: str, content: bytes = b"a page", field: str = DRAWING) -> list[str]:
    pages = uploads.take(stage.students[0], attempt, 1, field, io.BytesIO(content))
    return [page.sha256 for page in pages]


def save(stage: Stage, attempt: str, value: object, *, field: str = DRAWING, seq: int = 1) -> None:
    lane = SaveLane(stage.transactions, 30)
    change = {"item": 1, "field": field, "revision": seq, "value": value, "base": seq - 1, "age": 500}
    try:
        lane.submit(read_change(attempt, {"device": "tab", "seq": seq, "changes": [change]})).result()
    finally:
        lane.close()


def kept(stage: Stage) -> int:
    with stage.transactions.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(DrawnPage)) or 0


def test_a_file_becomes_pages_that_only_their_person_sees(drawn: Stage, uploads: Uploads) -> None:
    attempt = drawn.start()
    pages = take(uploads, drawn, attempt, b"one|two")
    assert pages == [hashlib.sha256(piece).hexdigest() for piece in (b"one", b"two")]
    with drawn.transactions.reading() as tx:
        assert drawn_pages.own_page(tx, drawn.students[0], attempt, pages[1]) == b"two"
        for person, sha256 in ((drawn.students[1], pages[0]), (drawn.students[0], "0" * 64)):
            with pytest.raises(NotFound):
                drawn_pages.own_page(tx, person, attempt, sha256)
        assert drawn_pages.page_for_staff(tx, drawn.course, drawn.quiz, attempt, pages[0]) == b"one"
        for course, quiz in ((drawn.course + 1, drawn.quiz), (drawn.course, "another")):
            with pytest.raises(NotFound):
                drawn_pages.page_for_staff(tx, course, quiz, attempt, pages[0])


def test_the_same_page_twice_is_kept_once_and_for_each_person_apart(drawn: Stage, uploads: Uploads) -> None:
    attempt, other = drawn.start(), drawn.start(1)
    assert take(uploads, drawn, attempt) == take(uploads, drawn, attempt)
    assert len(take(uploads, drawn, attempt, b"blank|blank")) == 1
    uploads.take(drawn.students[1], other, 1, DRAWING, io.BytesIO(b"a page"))
    assert kept(drawn) == 3


def test_pages_are_named_in_the_answer_of_their_own_attempt_only(drawn: Stage, uploads: Uploads) -> None:
    attempt, other = drawn.start(), drawn.start(1)
    (page,) = take(uploads, drawn, attempt)
    save(drawn, attempt, [[page], "A pumpkin", "shown"])
    for value in ([page], [[page], "", ""], page):
        with pytest.raises(InvalidInput, match="This drawing has a page that was not uploaded here"):
            save(drawn, other, value)
    save(drawn, attempt, ["rubbish"], seq=2)  # unreadable is kept as it is, as everywhere
    save(drawn, attempt, page, field=SAID, seq=3)  # in a text it is no page


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<svg/>", "This is no picture."),
        (b"!", "This file could not be opened within the time and memory there is for it."),
        (b"x" * (LARGEST_FILE + 1), "This file is larger than 10 MB."),
    ],
)
def test_what_cannot_be_taken_is_told_and_not_kept(drawn: Stage, uploads: Uploads, content: bytes, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        take(uploads, drawn, drawn.start(), content)
    assert str(refused.value) == says
    assert kept(drawn) == 0


def test_a_field_takes_so_many_pages_and_no_more(drawn: Stage, uploads: Uploads) -> None:
    attempt = drawn.start()
    take(uploads, drawn, attempt, b"|".join(str(n).encode() for n in range(MOST_KEPT)))
    take(uploads, drawn, attempt, b"0|1")  # they are there already
    with pytest.raises(InvalidInput, match=f"takes {MOST_KEPT} in all"):
        take(uploads, drawn, attempt, b"one more")
    assert kept(drawn) == MOST_KEPT


def test_nothing_is_taken_where_nothing_is_drawn_or_by_somebody_else(drawn: Stage, uploads: Uploads) -> None:
    attempt = drawn.start()
    for person, position, field in ((1, 1, DRAWING), (0, 1, SAID), (0, 9, DRAWING), (0, 1, "nothing")):
        with pytest.raises(NotFound):
            uploads.take(drawn.students[person], attempt, position, field, io.BytesIO(b"x"))
    assert drawn.sandbox.calls[-1][0] != "pages"


def test_a_drawing_that_comes_after_the_end_waits_for_a_decision(drawn: Stage, uploads: Uploads) -> None:
    attempt = drawn.start()
    with drawn.transactions.writing() as tx:
        submissions.hand_in(tx, drawn.students[0], attempt, lambda: None)
    pages = take(uploads, drawn, attempt, b"one|two")
    save(drawn, attempt, [pages, "A pumpkin", ""])
    with drawn.transactions.reading() as tx:
        ((late,),) = (one.saves for one in late_saves.late_of_quiz(tx, drawn.course, drawn.quiz).undecided)
    (field,) = late.fields
    assert (field.typed_pages, field.typed, field.now_pages, field.now) == (tuple(pages), "A pumpkin", (), "")
    with drawn.transactions.writing() as tx:
        decided = late_saves.decide(tx, drawn.course, drawn.quiz, None, accept=True, by=drawn.students[1])
    assert (decided.saves, decided.attempts) == (1, 1)
    with drawn.transactions.reading() as tx:
        (newest,) = tx.session.scalars(select(Submission).where(~Submission.superseded))
        (frozen,) = [one.answers_frozen for one in stored.items(tx, newest.id) if DRAWING in one.answers_frozen]
    assert frozen[DRAWING] == [pages, "A pumpkin", ""]


def test_nothing_is_taken_for_practice_that_is_over(drawn: Stage, uploads: Uploads) -> None:
    with drawn.transactions.writing() as tx:
        tx.session.scalars(select(Quiz)).one().mode = "practice"
    attempt = drawn.start()
    take(uploads, drawn, attempt)
    with drawn.transactions.writing() as tx:
        found, quiz = attempts.attempt_of(tx, drawn.students[0], attempt, lock=True)
        submissions.finish_practice(tx, found, quiz, None)
    with pytest.raises(HandedIn, match="This practice is over"):
        take(uploads, drawn, attempt)


@pytest.mark.parametrize(("seconds", "waits"), [(10 * 60 + 29, 0), (10 * 60 + 31, 1)])
def test_the_deadline_holds_for_drawings_as_for_words(drawn: Stage, uploads: Uploads, seconds: int, waits: int) -> None:
    with drawn.transactions.writing() as tx:
        tx.session.scalars(select(Quiz)).one().minutes = 10
    attempt = drawn.start()
    drawn.clock.pass_time(seconds=seconds)
    save(drawn, attempt, take(uploads, drawn, attempt))
    with drawn.transactions.reading() as tx:
        assert late_saves.late_of_quiz(tx, drawn.course, drawn.quiz).waiting == waits


def test_nobody_waits_for_the_files_of_somebody_else_who_sends_many(stage: Stage) -> None:
    sandbox = HeldUp()
    here = replace(stage, sandbox=sandbox)
    mine, other = here.start(), here.start(1)
    uploads = Uploads(here.transactions, sandbox)

    def send(student: int, attempt: str, content: bytes) -> int:
        return len(uploads.take(here.students[student], attempt, 1, DRAWING, io.BytesIO(content)))

    with ThreadPoolExecutor() as threads:
        try:
            bombs = [threads.submit(send, 0, mine, b"a bomb") for _ in range(3)]
            assert sandbox.began.acquire(timeout=5)
            assert threads.submit(send, 1, other, b"a page").result(timeout=5) == 1
            assert not any(one.done() for one in bombs)
        finally:
            sandbox.go_on.set()
        assert [one.result(timeout=5) for one in bombs] == [1, 1, 1]
