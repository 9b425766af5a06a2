"""A fully connected network: neurons in layers, weights on the edges, biases at the neurons."""

from __future__ import annotations

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas, DrawingError, Point
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import count, items, record, rows, text, texts

RADIUS = 21
ACROSS = 132
DOWN = 100


def network(of: Value) -> Canvas:
    """Layers of neurons from left to right, every neuron joined to all of the next layer.

    `of`: a list of layers, each a number of neurons or a list of their labels; or
    {layers, weights: [one matrix per gap, a row per target neuron], biases: [one list per layer after the
    first], names: [a label under each layer]}. Weights and biases are numbers or labels, or blank.
    """
    data: dict[str, Value] = {"layers": of}
    if isinstance(of, dict):
        data = record(of, "A network", ("layers", "weights", "biases", "names"), ("layers",))
    layers = [_layer(item) for item in items(data["layers"], "The layers", 6)]
    weights = _weights(data.get("weights"), layers)
    biases = _biases(data.get("biases"), layers)
    names = texts(data.get("names"), "The names", len(layers))

    canvas = Canvas()
    tallest = max(len(layer) for layer in layers)
    down = DOWN if weights or biases else DOWN * 0.7
    across = ACROSS if weights else ACROSS * 0.9
    places = [
        [(column * across, (row + (tallest - len(layer)) / 2) * down) for row in range(len(layer))]
        for column, layer in enumerate(layers)
    ]
    for column in range(len(layers) - 1):
        for row, start in enumerate(places[column]):
            for target, end in enumerate(places[column + 1]):
                said = weights[column][target][row] if weights else ""
                _edge(canvas, start, end, said, far=row != target and len(places[column + 1]) > 1)
    for column, layer in enumerate(layers):
        for row, label in enumerate(layer):
            x, y = places[column][row]
            canvas.circle(x, y, RADIUS, filled=column > 0)
            if label:
                canvas.text(x, y, label)
            if column and biases and biases[column - 1][row]:
                canvas.text(x, y + RADIUS + 13, biases[column - 1][row], size=13, tone="muted")
        if names:
            canvas.text(
                column * across,
                (tallest - 1) * down + RADIUS + (42 if biases else 26),
                names[column],
                size=13,
                tone="muted",
            )
    _say(canvas, layers, weights, biases)
    return canvas


def _layer(value: Value) -> list[str]:
    if isinstance(value, list):
        return texts(items(value, "A layer", 10), "A layer")
    return [""] * count(value, "The size of a layer", 1, 10)


def _weights(value: Value, layers: list[list[str]]) -> list[list[list[str]]]:
    if value is None:
        return []
    listed = items(value, "The weights")
    if len(listed) != len(layers) - 1:
        raise DrawingError(f"A network of {len(layers)} layers has {len(layers) - 1} weight matrices.")
    found = []
    for gap, matrix in enumerate(listed):
        lines = [[text(cell, "A weight") for cell in row] for row in rows(matrix, f"The weights of gap {gap + 1}")]
        wanted = (len(layers[gap + 1]), len(layers[gap]))
        if (len(lines), len(lines[0])) != wanted:
            raise DrawingError(f"The weights of gap {gap + 1} must be {wanted[0]} × {wanted[1]}.")
        found.append(lines)
    return found


def _biases(value: Value, layers: list[list[str]]) -> list[list[str]]:
    if value is None:
        return []
    listed = items(value, "The biases")
    if len(listed) != len(layers) - 1:
        raise DrawingError(f"A network of {len(layers)} layers has {len(layers) - 1} lists of biases.")
    return [texts(item, "The biases of a layer", len(layers[at + 1])) for at, item in enumerate(listed)]


def _edge(canvas: Canvas, start: Point, end: Point, label: str, far: bool) -> None:
    """An edge between two circles; its label stands in a gap of it, off the middle where edges cross."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = (dx * dx + dy * dy) ** 0.5
    ux, uy = dx / length, dy / length
    first = (start[0] + ux * RADIUS, start[1] + uy * RADIUS)
    last = (end[0] - ux * RADIUS, end[1] - uy * RADIUS)
    if not label:
        canvas.line([first, last], "faint", arrow=True)
        return
    at = 0.26 if far else 0.5
    middle = (first[0] + (last[0] - first[0]) * at, first[1] + (last[1] - first[1]) * at)
    half = min(width(label, 13) / 2 / max(abs(ux), 0.35), 22) + 4
    canvas.line([first, (middle[0] - ux * half, middle[1] - uy * half)], "faint")
    canvas.line([(middle[0] + ux * half, middle[1] + uy * half), last], "faint", arrow=True)
    canvas.text(*middle, label, size=13)


def _say(canvas: Canvas, layers: list[list[str]], weights: list[list[list[str]]], biases: list[list[str]]) -> None:
    def name(column: int, row: int) -> str:
        return spoken(layers[column][row]) or f"neuron {row + 1} of layer {column + 1}"

    canvas.says.append(f"Layers of {', '.join(str(len(layer)) for layer in layers)} neurons.")
    for gap, matrix in enumerate(weights):
        for target, line in enumerate(matrix):
            for source, said in enumerate(line):
                if said:
                    canvas.says.append(f"{name(gap, source)} to {name(gap + 1, target)}: {spoken(said)}.")
    for column, line in enumerate(biases):
        for row, said in enumerate(line):
            if said:
                canvas.says.append(f"Bias of {name(column + 1, row)}: {spoken(said)}.")
