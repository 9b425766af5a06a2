"""A sketch, judged by geometry: lines drawn into data, or arrows at given points."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import ClassVar, Literal, Self, cast

from pydantic import Field, model_validator

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Cell, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.language import free_names
from app.domain.sketch_frames import MOST_STROKES, SketchFrame
from app.domain.values import Share, Symbolic, Value
from app.domain.widgets import Widget
from graders.equality.arrays import Marks, summary
from graders.evaluation.errors import EvaluationError
from graders.evaluation.evaluator import evaluate
from graders.evaluation.fuel import Fuel
from graders.evaluation.scope import Names
from graders.sketches import arrows as arrow
from graders.sketches import lines as line
from graders.sketches import sheet
from graders.sketches.arrows import Vector
from graders.sketches.lines import Point

Shape = Literal["straight", "sigmoid", "function"]
Mark = bool | None
Strokes = list[Sequence[Point] | None]
DIGITS = 1000
STEPS = 20_000
TRUE = Share(Fraction(1), Fraction(1))


class SketchOptions(Base):
    """The options of a sketch: `lines` to draw into `points`, or `arrows` whose directions are the `answer`."""

    lines: tuple[str, ...] = Field((), max_length=MOST_STROKES, description="The names of the lines to draw.")
    shapes: tuple[Shape, ...] = Field(
        (), description="What each line is to be: `straight`, `sigmoid` (an S-curve) or any `function`, the usual one."
    )
    arrows: tuple[str, ...] = Field((), max_length=MOST_STROKES, description="The names of the arrows to draw.")
    points: Cell = Field(None, description="The given points [[x, y], …]: the data of lines, where arrows start.")
    labels: Cell = Field(None, description="Names that stand beside the points.")
    starts: Cell = Field(None, description="Where the arrows start, if that is not at the points.")
    others: Cell = Field(
        None, description="For every arrow a list of other vectors, whose directions the fact `others` tells apart."
    )
    x_range: Cell = Field(None, description="The ends [low, high] of the horizontal axis; round the points if missing.")
    y_range: Cell = Field(None, description="The ends [low, high] of the vertical axis.")
    x: str = Field("x", max_length=40, description="What the horizontal axis measures.")
    y: str = Field("y", max_length=40, description="What the vertical axis measures.")
    angle: float = Field(12, gt=0, le=45, description="How far an arrow may be off its direction, in degrees.")

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.lines) == bool(self.arrows):
            raise ValueError("A sketch asks for `lines` or for `arrows`.")
        if self.arrows and self.answer is None:
            raise ValueError("The `answer` of arrows is a list of vectors, [0, 0] where there is none to draw.")
        if self.lines and self.points is None:
            raise ValueError("Lines are drawn into `points`.")
        if self.shapes and len(self.shapes) != len(self.lines):
            raise ValueError("Give a shape for every line, or none.")
        return self

    @property
    def wanted(self) -> tuple[Shape, ...]:
        """The shape of every line."""
        usual: Shape = "function"
        return self.shapes or (usual,) * len(self.lines)

    @property
    def data(self) -> list[Point]:
        """The given points."""
        found = sheet.places(self.points, "The points")
        if self.lines and len({x for x, _ in found}) < 2:
            raise EvaluationError("Lines are drawn into points at two places x or more.")
        return found

    @property
    def begins(self) -> list[Vector]:
        """Where the arrows start."""
        return sheet.places(self.points if self.starts is None else self.starts, "The starts")

    @property
    def directions(self) -> list[Vector | None]:
        """The directions of the reference; None where one is no vector (a blank that was carried forward)."""
        given = self.answer if isinstance(self.answer, list) else []
        found = [arrow.vector(_valued(cast(Value, one))) for one in given[: len(self.arrows)]]
        return found + [None] * (len(self.arrows) - len(found))


class Sketch:
    """Judges lines and arrows as coordinates, each by facts of its own; lengths of arrows never count."""

    name: ClassVar[str] = "sketch"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = SketchOptions

    def widget(self, options: SketchOptions) -> Widget:
        """A table of coordinates, with a drawing beside it."""
        return Widget(kind="sketch", frame=_frame(options))

    def check(self, options: SketchOptions, answer: Answer) -> Invalid | None:
        """Whatever can be drawn can be judged."""
        return None

    def observe(self, options: SketchOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` holds the points of every stroke, or None."""
        strokes = answer.value if isinstance(answer.value, list) else []
        drawn = [[_pair(one) for one in stroke] if isinstance(stroke, list) else None for stroke in strokes]
        return _lines(options, drawn) if options.lines else _arrows(options, drawn)

    def facts(self, options: SketchOptions) -> Mapping[str, FactType]:
        """right: every line is what it is to be, every arrow goes the right way. drawn: per line or arrow,
        whether it is there (a line from two points on; [0, 0] is a deliberate "no arrow"). value: the points of
        every line; the vector of every arrow.

        All other facts are lists with an entry for every line or arrow, blank where nothing is drawn.
        Lines — function: never two y at one x. straight: no bend. reaches: it crosses most of the data's width.
        near: it fits the data about as well as their least-squares line. sigmoid: an S from one level of the data
        to the other, halfway near their threshold. lines: it is what it is to be.
        Arrows — arrows: within `angle` of the reference, or deliberately none where there is none. zero: none, on
        purpose. opposite, parallel: the other way; this way or the other. angles: in degrees from the reference.
        others: for every vector of `others`, whether it goes that way.
        """
        if options.lines:
            listed = ("value", "drawn", "lines", "function", "straight", "reaches", "near", "sigmoid")
        else:
            listed = ("value", "drawn", "arrows", "zero", "opposite", "parallel", "angles", "others")
        return {"right": "truth", **dict.fromkeys(listed, "list")}

    def key(self, options: SketchOptions) -> Raw:
        """The sample if there is one; else the best line and a logistic curve of the data; the arrows themselves."""
        if options.key is not None:
            return _written(cast("list[Value]", options.key))
        if options.arrows:
            return [["", ""] if one is None else _texts([one])[0] for one in options.directions]
        frame, data = _frame(options), options.data
        left, right = (Fraction(one).limit_denominator(DIGITS) for one in (frame.x.low, frame.x.high))
        inside = min(x for x, _ in data), max(x for x, _ in data)
        samples = {"sigmoid": line.sample_sigmoid(data, *inside)}
        return [_texts(samples.get(shape) or line.sample_line(data, left, right)) for shape in options.wanted]

    def wrong(self, options: SketchOptions) -> Mapping[str, Raw]:
        """Lines with a vertical piece, or upside down; arrows the other way, turned, or none at all."""
        sketches = _wrong_arrows(options) if options.arrows else _wrong_lines(options)
        judge = _arrows if options.arrows else _lines
        return {
            name: [_texts(stroke or []) for stroke in strokes]
            for name, strokes in sketches.items()
            if judge(options, strokes)["right"] is False
        }


