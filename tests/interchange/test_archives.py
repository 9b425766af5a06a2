"""Question folders as zip files: lossless both ways, and no zip file that anybody made does harm."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import InvalidInput
from app.interchange import archives
from app.interchange.archives import read_archive, write_archive
from app.interchange.bank import load_bank
from app.interchange.folder import load_folder, read_folder
from app.interchange.packages import write_package

BANK = Path(__file__).resolve().parents[2] / "question_bank"
QUESTION = {"question.yaml": b"id: q\n", "prompt.md": b"hello\r\n"}


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def entry(name: str, content: bytes = b"x", *, attributes: int = 0) -> bytes:
    """A zip with a question and one more entry of any name and kind."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("q/question.yaml", b"id: q\n")
        info = zipfile.ZipInfo("placeholder")
        info.filename = info.orig_filename = name
        info.external_attr = attributes << 16
        archive.writestr(info, content)
    return out.getvalue()


def refused(data: bytes) -> str:
    with pytest.raises(InvalidInput) as caught:
        read_archive(data)
    assert str(caught.value).endswith(".")
    return str(caught.value)


# --- lossless ------------------------------------------------------------------------------------------------------


def test_every_question_of_the_bank_survives_the_way_there_and_back() -> None:
    folders = {one.folder.name: read_folder(one.folder) for one in load_bank(BANK)}
    assert len(folders) > 10
    data = write_archive(folders)
    assert data == write_archive(dict(reversed(folders.items())))
    found = read_archive(data)
    assert {one.path: one.folder for one in found.questions} == folders
    assert found.left_out == ()


def test_a_package_without_a_folder_is_written_so_that_it_is_read_as_the_same() -> None:
    for one in load_bank(BANK):
        assert one.package is not None
        assert load_folder(write_package(one.package), one.id).package == one.package


NAMES = st.sampled_from(["question.yaml", "prompt.md", "prompt.de.md", "solution.md", "cases.yaml", "files/ä b.png"])


@given(st.dictionaries(NAMES, st.binary(max_size=2000)).map(lambda files: {"question.yaml": b""} | files))
def test_whatever_the_files_hold_they_come_back_byte_for_byte(files: dict[str, bytes]) -> None:
    assert read_archive(write_archive({"q": files})).questions[0].folder == files
    assert read_archive(write_archive({"": files})).questions[0].folder == files


@given(st.binary(max_size=400))
def test_bytes_that_are_no_zip_are_refused_in_words(data: bytes) -> None:
    refused(data)


@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_a_zip_in_which_something_was_overwritten_is_read_or_refused(at: int, bytes_: bytes) -> None:
    data = bytearray(write_archive({"q": QUESTION}))
    data[at % len(data) : at % len(data) + len(bytes_)] = bytes_
    with contextlib.suppress(InvalidInput):
        assert read_archive(bytes(data)).questions


# --- what lies where -----------------------------------------------------------------------------------------------


def test_questions_are_found_at_the_top_in_folders_and_in_exams() -> None:
    files = {"question.yaml": b"a", "prompt.md": b"b", "exam/q1/question.yaml": b"c", "exam/q1/files/x.png": b"d"}
    found = read_archive(zipped(files | {"exam/notes.txt": b"e", "exam/q1/notes.txt": b"f"}))
    assert [(one.path, one.name, one.folder, one.left_out) for one in found.questions] == [
        ("", "", {"question.yaml": b"a", "prompt.md": b"b"}, ("exam/notes.txt",)),
        ("exam/q1", "exam/q1", {"question.yaml": b"c", "files/x.png": b"d"}, ("notes.txt",)),
    ]


def test_what_lies_in_no_question_folder_is_named_and_what_file_managers_leave_is_not() -> None:
    more = {"README.txt": b"", "__MACOSX/q/._question.yaml": b"", "q/.DS_Store": b"", "q/": b""}
    found = read_archive(zipped({f"q/{name}": content for name, content in QUESTION.items()} | more))
    assert found.left_out == ("README.txt",)
    assert found.questions[0].left_out == ()


def test_a_zip_without_a_question_says_so_and_names_the_zip_within() -> None:
    assert "There is no question.yaml" in refused(zipped({"readme.md": b"x"}))
    inner = write_archive({"q": QUESTION})
    assert "“inner.zip” in it is packed once more" in refused(zipped({"inner.zip": inner}))


