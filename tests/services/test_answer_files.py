"""Answer files: read and kept for a decision, once; hostile ones answered in words; and the stamps in them."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest

from app.domain.errors import InvalidInput
from app.services.sitting import answer_files, stamps
from app.services.sitting.late_saves import Decided
from app.storage.tables import LateSave, Submission
from tests.services.test_attempts import hand_in, save
from tests.services.test_handing_in import grade_everything
from tests.services.test_late_saves import decide, kinds, result, rows, values
from tests.small_bank import Stage

SECRET = b"a secret of this installation"


def file_of(attempt: str, *entries: tuple[Any, ...], **other: Any) -> dict[str, Any]:
    rows = [list(entry) for entry in entries]
    device = "file-0011"
    text = json.dumps([attempt, device, "", rows], ensure_ascii=False, separators=(",", ":"))
    made = {"gradus": "answers", "version": 1, "attempt": attempt, "device": device, "stamp": "", "entries": rows}
    return made | {"checksum": hashlib.sha256(text.encode()).hexdigest()} | other


def bring(stage: Stage, file: Any) -> tuple[str, bool]:
    data = file if isinstance(file, bytes) else json.dumps(file).encode()
    with stage.transactions.writing() as tx:
        return answer_files.bring(tx, SECRET, stage.course, stage.quiz, data, stage.students[1])


def test_an_answer_file_is_kept_for_a_decision_and_decided_the_same_way(stage: Stage) -> None:
    attempt = stage.start()
    hand_in(stage, attempt)
    told = stage.clock.time - timedelta(minutes=1)
    stamp = stamps.stamp(SECRET, attempt, told)
    file = file_of(attempt, (1, "qa_x", 1, "1", stamp), (1, "qa_y", 1, "Größe", stamp))
    assert bring(stage, file) == ("Student 0", True)
    assert bring(stage, file) == ("Student 0", False)
    (row,) = rows(stage, LateSave)
    assert (row.origin, row.not_before) == ("file", told)
    assert kinds(stage)[-1] == "answer file"
    assert decide(stage, True) == Decided(1, 1)
    grade_everything(stage)
    assert result(stage, attempt).points == Fraction(3, 2)


@pytest.mark.parametrize(
    ("entry", "stands"),
    [
        ((9, "typed", "", 5, "tab-1"), "typed"),  # rests on what is stored
        ((9, "typed", "", 4, "tab-1"), "typed"),  # nobody can know, so the staff has decided
        ((4, "seen", "now", 4, ""), "stored"),  # what the page had been told before something newer was stored
    ],
)
def test_what_a_file_says_of_what_it_rests_on_counts_and_not_the_number_of_keys(
    stage: Stage, entry: tuple[int, str, str, int, str], stands: str
) -> None:
    attempt = stage.start()
    save(stage, attempt, (1, "qa_x", 5, "stored"))
    hand_in(stage, attempt)
    stage.clock.pass_time(minutes=1)
    revision, value, now, base, page = entry
    stamp = stamps.stamp(SECRET, attempt, stage.clock.time) if now else ""
    bring(stage, file_of(attempt, (1, "qa_x", revision, value, stamp, base, page)))
    decide(stage, True)
    assert values(stage, attempt) == {"qa_x": stands}


def test_a_file_that_is_in_time_is_decided_too(stage: Stage) -> None:
    attempt = stage.start()
    assert bring(stage, file_of(attempt, (1, "qa_x", 1, "1", ""))) == ("Student 0", True)
    assert rows(stage, LateSave)[0].not_before is None
    assert decide(stage, True) == Decided(1, 1)
    assert rows(stage, Submission) == []


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no answer file"),
        (b"\xff\xfe\x00", "no answer file"),
        (b"[" * 100_000, "no answer file"),
        (b"[]", "no answer file"),
        (b'{"gradus": "answers"}', "no answer file"),
        (b'{"gradus": "answers", "version": NaN}', "no answer file"),
        (b'{"gradus": "answers", "version": 1, "attempt": 3, "device": "a", "entries": []}', "no answer file"),
        (b" " * 1_000_001, "at most 1,000,000 bytes"),
        ({"entries": []}, "no answers in this file"),
        ({"entries": [[1, "qa_x", 1, "1"]]}, "no answer file"),
        ({"entries": "a" * 30}, "no answer file"),
        ({"entries": [[1, "qa_x", 1, "2", ""]]}, "damaged, or changed"),
        ({"checksum": ["x"]}, "damaged, or changed"),
        ({"attempt": "nobody", "checksum": ""}, "belongs to no attempt at this quiz"),
        ({"checksum": "", "entries": [[9, "qa_x", 1, "1", ""]]}, "has no question 9"),
        ({"checksum": "", "entries": [[1, "nothing", 1, "1", ""]]}, "has no field"),
        ({"checksum": "", "entries": [[1, "qa_x", 1, "1", "", -1, ""]]}, "whole number"),
        ({"checksum": "", "entries": [[1, "qa_x", 1, "1", "", 0, "no name"]]}, "letters, digits"),
        ({"checksum": "", "entries": [[1, "qa_x", 2**40, "1", ""]]}, "whole number"),
        ({"checksum": "", "entries": [[1, "qa_x", 1, {"a": 1}, ""]]}, "text, a number"),
        ({"checksum": "", "entries": [[1, "qa_x", 1, "\x00", ""]]}, "NUL"),
        ({"checksum": "", "entries": [[1, "qa_x", 1, "\ud800", ""]]}, "surrogate"),
        ({"checksum": "", "entries": [[1, "qa_x", 1, "1", ""]] * 501}, "1 to 500 changes"),
    ],
)
def test_a_hostile_file_is_answered_in_words(stage: Stage, data: Any, says: str) -> None:
    attempt = stage.start()
    if isinstance(data, dict):
        data = file_of(attempt, (1, "qa_x", 1, "1", "")) | data
    with pytest.raises(InvalidInput, match=says) as refused:
        bring(stage, data)
    assert refused.value.place == "file"
    assert rows(stage, LateSave) == []


def test_a_stamp_holds_for_its_attempt_only(stage: Stage) -> None:
    at = stage.clock.time
    good = stamps.stamp(SECRET, "one", at)
    assert stamps.read_stamp(SECRET, "one", good) == at
    for attempt, given in (
        ("two", good),
        ("one", good[:-1]),
        ("one", "9" + good),
        ("one", ""),
        ("one", None),
        ("one", "9" * 90),
        ("one", "é" * 20),
        ("one", "1." + "\ud800"),
    ):
        assert stamps.read_stamp(SECRET, attempt, given) is None
    assert stamps.read_stamp(b"another secret", "one", good) is None
