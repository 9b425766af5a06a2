"""Workers that are killed in the middle of a regrade: whoever goes on ends with the same marks, none of them twice."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.services.marking import regrade_starts, regrades, regrading
from app.storage.engine import Database
from app.storage.tables import Grading, Judgement, RegradeItem
from tests.regraded import Term, set_the_term

PROJECT = Path(__file__).resolve().parents[2]
STUDENTS = 12
# A worker that dies when it has done so many of the things that are named, and one more that it will not store.
WORKER = """\
import os, sys
from app.jobs.grading import GradeSubmissions
from app.jobs.regrades import Regrades
from app.services.marking import grading, regrade_steps
from app.services.operating.transactions import Transactions
from app.storage import gradings, judgements
from app.storage.engine import open_database
from tests.graders_here import GradersHere

name, most = sys.argv[2], int(sys.argv[3])
module = {"run_together": grading, "keep_gradings": gradings, "keep_for_regrade": judgements}[name]
done, real = [], getattr(module, name)

def counted(*args, **more):
    result = real(*args, **more)
    if len(done) == most:
        os.kill(os.getpid(), 9)
    done.append(1)
    return result

setattr(module, name, counted)
transactions, sandbox = Transactions(open_database(sys.argv[1])), GradersHere()
duty = Regrades(transactions, GradeSubmissions(transactions, sandbox))
while keys := duty.due(10):
    for key in keys:
        duty.do(key, lambda: False)
"""


def work_until_killed(term: Term, what: str, most: int) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", WORKER, term.transactions.database.url, what, str(most)],
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT)},
        check=False,
    )
    assert killed.returncode == -9


def count(term: Term, *conditions: object, row: type = RegradeItem) -> int:
    with term.transactions.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(row).where(*conditions)) or 0  # type: ignore[arg-type]


@pytest.fixture
def term(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Term:
    """Twelve students who answered alike, worked on three at a time, on each engine."""
    monkeypatch.setattr(regrading, "CHUNK", 3)
    return set_the_term(database, tmp_path / "bank", students=STUDENTS)


def test_killed_while_preparing_applying_and_undoing_the_marks_are_the_same_in_the_end(term: Term) -> None:
    made = [term.answer(number, "7", grade=False) for number in range(STUDENTS)]
    term.grade()
    before = [term.current(one).id for one in made]
    regrade: str = term.do(regrade_starts.void, made[0], 1, "total", "Why.", lambda: None)
    for key in term.regrades.due(10):
        term.regrades.do(key, lambda: False)
    work_until_killed(term, "run_together", 2)
    assert count(term, RegradeItem.step == "prepared") == 6
    term.work()
    assert term.preview(regrade).card.state == "previewed"
    assert [term.current(one).id for one in made] == before
    term.do(regrades.apply, regrade, lambda: None)
    work_until_killed(term, "keep_gradings", 1)
    # What was begun and not finished has left nothing behind.
    assert count(term, RegradeItem.step == "applied") == count(term, row=Judgement) == 3
    assert count(term, row=Grading) == 2 * STUDENTS + 3
    term.work()
    assert {term.points(one) for one in made} == {(Fraction(2), Fraction(2))}
    assert count(term, row=Judgement) == STUDENTS
    term.do(regrades.undo, regrade, lambda: None)
    work_until_killed(term, "keep_for_regrade", 1)
    assert count(term, RegradeItem.step == "undone") == 3
    term.work()
    assert [term.current(one).id for one in made] == before
    assert count(term, row=Judgement) == 2 * STUDENTS
