"""The commands as a person or a program runs them: promised names and shapes, one sentence for every mistake."""

from __future__ import annotations

import json
import re
import subprocess
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Ended, Run
from tests.question_folders import QUESTION, write


def answered(result: Ended) -> Any:
    assert (result.returncode, result.stderr) == (0, b"")
    return json.loads(result.stdout.decode("utf-8"))


def lines(result: Ended) -> list[dict[str, Any]]:
    assert (result.returncode, result.stderr) == (0, b"")
    return [json.loads(line) for line in result.stdout.decode("utf-8").splitlines()]


def refused(result: Ended) -> str:
    """The one sentence of a command that failed."""
    assert result.returncode == 1
    assert result.stdout == b""
    said = result.stderr.decode("utf-8", "surrogateescape")
    assert said.startswith("gradus: ")
    assert "Traceback" not in said
    return said.strip()


def test_the_bank_is_listed_with_parts_items_graders_and_points(run: Run) -> None:
    rows = answered(run("bank", "list", "--json"))
    assert rows
    for row in rows:
        assert {"question", "version", "title", "parts"} <= set(row)
        for part in row["parts"]:
            assert {"id", "item", "form", "graders", "points"} <= set(part)
            assert Fraction(part["points"]) >= 0
    table = run("bank", "list").stdout.decode()
    assert all(row["question"] in table for row in rows)


def test_the_bank_is_checked_in_json_and_in_a_table(run: Run, tmp_path: Path) -> None:
    write(tmp_path)
    (report,) = answered(run("bank", "check", "sum", "--seeds", "5", "--json", "--bank", str(tmp_path)))
    assert (report["question"], report["ok"], report["seeds"]) == ("sum", True, 5)
    table = run("bank", "check", "--bank", str(tmp_path))
    assert (table.returncode, "1 of 1 questions in order" in table.stdout.decode()) == (0, True)


def test_why_draws_are_rejected_is_told_on_demand(run: Run, tmp_path: Path) -> None:
    text = "where:\n  - a != 3\n  - a < 9\nparts:"
    write(tmp_path, question=QUESTION.replace("parts:", text, 1))
    seeds = ("--seeds", "200", "--bank", str(tmp_path))
    (report,) = answered(run("bank", "check", *seeds, "--json"))
    # Each reason is counted where it was the first to reject: every draw beyond one a seed is in one of them.
    assert set(report["rejected"]) == {"`a != 3` does not hold", "`a < 9` does not hold"}
    assert sum(report["rejected"].values()) == report["tries"] - report["seeds"] > 0
    table = run("bank", "check", "--draws", *seeds, COLUMNS="160").stdout.decode()
    for reason, times in report["rejected"].items():
        assert re.search(rf"^ +{times} +\d+ % +{re.escape(reason)}", table, re.MULTILINE), table
    assert "does not hold" not in run("bank", "check", *seeds).stdout.decode()


def test_a_bank_with_shortfalls_fails_with_a_readable_table(run_process: Run, tmp_path: Path) -> None:
    write(tmp_path, question=QUESTION.replace("a + 1", "'[a][/b]'"))  # as if it were markup of the terminal
    write(tmp_path, "good")
    # In a terminal that knows no ✗ either.
    terminal = {"COLUMNS": "200", "LC_ALL": "C", "PYTHONIOENCODING": "latin-1"}
    result = run_process("bank", "check", "--bank", str(tmp_path), **terminal)
    assert result.returncode == 1
    told = result.stdout.decode("latin-1")
    assert "exam/sum/question.yaml:5" in told
    assert "1 of 2 questions in order" in told
    assert "Traceback" not in told + result.stderr.decode()


def test_a_variant_is_shown_in_json_and_for_reading(run: Run, tmp_path: Path) -> None:
    write(tmp_path)
    bank = ("--bank", str(tmp_path))
    shown = answered(run("show", "exam-1", "--seed", "3", "--solution", "--json", *bank))
    assert (shown["ref"], shown["seed"], list(shown["solution"])) == ("exam-1", 3, ["only"])
    (part,) = shown["parts"]
    assert {"id", "item", "prompt", "fields"} <= set(part)
    (field,) = part["fields"]
    assert (field["id"], field["kind"], field["shape"], "label" in field) == ("total", "number", None, True)
    read = run("show", "sum", "--solution", *bank).stdout.decode()
    assert "Add 2 and 3." in read
    assert "Solution: 5" in read


def test_one_answer_is_graded_in_json_and_for_reading(run: Run, tmp_path: Path) -> None:
    write(tmp_path)
    bank = ("--bank", str(tmp_path))
    result = answered(run("grade", "exam-1", "--seed", "0", "--answer", "10/2", "--json", *bank))
    assert set(result) >= {"ref", "state", "points", "max", "criteria", "invalid", "ms"}
    assert (result["state"], result["points"], result["max"]) == ("graded", "1", "1")
    (tmp_path / "answer.json").write_text('{"total": "four"}')
    read = run("grade", "sum", "--answer", f"@{tmp_path}/answer.json", *bank).stdout.decode()
    assert read.startswith("invalid: 0 of 1 points")
    assert "total: " in read


