"""A stream of JSON lines: every line is answered, in order, as soon as it can be; nothing typed ends it."""

from __future__ import annotations

import io
import json
import os
import threading
import time
from typing import Any, BinaryIO

import pytest

from app.domain.errors import InvalidInput
from app.services.bank.lines import LONGEST_LINE, answer_lines, read_json, write_json

Task = dict[str, Any]


def echo(task: Task) -> Task:
    return {"echo": task}


def invalid(task: Task, why: str) -> Task:
    return {"id": task.get("id"), "why": why}


def answers(text: bytes, answer: Any = echo, workers: int = 3) -> list[Task]:
    sink = io.BytesIO()
    answer_lines(io.BytesIO(text), sink, answer, invalid, workers)
    return [json.loads(line) for line in sink.getvalue().splitlines()]


def test_answers_keep_the_order_of_the_lines_whatever_each_takes() -> None:
    def slow_first(task: Task) -> Task:
        time.sleep(0.02 if task["n"] % 3 == 0 else 0)
        return task

    text = b"\n".join(b'{"n": %d}' % n for n in range(60))
    assert [one["n"] for one in answers(text, slow_first)] == list(range(60))


def test_blank_lines_and_foreign_line_ends_are_no_tasks() -> None:
    assert answers(b'\n  \r\n{"a": 1}\r\n\n{"a": 2}') == [{"echo": {"a": 1}}, {"echo": {"a": 2}}]
    assert answers(b"") == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (b"nonsense", "This is no JSON: expecting value at character 1."),
        (b'{"a": 1,}', "This is no JSON: expecting property name enclosed in double quotes at character 9."),
        (b'{"a": 1} {"a": 2}', "This is no JSON: extra data at character 10."),
        (b"[1]", "This line is no JSON object."),
        (b"null", "This line is no JSON object."),
        (b"\xff\xfe{}", "This is not UTF-8 text."),
        (b"\0", "This is no JSON: expecting value at character 1."),
        (b'{"a": NaN}', "NaN is no number of JSON."),
        (b'{"a": -Infinity}', "-Infinity is no number of JSON."),
        (b'{"a": 1e999}', "This holds a number that is too large."),
        (b'{"a": 0.' + b"1" * 2000 + b"}", "This holds a number that is too large."),
        (b'{"a": ' + b"9" * 5000 + b"}", "This holds a number with too many digits."),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "“c” is given twice."),
        (b'{"a": ' + b"[" * 21 + b"]" * 21 + b"}", "This is nested too deeply."),
        (b"[" * 100_000, "This is nested too deeply."),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "This is nested too deeply."),
        (b'{"a": "' + b"x" * LONGEST_LINE + b'"}', "This line is longer than 2 MB."),
    ],
)
def test_a_line_that_cannot_be_taken_is_answered_in_words_and_the_next_as_usual(line: bytes, why: str) -> None:
    assert answers(line + b'\n{"b": 1}\n') == [{"id": None, "why": why}, {"echo": {"b": 1}}]


def test_a_line_of_many_times_the_allowed_length_is_one_line() -> None:
    assert len(answers(b"x" * (3 * LONGEST_LINE) + b"\n{}")) == 2
    assert len(answers(b"x" * (2 * LONGEST_LINE))) == 1


def test_whatever_an_answer_raises_is_about_its_line_only() -> None:
    def fail(task: Task) -> Task:
        if task["id"] == 1:
            raise InvalidInput("No.")
        if task["id"] == 2:
            raise KeyError("x")
        if task["id"] == 3:
            return {"not": {1, 2}}
        if task["id"] == 4:
            return {"not": float("nan")}
        return task

    told = answers(b"\n".join(b'{"id": %d}' % n for n in range(6)), fail)
    assert told == [
        {"id": 0},
        {"id": 1, "why": "No."},
        {"id": 2, "why": "This line cannot be answered (KeyError)."},
        {"id": 3, "why": "This line cannot be answered (TypeError)."},
        {"id": 4, "why": "This line cannot be answered (ValueError)."},
        {"id": 5},
    ]


def test_answers_are_utf_8_even_if_what_was_typed_cannot_be() -> None:
    assert answers('{"é": "\\ud800 \\u0000 ✓"}'.encode()) == [{"echo": {"é": "? \0 ✓"}}]
    assert write_json({"a": "é\ud800"}) == '{"a": "é?"}'.encode()


def test_whoever_waits_for_an_answer_before_the_next_line_gets_it() -> None:
    asked, typed = os.pipe()
    told, answered = os.pipe()
    with (
        os.fdopen(asked, "rb") as source,
        os.fdopen(typed, "wb", buffering=0) as keyboard,
        os.fdopen(told, "rb") as screen,
        os.fdopen(answered, "wb") as sink,
    ):
        thread = threading.Thread(target=answer_lines, args=(source, sink, echo, invalid, 2))
        thread.start()
        for n in range(3):
            keyboard.write(b'{"n": %d}\n' % n)
            assert json.loads(screen.readline()) == {"echo": {"n": n}}
        keyboard.close()
        thread.join(5)
        assert not thread.is_alive()


def test_an_answer_is_not_held_back_by_a_slow_one_behind_it() -> None:
    release = threading.Event()

    def wait_for_two(task: Task) -> Task:
        if task["n"] == 2:
            assert release.wait(5)
        return task

    class Sink(io.BytesIO):
        def flush(self) -> None:
            if self.getvalue().count(b"\n") >= 1:
                release.set()

    sink: BinaryIO = Sink()
    answer_lines(io.BytesIO(b'{"n": 1}\n{"n": 2}\n{"n": 3}'), sink, wait_for_two, invalid, 3)
    assert release.is_set()


def test_reading_stops_when_nobody_reads_the_answers() -> None:
    class Closed(io.BytesIO):
        def write(self, _: object) -> int:
            raise BrokenPipeError

    source = io.BytesIO(b"{}\n" * 100_000)
    with pytest.raises(BrokenPipeError):
        answer_lines(source, Closed(), echo, invalid, 2)
    assert source.tell() < 3000


def test_json_is_read_as_it_is_defined() -> None:
    assert read_json('{"a": [1, 0.5, true, null, "x"]}') == {"a": [1, 0.5, True, None, "x"]}
    assert read_json(b"\xef\xbb\xbf[]") == []
    assert read_json("[" * 19 + "]" * 19) is not None
