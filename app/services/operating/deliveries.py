"""Delivering events: signed, once at a time for each webhook, tried again with growing gaps for about a day."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta

from app.services.operating.posting import Posted, post
from app.services.operating.transactions import Transaction, Transactions
from app.storage import webhooks
from app.storage.webhooks import ToSend

GAPS = tuple(timedelta(seconds=seconds) for seconds in (30, 120, 600, 1800, 3600, 7200, 14400, 28800, 28800))
"""Between two tries; together less than 24 hours. After the last the event is given up."""

LOG_KEPT = timedelta(days=90)
MOST_IN_A_ROW = 20
Post = Callable[..., Posted]


def signature(secret: str, event_id: str, timestamp: int, body: bytes) -> str:
    """What proves to a webhook that an event is ours: an HMAC-SHA256 over id, time and body."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    return hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def webhooks_due(tx: Transaction, limit: int) -> list[int]:
    """The webhooks to which something is to be sent now."""
    return webhooks.due_webhooks(tx, limit)


def deliver(
    transactions: Transactions,
    webhook_id: int,
    *,
    private_targets: bool,
    stopping: Callable[[], bool] = lambda: False,
    posting: Post = post,
) -> int:
    """Send what is due to a webhook, oldest first, until one fails; how many arrived. No transaction waits for it."""
    arrived = 0
    for _ in range(MOST_IN_A_ROW):
        with transactions.reading() as tx:
            one = webhooks.next_to_send(tx, webhook_id)
            now = tx.now()
        if one is None or stopping():
            break
        posted = posting(one.address, *_message(one, int(now.timestamp())), private_targets=private_targets)
        if posted.status is not None and 200 <= posted.status < 300:
            with transactions.writing() as tx:
                webhooks.delivered(tx, one.id, posted.status)
            arrived += 1
            continue
        with transactions.writing() as tx:
            pause = GAPS[one.tries] if one.tries < len(GAPS) else None
            next_at = None if pause is None else tx.now() + pause
            webhooks.failed(tx, one.id, posted.status, posted.says, next_at)
            # An address that does not answer holds up nobody else's events.
            webhooks.hold_back(tx, webhook_id, next_at or tx.now() + GAPS[-1])
        break
    return arrived


def _message(one: ToSend, timestamp: int) -> tuple[bytes, dict[str, str]]:
    body = json.dumps(one.payload, ensure_ascii=False, separators=(",", ":")).encode()
    proof = signature(one.secret, one.public_id, timestamp, body)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Gradus",
        "Gradus-Event": one.event,
        "Gradus-Event-Id": one.public_id,
        "Gradus-Signature": f"t={timestamp},v1={proof}",
    }
    return body, headers


def any_settled(tx: Transaction) -> bool:
    """Whether the log holds what was settled long ago."""
    return webhooks.any_settled(tx, tx.now() - LOG_KEPT)


def forget_settled(tx: Transaction, limit: int = 1000) -> int:
    """Forget the log of events that were delivered or given up long ago; how many."""
    return webhooks.remove_settled(tx, tx.now() - LOG_KEPT, limit)
