"""The postman: brings letters to the mail server of the settings."""

from __future__ import annotations

from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from typing import TYPE_CHECKING

from app.domain.errors import GradusError
from app.settings import Settings

if TYPE_CHECKING:
    from smtplib import SMTP

    from app.services.operating.mails import Letter

SECONDS = 20


class Undeliverable(GradusError):
    """A letter was not taken. `for_good`: trying again would change nothing."""

    def __init__(self, says: str, *, for_good: bool) -> None:
        super().__init__(says)
        self.for_good = for_good


class Postman:
    """Sends letters by SMTP, one connection each. Nothing is kept of a letter that was sent."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def works(self) -> bool:
        """Whether letters can be sent at all."""
        return bool(self._settings.smtp_host)

    def send(self, letter: Letter) -> None:
        """Send one letter.

        Raises:
            Undeliverable: the mail server did not take it.
        """
        import smtplib

        try:
            message = self._message(letter)
            with self._server() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code, says = next(iter(refused.recipients.values()), (0, b""))
            raise Undeliverable(_said(code, says), for_good=code >= 500) from None
        except smtplib.SMTPAuthenticationError as refused:
            # An operator mends the settings meanwhile.
            raise Undeliverable(_said(refused.smtp_code, refused.smtp_error), for_good=False) from None
        except smtplib.SMTPResponseException as refused:
            raise Undeliverable(
                _said(refused.smtp_code, refused.smtp_error), for_good=refused.smtp_code >= 500
            ) from None
        except (smtplib.SMTPException, OSError) as trouble:
            raise Undeliverable(f"{type(trouble).__name__}: {trouble}", for_good=False) from None
        except (ValueError, LookupError, MessageError) as trouble:
            raise Undeliverable(f"The letter cannot be written: {trouble}.", for_good=True) from None

    def _message(self, letter: Letter) -> EmailMessage:
        name, sender = parseaddr(self._settings.smtp_from)
        message = EmailMessage()
        message["From"] = Address(name or "Gradus", addr_spec=sender)
        message["To"] = Address(addr_spec=letter.address)
        message["Subject"] = letter.subject
        message["Date"] = formatdate(usegmt=True)
        message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2])
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body)
        return message

    def _server(self) -> SMTP:
        import smtplib
        import ssl

        at = self._settings
        if at.smtp_tls == "tls":
            server: SMTP = smtplib.SMTP_SSL(
                at.smtp_host, at.smtp_port, timeout=SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(at.smtp_host, at.smtp_port, timeout=SECONDS)
        try:
            if at.smtp_tls == "starttls":
                server.starttls(context=ssl.create_default_context())
            if at.smtp_user:
                server.login(at.smtp_user, at.smtp_password)
        except BaseException:
            server.close()
            raise
        return server


def _said(code: int, says: bytes | str) -> str:
    text = says.decode("utf-8", "replace") if isinstance(says, bytes) else says
    return f"The mail server said: {code} {text}".strip()
