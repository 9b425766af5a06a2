"""Question folders packed as a zip file, and unpacked from one that anybody may have made."""

from __future__ import annotations

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from app.domain.errors import InvalidInput
from app.interchange.folder import LARGEST_ATTACHMENT, MOST_FILES, Folder, belongs, bounded

LARGEST_ARCHIVE = 32_000_000
LARGEST_TOTAL = 128_000_000
MOST_ENTRIES = 5_000
MOST_QUESTIONS = 200
LONGEST_NAME = 300
DEEPEST = 8
DENSEST = 200
"""How many times larger than packed an entry may be; 1 to 20 is usual for texts and pictures."""
SMALL = 100_000
"""Below this no ratio is suspicious: a short file of blanks packs well."""

# Zip has no time zones and begins in 1980; one moment for all makes the same files the same zip.
MOMENT = (1980, 1, 1, 0, 0, 0)
END, END_64 = b"PK\5\6", b"PK\6\7"
END_SIZE = 22
ODD = re.compile("[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
DRIVE = re.compile(r"[A-Za-z]:")
PACKED = re.compile(r".*\.(zip|tar|tgz|gz|bz2|xz|7z|rar|whl|jar)", re.IGNORECASE)
# What file managers leave behind.
DROSS = re.compile(r"(.*/)?(__MACOSX/.*|\._[^/]*|\.DS_Store|Thumbs\.db|desktop\.ini)")
BROKEN = "This zip file is broken"


@dataclass(frozen=True, slots=True)
class ArchivedQuestion:
    """A question folder in a zip file. `path` is where it lay ("" for the top); `left_out` belongs to no question."""

    path: str
    folder: Folder
    left_out: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What the folder is called, with the one around it: "exam/question"."""
        return "/".join(PurePosixPath(self.path).parts[-2:])


@dataclass(frozen=True, slots=True)
class Archive:
    """What a zip file holds. `left_out` lists the files that lie in no question folder."""

    questions: tuple[ArchivedQuestion, ...]
    left_out: tuple[str, ...]


def write_archive(folders: Mapping[str, Mapping[str, bytes]]) -> bytes:
    """These folders as a zip file: the same folders give the same bytes."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in sorted(folders):
            for name in sorted(folders[path]):
                entry = zipfile.ZipInfo(f"{path}/{name}" if path else name, MOMENT)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.create_system = 3  # Unix, wherever this runs
                entry.external_attr = (stat.S_IFREG | 0o644) << 16
                archive.writestr(entry, folders[path][name])
    return out.getvalue()


def read_archive(data: bytes) -> Archive:
    """The question folders in a zip file. Nothing is written anywhere, and no more is unpacked than a bank needs.

    Raises:
        InvalidInput: this is no zip file, it is hostile, or it holds no question; the place is the file's name in it.
    """
    _look_at_the_end(data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = _entries(archive)
            _look_at_sizes(entries, len(data))
            roots = _roots(entries)
            return _sorted_out(archive, entries, roots)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, struct.error) as error:
        raise InvalidInput(f"{BROKEN}: {_reason(error)}") from None
    except (NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError):
        raise InvalidInput(f"{BROKEN}, or packed in a way that is not taken here.") from None


def _reason(error: Exception) -> str:
    if "CRC" in str(error):
        return "a file in it does not have the checksum it should have."
    return "it ends too early, or something in it was overwritten."


def _look_at_the_end(data: bytes) -> None:
    """Refuse what is no zip file, and lists of contents that would fill the memory before they could be counted."""
    if len(data) > LARGEST_ARCHIVE:
        raise InvalidInput(f"A zip file of questions has at most {LARGEST_ARCHIVE // 1_000_000} MB.")
    start = data.rfind(END, max(0, len(data) - END_SIZE - 0xFFFF))
    if start < 0 or len(data) - start < END_SIZE:
        raise InvalidInput("This is not a zip file.")
    if data[max(0, start - 20) : start].startswith(END_64):
        raise InvalidInput("This zip file is written in the form for very large files (zip64); pack it without.")
    listed: int = struct.unpack_from("<L", data, start + 12)[0]
    if listed > MOST_ENTRIES * 400:
        raise _too_many()


def _too_many() -> InvalidInput:
    return InvalidInput(f"More than {MOST_ENTRIES} files are too many for one zip file.")


def _entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """The files by name; every name is looked at, also those of folders."""
    found: dict[str, zipfile.ZipInfo] = {}
    seen: dict[str, str] = {}
    listed = archive.infolist()
    if len(listed) > MOST_ENTRIES:
        raise _too_many()
    for entry in listed:
        name = entry.orig_filename
        _look_at_name(name)
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise InvalidInput("A link or a device has no place in a question.", _shown(name))
        if name.endswith("/"):
            continue
        # Folders on other machines do not tell A from a: one of the two would overwrite the other there.
        alike = unicodedata.normalize("NFC", name).casefold()
        if alike in seen:
            twin = _shown(seen[alike])
            says = "is there twice" if seen[alike] == name else f"and “{twin}” would be one file on other machines"
            raise InvalidInput(f"“{_shown(name)}” {says}.", _shown(name))
        seen[alike] = name
        if entry.flag_bits & 0x1:
            raise InvalidInput("This zip file is encrypted; pack it without a password.", _shown(name))
        found[name] = entry
    return found


def _look_at_name(name: str) -> None:
    parts = name.removesuffix("/").split("/")
    if ODD.search(name):
        says = "The name of a file holds a character that no name may hold."
    elif "\\" in name:
        says = "The name of a file holds a backslash; folders are separated by /."
    elif name.startswith("/") or DRIVE.match(name):
        says = "The name of a file begins at the root of a disk; only names within the zip are taken."
    elif any(part in ("..", ".", "") for part in parts):
        says = "The name of a file leads out of the zip, or nowhere."
    elif len(name) > LONGEST_NAME or len(parts) > DEEPEST:
        says = f"The name of a file is longer than {LONGEST_NAME} characters or lies more than {DEEPEST} folders deep."
    else:
        return
    raise InvalidInput(says, _shown(name))


def _look_at_sizes(entries: Mapping[str, zipfile.ZipInfo], packed: int) -> None:
    """Refuse what says itself that it is too large; whether it says the truth is seen while unpacking."""
    for name, entry in entries.items():
        if entry.file_size > SMALL and entry.file_size > DENSEST * max(entry.compress_size, 1):
            says = f"“{_shown(name)}” is packed more than {DENSEST} times smaller than it is; that is not taken."
            raise InvalidInput(says, _shown(name))
    total = sum(entry.file_size for entry in entries.values())
    if total > LARGEST_TOTAL or total > SMALL + DENSEST * packed:
        raise InvalidInput(f"Unpacked, this zip file has more than {LARGEST_TOTAL // 1_000_000} MB.")


def _roots(entries: Mapping[str, zipfile.ZipInfo]) -> list[str]:
    """Where question folders begin, the innermost first."""
    found = [
        name.removesuffix("question.yaml")
        for name in entries
        if PurePosixPath(name).name == "question.yaml" and not DROSS.fullmatch(name)
    ]
    if not found:
        inner = next((name for name in entries if PACKED.fullmatch(name) and not DROSS.fullmatch(name)), None)
        more = f" “{_shown(inner)}” in it is packed once more; unpack that first." if inner else ""
        raise InvalidInput(f"There is no question.yaml in this zip file, so it holds no question.{more}")
    if len(found) > MOST_QUESTIONS:
        raise InvalidInput(f"More than {MOST_QUESTIONS} questions are too many for one zip file.")
    return sorted(found, key=lambda root: (-root.count("/"), root))


def _sorted_out(archive: zipfile.ZipFile, entries: Mapping[str, zipfile.ZipInfo], roots: list[str]) -> Archive:
    folders: dict[str, Folder] = {root: {} for root in roots}
    strays: dict[str, list[str]] = {root: [] for root in roots}
    left_out: list[str] = []
    unpacked = 0
    for name, entry in sorted(entries.items()):
        root = next((root for root in roots if name.startswith(root)), None)
        if DROSS.fullmatch(name):
            continue
        if root is None:
            left_out.append(name)
        elif not belongs(name.removeprefix(root)):
            strays[root].append(name.removeprefix(root))
        elif len(folders[root]) >= MOST_FILES:
            raise InvalidInput(f"A question has at most {MOST_FILES} files.", _shown(root))
        else:
            content = _content(archive, entry, LARGEST_TOTAL - unpacked)
            unpacked += len(content)
            folders[root][name.removeprefix(root)] = content
    for root, folder in folders.items():
        try:
            bounded(folder)
        except InvalidInput as error:
            raise InvalidInput(str(error), _shown(root)) from None
    questions = [ArchivedQuestion(root.rstrip("/"), folders[root], tuple(strays[root])) for root in sorted(roots)]
    return Archive(tuple(questions), tuple(left_out))


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: int) -> bytes:
    """A file of the zip, unpacked no further than it may be large, whatever it says about itself."""
    name = _shown(entry.orig_filename)
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InvalidInput(f"“{name}” is packed in a way that is not taken here; use the usual one (deflate).", name)
    most = min(LARGEST_ATTACHMENT, room)
    if entry.file_size > most:
        raise InvalidInput(f"“{name}” is larger than {LARGEST_ATTACHMENT // 1_000_000} MB.", name)
    pieces: list[bytes] = []
    taken = 0
    with archive.open(entry) as file:
        while piece := file.read(1 << 16):
            taken += len(piece)
            if taken > most:
                raise InvalidInput(f"“{name}” is larger than it says.", name)
            pieces.append(piece)
    if taken != entry.file_size:
        raise InvalidInput(f"{BROKEN}: “{name}” is not as long as it says.", name)
    return b"".join(pieces)


def _shown(name: str) -> str:
    """A name from outside as it can be repeated in a sentence."""
    return ODD.sub("\N{REPLACEMENT CHARACTER}", name)[:100]
