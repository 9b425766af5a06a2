"""kill -9 in the middle of saving: every save that was acknowledged is stored."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from sqlalchemy import select

from app.storage.engine import Database
from app.storage.tables import Answer, Save
from tests.small_bank import set_the_stage

PROCESS = Path(__file__).with_name("saving_process.py")


def test_no_acknowledged_save_is_lost_when_the_process_is_killed(database: Database) -> None:
    stage = set_the_stage(database)
    attempt = stage.start()
    with subprocess.Popen(
        [sys.executable, str(PROCESS), database.url, attempt],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROCESS.parents[2],
        env={"PYTHONPATH": str(PROCESS.parents[2])},
    ) as process:
        assert process.stdout is not None
        acknowledged = [int(process.stdout.readline()) for _ in range(500)]
        process.kill()
        # What it managed to say before it died counts as well; its last line may be cut off.
        acknowledged += [int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
    with stage.transactions.reading() as tx:
        stored = set(tx.session.scalars(select(Save.seq)))
        newest = tx.session.scalars(select(Answer.revision)).one()
    assert set(acknowledged) <= stored
    assert newest == max(stored)
    assert stored == set(range(1, len(stored) + 1))
