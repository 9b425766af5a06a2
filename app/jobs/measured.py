"""The measurements of a worker, which serves no pages: one address, and nothing else."""

from __future__ import annotations

import hmac
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from app.domain.errors import InvalidInput

log = logging.getLogger(__name__)

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE = 10.0


@contextmanager
def told_at(host: str, port: int, token: str, exposition: Callable[[], bytes]) -> Iterator[int]:
    """Answer `/metrics` at this address meanwhile, with what `exposition` gives; the port (0 asks for a free one).

    Who may ask is as at the web processes: whoever has the `token`; where there is none, programs on this machine.

    Raises:
        InvalidInput: the address cannot be listened at; `place` is "metrics_port".
    """

    class Answer(BaseHTTPRequestHandler):
        timeout = PATIENCE  # for who connects and says nothing

        def do_GET(self) -> None:
            if self.path != "/metrics":
                self._say(404, b"There are measurements at /metrics only.\n")
            elif not _may_look(self.client_address[0], self.headers.get("Authorization", ""), token):
                self._say(403, b"The measurements need the token of GRADUS_METRICS_TOKEN.\n")
            else:
                self._say(200, exposition(), PROMETHEUS)

        def _say(self, status: int, body: bytes, kind: str = "text/plain; charset=utf-8") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            log.debug(format, *args)

    try:
        server = ThreadingHTTPServer((host, port), Answer)
    except OSError as error:
        raise InvalidInput(f"GRADUS_METRICS_PORT: {host}:{port}: {error.strerror}.", "metrics_port") from None
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, name="measures", daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _may_look(address: str, authorization: str, token: str) -> bool:
    if token:
        return hmac.compare_digest(authorization.removeprefix("Bearer ").encode(), token.encode())
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
