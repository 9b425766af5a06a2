"""Grids of numbers side by side: an input with its padding, a kernel, a feature map."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas, DrawingError
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import count, items, record, rows, text

SIDE = 36
GAP = 36
SIZE = 15
ROW = 360
MOST_PADDING = 5


@dataclass(frozen=True, slots=True)
class Grid:
    """One grid: its cells, rings of zeros around them, and a marked window (row, column, height, width)."""

    label: str
    cells: list[list[str]]
    padding: int
    mark: tuple[int, int, int, int] | None

    @property
    def side(self) -> float:
        return max(SIDE, *(width(cell, SIZE) + 14 for row in self.cells for cell in row))

    @property
    def wide(self) -> float:
        return max(self.side * (len(self.cells[0]) + 2 * self.padding), width(self.label, SIZE))

    @property
    def high(self) -> float:
        return SIDE * (len(self.cells) + 2 * self.padding)


def matrix_grid(of: Value) -> Canvas:
    """Labelled grids in a row, wrapped where the row would get too wide for a phone.

    `of`: a matrix, or {label: matrix, …}, or {label: {cells: matrix, padding: p, mark: [row, column, height,
    width]}} where `mark` counts from 0 in the padded grid. A list of matrices is one grid per channel.
    """
    grids = [grid for label, value in _labelled(of) for grid in _grids(label, value)]
    canvas = Canvas()
    x = y = 0.0
    line: list[Grid] = []
    lines = [line]
    for grid in grids:
        if line and sum(other.wide + GAP for other in line) + grid.wide > ROW:
            line = []
            lines.append(line)
        line.append(grid)
    for line in lines:
        labelled = 30 if any(grid.label for grid in line) else 0
        high = max(grid.high for grid in line)
        x = 0.0
        for grid in line:
            top = y + labelled + (high - grid.high) / 2
            _draw(canvas, grid, x, top)
            if grid.label:
                canvas.text(x + grid.side * (len(grid.cells[0]) + 2 * grid.padding) / 2, top - 16, grid.label)
            x += grid.wide + GAP
        y += labelled + high + 24
    return canvas


def _labelled(of: Value) -> list[tuple[str, Value]]:
    if isinstance(of, dict):
        if not 1 <= len(of) <= 12:
            raise DrawingError("A matrix grid shows 1 to 12 grids.")
        return list(of.items())
    return [("", of)]


def _grids(label: str, value: Value) -> list[Grid]:
    name = f"The grid `{label}`" if label else "The grid"
    data: dict[str, Value] = {"cells": value}
    if isinstance(value, dict):
        data = record(value, name, ("cells", "padding", "mark"), ("cells",))
    padding = count(data.get("padding", 0), f"The padding of the grid `{label}`", 0, MOST_PADDING)
    cells = data["cells"]
    if not _deep(cells):
        return [_grid(label, cells, padding, data.get("mark"))]
    return [
        _grid(
            f"{label}_{{{channel + 1}}}" if label else f"channel {channel + 1}",
            layer,
            padding,
            data.get("mark"),
        )
        for channel, layer in enumerate(items(cells, name, 8))
    ]


def _deep(cells: Value) -> bool:
    """Whether these are several matrices."""
    inner = cells[0] if isinstance(cells, list) and cells else None
    return isinstance(inner, list) and bool(inner) and isinstance(inner[0], list)


def _grid(label: str, value: Value, padding: int, mark: Value) -> Grid:
    name = f"The grid `{label}`" if label else "The grid"
    cells = [[text(cell, f"A cell of {name[0].lower()}{name[1:]}") for cell in row] for row in rows(value, name)]
    if mark is None:
        return Grid(label, cells, padding, None)
    high, wide = len(cells) + 2 * padding, len(cells[0]) + 2 * padding
    place = [count(item, "Each number of `mark`") for item in items(mark, "`mark`")]
    if len(place) != 4:
        raise DrawingError("`mark` is [row, column, height, width].")
    row, column, tall, broad = place
    if row + tall > high or column + broad > wide or not tall or not broad:
        raise DrawingError(f"`mark` lies outside {name[0].lower()}{name[1:]} of {high} × {wide} cells.")
    return Grid(label, cells, padding, (row, column, tall, broad))


def _draw(canvas: Canvas, grid: Grid, x: float, y: float) -> None:
    side, pad = grid.side, grid.padding
    tall, broad = len(grid.cells) + 2 * pad, len(grid.cells[0]) + 2 * pad
    inner = (x + pad * side, y + pad * SIDE, len(grid.cells[0]) * side, len(grid.cells) * SIDE)
    if pad:
        canvas.box(x, y, broad * side, tall * SIDE, "faint", dashed=True)
    canvas.box(*inner, None, filled=True)
    if grid.mark:
        row, column, high, wide = grid.mark
        canvas.box(x + column * side, y + row * SIDE, wide * side, high * SIDE, None, filled=True)
    dashes = "3 3" if pad else ""
    for row in range(1, tall):
        canvas.line([(x, y + row * SIDE), (x + broad * side, y + row * SIDE)], "faint", dashes=dashes)
    for column in range(1, broad):
        canvas.line([(x + column * side, y), (x + column * side, y + tall * SIDE)], "faint", dashes=dashes)
    canvas.box(*inner)
    for row in range(tall):
        for column in range(broad):
            inside = pad <= row < tall - pad and pad <= column < broad - pad
            canvas.text(
                x + (column + 0.5) * side,
                y + (row + 0.5) * SIDE,
                grid.cells[row - pad][column - pad] if inside else "0",
                tone="text" if inside else "muted",
            )
    name = spoken(grid.label) or "Grid"
    said = "; ".join(", ".join(line) for line in grid.cells)
    around = f", with {pad} {'ring' if pad == 1 else 'rings'} of zeros around it" if pad else ""
    canvas.says.append(f"{name}: {said}{around}.")
    if grid.mark:
        row, column, high, wide = grid.mark
        canvas.box(x + column * side, y + row * SIDE, wide * side, high * SIDE, "accent")
        canvas.says.append(f"Marked: {high} × {wide} cells from row {row + 1}, column {column + 1}.")
