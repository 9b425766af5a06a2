"""A recurrent network with one ReLU state, run and differentiated through time."""

from __future__ import annotations

from app.domain.values import Value
from graders.solvers.arguments import cells, filled, number
from graders.solvers.arrays import Number, as_value
from graders.solvers.solver import solver


def _cost(u: Value, w: Value, v: Value, h0: Value, xs: Value) -> int:
    steps = cells(xs)
    # Exact states grow by the digits of u at every step.
    return 20 * cells(u, w, v, h0) * steps + steps * steps


@solver(cost=_cost)
def relu_rnn(u: Value, w: Value, v: Value, h0: Value, xs: Value) -> Value:
    """Scalar recurrent network h_t = ReLU(u·h_{t−1} + w·x_t), y_t = v·h_t: states, outputs and gradient.

    `xs` is the list x_1 … x_T. The result is a record: `pre` (T values before the ReLU), `h` (h_1 … h_T), `y`
    (y_1 … y_T) and `grad`, a record {u, w, v, h0} of the derivatives of y_T through time. The derivative of
    the ReLU at 0 is taken as 0. Swapping u and w gives the other reading of the printed drawing.

    Raises:
        SolverError: xs is no list of numbers with at least one, or another argument is no single number.

    Source: TUM I2DL WS20/21, 10b.
    """
    inputs = filled(xs, "xs", 1)
    on_state, on_input, on_output = number(u, "u"), number(w, "w"), number(v, "v")
    state = number(h0, "h0")
    # Derivatives of the state, carried along with it.
    slope: dict[str, Number] = {"u": 0, "w": 0, "h0": 1}
    before: list[Number] = []
    states: list[Number] = []
    for x in inputs:
        before.append(on_state * state + on_input * x)
        direct: dict[str, Number] = {"u": state, "w": x, "h0": 0}
        active = int(before[-1] > 0)
        slope = {name: active * (direct[name] + on_state * slope[name]) for name in slope}
        state = max(0, before[-1])
        states.append(state)
    gradient = {name: on_output * slope[name] for name in slope} | {"v": state}
    return as_value({"pre": before, "h": states, "y": [on_output * state for state in states], "grad": gradient})
