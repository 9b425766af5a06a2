"""Where a request comes from, and whether an attempt may be looked at from there."""

from __future__ import annotations

from fastapi import BackgroundTasks, Request
from starlette.concurrency import run_in_threadpool

from app.services.quizzes.entry_rules import Seen, seen_at
from app.services.sitting.admission import Elsewhere, refuse_elsewhere
from app.services.sitting.attempts import AttemptView
from app.web.paths import PublicId

BROWSER_KEY = "x-safeexambrowser-configkeyhash"


def seen_of(request: Request) -> Seen:
    """Where this request comes from; behind trusted proxies, the client's address (app.web.proxies)."""
    address = request.client.host if request.client else ""
    key = request.headers.get(BROWSER_KEY, "")
    return seen_at(address, str(request.url), request.app.state.settings.public_url, key)


async def only_here(request: Request, attempt: AttemptView) -> None:
    """Let an attempt be looked at from where its quiz allows, and write down where else that was tried.

    Raises:
        Elsewhere: it may not be looked at from here.
    """
    seen, sightings = seen_of(request), request.app.state.sightings
    sightings.remember(attempt.id, attempt.networks, attempt.browser_keys)
    try:
        refuse_elsewhere(attempt.networks, attempt.browser_keys, seen)
    except Elsewhere:
        await run_in_threadpool(sightings.note, attempt.id, seen)
        raise


async def watched(request: Request, attempt_id: PublicId, afterwards: BackgroundTasks) -> None:
    """What is saved is never refused for where it comes from; where that was is written down after the answer."""
    seen, sightings = seen_of(request), request.app.state.sightings
    if sightings.wants(attempt_id, seen):
        afterwards.add_task(sightings.note, attempt_id, seen)
