"""Every setting of Gradus: one frozen model; the environment gives values as GRADUS_<NAME>."""

from __future__ import annotations

import os
import secrets
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import AfterValidator, Field, ValidationError, ValidationInfo
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.errors import InvalidInput

PREFIX = "GRADUS_"
Network: TypeAlias = IPv4Network | IPv6Network
_BESIDE_APP = Path(__file__).resolve().parent.parent


def _database_url(url: str) -> str:
    # SQLAlchemy would take the bare scheme for another driver; people write it, and hosters hand it out.
    for scheme in ("postgres://", "postgresql://"):
        if url.startswith(scheme):
            return "postgresql+psycopg://" + url.removeprefix(scheme)
    if url.startswith(("sqlite:///", "postgresql+psycopg://")):
        return url
    raise ValueError("a database address starts with sqlite:/// or postgresql://")


def _public_url(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("a public address starts with http:// or https://")
    return url.rstrip("/")


def _mail_server(host: str, info: ValidationInfo) -> str:
    # Links are never made from what a request says about our address: anybody could write that.
    if host and not info.data.get("public_url"):
        raise ValueError("letters hold links, so GRADUS_PUBLIC_URL must be set")
    return host


def _sender(sender: str, info: ValidationInfo) -> str:
    address = parseaddr(sender)[1]
    if (sender or info.data.get("smtp_host")) and not all(address.rpartition("@")):
        raise ValueError("a sender is an address such as Gradus <gradus@example.org>")
    return sender


def _networks(text: str) -> str:
    networks_of(text)
    return text


def networks_of(text: str) -> tuple[Network, ...]:
    """The networks that a setting names, separated by commas; “none” names none.

    Raises:
        ValueError: one of them is no network.
    """
    if text.strip() == "none":
        return ()
    found = []
    for name in text.split(","):
        try:
            found.append(ip_network(name.strip(), strict=False))
        except ValueError:
            raise ValueError("networks are written like 10.0.0.0/8, separated by commas, or none") from None
    return tuple(found)


class Settings(BaseSettings):
    """What can be set, with its default. Read once at start; nothing changes it afterwards."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True)

    host: str = Field("127.0.0.1", min_length=1, description="The address to listen on.")
    port: int = Field(8000, ge=1, le=65535, description="The port to listen on.")
    public_url: Annotated[str, AfterValidator(_public_url)] = Field(
        "", description="The address people use, such as https://gradus.example.org."
    )
    workers: int = Field(1, ge=1, le=64, description="Web processes; more than one needs PostgreSQL.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="How much is logged.")
    log_format: Literal["text", "json"] = Field("text", description="Lines for people, or one JSON object a line.")
    trusted_proxies: Annotated[str, AfterValidator(_networks)] = Field(
        "127.0.0.1,::1",
        description="Networks of the reverse proxies whose X-Forwarded-For and -Proto are believed; or none.",
    )
    metrics_token: str = Field(
        "", repr=False, description="What /metrics asks for as a bearer token; without one, only this machine may look."
    )
    metrics_port: int = Field(
        0, ge=0, le=65535, description="The port at which gradus worker answers /metrics; 0 for none."
    )
    min_free_mib: int = Field(256, ge=0, description="Free MiB below which /readyz says that the disk is filling up.")
    var_path: Path = Field(Path("var"), description="The folder for everything that Gradus writes by itself.")
    database_url: Annotated[str, AfterValidator(_database_url)] = Field(
        default_factory=lambda data: f"sqlite:///{data['var_path']}/gradus.sqlite3",
        description="sqlite:///file or postgresql://user:password@host/database.",
    )
    secret_path: Path = Field(
        default_factory=lambda data: data["var_path"] / "secret",
        description="The file with the secret key; made at first start, readable by its owner only.",
    )
    bank_path: Path = Field(_BESIDE_APP / "question_bank", description="The folder of the question bank.")
    migrations_path: Path = Field(_BESIDE_APP / "migrations", description="The folder of the migrations.")
    smtp_host: Annotated[str, AfterValidator(_mail_server)] = Field(
        "", description="The mail server; without one, links for new passwords are handed over."
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="The port of the mail server.")
    smtp_user: str = Field("", description="The account at the mail server; empty where none is needed.")
    smtp_password: str = Field("", repr=False, description="The password of that account.")
    smtp_from: Annotated[str, AfterValidator(_sender)] = Field(
        "", validate_default=True, description="Whom letters come from, such as Gradus <gradus@example.org>."
    )
    smtp_tls: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the way to the mail server is encrypted."
    )
    session_hours: float = Field(12, gt=0, le=24 * 90, description="How long a sign-in lasts, in hours.")
    grace_seconds: float = Field(
        30, ge=0, le=3600, description="How long after the deadline a save still counts, in seconds."
    )
    max_body_bytes: int = Field(
        2 * 1024 * 1024, ge=10_000, le=1024**3, description="The largest request body, in bytes."
    )
    grading_workers: int = Field(
        default_factory=lambda: max(1, (os.cpu_count() or 1) - 1),
        ge=1,
        le=256,
        description="Sandboxed processes that grade; by default one less than there are cores.",
    )
    webhook_private_targets: bool = Field(
        False, description="Whether webhooks may lead into private networks, and over plain http."
    )
    sandbox_seconds: float = Field(10, gt=0, le=600, description="The longest sandboxed call, in seconds.")
    sandbox_memory_mib: int = Field(1024, ge=128, le=65536, description="The memory of one sandboxed process, in MiB.")

    @property
    def site_in_letters(self) -> str:
        """Our address for links in letters; empty where no letters can be sent."""
        return self.public_url if self.smtp_host else ""


def read_settings(**given: Any) -> Settings:
    """The settings from the environment; `given` (from the command line) goes before it.

    Raises:
        InvalidInput: a value cannot be taken; the sentence names the setting.
    """
    try:
        return Settings(**given)
    except ValidationError as error:
        says = []
        for problem in error.errors(include_url=False):
            name = str(problem["loc"][0])
            message = problem["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
            # An address may hold a password, which belongs in no log.
            value = "so" if name in ("database_url", "smtp_password", "metrics_token") else repr(problem["input"])
            if problem["type"] == "extra_forbidden":
                says.append(f"There is no setting {name!r}.")
            elif problem["type"] != "default_factory_not_called":  # follows from another problem
                says.append(f"The setting {PREFIX}{name.upper()} cannot be {value}: {message}.")
        raise InvalidInput(" ".join(says), place=str(error.errors()[0]["loc"][0])) from None


def secret_key(settings: Settings) -> bytes:
    """The secret key of this installation, 32 bytes; made at first use in a file only its owner can read.

    Raises:
        InvalidInput: the file exists but holds no key.
    """
    path = settings.secret_path
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # O_EXCL: of two processes starting together only one makes the key, the other reads it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        pass
    else:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) < 32:
        raise InvalidInput(f"The file {path} holds no secret key (64 hexadecimal digits).", "secret_path")
    return key
