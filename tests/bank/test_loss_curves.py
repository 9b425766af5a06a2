"""The recorded training runs of the question about loss curves show what the question says they show."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from statistics import mean

import pytest
from ruamel.yaml import YAML

QUESTION = Path(__file__).resolve().parents[2] / "question_bank/vir2022/vir2022-11/question.yaml"
VARIABLES = YAML(typ="safe").load(QUESTION)["variables"]
RUNS = VARIABLES["runs"]["value"]


def runs(kind: str) -> list[tuple[list[float], list[float]]]:
    """Training and validation losses of every run of a kind."""
    return [(run["train"], run["val"]) for run in RUNS[kind]]


def thirds(losses: list[float]) -> tuple[float, float, float]:
    size = len(losses) // 3
    return mean(losses[:size]), mean(losses[size : 2 * size]), mean(losses[2 * size :])


@pytest.mark.parametrize("kind", RUNS)
def test_there_are_a_dozen_different_runs_of_positive_losses(kind: str) -> None:
    assert len({str(run) for run in RUNS[kind]}) == 12
    for train, val in runs(kind):
        assert len(train) == len(val) <= 40
        assert min(train + val) > 0


def test_a_diverging_loss_grows_without_turning_back() -> None:
    for train, val in runs("diverging"):
        assert train[-1] >= 10 * train[0]
        assert val[-1] >= 10 * val[0]
        assert all(before < after for before, after in pairwise(train[6:]))


def test_a_slow_loss_has_fallen_little_and_is_still_falling() -> None:
    for train, val in runs("slow"):
        assert 0.68 * train[0] <= train[-1] <= 0.93 * train[0]
        assert all(before > after for losses in (train, val) for before, after in pairwise(losses))
        assert train[3 * len(train) // 4] - train[-1] >= 0.15 * (train[0] - train[-1])


def test_overfitting_shows_in_both_curves() -> None:
    for train, val in runs("overfitting"):
        assert val[-1] >= 1.3 * min(val)
        assert train[-1] <= 0.3 * val[-1]
        assert min(val) <= 0.85 * val[0]


def test_an_oscillating_loss_turns_often_about_a_falling_trend_and_does_not_overfit() -> None:
    for train, val in runs("oscillating"):
        steps = [after - before for before, after in pairwise(train)]
        assert mean(one * other < 0 for one, other in pairwise(steps)) >= 0.5
        assert thirds(train)[2] <= 0.8 * thirds(train)[0]
        assert thirds(val)[2] <= 1.1 * thirds(val)[1]
