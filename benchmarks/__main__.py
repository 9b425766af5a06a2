"""All benchmarks, one after the other: `python -m benchmarks` (about six minutes); or those that are named.

`exam` and `killing` are named alone, and have options.
"""

from __future__ import annotations

import sys
import time

from benchmarks import bank, desk, editor, equality, exam, grading, killing, memory, parsing, regrade, web

EVERY = (web, bank, desk, editor, grading, regrade, memory, equality, parsing)
ALL = {one.__name__.partition(".")[2]: one for one in EVERY}
ALONE = {"exam": exam, "killing": killing}


def main(*names: str) -> None:
    started = time.perf_counter()
    if names and names[0] in ALONE:
        ALONE[names[0]].main(*names[1:])
        return
    for name in names or ALL:
        if name not in ALL:
            raise SystemExit(f"There is no benchmark {name}; there are {', '.join((*ALL, *ALONE))}.")
        print(f"\n## {name}\n", flush=True)
        ALL[name].main()
    print(f"\nAll of this took {time.perf_counter() - started:.0f} s.")


if __name__ == "__main__":
    main(*sys.argv[1:])
