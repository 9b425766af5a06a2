"""Places along a line at which functions are looked at for changes of sign."""

from __future__ import annotations

from collections.abc import Sequence

from graders.equality.sampling import WHOLE

_STEPS = (0.001, 0.03, 0.2, 0.6, 1.1, 1.9, 3.1, 5.3, 9.7, 31.0, 103.0, 1009.0)
_PARTS = (0.0007, 0.01, 0.04, 0.11, 0.19, 0.31, 0.43, 0.52, 0.61, 0.73, 0.84, 0.93, 0.97, 0.9993)
# Where a threshold is calculated ("x > 10^6", "1 - p < 10^-6") its number stands nowhere.
_FAR_STEPS = (1e-60, 1e-25, 1e-8, 2e5, 3e8, 5e12, 1e25, 1e60)
_FAR_PARTS = (1e-300, 1e-150, 1e-60, 1e-25, 1e-10, 3e-6, 1 - 3e-6, 1 - 1e-10, 1 - 1e-15)
_EXTREME = (1e-300, 1e-150, 1e130, 1e280)
"""Where logarithms are large."""
_FAR_WHOLE = (130.0, 20011.0, 3e8)


def grid_of(domain: str, numbers: Sequence[float]) -> list[float]:
    """Places of a domain in order, near and far; the numbers of the formulas are among them."""
    if domain == "unit":
        return sorted({*_PARTS, *_FAR_PARTS, *(number for number in numbers if 0 < number < 1)})
    sizes = {*_STEPS, *_FAR_STEPS, *numbers, *(1.5 * number for number in numbers)} - {0.0}
    if domain in WHOLE:
        far = () if domain == "few" else _FAR_WHOLE
        sizes = {*map(float, range(1, 12)), *far, *(float(round(number)) for number in numbers)}
    match domain:
        case "positive" | "nonnegative":
            return sorted({*sizes, *_EXTREME})
        case "natural" | "few":
            return sorted(sizes)
        case "negative":
            return sorted(-size for size in sizes)
        case _:
            return sorted({*sizes, *(-size for size in sizes), 0.0})