def test_a_zip_within_a_question_is_never_opened() -> None:
    found = read_archive(zipped({"q/question.yaml": b"", "q/files/inner.zip": b"PK", "q/inner.zip": b"PK"}))
    assert found.questions[0].left_out == ("inner.zip",)
    problems = load_folder(found.questions[0].folder, "q").problems
    assert any("An attachment is a file of kind" in one.says for one in problems)


# --- hostile names -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("../evil.md", "leads out of the zip"),
        ("q/../../evil.md", "leads out of the zip"),
        ("q/./prompt.md", "leads out of the zip"),
        ("q//prompt.md", "leads out of the zip"),
        ("/etc/passwd", "begins at the root"),
        ("C:/evil.md", "begins at the root"),
        ("c:evil.md", "begins at the root"),
        ("q\\prompt.md", "backslash"),
        ("..\\evil.md", "backslash"),
        ("q/pro\x07mpt.md", "a character that no name may hold"),
        ("q/a\nb.md", "a character that no name may hold"),
        ("a/" * 9 + "b", "folders deep"),
        ("q/" + "n" * 400, "longer than"),
        ("../evil/", "leads out of the zip"),
    ],
)
def test_names_that_lead_elsewhere_are_refused(name: str, says: str) -> None:
    assert says in refused(entry(name))


def test_a_name_with_a_nul_is_refused_and_not_cut_off() -> None:
    data = entry("q/prompt.md?.png").replace(b"prompt.md?.png", b"prompt.md\0.png")
    assert "a character that no name may hold" in refused(data)


def test_a_name_that_is_no_text_is_refused() -> None:
    data = entry("q/ä.md").replace("ä".encode(), b"\xff\xfe")
    assert "broken" in refused(data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("names", "says"),
    [
        (("q/prompt.md", "q/prompt.md"), "is there twice"),
        (("q/prompt.md", "Q/Prompt.MD"), "would be one file on other machines"),
        (
            ("q/files/caf\N{LATIN SMALL LETTER E WITH ACUTE}.png", "q/files/cafe\N{COMBINING ACUTE ACCENT}.png"),
            "one file",
        ),
    ],
)
def test_two_files_that_are_one_elsewhere_are_refused(names: tuple[str, str], says: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("q/question.yaml", b"id: q")
        for name in names:
            archive.writestr(name, b"x")
    assert says in refused(out.getvalue())


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_links_and_devices_are_refused(kind: int) -> None:
    assert "A link or a device has no place" in refused(entry("q/prompt.md", b"/etc/passwd", attributes=kind | 0o777))


# --- hostile sizes -------------------------------------------------------------------------------------------------


def test_a_hundred_megabytes_of_yaml_are_refused_before_they_are_unpacked() -> None:
    data = zipped({"q/question.yaml": b"a: 1\n" * 20_000_000})
    assert len(data) < 1_000_000
    assert "packed more than 200 times smaller" in refused(data)


def test_a_file_that_is_too_large_is_refused_however_it_is_packed() -> None:
    big = bytes(2_100_000)
    assert "is larger than 2 MB" in refused(zipped({"q/question.yaml": b"", "q/files/x.png": big}, zipfile.ZIP_STORED))


def test_a_large_file_that_belongs_to_no_question_is_never_unpacked() -> None:
    data = zipped({"q/question.yaml": b"", "q/video.mp4": bytes(5_000_000)}, zipfile.ZIP_STORED)
    assert read_archive(data).questions[0].left_out == ("video.mp4",)


def with_size(data: bytes, size: int, *, crc: int | None = None) -> bytes:
    """The same zip whose list of contents says another size for its only file."""
    start = data.rindex(b"PK\1\2")
    changed = bytearray(data)
    struct.pack_into("<L", changed, start + 24, size)
    if crc is not None:
        struct.pack_into("<L", changed, start + 16, crc)
    return bytes(changed)


@pytest.mark.parametrize("size", [10, 999, 1_001, 60_000])
def test_a_file_that_lies_about_its_size_is_refused(size: int) -> None:
    data = zipped({"question.yaml": bytes(range(250)) * 4})
    assert "broken" in refused(with_size(data, size))


def test_a_bomb_that_says_it_is_small_is_unpacked_no_further_than_it_says() -> None:
    import zlib

    data = zipped({"question.yaml": bytes(50_000_000)})
    honest = read_archive(with_size(data, 10, crc=zlib.crc32(bytes(10))))
    assert honest.questions[0].folder == {"question.yaml": bytes(10)}


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_ENTRIES", 20)
    assert "More than 20 files" in refused(zipped({f"q/{n}": b"" for n in range(30)} | QUESTION))
    # A list of contents too long to be read at all is refused by its length.
    assert "More than 20 files" in refused(zipped({f"q/{n:0200d}": b"" for n in range(300)} | QUESTION))


def test_too_many_questions_and_too_many_files_of_one_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MOST_QUESTIONS", 3)
    assert "More than 3 questions" in refused(zipped({f"q{n}/question.yaml": b"" for n in range(4)}))
    assert "at most 100 files" in refused(
        zipped({"q/question.yaml": b""} | {f"q/files/{n}.png": b"" for n in range(101)})
    )


def test_a_total_that_no_bank_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    noise = {f"q/files/{n}.png": bytes([n]) * 90_000 for n in range(20)}
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 1_000_000)
    assert "Unpacked, this zip file has more than" in refused(zipped({"q/question.yaml": b""} | noise))
    monkeypatch.setattr(archives, "LARGEST_ARCHIVE", 1_000)
    assert "has at most" in refused(zipped({"q/question.yaml": b""} | noise))


