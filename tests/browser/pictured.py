"""A question with an image: in its prompt, in its solution and in what can be ticked."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

QUESTION = "pictured"
STUDENT = "pia"
NAME = "two layers & a skip.png"
WIDE, HIGH = 120, 40
_TEXT = """\
id: pictured
title: A net in a picture
pools:
  claims:
    - {id: skip, printed: 1, truth: true, text: "A skip: ![A line past the layers](two%20layers%20&%20a%20skip.png)"}
    - {id: loop, printed: 2, truth: false, text: A loop.}
parts:
  - id: count
    points: 1
    fields:
      layers: {grader: number, answer: 2}
      seen: {grader: choice, pool: claims}
    criteria:
      - {id: right, points: 1, when: layers.right, says: Two layers}
"""


def write_question(bank: Path) -> None:
    """Put it into a bank folder."""
    folder = bank / "pictures" / QUESTION
    (folder / "files").mkdir(parents=True)
    (folder / "question.yaml").write_text(_TEXT, encoding="utf-8")
    shown = "![Two boxes beside each other](<file:" + NAME + ">)"
    (folder / "prompt.md").write_text(f"## count\n{shown}\n\nHow many layers?\n", encoding="utf-8")
    (folder / "solution.md").write_text(f"## count\nTwo:\n\n{shown}\n", encoding="utf-8")
    (folder / "files" / NAME).write_bytes(png())


def png() -> bytes:
    """Two black boxes on a transparent ground."""
    ink = [16 <= x < 48 or 72 <= x < 104 for x in range(WIDE)]
    blank = bytes(1 + 2 * WIDE)
    line = b"\0" + b"".join(b"\0\xff" if one else b"\0\0" for one in ink)
    rows = b"".join(line if 8 <= y < 32 else blank for y in range(HIGH))
    head = struct.pack(">IIBBBBB", WIDE, HIGH, 8, 4, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
