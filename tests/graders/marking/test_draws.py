"""Draws are reproducible, uniform and bounded."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.questions import Statement
from graders.evaluation.errors import EvaluationError
from graders.marking.draws import DRAW_FUNCTIONS, MOST_AT_ONCE, Draw
from graders.marking.variants import make_variant
from tests.graders.marking.questions import compiled, question

STATEMENTS = tuple(
    Statement.model_validate({"id": f"s{i}", "text": "", "truth": i % 2 == 0, "twin": f"t{i // 2}" if i < 4 else None})
    for i in range(7)
)


def draw(seed: int = 1, variable: str = "m", attempt: int = 0) -> Draw:
    return Draw("demo", seed, variable, attempt)


def test_known_seeds_give_known_values_for_ever():
    """A change here changes every variant that was ever drawn."""
    digits = draw()
    assert [digits.below(10) for _ in range(8)] == [3, 5, 2, 9, 6, 9, 2, 3]
    assert draw().integers(5, -10, 15) == [15, -3, 2, -1, 2]
    assert draw(attempt=1).integers(5, -10, 15) == [-4, -1, 10, -8, -7]
    assert draw(seed=2).shuffle([1, 2, 3, 4, 5]) == [1, 2, 5, 3, 4]
    assert draw(seed=3).sample([1, 2, 3, 4, 5], 2) == [3, 5]
    assert draw(variable="k").choose(["a", "b", "c"]) == "c"


def test_a_new_variable_does_not_shift_another():
    few = {"a": {"printed": 0, "draw": "integers(5, 0, 1000)"}}
    more = {"before": {"printed": 0, "draw": "integer(0, 9)"}} | few | {"z": {"printed": 0, "draw": "shuffle([1, 2])"}}
    one = make_variant(compiled(question(variables=few)), 17).values
    other = make_variant(compiled(question(variables=more)), 17).values
    assert one["a"] == other["a"]


def test_every_value_is_equally_likely():
    one = draw(seed=99)
    counts = Counter(one.below(6) for _ in range(6000))
    # Chi-squared with 5 degrees of freedom: 25 is beyond one in ten thousand, and the draws never change.
    assert sum((count - 1000) ** 2 / 1000 for count in counts.values()) < 25
    orders = Counter(tuple(draw(seed=seed).shuffled("abc")) for seed in range(3000))
    assert len(orders) == 6
    assert all(400 < count < 600 for count in orders.values())


@given(st.integers(0, 2**63), st.integers(-50, 50), st.integers(0, 100))
def test_a_whole_number_lies_between_its_ends(seed: int, lo: int, width: int):
    found = draw(seed=seed).integer(lo, lo + width)
    assert isinstance(found, int)
    assert lo <= found <= lo + width


@given(st.integers(0, 2**63), st.integers(0, 5))
def test_statements_shown_are_never_twins(seed: int, n: int):
    picked = draw(seed=seed).pick(STATEMENTS, n)
    twins = [one.twin for one in STATEMENTS if one.id in picked and one.twin is not None]
    assert len(picked) == len(set(picked)) == n
    assert len(twins) == len(set(twins))


@given(st.integers(0, 1000), st.integers(0, 5))
def test_a_sample_is_of_different_places(seed: int, n: int):
    found = draw(seed=seed).sample([1, 2, 3, 4, 5], n)
    assert isinstance(found, list)
    assert len(set(map(str, found))) == n


@pytest.mark.parametrize(
    ("function", "args", "says"),
    [
        ("integer", (3, 2), "There is no whole number to draw from 3 to 2."),
        ("integer", (0, 10**10), "There is no whole number to draw"),
        ("integer", (0.5, 2), "A draw needs a whole number as the lower end, not 0.5."),
        ("integer", (0, True), "A draw needs a whole number as the upper end, not True."),
        ("integers", (-1, 0, 1), f"A draw makes 0 to {MOST_AT_ONCE} values, not -1."),
        ("integers", (MOST_AT_ONCE + 1, 0, 1), "A draw makes 0 to"),
        ("choose", ([],), "A draw needs a list with something in it."),
        ("shuffle", ("abc",), "A draw needs a list"),
        ("sample", ([1, 2], 3), "3 of 2 items cannot be drawn."),
        ("pick", ("nowhere", 1), "There is no pool called 'nowhere'."),
        ("pick", (3, 1), "There is no pool called 3."),
        ("pick", ("pool", 6), "The pool holds only 5 statements that are no twins, not 6."),
    ],
)
def test_a_draw_that_cannot_be_made_says_why(function: str, args: tuple[Any, ...], says: str):
    functions = draw().functions({"pool": STATEMENTS})
    assert set(functions) == DRAW_FUNCTIONS
    with pytest.raises(EvaluationError) as caught:
        functions[function](*args)
    assert caught.value.says.startswith(says)


def test_the_question_language_picks_from_pools():
    pool = [one.model_dump(mode="json", exclude_none=True) for one in STATEMENTS]
    shown = {"printed": ["s0", "s2"], "draw": "pick('pool', 3)"}
    values = make_variant(compiled(question(pools={"pool": pool}, variables={"shown": shown})), 4).values
    assert isinstance(values["shown"], list)
    assert len(values["shown"]) == 3
    assert draw().functions({"pool": STATEMENTS})["pick"]("pool", 0) == []


def test_a_number_beyond_the_last_full_round_is_drawn_again(monkeypatch: pytest.MonkeyPatch):
    digests = iter([b"\xff" * 32, b"\x00" * 7 + b"\x05" + b"\x00" * 24])

    class Digest:
        def __init__(self, _: bytes) -> None:
            self.value = next(digests)

        def digest(self) -> bytes:
            return self.value

    monkeypatch.setattr("graders.marking.draws.hashlib.sha256", Digest)
    assert draw().below(10) == 5
