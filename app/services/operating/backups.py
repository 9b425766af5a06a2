"""Everything an installation cannot do without, in one file, and back again: the database and the secret key."""

from __future__ import annotations

import errno
import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import IO, Any

from app.domain.errors import Conflict, InvalidInput, Unavailable
from app.storage import backups as stored
from app.storage.engine import Database
from app.storage.schema import knows, revision_of

FORMAT = 1
MANIFEST = "manifest.json"
SECRET = "secret"  # noqa: S105  (the name of a file)
COPIES = {True: "database.sqlite3", False: "database.dump"}
LARGEST_MANIFEST = 1 << 20
AT_ONCE = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """What is in a backup. `revision`: the migration that its database is at."""

    made_at: str
    gradus: str
    engine: str
    revision: str
    bytes: int


def back_up(database: Database, secret_path: Path, target: Path) -> Backup:
    """Write a backup; it can be made while people are sitting an exam. The file appears when it is complete.

    Raises:
        InvalidInput: there is nothing to back up, or the file cannot be made there.
        Unavailable: the database cannot be copied, or the disk is full; there is no file then.
    """
    revision = revision_of(database)
    if revision is None:
        raise InvalidInput("There is no database of Gradus to back up at this address.", place="database_url")
    with _sentences(target), tempfile.TemporaryDirectory(dir=_folder(target), prefix=".gradus-backup-") as scratch:
        name = COPIES[database.is_sqlite]
        copy = Path(scratch) / name
        stored.copy_out(database, copy)
        files = {name: copy, SECRET: secret_path}
        manifest = {
            "format": FORMAT,
            "gradus": version("gradus"),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "engine": "sqlite" if database.is_sqlite else "postgresql",
            "revision": revision,
            "sha256": {inner: _digest(path) for inner, path in files.items()},
        }
        unfinished = Path(scratch) / "backup"
        # It holds the secret key, so it is for its owner only from the first byte on.
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            with tarfile.open(fileobj=out, mode="w:gz", compresslevel=6) as archive:
                text = json.dumps(manifest, indent=1).encode()
                _add(archive, MANIFEST, io.BytesIO(text), len(text))
                for inner, path in files.items():
                    with path.open("rb") as content:
                        _add(archive, inner, content, path.stat().st_size)
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(target)
        return _described(manifest, target.stat().st_size)


def _folder(target: Path) -> Path:
    folder = target.resolve().parent
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _add(archive: tarfile.TarFile, name: str, content: IO[bytes], size: int) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    entry.mtime = int(datetime.now(UTC).timestamp())
    archive.addfile(entry, content)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _described(manifest: dict[str, Any], size: int) -> Backup:
    return Backup(manifest["made_at"], manifest["gradus"], manifest["engine"], manifest["revision"], size)


def restore(database: Database, migrations_path: Path, secret_path: Path, source: Path, *, force: bool) -> Backup:
    """Put a backup in the place of what is here. Everything is verified before anything is touched.

    What `force` replaces is kept beside it: the database as `….before-restore` (SQLite), the key as well.

    Raises:
        InvalidInput: the file is no backup, is damaged, or belongs to another engine or to a newer Gradus.
        Conflict: something is here already and `force` was not given, or the database is in use.
    """
    with (
        _sentences(source),
        tempfile.TemporaryDirectory(dir=_folder(secret_path), prefix=".gradus-restore-") as scratch,
    ):
        manifest = _unpack(source, Path(scratch))
        engine = "sqlite" if database.is_sqlite else "postgresql"
        if manifest["engine"] != engine:
            raise InvalidInput(
                f"This is a backup of a {manifest['engine']} database; here is {engine}.", "database_url"
            )
        if not knows(migrations_path, manifest["revision"]):
            raise InvalidInput(
                f"This backup was made by Gradus {manifest['gradus']} (migration {manifest['revision']}), "
                "which this version does not know. Use a newer one."
            )
        new_key = (Path(scratch) / SECRET).read_bytes()
        old_key = secret_path.read_bytes() if secret_path.exists() else None
        empty = stored.is_empty(database)
        if not force:
            if not empty:
                raise Conflict("The database is not empty. To replace everything in it, say --force.")
            if old_key is not None and old_key != new_key:
                raise Conflict(f"{secret_path} holds another secret key. To replace it, say --force.")
        if not empty and database.is_sqlite:
            stored.copy_out(database, _beside(Path(database.url.removeprefix("sqlite:///"))))
        stored.copy_in(database, Path(scratch) / COPIES[database.is_sqlite])
        if old_key is not None and old_key != new_key:
            shutil.copy2(secret_path, _beside(secret_path))
        _write_key(secret_path, new_key)
        return _described(manifest, source.stat().st_size)


def _beside(path: Path) -> Path:
    kept = path.with_name(path.name + ".before-restore")
    kept.unlink(missing_ok=True)
    return kept


def _write_key(path: Path, key: bytes) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(key)
    fresh.replace(path)


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """The manifest; the files that it names stand in the folder, and are what they were."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            first = archive.next()
            if first is None or first.name != MANIFEST or not first.isreg() or first.size > LARGEST_MANIFEST:
                raise InvalidInput(f"{source} is no backup of Gradus.")
            manifest = _manifest(source, _content(archive, first).read())
            while (entry := archive.next()) is not None:
                # Only what the manifest names, and never by a path of the archive's own.
                if entry.name in manifest["sha256"] and entry.isreg():
                    with (folder / entry.name).open("xb") as out:
                        shutil.copyfileobj(_content(archive, entry), out, AT_ONCE)
    except FileExistsError:
        raise InvalidInput(f"{source} is damaged: it holds a file twice.") from None
    except (tarfile.TarError, gzip.BadGzipFile, EOFError, zlib.error):
        raise InvalidInput(f"{source} is no backup of Gradus, or it is damaged.") from None
    for name, expected in manifest["sha256"].items():
        path = folder / name
        if not path.is_file() or _digest(path) != expected:
            raise InvalidInput(f"{source} is damaged: “{name}” is not what was backed up.")
    return manifest


def _content(archive: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = archive.extractfile(entry)
    if content is None:
        raise tarfile.ReadError(entry.name)
    return content


def _manifest(source: Path, text: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(text)
        if manifest["format"] != FORMAT:
            raise InvalidInput(f"{source} is a backup of a kind that this version of Gradus does not know.")
        named = set(manifest["sha256"])
        known = all(isinstance(manifest[key], str) for key in ("gradus", "made_at", "engine", "revision"))
        copy = COPIES[manifest["engine"] == "sqlite"]
    except (ValueError, KeyError, TypeError):
        raise InvalidInput(f"{source} is no backup of Gradus.") from None
    if not known or named != {copy, SECRET}:
        raise InvalidInput(f"{source} is no backup of Gradus.")
    found: dict[str, Any] = manifest
    return found


@contextmanager
def _sentences(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise Unavailable("The disk is full; nothing was changed.") from error
        named = error.filename if isinstance(error.filename, str) else str(path)
        raise InvalidInput(f"{named}: {error.strerror or error}.") from error
