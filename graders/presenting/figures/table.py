"""Numbers in rows and columns, such as a batch of samples."""

from __future__ import annotations

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import record, rows, text, texts

HIGH = 34
SIZE = 15


def table(of: Value) -> Canvas:
    """A table of numbers or short texts.

    `of`: a matrix, or {rows: matrix, columns: labels, row_labels: labels, corner: text}.
    """
    data = record(of, "A table", ("rows", "columns", "row_labels", "corner"), ("rows",)) if isinstance(of, dict) else {}
    cells = [[text(cell, "A cell of the table") for cell in row] for row in rows(data.get("rows", of), "The table")]
    columns = texts(data.get("columns"), "The columns", len(cells[0]))
    labels = texts(data.get("row_labels"), "The row labels", len(cells))
    corner = text(data.get("corner"), "The corner")

    canvas = Canvas()
    wides = [
        max(40.0, *(width(row[index], SIZE) + 26 for row in [*cells, columns or cells[0]]))
        for index in range(len(cells[0]))
    ]
    lead = max(width(label, SIZE) for label in [corner, *labels]) + 26 if labels else 0.0
    head = HIGH if columns else 0
    total, high = lead + sum(wides), head + HIGH * len(cells)
    if columns:
        canvas.box(0, 0, total, head, None, filled=True)
    if labels:
        canvas.text(13, HIGH / 2, corner, anchor="start", tone="muted")
    for index in range(1, len(cells)):
        canvas.line([(0, head + index * HIGH), (total, head + index * HIGH)], "faint")
    if columns:
        canvas.line([(0, head), (total, head)])
    canvas.line([(0, 0), (total, 0)])
    canvas.line([(0, high), (total, high)])
    if labels:
        canvas.line([(lead, 0), (lead, high)], "faint")

    x = lead
    for column, wide in enumerate(wides):
        if columns:
            canvas.text(x + wide / 2, HIGH / 2, columns[column])
        for row, line in enumerate(cells):
            canvas.text(x + wide / 2, head + HIGH * (row + 0.5), line[column])
        x += wide
    for row, line in enumerate(cells):
        if labels:
            canvas.text(13, head + HIGH * (row + 0.5), labels[row], anchor="start", tone="muted")
        canvas.says.append(f"{spoken(labels[row]) if labels else f'Row {row + 1}'}: {', '.join(line)}.")
    if columns:
        canvas.says.insert(0, f"Columns: {', '.join(spoken(column) for column in columns)}.")
    return canvas
