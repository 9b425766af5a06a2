"""What an objective is minimised over is found however it is written."""

import pytest

from app.domain.language import minimised_over
from app.domain.language.optima import with_names_below


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("argmin_w sum_i x_i", ("w",)),
        ("argmin_{w,b} sum_i x_i", ("w", "b")),
        ("argmin_w,b sum_i x_i", ("w", "b")),
        ("min_(w, b) x", ("w", "b")),
        (r"\arg\min_{w,\,b} \sum_i x_i", ("w", "b")),
        (r"\operatorname{argmin}_{\theta} x", ("theta",)),
        ("arg max_θ x", ("θ",)),
        ("min over w, b: sum_i x_i", ("w", "b")),
        ("minimize over w and b of x", ("w", "b")),
        ("Minimiere über (w, b): x", ("w", "b")),
        ("arg min w.r.t. θ: x", ("θ",)),
        ("minimise x^2 over w", ("w",)),
        ("L = min_w: x", ("w",)),
        ("sum_i max(x_i, 0)", ()),
        ("w/N", ()),
    ],
)
def test_the_names_below_an_optimum_are_found(text: str, names: tuple[str, ...]) -> None:
    assert minimised_over(text) == names


@pytest.mark.parametrize(
    ("text", "below"),
    [
        ("min over w, b: x", "min_{w,b}      x"),
        ("L = maximize over {w} x", "L = max_{w}           x"),
        ("arg min with respect to w of x", "argmin_{w}                   x"),
        ("min_{w, b}: x", "min_{w, b}  x"),
        ("minimise x over w", "minimise x       "),
        ("max(x, 0) over w", "max(x, 0) over w"),
        ("x/min", "x/min"),
    ],
)
def test_names_behind_over_are_put_below_and_every_other_sign_keeps_its_place(text: str, below: str) -> None:
    assert with_names_below(text) == below
    assert len(below) == len(text)
