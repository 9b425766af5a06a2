"""All graders by name: the built-in ones, and plugins of the entry-point group `gradus.graders` once they are
loaded.
"""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import cast

from app.domain.graders import Grader
from graders.array import Matrix, Vector
from graders.choice import Choice
from graders.derivation import Derivation
from graders.drawing import Drawing
from graders.expression import Expression
from graders.graph import ComputationalGraph
from graders.note import Note
from graders.number import Number
from graders.order import Order
from graders.program import Program
from graders.select import Select
from graders.shape import Shape
from graders.sketch import Sketch
from graders.table import Table
from graders.text import ShortText
from graders.truth import Truth

GROUP = "gradus.graders"

GRADERS: dict[str, Grader] = {}


def register(grader: Grader) -> None:
    """Make a grader known by its name.

    Raises:
        ValueError: another grader has that name.
    """
    if grader.name in GRADERS:
        raise ValueError(f"There are two graders called `{grader.name}`.")
    GRADERS[grader.name] = grader


def find_grader(name: str) -> Grader:
    """The grader of that name.

    Raises:
        ValueError: there is none.
    """
    if name not in GRADERS:
        raise ValueError(f"There is no grader called `{name}`; there are {', '.join(names())}.")
    return GRADERS[name]


def names() -> list[str]:
    """The names of all graders, sorted."""
    return sorted(GRADERS)


def load_plugins() -> list[str]:
    """Register the graders that installed packages offer; one sentence for each that cannot be used.

    An entry point names an instance of a grader, or its class. Loading twice changes nothing.
    """
    problems: list[str] = []
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        try:
            offered = entry.load()
            grader = cast(Grader, offered() if isinstance(offered, type) else offered)
            if type(GRADERS.get(grader.name)) is not type(grader):
                register(grader)
        except Exception as error:
            # Whatever a foreign package does, it must not keep the other graders from working.
            problems.append(f"The plugin `{entry.name}` cannot be used: {error or type(error).__name__}")
    return problems


def fingerprint() -> str:
    """Names and versions of all graders, as stored with every observation."""
    return ", ".join(f"{name} {GRADERS[name].version}" for name in names())


for _grader in (
    Choice(),
    ComputationalGraph(),
    Derivation(),
    Drawing(),
    Expression(),
    Matrix(),
    Note(),
    Number(),
    Order(),
    Program(),
    Select(),
    Shape(),
    ShortText(),
    Sketch(),
    Table(),
    Truth(),
    Vector(),
):
    register(_grader)
