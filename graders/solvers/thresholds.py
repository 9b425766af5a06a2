"""Networks of two hidden threshold units and one output unit that realise a truth table."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from app.domain.values import Value
from graders.solvers.activations import threshold
from graders.solvers.arguments import cells, filled, switch
from graders.solvers.arrays import Number, as_array, as_value
from graders.solvers.solver import SolverError, solver

INPUTS = tuple(itertools.product((0, 1), repeat=2))  # (0,0), (0,1), (1,0), (1,1), the order of every truth table

Table = tuple[int, ...]
Unit = tuple[Number, Number, Number]  # two weights and a bias

MINUS_ONE_TO_ONE: list[Value] = [-1, 0, 1]


@dataclass(frozen=True)
class _Search:
    """All units over the allowed values, by what they compute."""

    units: list[Unit]
    tables: list[Table]

    def realising(self, first: Table, second: Table, target: Table) -> list[Unit]:
        """The output units that turn two hidden truth tables into the target."""
        hidden = [INPUTS.index(pair) for pair in zip(first, second, strict=True)]
        return [
            unit
            for unit, table in zip(self.units, self.tables, strict=True)
            if tuple(table[pair] for pair in hidden) == target
        ]


def _cost(_target: Value, allowed: Value, _at_zero: Value) -> int:
    units = cells(allowed) ** 3
    # At most 14 of the 16 truth tables are those of a unit, so at most 196 pairs are looked up.
    return 8 * units + 5 * 196 * units + 2 * units * units


@solver(cost=_cost)
def threshold_net(target: Value, allowed: Value = MINUS_ONE_TO_ONE, at_zero: Value = 0) -> Value:
    """First network of two hidden threshold units and one output unit with the truth table `target`.

    `target` has the outputs for (0, 0), (0, 1), (1, 0), (1, 1); all weights and biases come from the list
    `allowed`. The result is a record: W1 (2, 2) with one row per hidden unit, b1 (2), W2 (2) and the number
    b2. "First" is by the first hidden unit, then the second, then the output unit, in the order of `allowed`.
    A unit is 1 above 0, 0 below, and `at_zero` at 0.

    Raises:
        SolverError: target is no truth table, allowed no list of different numbers, or there is no such
            network.

    Source: TUM I2DL WS20/21, 9c.
    """
    search, wanted = _search(target, allowed, at_zero)
    known: dict[tuple[Table, Table], list[Unit]] = {}
    pairs = itertools.product(zip(search.units, search.tables, strict=True), repeat=2)
    for (first, first_table), (second, second_table) in pairs:
        key = (first_table, second_table)
        if key not in known:
            known[key] = search.realising(*key, wanted)
        if known[key]:
            output = known[key][0]
            return as_value(
                {
                    "W1": [first[:2], second[:2]],
                    "b1": [first[2], second[2]],
                    "W2": output[:2],
                    "b2": output[2],
                }
            )
    raise SolverError("target cannot be computed by two hidden units and one output unit with the allowed values.")


@solver(cost=_cost)
def threshold_nets_count(target: Value, allowed: Value = MINUS_ONE_TO_ONE, at_zero: Value = 0) -> Value:
    """How many networks of two hidden threshold units and one output unit have the truth table `target`.

    The arguments are those of `threshold_net`; two networks with swapped hidden units count twice.

    Raises:
        SolverError: target is no truth table, or allowed no list of different numbers.

    Source: TUM I2DL WS20/21, 9c (10 for exclusive or, 12 for its negation).
    """
    search, wanted = _search(target, allowed, at_zero)
    frequency = {table: search.tables.count(table) for table in sorted(set(search.tables))}
    return sum(
        frequency[first] * frequency[second] * len(search.realising(first, second, wanted))
        for first, second in itertools.product(frequency, repeat=2)
    )


def _search(target: Value, allowed: Value, at_zero: Value) -> tuple[_Search, Table]:
    outputs = as_array(target, "target")
    if outputs.shape != (4,) or any(cell not in (0, 1) for cell in outputs):
        raise SolverError("target must be four outputs, each 0 or 1, for (0,0), (0,1), (1,0) and (1,1).")
    values: list[Number] = list(filled(allowed, "allowed", 1))
    if len(set(values)) < len(values):
        raise SolverError("allowed must not name a value twice.")
    middle = switch(at_zero, "at_zero")
    units = [(w1, w2, bias) for w1, w2, bias in itertools.product(values, repeat=3)]
    tables = [tuple(threshold(w1 * a + w2 * b + bias, middle) for a, b in INPUTS) for w1, w2, bias in units]
    return _Search(units, tables), tuple(int(cell) for cell in outputs)
