"""Settings: a default for each, a sentence for each that cannot be, and a secret that only its owner reads."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.domain.errors import InvalidInput
from app.settings import Settings, read_settings, secret_key


def test_every_setting_has_a_default_and_a_description() -> None:
    for name, field in Settings.model_fields.items():
        assert not field.is_required(), name
        assert field.description, name
    settings = read_settings()
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.database_url == "sqlite:///var/gradus.sqlite3"
    assert settings.secret_path == Path("var/secret")
    assert settings.bank_path.name == "question_bank"
    assert (settings.migrations_path / "env.py").is_file()


def test_the_environment_sets_and_the_command_line_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_PORT", "9000")
    monkeypatch.setenv("GRADUS_VAR_PATH", "/somewhere")
    monkeypatch.setenv("GRADUS_PUBLIC_URL", "https://gradus.example.org/")
    monkeypatch.setenv("GRADUS_HOST", "")
    settings = read_settings(port=9001)
    assert (settings.port, settings.host) == (9001, "127.0.0.1")
    assert settings.database_url == "sqlite:////somewhere/gradus.sqlite3"
    assert settings.public_url == "https://gradus.example.org"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_is_taken_as_people_write_it(scheme: str) -> None:
    settings = read_settings(database_url=f"{scheme}://me@db/gradus")
    assert settings.database_url == "postgresql+psycopg://me@db/gradus"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "eighty", "The setting GRADUS_PORT cannot be 'eighty': a valid integer"),
        ("PORT", "70000", "The setting GRADUS_PORT cannot be '70000': less than or equal to 65535"),
        ("DATABASE_URL", "oracle://x", "a database address starts with sqlite:/// or postgresql://"),
        ("PUBLIC_URL", "ftp://x", "a public address starts with http:// or https://"),
        ("LOG_LEVEL", "loud", "The setting GRADUS_LOG_LEVEL cannot be 'loud'"),
        ("SMTP_HOST", "mail", "letters hold links, so GRADUS_PUBLIC_URL must be set"),
        ("SMTP_FROM", "nobody", "a sender is an address such as Gradus <gradus@example.org>"),
        ("SMTP_TLS", "maybe", "The setting GRADUS_SMTP_TLS cannot be 'maybe'"),
        ("GRACE_SECONDS", "nan", "The setting GRADUS_GRACE_SECONDS cannot be"),
    ],
)
def test_a_value_that_cannot_be_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    monkeypatch.setenv(f"GRADUS_{name}", value)
    with pytest.raises(InvalidInput) as refused:
        read_settings()
    assert says in str(refused.value)
    assert refused.value.place == name.lower()


def test_a_password_in_a_wrong_address_is_not_repeated() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_settings(database_url="mysql://me:hunter2@db/x")
    assert "hunter2" not in str(refused.value)


def test_a_mail_server_needs_a_sender() -> None:
    with pytest.raises(InvalidInput, match="GRADUS_SMTP_FROM cannot be ''"):
        read_settings(smtp_host="mail", public_url="https://gradus.test")
    fine = read_settings(
        smtp_host="mail", public_url="https://gradus.test", smtp_from="G <g@uni.example>", smtp_password="hunter2"
    )
    assert "hunter2" not in repr(fine)


def test_a_setting_that_does_not_exist_is_named() -> None:
    with pytest.raises(InvalidInput, match="There is no setting 'prot'"):
        read_settings(prot=1)


def test_settings_never_change() -> None:
    with pytest.raises(ValidationError):
        read_settings().port = 1


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    settings = read_settings(var_path=tmp_path / "var")
    key = secret_key(settings)
    assert len(key) == 32
    assert stat.S_IMODE((tmp_path / "var" / "secret").stat().st_mode) == 0o600
    assert secret_key(settings) == key


def test_a_file_that_holds_no_secret_is_named(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("not hexadecimal")
    with pytest.raises(InvalidInput, match="holds no secret key"):
        secret_key(read_settings(secret_path=file))
