"""A recurrent network unrolled over time."""

from __future__ import annotations

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas, DrawingError
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import record, text, texts

ACROSS = 116
DOWN = 84
WIDE = 52
HIGH = 40


def rnn(of: Value) -> Canvas:
    """One column per step: the input below, the hidden state, the output above; states joined left to right.

    `of`: {inputs: labels, states: labels, outputs: labels, initial: label, on_input: label, on_state: label,
    on_output: label}. Only `states` is needed; inputs and outputs have one label per state, blank where there
    is none.
    """
    known = ("states", "inputs", "outputs", "initial", "on_input", "on_state", "on_output")
    data = record(of, "An unrolled RNN", known, ("states",))
    states = texts(data["states"], "The states")
    if len(states) > 8:
        raise DrawingError("An unrolled RNN shows at most 8 steps.")
    inputs = texts(data.get("inputs"), "The inputs", len(states)) or [""] * len(states)
    outputs = texts(data.get("outputs"), "The outputs", len(states)) or [""] * len(states)
    initial = text(data.get("initial"), "The initial state")
    on_input = text(data.get("on_input"), "`on_input`")
    on_state = text(data.get("on_state"), "`on_state`")
    on_output = text(data.get("on_output"), "`on_output`")

    canvas = Canvas()
    if initial:
        canvas.text(-WIDE / 2 - 48 - width(initial, 15) / 2, 0, initial)
        canvas.says.append(f"Initial state {spoken(initial)}.")
    for step, state in enumerate(states):
        x = step * ACROSS
        left = x - WIDE / 2
        if step or initial:
            start = left - (ACROSS - WIDE if step else 42)
            canvas.line([(start, 0), (left, 0)], arrow=True)
            canvas.text((start + left) / 2 - 2, -14, on_state, tone="accent")
        canvas.box(left, -HIGH / 2, WIDE, HIGH, radius=10, filled=True)
        canvas.text(x, 0, state)
        said = f"Step {step + 1}: state {spoken(state)}"
        if inputs[step]:
            canvas.line([(x, DOWN - 14), (x, HIGH / 2)], arrow=True)
            canvas.text(x + 8, (DOWN - 14 + HIGH / 2) / 2 + 2, on_input, anchor="start", tone="accent")
            canvas.text(x, DOWN, inputs[step])
            said += f", input {spoken(inputs[step])}"
        if outputs[step]:
            canvas.line([(x, -HIGH / 2), (x, 14 - DOWN)], arrow=True)
            canvas.text(x + 8, (14 - DOWN - HIGH / 2) / 2, on_output, anchor="start", tone="accent")
            canvas.text(x, -DOWN, outputs[step])
            said += f", output {spoken(outputs[step])}"
        canvas.says.append(f"{said}.")
    for where, label in (("inputs", on_input), ("the previous state", on_state), ("outputs", on_output)):
        if label:
            canvas.says.append(f"Weight on {where}: {spoken(label)}.")
    return canvas
