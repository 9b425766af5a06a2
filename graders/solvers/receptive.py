"""Receptive fields: how much of the input a neuron sees."""

from __future__ import annotations

from app.domain.values import Value
from graders.solvers.arguments import cells, whole
from graders.solvers.arrays import as_value
from graders.solvers.solver import BlankError, SolverError, solver


@solver(cost=cells)
def receptive_field(layers: Value) -> Value:
    """Receptive field along one axis of a neuron after the last layer, in input values.

    `layers` lists [kernel, stride] or [kernel, stride, dilation], the layer at the input first; pooling
    counts as a layer. Without layers a neuron sees one value.

    Raises:
        SolverError: a layer is no such list of whole numbers.

    Source: TUM I2DL WS20/21, 7d.
    """
    return _fields(layers)[-1]


@solver(cost=cells)
def receptive_fields(layers: Value) -> Value:
    """Receptive fields along one axis after each of the layers, in input values.

    `layers` is as for `receptive_field`; the result has one number for each of them.

    Raises:
        SolverError: a layer is no such list of whole numbers.

    Source: TUM I2DL WS20/21, 7d.
    """
    return as_value(_fields(layers)[1:])


@solver(cost=cells)
def jump(layers: Value) -> Value:
    """Distance in the input between the fields of two neighbouring neurons after the last layer.

    `layers` is as for `receptive_field`; the result is the product of all strides.

    Raises:
        SolverError: a layer is no such list of whole numbers.

    Source: TUM I2DL WS20/21, 7d.
    """
    distance = 1
    for _, stride, _ in _layers(layers):
        distance *= stride
    return distance


def _fields(layers: Value) -> list[int]:
    fields, distance = [1], 1
    for kernel, stride, dilation in _layers(layers):
        fields.append(fields[-1] + (kernel - 1) * dilation * distance)
        distance *= stride
    return fields


def _layers(layers: Value) -> list[tuple[int, int, int]]:
    if layers is None:
        raise BlankError("layers is blank.")
    if not isinstance(layers, list):
        raise SolverError("layers must be a list of [kernel, stride] or [kernel, stride, dilation].")
    found = []
    for position, layer in enumerate(layers, start=1):
        if not isinstance(layer, list) or len(layer) not in (2, 3):
            raise SolverError(f"Layer {position} of layers must be [kernel, stride] or [kernel, stride, dilation].")
        names = (
            f"The kernel of layer {position}",
            f"The stride of layer {position}",
            f"The dilation of layer {position}",
        )
        numbers = [whole(entry, name, 1) for entry, name in zip(layer, names, strict=False)]
        found.append((numbers[0], numbers[1], numbers[2] if len(numbers) == 3 else 1))
    return found
