"""Halloween 2 and 4.3, VIR 4: Jacobians, backward passes and kernels against layers that are simply run.

The layers are written here as loops from what the prompts say; Jacobians are their columns and finite differences,
backward programs are run by numpy itself.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.interchange.bank import load_bank
from graders.evaluation.formulas import tree_of
from graders.evaluation.tensors import Evaluation
from graders.marking.variants import make_variant, world_of
from graders.packages import unpack

BANK = Path(__file__).resolve().parents[2] / "question_bank"
N = 5
SEEDS = range(25)
V = np.array([0.5, -1.25, 2.0, 3.5, -0.75])
Y = np.array([1.5, 0.25, -2.0, 0.5, 1.0])
Z = np.array([-0.5, 1.25, 0.75, -1.5, 2.0])
W = np.array([0.75, -0.5, 1.5, 2.25, -1.0])
Layer = Callable[[np.ndarray], np.ndarray]


def worlds_of(name: str) -> list[Any]:
    question = next(one for one in load_bank(BANK) if one.folder.name == name)
    assert question.package is not None
    compiled = unpack(question.package).compiled
    return [world_of(compiled, make_variant(compiled, seed).values) for seed in SEEDS]


def value(world: Any, cell: str, **points: np.ndarray) -> np.ndarray:
    """A formula of the question, with columns where the symbols are vectors."""
    given = {name: point.reshape(len(point), -1) for name, point in points.items()} | {"N": np.full((1, 1), float(N))}
    return Evaluation(given, world.symbols).value(tree_of(world[cell]))


def run(program: str, **arrays: np.ndarray) -> np.ndarray:
    """The program as numpy runs it."""
    body = program if "return" in program else f"return {program}"
    scope: dict[str, Any] = {"np": np}
    exec(f"def f(N, {', '.join(arrays)}):\n{textwrap.indent(body, '    ')}", scope)
    return np.asarray(scope["f"](N, **arrays))


def columns(layer: Layer, size: int) -> np.ndarray:
    """The matrix of a linear layer."""
    return np.stack([layer(unit) for unit in np.eye(size)], axis=1)


def slope(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """The gradient by central differences."""
    steps = 1e-6 * np.eye(len(at))
    return np.array([(loss(at + step) - loss(at - step)) / 2e-6 for step in steps])


def scaling(world: Any) -> Layer:
    a, base = float(world["a"]), float(world["base"])
    factors = {
        "linear": lambda k: a * k,
        "square": lambda k: a * k**2,
        "odd": lambda k: a * (2 * k + 1),
        "down": lambda k: a * (N + 2 - k),
        "power": lambda k: a * base**k,
        "alternating": lambda k: a * (-1.0) ** k * k,
    }
    factor, kind = factors[world["growth"]], world["layer"]

    def layer(x: np.ndarray) -> np.ndarray:
        entry = dict(enumerate(x, 1)) | {0: 0.0}
        takes = {
            "entries": lambda k: entry[k],
            "prefix": lambda k: sum(entry[j] for j in range(1, k + 1)),
            "suffix": lambda k: sum(entry[j] for j in range(k, N + 1)),
            "reversal": lambda k: entry[N + 1 - k],
            "shift": lambda k: entry[k - 1],
            "difference": lambda k: entry[k] - entry[k - 1],
        }
        return np.array([factor(k) * takes[kind](k) for k in range(1, N + 1)])

    return layer


def element_losses(world: Any) -> Callable[[np.ndarray], float]:
    b = float(world["b"])
    k = np.arange(1, N + 1)
    losses: dict[str, Callable[[np.ndarray], np.ndarray]] = {
        "squared": lambda z: (z - Y) ** 2,
        "half": lambda z: (z - Y) ** 2 / 2,
        "mean": lambda z: (z - Y) ** 2 / N,
        "weighted": lambda z: k * (z - Y) ** 2,
        "absolute": lambda z: np.abs(z - Y),
        "fourth": lambda z: (z - Y) ** 4,
        "Poisson": lambda z: np.exp(z) - Y * z,
        "logistic": lambda z: np.log1p(np.exp(z)) - Y * z,
    }
    return lambda z: float(b * losses[world["loss"]](z).sum())


@pytest.fixture(scope="module")
def layers() -> list[Any]:
    return worlds_of("halloween-2")


def test_the_jacobian_of_a_layer_is_the_layer_run_on_unit_vectors(layers):
    assert len({world["layer"] for world in layers}) == 6
    for world in layers:
        matrix = columns(scaling(world), N)
        assert np.allclose(value(world, "J"), matrix)
        entries = [
            [value(world, "J_ij", i=np.array([i + 1.0]), j=np.array([j + 1.0])).item() for j in range(N)]
            for i in range(N)
        ]
        assert np.allclose(entries, matrix)


def test_the_way_back_is_the_transposed_jacobian(layers):
    for world in layers:
        arrived = columns(scaling(world), N).T @ V
        assert np.allclose(value(world, "back", v=V)[:, 0], arrived)
        assert np.allclose(run(world["program"], v=V, x=Z), arrived)
        assert np.allclose(run(world["onwards"], v=V, x=Z), scaling(world)(V))


def test_the_gradient_of_a_loss_is_its_slope(layers):
    for world in layers:
        assert np.allclose(value(world, "g", z=Z, y=Y)[0], slope(element_losses(world), Z), rtol=1e-5, atol=1e-5)


def selection(world: Any) -> Layer:
    a, m, o = float(world["a"]), int(world["m"]), int(world["o"])
    places = {
        "every": [m * i - (m - o) for i in range(1, N + 1)],
        "backwards": [m * (N - i) + o for i in range(1, N + 1)],
        "block": [(o - 1) * N + i for i in range(1, N + 1)],
    }[world["picks"]]
    return lambda x: np.array([a * x[place - 1] for place in places])


def test_a_selection_and_its_way_back():
    for world in worlds_of("vir2022-4"):
        size = int(world["m"]) * N
        layer = selection(world)
        matrix = columns(layer, size)
        assert np.allclose(value(world, "jac"), matrix)
        assert np.allclose(run(world["program"], p=V), matrix.T @ V)
        assert np.allclose(value(world, "back", p=V)[:, 0], matrix.T @ V)
        assert np.allclose(float(world["a"]) * value(world, "spread", p=V)[:, 0], matrix.T @ V)
        x = np.linspace(-1.2, 2.1, size)
        b = float(world["b"])
        losses: dict[str, Callable[[np.ndarray], np.ndarray]] = {
            "weighted": lambda y: W * y,
            "squares": lambda y: W * y**2,
            "error": lambda y: (y - W) ** 2,
            "exponential": lambda y: W * np.exp(y),
            "absolute": lambda y: np.abs(y - W),
        }
        element = losses[world["loss"]]
        total = slope(lambda point, element=element, layer=layer, b=b: float(b * element(layer(point)).sum()), x)
        assert np.allclose(value(world, "grad", w=W, y=layer(x))[0], total, rtol=1e-4, atol=1e-4)


def test_two_convolutions_are_one_with_the_kernel_that_is_asked_for():
    w, v = np.arange(1.0, 10).reshape(3, 3) ** 2, np.array([[2.0, -1, 3], [5, 0.5, -4], [1, 7, -2]])
    for world in worlds_of("halloween-4"):
        step, image = int(world["step"]), int(world["image"])

        def network(x: np.ndarray, step: int = step) -> np.ndarray:
            middle = (len(x) - 3) // step + 1
            first = [[(w * x[step * i :, step * j :][:3, :3]).sum() for j in range(middle)] for i in range(middle)]
            return np.array(
                [[(v * np.array(first)[i:, j:][:3, :3]).sum() for j in range(middle - 2)] for i in range(middle - 2)]
            )

        window = int(world["window"])
        kernel = np.zeros((window + 2, window + 2))
        for row in range(window + 2):
            for column in range(window + 2):
                pixel = np.zeros((image, image))
                if row < image and column < image:
                    pixel[row, column] = 1
                    kernel[row, column] = network(pixel)[0, 0]
        assert world["matrix_size"] == [network(pixel).size, image**2]
        assert (kernel[:window, :window] != 0).sum() == world["nonzeros"]
        assert not kernel[window:].any()
        assert not kernel[:, window:].any()
        assert value(world, "u", w=w, v=v).item() == kernel[int(world["row"]) - 1, int(world["col"]) - 1]
