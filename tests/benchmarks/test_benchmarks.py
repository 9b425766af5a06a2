"""The benchmarks run, with the smallest sizes; how long anything takes is no business of a test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.sandbox import Sandbox, start_ahead
from app.storage.engine import open_database
from app.storage.schema import upgrade
from benchmarks import (
    bank,
    course,
    desk,
    editor,
    exam,
    grading,
    killing,
    memory,
    promises,
    regrade,
    servers,
    web,
)
from benchmarks.answers import printed_answers, typed
from benchmarks.servers import ROOT
from benchmarks.timing import Durations, milliseconds, times

QUESTIONS = ("tum-01a", "tum-03", "tum-10b")
COURSE = servers._course


@pytest.fixture(autouse=True, scope="module")
def few_questions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Servers with three questions: loading the whole bank for each was most of what these tests took."""
    bank_path = tmp_path_factory.mktemp("bank")
    for name in QUESTIONS:
        (folder,) = (ROOT / "question_bank").glob(f"*/{name}")
        shutil.copytree(folder, bank_path / folder.parent.name / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADUS_BANK_PATH", str(bank_path))
        yield


@pytest.fixture(autouse=True, scope="module")
def set_up_here(few_questions: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Courses are made in this process, beside one empty endpoint for all; what is measured is served by its own."""
    start_ahead()  # the sandbox of those courses; it stays

    @contextmanager
    def running(_: Path) -> Iterator[servers.Server]:
        yield empty

    with servers.empty_server(tmp_path_factory.mktemp("empty")) as empty, pytest.MonkeyPatch.context() as patch:
        patch.setattr(servers, "empty_server", running)
        patch.setattr(servers, "_course", course_here)
        yield


@pytest.fixture(scope="module")
def one_stage(set_up_here: None) -> Iterator[None]:
    """One served course for the benchmarks that want nothing of it but students; each gets some of its own."""
    with servers.stage(4) as shared, pytest.MonkeyPatch.context() as patch:
        free = iter(shared.logins)

        @contextmanager
        def lent(students: int, *_: Any) -> Iterator[servers.Stage]:
            yield replace(shared, logins=[next(free) for _ in range(students)])

        for benchmark in (bank, editor, web):
            patch.setattr(benchmark, "stage", lent)
        yield


@pytest.fixture
def one_worker(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The worker that does the first kind of regrade stays for the others: starting one is most of what they take."""
    at_work = regrade._at_work
    with ExitStack() as stack:
        at_hand: list[None] = []

        @contextmanager
        def staying(*given: Any) -> Iterator[None]:
            if not at_hand:
                at_hand.append(stack.enter_context(at_work(*given)))
            yield

        monkeypatch.setattr(regrade, "_at_work", staying)
        yield


def course_here(environment: dict[str, str], students: int) -> dict[str, object]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environment.items():
            patch.setenv(name, value)
        return course.set_up(students)


def test_an_exam_is_sat_from_the_start_together_until_all_is_graded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Its course is made in a process of its own, as whoever measures does it.
    monkeypatch.setattr(servers, "_course", COURSE)
    sizes = exam.Sizes(students=3, work=1.5, start=0.5, hand_in=0.5, save_every=0.3, page_every=2)
    found = exam.measure(sizes)
    said = capsys.readouterr().out
    assert (found.errors, found.left) == (0, 0), said
    assert {len(phase.durations["empty FastAPI endpoint"]) > 0 for phase in found.phases.values()} == {True}
    assert len(found.phases["working"].durations["durable save"]) > 3
    for line in ("start and first page", "durable save", "hand in", "empty FastAPI endpoint", "working"):
        assert f"| {line}" in said
    assert "Errors: 0, goal 0: reached." in said


def test_nothing_acknowledged_is_lost_when_the_server_or_a_grader_is_killed(capsys: pytest.CaptureFixture[str]) -> None:
    # On SQLite; of both engines tests/storage/test_being_killed.py speaks, and the benchmark in full.
    kills = 1
    sizes = killing.Sizes(kills=kills, students=3, most=0.5, grader_kills=1, paper=4, empty=1, postgresql=False)
    found = killing.measure(sizes)
    killing.print_found("an engine", found)
    said = capsys.readouterr().out
    assert found.wrong == 0, said
    assert (found.kills, len(found.serving)) == (kills, kills)
    assert found.saves > 3
    assert found.papers >= 3
    assert "acknowledged saves lost: 0" in said
    assert f"Serving again within 2 s: {found.in_time} of {kills};" in said


def test_a_start_is_late_only_where_no_other_work_can_be_blamed() -> None:
    starts = {"in time": (1.4, 0.1), "on a busy machine": (3.0, 1.5), "busy and slow": (9.0, 2.0), "late": (2.5, 0.1)}
    found = killing.Found(kills=len(starts))
    for seconds, queued in starts.values():
        found.serving.seconds.append(seconds)
        found.queued.seconds.append(queued)
    assert (found.in_time, found.in_time_alone, found.late) == (1, 2, 1)


def test_what_is_lost_or_twice_is_seen(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    with closing(open_database(url)) as database:
        upgrade(database, ROOT / "migrations")
    listed = promises.Acknowledged.of(
        [{"attempt": "a", "seq": 1, "item": 1, "field": "x", "value": "1"}, {"attempt": "a", "handed_in": True}]
    )
    found = promises.judge(url, listed)
    lost = {what for what, count in found.items() if count}
    assert lost == {"acknowledged saves lost", "answers that are not the last", "acknowledged papers lost"}


@pytest.mark.usefixtures("one_stage")
def test_the_web_benchmark_serves_students_who_save_hand_in_and_are_graded(capsys: pytest.CaptureFixture[str]) -> None:
    web.measure(web.Sizes(clients=(1, 2), seconds=0, block=1, alone=1, together=2))
    said = capsys.readouterr().out
    for line in ("empty FastAPI endpoint", "exam page", "durable save", "1 at once, graded", "2 at once, graded"):
        assert f"| {line}" in said


@pytest.mark.usefixtures("one_stage")
def test_the_bank_benchmark_searches_a_bank_of_any_size(capsys: pytest.CaptureFixture[str]) -> None:
    bank.measure(bank.Sizes(questions=25, rounds=1, postgresql=False))
    said = capsys.readouterr().out
    assert "25 questions on SQLite" in said
    for line in ("empty FastAPI endpoint", *bank.PAGES):
        assert f"| {line}" in said


def test_the_desk_benchmark_marks_a_quiz_that_waits(capsys: pytest.CaptureFixture[str]) -> None:
    found = desk.measure(desk.Sizes(submissions=12, questions=2, texts=4, rounds=1))
    said = capsys.readouterr().out
    assert "12 submissions of 2 questions" in said
    assert all(len(one.durations) == 1 for one in found.values())
    for line in ("empty FastAPI endpoint", "an answer", "save and next", "undo"):
        assert f"| {line}" in said


@pytest.mark.usefixtures("one_stage")
def test_the_editor_benchmark_writes_while_papers_are_graded(capsys: pytest.CaptureFixture[str]) -> None:
    found = editor.measure(editor.Sizes(questions=("tum-01a",), rounds=1, graded=6))
    said = capsys.readouterr().out
    assert len(found) == 2
    for line in ("empty FastAPI endpoint", "preview", "preview, a cell broken", "save"):
        assert f"| {line}" in said


@pytest.mark.usefixtures("one_worker")
def test_the_regrade_benchmark_previews_applies_and_undoes_by_one_worker(capsys: pytest.CaptureFixture[str]) -> None:
    found = regrade.measure(regrade.Sizes(answers=16, students=2, workers=(1,), waking=0, postgresql=False))
    assert [len(seconds) for seconds in found.values()] == [3, 3, 3]
    assert "| graders of today, 1 at work" in capsys.readouterr().out


def test_the_memory_benchmark_counts_every_process_and_leaves_none_behind(capsys: pytest.CaptureFixture[str]) -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    assert memory.measure(memory.Sizes(papers=1, rest_seconds=0)) > 0
    said = capsys.readouterr().out
    for role in ("empty FastAPI endpoint", "web process", "fork server", "sandbox child", "together"):
        assert f"| {role}" in said
    assert {child.pid for child in psutil.Process().children(recursive=True)} <= before


def test_the_grading_benchmark_has_a_figure_for_each_grader_of_the_questions(
    capsys: pytest.CaptureFixture[str],
) -> None:
    sizes = grading.Sizes(seeds=1, seconds=0, questions=2)
    sandbox = Sandbox(grading_workers=1)
    try:
        found = grading.measure(sizes, sandbox)
    finally:
        sandbox.close()
    grading.print_found(found)
    assert set(found.graders) == {name for task in grading.tasks(sizes) for name in task.graders}
    assert "| trivial call" in capsys.readouterr().out


def test_the_printed_answers_are_texts_as_a_browser_posts_them() -> None:
    assert typed({"a": 1, "b": [[True, None], ["1/2", 0.5]]}) == {"a": "1", "b": [["true", ""], ["1/2", "0.5"]]}
    assert all(printed_answers("tum-"))


def test_the_95th_percentile_is_a_duration_that_was_measured() -> None:
    durations = Durations(number / 1000 for number in range(1, 101))
    assert (durations.median, durations.p95, durations.p99) == (0.0505, 0.095, 0.099)
    assert [milliseconds(second) for second in (0.0000421, 0.00123, 0.0123, 0.123)] == ["0.042", "1.23", "12.3", "123"]
    assert [times(ratio) for ratio in (0.04, 1, 3.14, 120)] == ["×0.04", "×1.0", "×3.1", "×120"]
