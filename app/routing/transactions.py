"""The transactions of a request, as dependencies: COMMIT comes before the answer is sent, so a failing one is told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from fastapi import Depends, Request

from app.routing.turns import Turn
from app.services.operating.transactions import Transaction


def reading(request: Request, _turn: Turn) -> Iterator[Transaction]:
    """A transaction that cannot write; it begins at its first query."""
    with request.app.state.transactions.reading() as transaction:
        yield transaction


def writing(request: Request, _turn: Turn) -> Iterator[Transaction]:
    """A transaction that is committed when the endpoint returns. Touch it in the endpoint only: there is one writer.

    Operations of the API reach it through `Write`.
    """
    with request.app.state.transactions.writing() as transaction:
        yield transaction


Reading = Annotated[Transaction, Depends(reading, scope="function")]
Writing = Annotated[Transaction, Depends(writing, scope="function")]
