"""A mail server of a few lines: it takes letters, or says what it was told to say; encrypted or not."""

from __future__ import annotations

import socketserver
import ssl
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Literal, cast

PASSWORD = "open sesame"


@dataclass
class Post:
    """What the server took, and what it says when somebody names a recipient. `accounts`: who said they were whom."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    says: str = "250 fine"


@contextmanager
def mail_server(
    proof: ssl.SSLContext | None = None, encrypts: Literal["never", "when asked", "always"] = "never"
) -> Iterator[Post]:
    """A server on a free port of this machine, for as long as the block lasts; `proof` is its certificate."""
    post = Post()

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            # A client that does not trust the certificate goes away in the middle.
            with suppress(ssl.SSLError, ConnectionError):
                if encrypts == "always":
                    self.encrypt()
                self.talk()

        def encrypt(self) -> None:
            assert proof is not None
            self.connection = self.request = proof.wrap_socket(self.request, server_side=True)
            self.setup()

        def finish(self) -> None:
            super().finish()
            self.connection.close()

        def talk(self) -> None:
            self.say("220 here")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word in (b"EHLO", b"HELO"):
                    self.say("250-hello")
                    self.say("250-STARTTLS" if encrypts == "when asked" else "250-PIPELINING")
                    self.say("250 AUTH PLAIN")
                elif word == b"STAR":
                    self.say("220 go ahead")
                    self.encrypt()
                elif word == b"AUTH":
                    _, account, password = b64decode(line.split()[2]).decode().split("\0")
                    post.accounts.append(account)
                    self.say("235 welcome" if password == PASSWORD else "535 wrong password")
                elif word == b"RCPT":
                    post.recipients.append(line.decode().strip())
                    self.say(post.says)
                elif word == b"DATA":
                    self.say("354 go on")
                    self.take()
                    self.say("250 taken")
                elif word == b"QUIT":
                    self.say("221 bye")
                    return
                else:
                    self.say("250 fine")

        def take(self) -> None:
            lines = list(iter(self.rfile.readline, b".\r\n"))
            letter = message_from_bytes(b"".join(lines), policy=policy.default)
            post.letters.append(cast(EmailMessage, letter))

        def say(self, words: str) -> None:
            self.wfile.write(words.encode() + b"\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Session) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
