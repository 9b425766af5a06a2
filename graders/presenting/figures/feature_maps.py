"""Stacks of feature maps or kernels with their sizes, and what turns one into the next."""

from __future__ import annotations

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas, DrawingError
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import count, items, record, text

SHIFT = 7
ARROW = 44


def feature_maps(of: Value) -> Canvas:
    """Stacks of squares from left to right, joined by arrows.

    `of`: a list of {label, size: [height, width, channels], arrow: text on the arrow to the next one}.
    Squares grow with the size, slowly; at most five of the channels are drawn. `arrow: ""` is a gap without
    an arrow (a kernel beside its input).
    """
    stacks = [
        record(item, "A stack of maps", ("label", "size", "arrow"), ("size",))
        for item in items(of, "The stacks of maps", 6)
    ]
    canvas = Canvas()
    x = 0.0
    sides = []
    for stack in stacks:
        size = [count(number, "Each size", 1, 10**6) for number in items(stack["size"], "The size of a stack")]
        if len(size) != 3:
            raise DrawingError("The size of a stack of maps is [height, width, channels].")
        sides.append(size)
    largest = max(max(size[:2]) for size in sides)
    for stack, (high, wide, channels) in zip(stacks, sides, strict=True):
        tall, broad = (26 + 50 * (side / largest) ** 0.5 for side in (high, wide))
        shown = min(channels, 5)
        depth = (shown - 1) * SHIFT
        label = text(stack.get("label"), "The label of a stack")
        size_text = f"{high} × {wide} × {channels}"
        room = max(broad + depth, width(size_text, 13), width(label, 15))
        left = x + (room - broad - depth) / 2
        for layer in range(shown):
            offset = depth - layer * SHIFT
            _sheet(canvas, left + offset, -tall / 2 + depth / 2 - offset, broad, tall, front=layer == shown - 1)
        canvas.text(x + room / 2, 62, size_text, size=13, tone="muted")
        if label:
            canvas.text(x + room / 2, -66, label)
        canvas.says.append(f"{spoken(label) or 'Maps'}: {size_text}.")
        x += room + 14
        if stack is not stacks[-1]:
            arrow = text(stack.get("arrow", " "), "The text of an arrow")
            long = max(ARROW, width(arrow, 13) + 16)
            if arrow:
                canvas.line([(x, 0), (x + long, 0)], arrow=True)
            if arrow.strip():
                canvas.text(x + long / 2 - 3, -13, arrow, size=13)
                canvas.says.append(f"Then {spoken(arrow)}.")
            x += (long if arrow else 0) + 14
    return canvas


def _sheet(canvas: Canvas, x: float, y: float, broad: float, tall: float, front: bool) -> None:
    """One map: the front one whole, those behind only where they stick out."""
    if front:
        canvas.box(x, y, broad, tall, filled=True)
    else:
        corner = [
            (x, y + SHIFT),
            (x, y),
            (x + broad, y),
            (x + broad, y + tall),
            (x + broad - SHIFT, y + tall),
        ]
        canvas.line(corner)
