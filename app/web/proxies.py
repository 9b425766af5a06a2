"""Who is really asking, where a reverse proxy stands before us: believed from the proxies that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import ip_address

from starlette.types import ASGIApp, Receive, Scope, Send

from app.settings import Network

MOST_HOPS = 20


class Proxies:
    """Puts the client's address and scheme, as trusted proxies tell them, in the place of the proxy's own."""

    def __init__(self, app: ASGIApp, *, trusted: Sequence[Network]) -> None:
        self._app = app
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] in ("http", "websocket") and scope.get("client") and self._believed(scope["client"][0]):
            scope = dict(scope)
            scope["trusted_proxy"] = True
            told = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
            client = self._client(",".join(told).split(",")[-MOST_HOPS:])
            if client:
                scope["client"] = (client, 0)
            schemes = [value for name, value in scope["headers"] if name == b"x-forwarded-proto"]
            # The nearest proxy is the one that is believed: its word comes last.
            scheme = schemes[-1].decode("latin-1").split(",")[-1].strip().lower() if schemes else ""
            if scheme in ("http", "https"):
                scope["scheme"] = scheme
        await self._app(scope, receive, send)

    def _client(self, told: Sequence[str]) -> str:
        """From the nearest hop outwards, the first one that is no proxy of ours."""
        found = ""
        for hop in reversed(told):
            text = hop.strip()
            try:
                found = str(ip_address(text))
            except ValueError:
                # Whoever stands behind a hop that makes no sense is unknown.
                return found
            if not self._believed(found):
                return found
        return found

    def _believed(self, address: str) -> bool:
        try:
            parsed = ip_address(address)
        except ValueError:  # a Unix socket, or a test
            return False
        return any(parsed in network for network in self._trusted)
