"""All benchmarks, one after the other: `python -m benchmarks` (about five minutes)."""

from __future__ import annotations

import time

from benchmarks import bank, editor, equality, grading, memory, parsing, web


def main() -> None:
    started = time.perf_counter()
    for one in (web, bank, editor, grading, memory, equality, parsing):
        print(f"\n## {one.__name__.partition('.')[2]}\n", flush=True)
        one.main()
    print(f"\nAll of this took {time.perf_counter() - started:.0f} s.")


if __name__ == "__main__":
    main()
