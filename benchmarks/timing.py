"""Durations: collecting them, their median and 95th percentile, and the tables they are printed in."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median


class Durations:
    """The durations of one operation, in seconds."""

    def __init__(self, seconds: Iterable[float] = ()) -> None:
        self.seconds = list(seconds)

    def __len__(self) -> int:
        return len(self.seconds)

    @contextmanager
    def one(self) -> Iterator[None]:
        """Time the block; one that raises is not counted."""
        started = time.perf_counter()
        yield
        self.seconds.append(time.perf_counter() - started)

    @property
    def median(self) -> float:
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """The smallest duration that at least 95 % do not exceed."""
        return self._share(0.95)

    @property
    def p99(self) -> float:
        """The smallest duration that at least 99 % do not exceed."""
        return self._share(0.99)

    def _share(self, share: float) -> float:
        return sorted(self.seconds)[math.ceil(share * len(self.seconds)) - 1]


def milliseconds(seconds: float) -> str:
    """Three figures: 0.042, 1.23, 12.3, 123."""
    value = seconds * 1000
    return f"{value:.{3 if value < 1 else 2 if value < 10 else 1 if value < 100 else 0}f}"


def times(ratio: float) -> str:
    """A ratio: ×0.04, ×3.1, ×120."""
    return f"×{ratio:.{0 if ratio >= 10 else 1 if ratio >= 0.95 else 2}f}"


def cpu_seconds(pid: int) -> float:
    """The processor time that a process has used, all its threads together, to the nanosecond (Linux)."""
    return time.clock_gettime((~pid << 3) | 2)


def queued_seconds(pid: int) -> float:
    """For how long the first thread of a process was ready to go on and had no processor (Linux)."""
    return int(Path(f"/proc/{pid}/schedstat").read_text(encoding="ascii").split()[1]) / 1e9


def print_table(title: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A Markdown table that is readable as it is; the first column is text, the others are numbers."""
    lines = [list(header), *map(list, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]

    def line(cells: Sequence[str]) -> str:
        numbers = (cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))
        return f"| {' | '.join([cells[0].ljust(widths[0]), *numbers])} |"

    print(f"\n### {title}\n")
    print("\n".join(map(line, [lines[0], rule, *lines[1:]])), flush=True)


def machine() -> str:
    """The kind of machine, as far as it matters."""
    return f"{os.cpu_count()} cores, load before the run {os.getloadavg()[0]:.1f}"
