"""VIR 7: every constraint that a kernel size, stride and padding violate is named, and none that they meet.

The output is counted here: windows are laid out one after another, as the prompt says.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from app.interchange.bank import load_bank
from graders.calls import CALLS

BANK = Path(__file__).resolve().parents[2] / "question_bank"
SIZE, OUT = 100, 40
SAYS = {
    "kernel": "A kernel has at least one row and one column.",
    "stride": "The stride is at least 1.",
    "padding": "A padding is not negative.",
    "large": "The kernel is larger than the image with its padding.",
    "empty": "Some windows see nothing but padding; keep the padding smaller than the kernel.",
}
HEIGHTS = (-22, -17, 0, 1, 3, 20, 21, 22, 23, 24, 100, 130)
WIDTHS = (-17, 20, 22, 24)


@pytest.fixture(scope="module")
def package() -> Any:
    return next(one for one in load_bank(BANK) if one.folder.name == "vir2022-7").package


def windows(kernel: int, stride: int, padding: int) -> int:
    """How many windows lie in the padded image."""
    first = range(-padding, SIZE + padding - kernel + 1)
    return len(first[::stride])


def feedback(package: Any, answers: dict[str, str]) -> set[str]:
    asked = {"package": package, "seed": 0, "answers": answers, "part": "geometry", "language": "en"}
    found: Any = CALLS["grade"](asked)
    return {one["says"] for part in found["credit"]["parts"] for one in part["mistakes"]}


def test_every_violated_constraint_is_named_and_no_other(package: Any) -> None:
    for height, width, stride, padding in product(HEIGHTS, WIDTHS, (-1, 0, 1, 2, 3), (-1, 0, 1, 24)):
        answers = {"kh": str(height), "kw": str(width), "s": str(stride), "p": str(padding)}
        said = feedback(package, answers)
        sides = (height, width)
        violated = {
            "kernel": min(sides) < 1,
            "stride": stride < 1,
            "padding": padding < 0,
            "large": padding >= 0 and max(sides) > SIZE + 2 * padding,
            "empty": any(1 <= side <= padding for side in sides),
        }
        assert {name for name, says in SAYS.items() if says in said} == {name for name in violated if violated[name]}
        for side, words in ((height, ("The height of", "another height")), (width, ("The width of", "another width"))):
            about = [
                text
                for text in said
                if any(word in text for word in (*words, "The sides of", "another size")) and text not in SAYS.values()
            ]
            possible = stride >= 1 and side >= 1
            off = windows(side, stride, padding) - OUT if possible else 0
            if possible and side <= SIZE + 2 * padding:
                assert bool(about) == bool(off), (answers, said)
                assert any("off by one" in text for text in about) == (abs(off) == 1), (answers, said)
            if not possible:
                assert not about, (answers, said)


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"kh": "-3", "s": "2", "p": "0"}, {SAYS["kernel"]}),
        ({"kh": "22", "kw": "22", "s": "2.5", "p": "0"}, {"Kernel size, stride and padding are whole numbers."}),
        ({"kh": "22", "s": "2", "p": "-0.5"}, {"Kernel size, stride and padding are whole numbers.", SAYS["padding"]}),
    ],
)
def test_what_is_violated_is_named_beside_blank_boxes_and_for_fractions(
    package: Any, answers: dict[str, str], says: set[str]
) -> None:
    assert says <= feedback(package, answers)
