"""Saves as fast as it can and prints each acknowledged save; killed by a test in the middle."""

from __future__ import annotations

import sys
from concurrent.futures import Future

from app.storage.changes import Change, FieldChange, Kept, Saved
from app.storage.engine import open_database
from app.storage.save_lane import SaveLane
from app.storage.transaction import Transactions


def main(url: str, attempt: str) -> None:
    lane = SaveLane(Transactions(open_database(url)), grace_seconds=0)

    def tell(seq: int, future: Future[Saved | Kept]) -> None:
        if future.exception() is None:
            sys.stdout.write(f"{seq}\n")
            sys.stdout.flush()

    seq = 0
    while True:
        futures = []
        for _ in range(20):
            seq += 1
            future = lane.submit(Change(attempt, "tab", seq, (FieldChange(1, "qa_x", seq, str(seq)),)))
            future.add_done_callback(lambda future, seq=seq: tell(seq, future))  # type: ignore[misc]
            futures.append(future)
        for future in futures:
            future.exception()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
