"""Answering a stream: one JSON object a line comes in, one goes out, in the same order, and nothing ends it."""

from __future__ import annotations

import json
import math
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, BinaryIO, TypeAlias

from app.domain.errors import InvalidInput

LONGEST_LINE = 2_000_000
DEEPEST = 20
LONGEST_NUMBER = 1000

Task: TypeAlias = dict[str, Any]


def read_json(text: str | bytes) -> Any:
    """JSON as it is defined: no NaN, no key twice; bounded in depth and in the length of numbers.

    Raises:
        InvalidInput: one sentence saying what is wrong, and where.
    """
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8-sig")
        data = json.loads(
            text,
            parse_constant=_no_number,
            parse_float=_finite,
            parse_int=_whole,
            object_pairs_hook=_each_once,
        )
    except UnicodeDecodeError:
        raise InvalidInput("This is not UTF-8 text.") from None
    except json.JSONDecodeError as error:
        says = error.msg[:1].lower() + error.msg[1:]
        raise InvalidInput(f"This is no JSON: {says} at character {error.pos + 1}.") from None
    except RecursionError:
        raise InvalidInput("This is nested too deeply.") from None
    if _deeper_than(data, DEEPEST):
        raise InvalidInput("This is nested too deeply.")
    return data


def _no_number(name: str) -> Any:
    raise InvalidInput(f"{name} is no number of JSON.")


def _finite(text: str) -> float:
    number = float(text)
    if len(text) > LONGEST_NUMBER or not math.isfinite(number):
        raise InvalidInput("This holds a number that is too large.")
    return number


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise InvalidInput("This holds a number with too many digits.")
    return int(text)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise InvalidInput(f"“{twice[:80]}” is given twice.")
    return data


def _deeper_than(data: Any, most: int) -> bool:
    level = [data]
    for _ in range(most):
        level = [
            inner
            for item in level
            if isinstance(item, (dict, list))
            for inner in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def write_json(data: object) -> bytes:
    """One line of JSON in UTF-8; half characters, which UTF-8 cannot hold, become question marks."""
    return json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")


def answer_lines(
    source: BinaryIO,
    sink: BinaryIO,
    answer: Callable[[Task], Task],
    invalid: Callable[[Task, str], Task],
    workers: int,
) -> None:
    """Answer every line of `source`, several at a time, each as soon as it and all before it are ready.

    `invalid` answers, with a reason, a line that is no JSON object (then the task is empty) or that `answer`
    could not take.

    Raises:
        OSError: nobody reads the answers any more.
    """

    def one(line: bytes | None) -> bytes:
        task: Task = {}
        try:
            if line is None:
                raise InvalidInput(f"This line is longer than {LONGEST_LINE // 1_000_000} MB.")
            task = _object(line)
            return write_json(answer(task))
        except InvalidInput as error:
            why = str(error)
        except Exception as error:  # Whatever it is, it is about this line only.
            why = f"This line cannot be answered ({type(error).__name__})."
        return write_json(invalid(task, why))

    with ThreadPoolExecutor(max_workers=workers) as threads:
        writer = _Writer(sink, most=workers * 8)
        for line in _lines(source):
            if not writer.put(threads.submit(one, line)):
                break
        writer.finish()


def _object(line: bytes) -> Task:
    task = read_json(line)
    if not isinstance(task, dict):
        raise InvalidInput("This line is no JSON object.")
    return task


def _lines(source: BinaryIO) -> Iterator[bytes | None]:
    """The lines that are not blank; None for one that is too long."""
    while line := source.readline(LONGEST_LINE + 1):
        if len(line) <= LONGEST_LINE or line.endswith(b"\n"):
            if line.strip():
                yield line
            continue
        while line and not line.endswith(b"\n"):
            line = source.readline(LONGEST_LINE)
        yield None


class _Writer:
    """Writes answers in the order asked, in a thread of its own; at most `most` of them wait."""

    def __init__(self, sink: BinaryIO, most: int) -> None:
        self._sink = sink
        self._waiting: queue.Queue[Future[bytes] | None] = queue.Queue(most)
        self._failure: OSError | None = None
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def put(self, answer: Future[bytes]) -> bool:
        """Queue an answer; False when nobody reads any more."""
        self._waiting.put(answer)
        return self._failure is None

    def finish(self) -> None:
        self._waiting.put(None)
        self._thread.join()
        if self._failure is not None:
            raise self._failure

    def _write(self) -> None:
        while (answer := self._waiting.get()) is not None:
            try:
                if not answer.done():
                    self._sink.flush()  # Who waits for the answers so far gets them.
                text = answer.result()
                if self._failure is None:
                    self._sink.write(text + b"\n")
                    if self._waiting.empty():
                        self._sink.flush()
            except OSError as failure:
                self._failure = failure