def _valued(value: Value) -> Value:
    """A formula without symbols as the numbers it stands for, such as a gradient taken at the given points."""
    if not isinstance(value, Symbolic) or free_names(value.node):
        return value
    try:
        return evaluate(value.node, Names({}, {"indicator": _indicator, "transpose": _untransposed}), Fuel(STEPS))
    except EvaluationError:
        return None


def _untransposed(vector: Value) -> Value:
    return vector


def _indicator(condition: Value) -> Value:
    return 1 if condition in (True, TRUE) else 0


def _wrong_lines(options: SketchOptions) -> dict[str, Strokes]:
    data = options.data
    left, right = min(x for x, _ in data), max(x for x, _ in data)
    low, high = min(y for _, y in data), max(y for _, y in data)
    middle = (left + right) / 2
    step = [(left, low), (middle, low), (middle, high), (right, high)]
    back = [*step, (left, low)]
    return {"vertical pieces": [step] * len(options.lines), "forth and back": [back] * len(options.lines)}


def _wrong_arrows(options: SketchOptions) -> dict[str, Strokes]:
    given = [one for one in options.directions if one is not None]
    if len(given) < len(options.arrows):
        return {}
    nowhere, aside = (Fraction(0), Fraction(0)), (Fraction(1), Fraction(0))
    return {
        "the other way": [[(-one[0], -one[1])] for one in given],
        "turned": [[arrow.turned(one)] for one in given],
        "none": [[nowhere]] * len(given),
        "one for all": [[aside]] * len(given),
    }


def _frame(options: SketchOptions) -> SketchFrame:
    data = options.data
    starts = options.begins if options.arrows else []
    held = [*data, *starts]
    # Round the points there is room for arrows.
    room = Fraction(3, 5) * max((max(at[i] for at in held) - min(at[i] for at in held) for i in (0, 1)), default=1)
    across, up = [x for x, _ in held], [y for _, y in held]
    if options.arrows and held:
        across = [min(across) - room, max(across) + room] if options.x_range is None else across
        up = [min(up) - room, max(up) + room] if options.y_range is None else up
    axes = (
        sheet.side(options.x, options.x_range, across, "x_range"),
        sheet.side(options.y, options.y_range, up, "y_range"),
    )
    if options.arrows:
        axes = sheet.square(*axes)
    kind = "lines" if options.lines else "arrows"
    return sheet.frame(kind, options.lines or options.arrows, axes, data, sheet.names(options.labels), starts)


