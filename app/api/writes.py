"""Operations that change something: `Idempotency-Key` is honoured in the transaction of the change itself."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any

from fastapi import Depends, Header, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response
from starlette.types import Receive, Scope, Send

from app.api.callers import Granted
from app.domain.errors import Conflict
from app.routing.transactions import Reading, Writing
from app.services.operating import idempotency
from app.services.operating.idempotency import Remembered
from app.services.operating.transactions import Transaction, Transactions

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="A name for this request, chosen by you. Sent again with the same key within 24 hours, the request "
        "changes nothing more and gets the same answer, with the header `Idempotency-Replayed: true`.",
        examples=["4f3c2a1e-enrol-7"],
    ),
]


class Replay(Exception):
    """The request was carried out before: nothing is changed, the answer is repeated."""

    def __init__(self, remembered: Remembered) -> None:
        super().__init__("replayed")
        self.remembered = remembered


class Unanswered(RuntimeError):
    """A mistake of ours: an operation did not give its answer through `Write.answer`."""


class Write:
    """One write: its transaction, and the answer that is remembered with it."""

    def __init__(
        self,
        tx: Transaction,
        transactions: Transactions,
        request: idempotency.Request | None,
        again: Callable[[], None],
    ) -> None:
        self.tx = tx
        self._transactions = transactions
        self._request = request
        self._again = again
        self.answered = request is None

    def answer(self, told: BaseModel | None, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
        """The answer of the operation, the last thing it does. With 204 there is nothing to tell.

        Raises:
            Replay: the same request has just been carried out elsewhere; what was done here is undone.
            Conflict: the same, and its answer cannot be seen yet.
        """
        body = None if told is None else told.model_dump(mode="json")
        given = dict(headers or {})
        if self._request is not None:
            if not idempotency.remember(self.tx, self._request, status, {"body": body, "headers": given}):
                self._again()
                raise Conflict("The same request is being carried out already. Try again in a moment.")
            self.answered = True
        return _response(status, body, given)

    def answer_after(self, told: BaseModel, looked: Callable[[Transaction], BaseModel]) -> Response:
        """The same where something takes its time that is told, too: it is looked at when all is committed, so that
        nobody waits to write meanwhile. `told` is what is remembered until then.

        Raises:
            Replay, Conflict: as above.
        """
        self.answer(told)

        def answer() -> Response:
            with self._transactions.reading() as tx:
                body = looked(tx).model_dump(mode="json")
            if self._request is not None:
                with self._transactions.writing() as tx:
                    idempotency.complete(tx, self._request, {"body": body, "headers": {}})
            return _response(200, body, {})

        return _After(answer)


class _After(Response):
    """A response that is made when it is sent: the transaction of the request is over by then."""

    def __init__(self, make: Callable[[], Response]) -> None:
        super().__init__()
        self._make = make

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        made = await run_in_threadpool(self._make)
        await made(scope, receive, send)


async def digest_of(request: Request) -> str:
    """What stands for everything a request asks for."""
    head = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(head + await request.body()).hexdigest()


def write(
    request: Request,
    reading: Reading,
    writing: Writing,
    grant: Granted,
    digest: Annotated[str, Depends(digest_of)],
    key: Key = None,
) -> Iterator[Write]:
    """The write of this request. In a signature it comes after the caller: a replay needs the same rights.

    Raises:
        Replay: this request was carried out before.
        InvalidInput: the key belongs to another request.
    """
    transactions = request.app.state.transactions
    if key is None:
        yield Write(writing, transactions, None, lambda: None)
        return
    asked = idempotency.Request(grant.id, key, digest)

    def repeat() -> None:
        # A fresh look: the transaction that we have been reading in may be older than the other's COMMIT.
        with transactions.reading() as tx:
            found = idempotency.remembered(tx, asked)
        if found is not None:
            raise Replay(found)

    found = idempotency.remembered(reading, asked)
    if found is not None:
        raise Replay(found)
    one = Write(writing, transactions, asked, repeat)
    try:
        yield one
    except Replay:
        raise
    except Exception:
        # It may have failed because its twin was faster.
        repeat()
        raise
    if not one.answered:
        raise Unanswered(f"{request.method} {request.url.path}")


def replayed(request: Request, replay: Exception) -> Response:
    """The remembered answer, marked as such."""
    assert isinstance(replay, Replay)
    kept = replay.remembered
    answer = _response(kept.status, kept.response["body"], kept.response["headers"])
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def _response(status: int, body: Any, headers: Mapping[str, str]) -> Response:
    if body is None:
        return Response(status_code=status, headers=dict(headers))
    return JSONResponse(body, status, dict(headers))


Writes = Annotated[Write, Depends(write, scope="function")]
