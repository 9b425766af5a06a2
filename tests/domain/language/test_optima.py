"""What an objective is minimised over is found however it is written."""

import pytest

from app.domain.language import minimised_over


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
        ("sum_i max(x_i, 0)", ()),
        ("w/N", ()),
    ],
)
def test_the_names_below_an_optimum_are_found(text: str, names: tuple[str, ...]) -> None:
    assert minimised_over(text) == names
