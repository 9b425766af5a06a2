"""How well short texts are judged: every item's rubric on marked answers, with intervals, and how long an answer takes.

`python -m benchmarks.texts [--answers FOLDER] [--worst N] [--write] [--missing WORD]`; `--write` writes the tables of
docs/how-texts-are-judged.md. The answers are those of tests/bank/marked: `seen` by who wrote the rubrics, `aside`
never. Beside the rubrics, a marker that knows nothing of them gives every answer the points of the seen answer that
shares most words with it.
"""

from __future__ import annotations

import argparse
import math
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from app.interchange.bank import load_bank
from app.interchange.yaml import read_yaml
from app.settings import read_settings
from graders.claims.judging import judge
from graders.marking.compiled import Compiled
from graders.marking.rubric_trials import Answer, TextPart, text_parts, try_answers
from graders.marking.variants import make_variant, world_of
from graders.packages import unpack

MARKED = Path(__file__).parent.parent / "tests" / "bank" / "marked"
Z = 1.96
PAGE = Path(__file__).parent.parent / "docs" / "how-texts-are-judged.md"
_DECIDED = (("decided", "answers"), ("exact", "decided"))
# What is counted, how it should be, and of what it is a share.
GOALS = (
    ("decided without a person", "≥ 80 %", *_DECIDED[0]),
    ("exact, of those", "≥ 95 %", *_DECIDED[1]),
    ("worthless answers paid anything", "≤ 1 %", "paid", "worthless"),
    ("worthless answers paid in full", "0", "paid_full", "worthless"),
    ("full marks denied", "≤ 1 %", "denied", "full"),
    *((f"{kind}, paid in full", goal, f"{kind} paid", f"{kind} tried") for kind, goal in (
        ("negated", "0"), ("denied", "0"), ("dismissed", "0"), ("withdrawn", "0"), ("swapped", "0"), ("injected", "0"),
        ("keywords", "≤ 5 %"), ("shuffled", "≤ 5 %"),
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Error:
    """An answer on which the machine decided otherwise than the person."""

    item: str
    text: str
    marked: Fraction
    got: Fraction


@dataclass(slots=True)
class Figures:
    """The counts of one item, or of all."""

    counts: Counter[str] = field(default_factory=Counter)
    errors: list[Error] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def share(self, part: str, whole: str) -> str:
        """`12/20 (60 %, 39–78)`: the count, the share and its interval by Wilson at 95 %."""
        k, n = self.counts[part], self.counts[whole]
        if not n:
            return "–"
        low, high = wilson(k, n)
        # 831 of 835 are not all, and 1 of 206 is not none.
        digits = 1 if round(100 * k / n) in (0, 100) and 0 < k < n else 0
        return f"{k}/{n} ({100 * k / n:.{digits}f} %, {100 * low:.0f}–{100 * high:.0f})"


def wilson(k: int, n: int) -> tuple[float, float]:
    """The interval of a share at 95 %."""
    p, z2 = k / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def measure(folder: Path, *, mutate: bool = True) -> dict[str, Figures]:
    """The figures of every item whose marked answers are in the folder, with `mutate` also of what is made of them."""
    return {
        one.part.item or "": _measured(compiled, one, answers_of(path), mutate=mutate)
        for compiled, one, path in _parts(folder)
    }


def _parts(folder: Path) -> Iterator[tuple[Compiled, TextPart, Path]]:
    """The short texts whose marked answers are in the folder, each with its file."""
    for loaded in load_bank(read_settings().bank_path):
        if loaded.package is None:
            continue
        compiled = unpack(loaded.package).compiled
        for one in text_parts(compiled):
            path = folder / f"{one.part.item}.yaml"
            if one.part.form == "first" and path.exists():
                yield compiled, one, path


def answers_of(path: Path) -> list[tuple[str, Fraction]]:
    """The answers to the printed variant with a person's points."""
    data: Any = read_yaml(path.read_text(encoding="utf-8"), path.name)[0]
    return [(str(one["text"]), Fraction(str(one["points"]))) for one in data["answers"] if not one.get("variant")]


def _measured(compiled: Compiled, one: TextPart, answers: list[tuple[str, Fraction]], *, mutate: bool) -> Figures:
    figures = Figures()
    world = world_of(compiled, make_variant(compiled, 0).values)
    most = one.part.points
    for text, marked in answers:
        judge.cache_clear()
        start = time.process_time()
        (row,) = try_answers(compiled, one, world, [Answer(text)])
        figures.seconds.append(time.process_time() - start)
        assert isinstance(row, dict)
        lo, hi = Fraction(str(row["lo"])), Fraction(str(row["hi"]))
        decided = lo == hi
        figures.counts.update(
            answers=1,
            decided=decided,
            exact=decided and lo == marked,
            worthless=marked == 0,
            paid=marked == 0 and lo > 0,
            paid_full=marked == 0 and lo == most,
            full=marked == most,
            denied=marked == most and hi < most,
        )
        if decided and lo != marked:
            figures.errors.append(Error(one.part.item or "", text, marked / most, lo / most))
        if mutate and marked == most:
            (mutated,) = try_answers(compiled, one, world, [Answer(text)], mutate=True)
            assert isinstance(mutated, dict)
            changed: Any = mutated["mutations"]
            for mutation in changed:
                figures.counts[f"{mutation['kind']} tried"] += 1
                paid = Fraction(mutation["lo"]) == most
                figures.counts[f"{mutation['kind']} paid"] += paid
                figures.counts[f"{mutation['kind']} named"] += paid and not mutation["wrong"]
    return figures


def together(figures: dict[str, Figures]) -> Figures:
    """All items in one."""
    whole = Figures()
    for one in figures.values():
        whole.counts.update(one.counts)
        whole.errors += one.errors
        whole.seconds += one.seconds
    return whole


def bag_of_words(folder: Path, seen: Path) -> Figures:
    """Points by the seen answer that shares most words: what a rubric has to beat."""
    figures = Figures()
    for path in sorted(folder.glob("*.yaml")):
        known = [(_bag(text), points) for text, points in answers_of(seen / path.name)]
        most = max(points for _, points in known)
        for text, marked in answers_of(path):
            bag = _bag(text)
            _, got = max(known, key=lambda one: (len(one[0] & bag) / max(1, len(one[0] | bag)), one[1]))
            figures.counts.update(
                answers=1, decided=1, exact=got == marked, worthless=marked == 0, paid=marked == 0 and got > 0,
                full=marked == most, denied=marked == most and got < most,
            )  # fmt: skip
    return figures


def _bag(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.lower()))


def missing_paid(folder: Path, word: str, most_answers: int = 6) -> Figures:
    """The first full answers of every item with a word such as "without" put before each idea that earned, in turn."""
    figures = Figures()
    for compiled, one, path in _parts(folder):
        world = world_of(compiled, make_variant(compiled, 0).values)
        most, done = one.part.points, 0
        for text, marked in answers_of(path):
            (row,) = try_answers(compiled, one, world, [Answer(text)])
            assert isinstance(row, dict)
            if done >= most_answers or marked < most or Fraction(str(row["lo"])) < most:
                continue
            done += 1
            words: Any = row["words"]
            for start in [start for start, _, mark in words if mark == "earned"]:
                changed = f"{text[:start]}{word} {text[start:]}"
                (row,) = try_answers(compiled, one, world, [Answer(changed)])
                assert isinstance(row, dict)
                figures.counts.update(tried=1, paid=Fraction(str(row["lo"])) == most)
    return figures


def item_table(found: dict[str, Figures]) -> list[str]:
    """A line for each item and one for all of them."""
    lines = [
        "| item | answers | decided | exact, of those decided | worthless paid | full marks denied |",
        "|---|---|---|---|---|---|",
    ]
    for item, one in sorted(found.items()):
        counts = one.counts
        cells = [item, counts["answers"], counts["decided"], counts["exact"]]
        cells += [f"{counts['paid']}/{counts['worthless']}", f"{counts['denied']}/{counts['full']}"]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    whole = together(found)
    shares = (whole.share(*one) for one in (*_DECIDED, ("paid", "worthless"), ("denied", "full")))
    return [*lines, f"| **all** | {whole.counts['answers']} | {' | '.join(shares)} |"]


def goal_table(found: dict[str, Figures]) -> list[str]:
    """The goals and where all items together are."""
    whole = together(found)
    lines = ["| on answers nobody had tuned with | goal | now |", "|---|---|---|"]
    for what, goal, part, of in GOALS:
        lines.append(f"| {what} | {goal} | {whole.share(part, of)} |")
    listed = whole.counts["keywords named"]
    return [*lines, "", f"Of the lists of words that are paid in full, {listed} answer items that only ask for names."]


def written(page: str, tables: dict[str, list[str]]) -> str:
    """The page with each table between its two marks.

    Raises:
        ValueError: a table has no marks in the page.
    """
    for name, lines in tables.items():
        begin, end = f"<!-- benchmarks.texts: {name} -->\n", "<!-- end -->"
        before, mark, rest = page.partition(begin)
        if not mark or end not in rest:
            raise ValueError(f"{PAGE.name} has no place for {name}.")
        page = before + begin + "\n".join(["", *lines, "", ""]) + rest[rest.index(end) :]
    return page


def tables_of(found: dict[str, Figures]) -> dict[str, list[str]]:
    """The tables of docs/how-texts-are-judged.md by the names of their marks."""
    return {"goals": goal_table(found), "items": item_table(found)}


def print_found(found: dict[str, Figures], *, worst: int = 0) -> None:
    """The tables, the time an answer takes, and the worst errors."""
    whole = together(found)
    print("\n".join([*item_table(found), "", *goal_table(found)]))
    times = sorted(whole.seconds)
    if times:
        median, slow = (1000 * times[int(len(times) * share)] for share in (0.5, 0.99))
        print(f"* an answer takes {median:.1f} ms (median), {slow:.1f} ms (99 %)")
    for error in sorted(whole.errors, key=lambda one: (-abs(one.got - one.marked), one.item))[:worst]:
        print(f"* {error.item}: {error.got} instead of {error.marked} of the points: “{' '.join(error.text.split())}”")


def main() -> None:
    """See the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.texts", description="How well short texts are judged.")
    parser.add_argument("--answers", type=Path, default=MARKED / "aside", help="a folder with ITEM.yaml files")
    parser.add_argument("--worst", type=int, default=0, help="how many of the worst errors to print")
    parser.add_argument("--missing", metavar="WORD", help='only: put a word such as "without" before what earns')
    parser.add_argument("--write", action="store_true", help=f"write the tables of docs/{PAGE.name}")
    arguments = parser.parse_args()
    if arguments.missing:
        print(f"{arguments.missing}: {missing_paid(arguments.answers, arguments.missing).share('paid', 'tried')}")
        return
    found = measure(arguments.answers)
    print_found(found, worst=arguments.worst)
    if arguments.write:
        PAGE.write_text(written(PAGE.read_text(encoding="utf-8"), tables_of(found)), encoding="utf-8")
    words = bag_of_words(arguments.answers, MARKED / "seen")
    exact, paid = words.share("exact", "decided"), words.share("paid", "worthless")
    print(f"\nBy the most similar seen answer: exact {exact}, worthless paid {paid}")


if __name__ == "__main__":
    main()
