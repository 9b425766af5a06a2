"""The layers of a convolutional network from top to bottom, with the sizes of what flows between them."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.values import Value
from graders.presenting.figures.canvas import Canvas, DrawingError
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import items, record, text, tuple_text

WIDE = 250
HIGH = 48
GAP = 34
POSITIONS = {
    "conv": ("kernel", "stride", "filters", "padding", "dilation"),
    "pool": ("kernel", "stride", "padding"),
    "linear": ("units",),
}
KINDS = {
    "conv": "conv",
    "max-pool": "pool",
    "pool": "pool",
    "avg-pool": "pool",
    "linear": "linear",
    "fc": "linear",
}
NAMES = {"pool": "max-pool", "fc": "fully connected", "relu": "ReLU"}
KNOWN = ("kind", "kernel", "stride", "filters", "padding", "dilation", "units", "note")


@dataclass(frozen=True, slots=True)
class Layer:
    """One box: what it is, how much of it, and its details."""

    name: str
    amount: str
    details: str
    weighted: bool


def layer_stack(of: Value) -> Canvas:
    """Boxes with arrows between them.

    `of`: a list of layers, or {input: size, layers: […], sizes: [size after each layer]}. A layer is
    [conv, kernel, stride, filters, padding, dilation] or [pool, kernel, stride, padding] (any tail may be
    missing), [linear, units], [relu] or any other name with an optional note, or a record {kind: conv,
    kernel: 3, …}. A kernel or a size is a number or a list such as [3, 3].
    """
    data: dict[str, Value] = {"layers": of}
    if isinstance(of, dict):
        data = record(of, "A layer stack", ("input", "layers", "sizes"), ("layers",))
    layers = [_layer(item) for item in items(data["layers"], "The layers", 16)]
    sizes = [tuple_text(size, "A size") for size in items(data["sizes"], "The sizes", 16)] if data.get("sizes") else []
    if sizes and len(sizes) != len(layers):
        raise DrawingError(f"There are {len(layers)} layers but {len(sizes)} sizes.")
    given = tuple_text(data.get("input"), "The input")
    sizes = [given, *(sizes or [""] * len(layers))]

    canvas = Canvas()
    wide = max(WIDE, *(width(layer.name, 15) + width(layer.amount, 14) + 60 for layer in layers))
    y = 0.0
    for number, size in enumerate(sizes):
        last = number == len(layers)
        start, end = (y + (10 if number == 0 else 0), y + GAP)
        canvas.line([(wide / 2, start), (wide / 2, end)], arrow=True)
        if size:
            canvas.text(wide / 2 + 14, (start + end) / 2, size, size=13, anchor="start", tone="muted")
        y = end
        if not last:
            _box(canvas, layers[number], y, wide)
            y += HIGH
    _say(canvas, layers, sizes)
    return canvas


def _layer(value: Value) -> Layer:
    data: dict[str, Value]
    if isinstance(value, dict):
        data = record(value, "A layer", KNOWN, ("kind",))
    else:
        listed = items(value, "A layer", 6)
        kind = KINDS.get(text(listed[0], "The kind of a layer"))
        places = POSITIONS[kind] if kind else ("note",)
        if len(listed) - 1 > len(places):
            raise DrawingError(f"A layer `{listed[0]}` takes at most {', '.join(places)}.")
        data = {"kind": listed[0]} | dict(zip(places, listed[1:], strict=False))
    name = text(data["kind"], "The kind of a layer")
    kernel = tuple_text(data.get("kernel"), "A kernel")
    if kernel and not isinstance(data.get("kernel"), list):
        kernel = f"{kernel} × {kernel}"
    amount = text(data.get("filters"), "The number of filters")
    units = text(data.get("units"), "The number of units")
    return Layer(
        " ".join(piece for piece in (NAMES.get(name, name), kernel) if piece),
        f"{amount} filter{'' if amount == '1' else 's'}" if amount else f"{units} units" if units else "",
        ", ".join(
            f"{what} {said}"
            for what in ("stride", "padding", "dilation")
            if (said := tuple_text(data.get(what), f"The {what}"))
        )
        or text(data.get("note"), "The note"),
        KINDS.get(name) in ("conv", "linear"),
    )


def _box(canvas: Canvas, layer: Layer, y: float, wide: float) -> None:
    canvas.box(0, y, wide, HIGH, radius=7, filled=layer.weighted)
    middle = y + HIGH / 2
    lift = 10 if layer.details else 0
    canvas.text(16, middle - lift, layer.name, anchor="start")
    if layer.amount:
        canvas.text(wide - 16, middle - lift, layer.amount, size=14, anchor="end")
    if layer.details:
        canvas.text(16, middle + 11, layer.details, size=13, anchor="start", tone="muted")


def _say(canvas: Canvas, layers: list[Layer], sizes: list[str]) -> None:
    if sizes[0]:
        canvas.says.append(f"Input {sizes[0]}.")
    for layer, size in zip(layers, sizes[1:], strict=True):
        told = [spoken(piece) for piece in (layer.name, layer.amount, layer.details) if piece]
        canvas.says.append(", ".join(told) + (f", giving {size}." if size else "."))
