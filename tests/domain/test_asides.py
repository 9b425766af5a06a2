"""Lines of a derivation that calculate a part on the side are told from those of the chain."""

from __future__ import annotations

import pytest

from app.domain.asides import side_calculated
from app.domain.formula_answers import lines_to_latex, read_lines
from app.domain.language import to_source
from app.domain.symbols import symbol
from app.domain.widgets import Widget

LEAD = r"\frac{\partial L}{\partial a} ="
SYMBOLS = {name: symbol("real") for name in ("a", "f", "y")}
WIDGET = Widget(kind="derivation", symbols=SYMBOLS, lead=LEAD)


@pytest.mark.parametrize(
    ("line", "of"),
    [
        ("dL/df = -y/f", ("L", "f")),
        ("df/da = f*(1-f)", ("f", "a")),
        ("∂L/∂f = -y/f", ("L", "f")),
        (r"\frac{\partial f}{\partial a} = f(1-f)", ("f", "a")),
        (r"\frac{df}{da} = f(1-f)", ("f", "a")),
    ],
)
def test_another_derivative_of_the_same_chain_is_calculated_on_the_side(line: str, of: tuple[str, str]) -> None:
    assert side_calculated(line, LEAD, SYMBOLS) == of


@pytest.mark.parametrize("line", ["dL/da = f - y", "dCE/da = f - y", "f - y", "= f - y", "L = f - y", "dL/dq = f"])
def test_the_derivative_that_is_asked_for_is_a_line_of_the_chain_whatever_the_loss_is_called(line: str) -> None:
    assert side_calculated(line, LEAD, SYMBOLS) is None


def test_without_a_derivative_in_front_of_the_box_every_line_belongs_to_the_chain() -> None:
    assert side_calculated("df/da = f*(1-f)", "", SYMBOLS) is None


def test_what_is_calculated_on_the_side_is_shown_with_its_left_side() -> None:
    nodes = read_lines(WIDGET, ["dL/df = y/f", "df/da = f", "dL/da = y/f f = y"], ".")
    latex = lines_to_latex(WIDGET, nodes)
    assert latex.count("tfrac{dL}{df}") == 1
    assert latex.count("={} &") == 1


def test_lines_of_which_none_belongs_to_the_chain_are_read_as_the_chain() -> None:
    nodes = read_lines(WIDGET, ["dL/df = y", "df/da = f"], ".")
    assert [to_source(node) for node in nodes] == ["y", "f"]