def test_a_question_that_is_too_large_as_a_whole_is_refused() -> None:
    import random

    noise = {f"q/files/{n}.png": random.Random(n).randbytes(1_900_000) for n in range(5)}
    assert "together have at most 8 MB" in refused(zipped({"q/question.yaml": b""} | noise, zipfile.ZIP_STORED))


def test_entries_that_share_their_bytes_are_read_within_the_limits() -> None:
    # Many names for one packed stream: what they unpack to counts each time.
    data = zipped({"q/question.yaml": b"id: q", "q/files/a.png": bytes(90_000)})
    first, second = data.index(b"PK\3\4"), data.rindex(b"PK\3\4")
    assert first < second
    changed = bytearray(data)
    last = data.rindex(b"PK\1\2")
    struct.pack_into("<L", changed, last + 42, 0)
    assert "broken" in refused(bytes(changed))


# --- ways of packing -----------------------------------------------------------------------------------------------


def test_an_encrypted_zip_is_refused() -> None:
    data = bytearray(zipped({"question.yaml": b"id: q"}))
    start = data.rindex(b"PK\1\2")
    struct.pack_into("<H", data, start + 8, 1)
    assert "encrypted" in refused(bytes(data))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_ways_of_packing_are_refused(method: int) -> None:
    assert "packed in a way that is not taken here" in refused(zipped({"question.yaml": b"id: q" * 50}, method))


def test_an_unknown_way_of_packing_is_refused() -> None:
    data = bytearray(zipped({"question.yaml": b"id: q"}))
    struct.pack_into("<H", data, data.rindex(b"PK\1\2") + 10, 77)
    assert "packed in a way that is not taken here" in refused(bytes(data))


def test_the_form_for_very_large_files_is_refused() -> None:
    data = zipped({"question.yaml": b"id: q"})
    end = data.rindex(b"PK\5\6")
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    assert "zip64" in refused(data[:end] + locator + data[end:])


def test_a_zip_that_was_cut_off_or_is_something_else_is_refused() -> None:
    data = write_archive({"q": QUESTION})
    assert "not a zip file" in refused(data[: len(data) // 2])
    assert "not a zip file" in refused(b"\x1f\x8b" + bytes(50))
    assert "not a zip file" in refused(b"")
    damaged = bytearray(zipped({"question.yaml": b"id: q" * 9}, zipfile.ZIP_STORED))
    damaged[60] ^= 0xFF
    assert "checksum" in refused(bytes(damaged))


# --- hostile YAML --------------------------------------------------------------------------------------------------


def test_aliases_that_multiply_are_refused_by_whoever_reads_the_question() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    found = read_archive(zipped({"q/question.yaml": "\n".join(lines).encode()}))
    loaded = load_folder(found.questions[0].folder, "q")
    assert "values or" in loaded.problems[0].says