def test_two_expressions_are_compared_from_the_command_line(run: Run) -> None:
    verdict = answered(run("equal", "--reference", "2x", "--answer", "x+x", "--variables", '{"x": "real"}'))
    assert (verdict["verdict"], set(verdict)) == ("equal", {"verdict", "reason", "ms"})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("show", "nowhere"), "There is no question and no item called “nowhere”."),
        (("show", "../../etc/passwd"), "There is no question and no item called “../../etc/passwd”."),
        (("show", "tum-05", "--seed", "9" * 30), "`seed` is a whole number from 0."),
        (("show", "tum-05", "--bank", "/nowhere"), "There is no folder /nowhere to read questions from."),
        (("bank", "list", "--bank", "/nowhere"), "There is no folder /nowhere to read questions from."),
        (("bank", "check", "nowhere"), "There is no question and no item called “nowhere”."),
        (("grade", "tum-05", "--answer", "@/nowhere"), "--answer: the file cannot be read: No such file"),
        (("grade", "tum-05", "--answer", "@/"), "--answer: the file cannot be read: Is a directory"),
        (("grade", "tum-05", "--answer", "@/bin/sh"), "--answer: This is not UTF-8 text."),
        (("grade", "tum-05", "--answer", '{"mu": '), "--answer: This is no JSON: expecting value at character 8."),
        (("grade", "tum-05", "--earlier", "mu"), "--earlier: This is no JSON: expecting value at character 1."),
        (("grade", "tum-05", "--earlier", "[" * 9000), "--earlier: This is nested too deeply."),
        (("equal", "--variables", "{"), "--variables: This is no JSON"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_sentence(run: Run, arguments: tuple[Any, ...], says: str) -> None:
    assert refused(run(*arguments)).startswith(f"gradus: {says}")


def test_a_mistake_ends_a_process_with_one_sentence_and_a_code(run_process: Run) -> None:
    assert refused(run_process("show", b"\xff\xfe")).startswith("gradus: There is no question and no item called ")


@pytest.mark.parametrize(
    "arguments", [("grade",), ("show",), ("show", "tum-05", "--seed", "-1"), ("show", "x", "--seed", "9" * 5000)]
)
def test_a_misused_option_is_explained(run: Run, arguments: tuple[str, ...]) -> None:
    result = run(*arguments)
    assert result.returncode == 2
    assert b"Usage: gradus" in result.stderr
    assert b"Traceback" not in result.stderr


HOSTILE_LINES = [
    b"nonsense",
    b"\xff\xfe\x00",
    b"[]",
    b'{"ref": NaN}',
    b'{"ref": "a", "ref": "b"}',
    b"[" * 50_000,
    b'{"ref": "exam-1", "answer": ' + b"[" * 500 + b"]" * 500 + b"}",
    b'{"ref": "exam-1", "answer": ' + b"9" * 5000 + b"}",
    b'{"ref": "exam-1", "answer": "' + b"9" * 1_000_000 + b'"}',
    b'{"ref": "' + b"x" * 1_000_000 + b'"}',
    b'{"ref": "exam-1", "answer": "' + b"x" * 3_000_000 + b'"}',
    b'{"ref": "exam-1", "answer": "\\u0000"}',
    b'{"ref": "exam-1", "answer": "\\ud800"}',
    b'{"ref": "\\ud800"}',
    b'{"ref": "../../etc"}',
    b'{"ref": "exam-1", "seed": 1e999}',
    b'{"ref": "exam-1", "seed": -1}',
    b'{"ref": "exam-1", "seed": {"a": []}}',
    b'{"ref": "exam-1", "answer": {"nowhere": 1}}',
    b'{"ref": "exam-1", "answer": {"total": {"total": 5}}}',
    b'{"ref": "exam-1", "answer": "9**9**9**9"}',
    b'{"ref": "exam-1", "answer": "exp(exp(exp(exp(3))))"}',
    b'{"ref": "exam-1", "earlier": "x", "answer": "__import__(\'os\')"}',
    b'{"ref": {"a": 1}, "seed": [], "answer": [[]], "earlier": 1}',
    b'{"ref": "broken", "answer": "1"}',
    b"{}",
]


def test_nothing_typed_ends_grading_by_lines(run: Run, tmp_path: Path) -> None:
    write(tmp_path)
    write(tmp_path, "broken", question="a: [")
    good = b'{"ref": "exam-1", "seed": 0, "answer": "5"}'
    typed = b"".join(line + b"\n" + good + b"\n" for line in HOSTILE_LINES)
    told = lines(run("grade", "--lines", "--bank", str(tmp_path), typed=typed))
    assert len(told) == 2 * len(HOSTILE_LINES)
    for one in told:
        assert set(one) >= {"ref", "state", "points", "max", "criteria", "invalid", "ms"}
    assert {one["state"] for one in told[::2]} == {"invalid"}
    assert all(one["invalid"][0]["why"] and one["invalid"][0]["field"] for one in told[::2])
    assert {(one["state"], one["points"], one["max"]) for one in told[1::2]} == {("graded", "1", "1")}


def test_nothing_typed_ends_comparing_by_lines(run: Run) -> None:
    texts = [None, 5, [], "", "\0", "\ud800", "x" * 5000, "(" * 90, "9**9**9", "lambda: 1", "x.__class__", "\u202ex"]
    tasks: list[Any] = [
        {"id": n, "reference": "x", "answer": text, "variables": {"x": "real"}} for n, text in enumerate(texts)
    ]
    tasks += [{"id": [1], "reference": "x", "answer": "x", "variables": v} for v in (5, {"x": 1}, {"x": "odd"}, ["x"])]
    tasks += [{"id": "last", "reference": "x/2", "answer": "0.5x", "variables": {"x": "real"}}]
    typed = b"\n".join([b"{", b'{"id": NaN}', *(json.dumps(task).encode() for task in tasks)])
    told = lines(run("equal", "--lines", typed=typed))
    assert [one["id"] for one in told] == [None, None, *(task["id"] for task in tasks)]
    assert [set(one) for one in told] == [{"id", "verdict", "reason", "ms"}] * len(told)
    assert [one["verdict"] for one in told] == ["invalid"] * (len(told) - 1) + ["equal"]


def test_lines_are_utf_8_in_a_terminal_of_another_age(run_process: Run) -> None:
    (one,) = lines(
        run_process("equal", "--lines", typed='{"id": "ä✓"}'.encode(), LC_ALL="C", PYTHONIOENCODING="latin-1")
    )
    assert one["id"] == "ä✓"


def test_many_lines_are_graded_quickly_and_in_order(run: Run, tmp_path: Path) -> None:
    write(tmp_path)
    tasks = [{"ref": "exam-1", "seed": n % 7, "answer": "5"} for n in range(1000)]
    typed = b"\n".join(json.dumps(task).encode() for task in tasks)
    started = time.monotonic()
    told = lines(run("grade", "--lines", "--bank", str(tmp_path), typed=typed))
    # About 1,000 a second on an idle core; the rest is allowance for machines that do other things as well.
    assert time.monotonic() - started < 20
    assert {one["points"] for one in told[::7]} == {"1"}
    # The time of judging, not of waiting for a child.
    assert sorted(one["ms"] for one in told)[500] < 50


def test_many_pairs_are_compared_quickly_and_in_order(run: Run) -> None:
    tasks = [{"id": n, "reference": "2x", "answer": f"{n}x", "variables": {"x": "real"}} for n in range(1000)]
    started = time.monotonic()
    told = lines(run("equal", "--lines", typed=b"\n".join(json.dumps(task).encode() for task in tasks)))
    assert time.monotonic() - started < 20
    assert [one["id"] for one in told] == list(range(1000))
    assert [one["id"] for one in told if one["verdict"] == "equal"] == [2]


def test_a_reader_who_leaves_early_is_no_error(gradus: Path) -> None:
    # More than fits into a pipe that nobody reads.
    tasks = b'{"id": 1, "reference": "1", "answer": "1"}\n' * 5000
    with subprocess.Popen(
        [gradus, "equal", "--lines"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        try:
            program.stdin.write(tasks)
            program.stdin.close()
        except BrokenPipeError:
            pass
        assert b"Traceback" not in program.stderr.read()


def test_a_rubric_is_tried_on_marked_answers(run: Run, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text("answers:\n- {text: Maybe it is something., points: 0}\n", encoding="utf-8")
    (trial,) = answered(run("rubric", "test", "tum-04f", "--answers", str(answers), "--json"))
    assert (trial["item"], trial["points"]) == ("tum-04f", "1")
    (one,) = trial["answers"]
    assert (one["text"], one["marked"]) == ("Maybe it is something.", "0")
    shown = run("rubric", "test", "tum-04f", "--answers", str(answers)).stdout.decode()
    assert "Maybe it is something." in shown
    assert "paid in full" in shown
    unused = run("rubric", "coverage", "tum-04f", "--answers", str(answers)).stdout.decode()
    assert re.search(r"^tum-04 .* earn: ", unused, re.MULTILINE)
    assert "are used by no answer" in unused
    assert refused(run("rubric", "test", "tum-99z")) == "gradus: There is no question and no item called “tum-99z”."
