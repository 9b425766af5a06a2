"""The kinds of drawings by the name that `figures: {…: {draw: …}}` uses."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas, DrawingError
from graders.presenting.figures.curves import curves
from graders.presenting.figures.feature_maps import feature_maps
from graders.presenting.figures.graph import graph
from graders.presenting.figures.layer_stack import layer_stack
from graders.presenting.figures.matrix_grid import matrix_grid
from graders.presenting.figures.network import network
from graders.presenting.figures.points import points
from graders.presenting.figures.rnn import rnn
from graders.presenting.figures.table import table

DRAWINGS: dict[str, Callable[[Value], Canvas]] = {
    "curves": curves,
    "feature_maps": feature_maps,
    "graph": graph,
    "layer_stack": layer_stack,
    "matrix_grid": matrix_grid,
    "network": network,
    "points": points,
    "rnn": rnn,
    "table": table,
}


def draw(kind: str, of: Value, alt: str) -> str:
    """The SVG of a value, with its text alternative.

    Raises:
        DrawingError: no such drawing, or the value does not fit it; one sentence.
    """
    if kind not in DRAWINGS:
        raise DrawingError(f"There is no drawing called `{kind}`; there are {', '.join(DRAWINGS)}.")
    return DRAWINGS[kind](of).svg(alt)
