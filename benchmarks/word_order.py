"""How likely one kind of word follows another in students' answers: makes the table of graders/claims/word_order.py.

`python -m benchmarks.word_order`: prints the table, counted on the answers of tests/bank/marked/seen and on the same
with their words in disorder; and how many of both are taken for disordered by a table of the other half of the items.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path

from benchmarks.texts import MARKED, answers_of
from graders.claims.spelling import Vocabulary
from graders.claims.tokens import Token, tokens_of
from graders.claims.word_order import LEAST_LIKELY, is_told, steps

Table = dict[tuple[str, str], int]
# In tenths of the logarithm; what was never seen in order is not impossible.
LEAST, MOST, SMOOTHING = -30, 12, 1.5
_NO_WORDS = Vocabulary(())


def tokens(text: str) -> list[Token]:
    """The tokens of an answer to anything."""
    return tokens_of(text, _NO_WORDS)


def disorders(text: str, chance: random.Random) -> list[str]:
    """The words of a text in disorder, once with its commas and stops and once without."""
    found = []
    for words in (text.split(), text.replace(",", "").replace(".", "").split()):
        chance.shuffle(words)
        found.append(" ".join(words))
    return found


def table(texts: Collection[str]) -> Table:
    """How much more often than in disorder one kind follows another."""
    chance = random.Random(1)
    ordered: Counter[tuple[str, str]] = Counter()
    mixed: Counter[tuple[str, str]] = Counter()
    for text in texts:
        if is_told(tokens(text)):
            ordered.update(steps(tokens(text)))
            for one in disorders(text, chance):
                mixed.update(steps(tokens(one)))
    times = mixed.total() / ordered.total()
    found: Table = {}
    for step in sorted({*ordered, *mixed}):
        often = times * (ordered[step] + SMOOTHING) / (mixed[step] + 2 * SMOOTHING)
        found[step] = max(LEAST, min(MOST, round(10 * math.log(often))))
    return found


def is_unlikely(text: str, likely: Mapping[tuple[str, str], int]) -> bool:
    """Whether hardly anybody writes so, by this table."""
    found = [likely.get(step, 0) for step in steps(tokens(text))]
    return is_told(tokens(text)) and sum(found) < LEAST_LIKELY * math.sqrt(max(1, len(found)))


def answers(folder: Path) -> list[list[str]]:
    """The answers of every item."""
    return [[text for text, _ in answers_of(path)] for path in sorted(folder.glob("*.yaml"))]


def main() -> None:
    """See the module's docstring."""
    items = answers(MARKED / "seen")
    chance, counts = random.Random(2), Counter[str]()
    for half in (0, 1):
        likely = table([text for item in items[1 - half :: 2] for text in item])
        for text in (text for item in items[half::2] for text in item):
            mixed = [one for one in disorders(text, chance) if is_told(tokens(one))]
            counts.update(answers=1, taken=is_unlikely(text, likely))
            counts.update(mixed=len(mixed), found=sum(is_unlikely(one, likely) for one in mixed))
    likely = table([text for item in items for text in item])
    kinds = sorted({one for step in likely for one in step})
    for kind in kinds:
        print(kind, *(likely.get((kind, other)) or "." for other in kinds))
    print(f"\nin order, taken for disordered: {counts['taken']}/{counts['answers']}")
    print(f"in disorder, found: {counts['found']}/{counts['mixed']}")


if __name__ == "__main__":
    main()
