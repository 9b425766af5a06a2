"""Batch normalisation by hand."""

from __future__ import annotations

import math

import numpy as np

from app.domain.values import Value
from graders.solvers.arguments import cells, filled, number, whole
from graders.solvers.arrays import Array, as_array, as_value, boxed, each, shape_text
from graders.solvers.exact import quotient, root
from graders.solvers.solver import SolverError, solver


def _cost(z: Value, gamma: Value, beta: Value, _eps: Value, _ddof: Value) -> int:
    return 10 * cells(z, gamma, beta)


@solver(cost=_cost)
def batch_norm(z: Value, gamma: Value = 1, beta: Value = 0, eps: Value = 0, ddof: Value = 0) -> Value:
    """Batch normalisation over the samples: a record of mu, var, sigma, znorm and y = gamma · znorm + beta.

    Shapes: z (b) for one feature, (b, n) for n features, or (N, C, H, W) for the spatial kind with statistics
    per channel. mu, var and sigma have one number per feature; znorm and y the shape of z; gamma and beta are
    one number or one per feature. The squares are divided by the number of samples − `ddof`; znorm divides by
    sqrt(var + eps), while sigma = sqrt(var). Roots of rational squares stay exact.

    Raises:
        SolverError: the shapes do not fit, too few samples for `ddof`, or a feature is constant and eps is 0.

    Source: TUM I2DL WS20/21, 5b and 5c (Ioffe and Szegedy 2015).
    """
    batch = filled(z, "z", 1, 2, 4)
    axes = (0, 2, 3) if batch.ndim == 4 else (0,)
    count = math.prod(batch.shape[axis] for axis in axes)
    divisor = count - whole(ddof, "ddof", 0)
    if divisor < 1:
        raise SolverError(f"ddof must be less than the {count} values of a feature.")
    floor = number(eps, "eps")
    if floor < 0:
        raise SolverError(f"eps must not be negative, but it is {floor}.")
    features = () if batch.ndim == 1 else (batch.shape[1],)
    aligned = (*features, 1, 1) if batch.ndim == 4 else features  # broadcasts against z

    mu = each(lambda total: quotient(total, count), boxed(np.sum(batch, axis=axes)))
    centred = boxed(batch - mu.reshape(aligned))
    var = each(lambda total: quotient(total, divisor), boxed(np.sum(centred**2, axis=axes)))
    scale = each(lambda spread: root(spread + floor), var)
    if any(value == 0 for value in scale.flat):
        raise SolverError("A feature of z has the same value in every sample, so it needs eps above 0.")
    znorm = each(quotient, centred, scale.reshape(aligned))
    weight, offset = (
        _per_feature(value, name, features).reshape(aligned) for value, name in ((gamma, "gamma"), (beta, "beta"))
    )
    return as_value(
        {"mu": mu, "var": var, "sigma": each(root, var), "znorm": znorm, "y": boxed(weight * znorm + offset)}
    )


def _per_feature(value: Value, name: str, features: tuple[int, ...]) -> Array:
    array = as_array(value, name)
    if array.shape not in ((), features):
        raise SolverError(f"{name} must be one number or one for each feature, not {shape_text(array.shape)}.")
    return np.broadcast_to(array, features)