def _pair(value: Value) -> Point:
    found = arrow.vector(value)
    if found is None:
        raise EvaluationError("This is no point.")
    return found


def _texts(stroke: Sequence[Point]) -> list[Raw]:
    """Coordinates as somebody would type them, to three places."""
    return [[f"{float(round(cell * DIGITS)) / DIGITS:g}" for cell in pair] for pair in stroke]


def _written(strokes: list[Value]) -> Raw:
    return [_texts([_pair(one) for one in stroke]) if isinstance(stroke, list) else "" for stroke in strokes]


def _lines(options: SketchOptions, strokes: Sequence[Sequence[Point] | None]) -> Facts:
    frame, data = _frame(options), options.data
    wide, high = Fraction(frame.x.high) - Fraction(frame.x.low), Fraction(frame.y.high) - Fraction(frame.y.low)
    listed: dict[str, list[Value]] = {
        name: [] for name in ("value", "drawn", "lines", "function", "straight", "reaches", "near", "sigmoid")
    }
    for shape, stroke in zip(options.wanted, strokes, strict=True):
        found = _line(stroke, data, (wide, high))
        function, straight = found["function"], found["straight"]
        reaches, near, sigmoid = found["reaches"], found["near"], found["sigmoid"]
        asked = {"straight": straight and near, "sigmoid": sigmoid, "function": True}[shape]
        found["lines"] = None if function is None else bool(function and reaches and asked)
        found["value"] = None if stroke is None else [[x, y] for x, y in stroke]
        found["drawn"] = function is not None
        for name, value in found.items():
            listed[name].append(value)
    return {"right": summary(cast("list[Marks]", listed["lines"])), **listed}


def _line(stroke: Sequence[Point] | None, data: Sequence[Point], size: tuple[Fraction, Fraction]) -> dict[str, Value]:
    points = line.without_doubles(stroke or [])
    if len(points) < 2:
        return dict.fromkeys(("function", "straight", "reaches", "near", "sigmoid"))
    function = line.from_left(points)
    return {
        "function": function is not None,
        "straight": line.straight(points, *size),
        "reaches": line.reaches(points, data),
        "near": function is not None and line.near(function, data),
        "sigmoid": function is not None and line.sigmoid(function, data),
    }


def _arrows(options: SketchOptions, strokes: Sequence[Sequence[Point] | None]) -> Facts:
    others = options.others if isinstance(options.others, list) else []
    listed: dict[str, list[Value]] = {
        name: [] for name in ("value", "drawn", "arrows", "zero", "opposite", "parallel", "angles", "others")
    }
    for place, (stroke, wanted) in enumerate(zip(strokes, options.directions, strict=True)):
        given = _vector(stroke)
        beside = others[place] if place < len(others) and isinstance(others[place], list) else []
        known = given is not None and wanted is not None
        right = arrow.along(given, wanted, options.angle) if given and wanted else None
        back = arrow.against(given, wanted, options.angle) if given and wanted else None
        listed["value"].append(None if given is None else [*given])
        listed["drawn"].append(given is not None)
        listed["arrows"].append(right)
        listed["zero"].append(None if given is None else arrow.is_zero(given))
        listed["opposite"].append(back)
        listed["parallel"].append(bool(right or back) if known else None)
        listed["angles"].append(arrow.angle(given, wanted) if given and wanted else None)
        listed["others"].append([_goes(given, arrow.vector(one), options.angle) for one in beside])
    return {"right": summary(cast("list[Marks]", listed["arrows"])), **listed}


def _vector(stroke: Sequence[Point] | None) -> Vector | None:
    """The direction of an arrow: as it was given, or from where it starts to where it ends."""
    if not stroke:
        return None
    (x1, y1), (x2, y2) = ((Fraction(0), Fraction(0)), stroke[0]) if len(stroke) == 1 else (stroke[0], stroke[-1])
    return x2 - x1, y2 - y1


def _goes(given: Vector | None, way: Vector | None, degrees: float) -> Mark:
    return None if given is None or way is None else arrow.along(given, way, degrees)
