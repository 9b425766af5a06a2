"""The transactions of a request, as dependencies: COMMIT comes before the answer is sent, so a failing one is told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Annotated

from anyio import CancelScope
from fastapi import Depends, Request
from starlette.concurrency import run_in_threadpool

from app.routing.turns import Turn
from app.services.operating.transactions import Transaction


async def reading(request: Request, _turn: Turn) -> AsyncIterator[Transaction]:
    """A transaction that cannot write; it begins at its first query."""
    transactions = request.app.state.transactions
    # In a file, to end reading asks nobody for anything; elsewhere a network may be slow.
    async with _begun(transactions.reading(), ends_at_once=transactions.database.is_sqlite) as transaction:
        yield transaction


async def writing(request: Request, _turn: Turn) -> AsyncIterator[Transaction]:
    """A transaction that is committed when the endpoint returns. Touch it in the endpoint only: there is one writer.

    Operations of the API reach it through `Write`.
    """
    async with _begun(request.app.state.transactions.writing(), ends_at_once=False) as transaction:
        yield transaction


@asynccontextmanager
async def _begun(opened: AbstractContextManager[Transaction], *, ends_at_once: bool) -> AsyncIterator[Transaction]:
    # Without a thread, as it asks nothing: a transaction begins at its first query. Every change of threads costs
    # what a query does.
    transaction = opened.__enter__()
    try:
        yield transaction
    except BaseException as error:
        if not await _end(opened, error, ends_at_once):
            raise
    else:
        await _end(opened, None, ends_at_once)


async def _end(opened: AbstractContextManager[Transaction], error: BaseException | None, at_once: bool) -> bool:
    why = (None, None, None) if error is None else (type(error), error, error.__traceback__)
    if at_once:
        return bool(opened.__exit__(*why))
    with CancelScope(shield=True):  # nobody who breaks off their request leaves a transaction open
        silenced = await run_in_threadpool(opened.__exit__, *why)
    return bool(silenced)


Reading = Annotated[Transaction, Depends(reading, scope="function")]
Writing = Annotated[Transaction, Depends(writing, scope="function")]
