"""Files that somebody might send, honest and hostile, made here and not kept."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import DecodedStreamObject, NameObject, NumberObject, StreamObject


def picture(width: int = 40, height: int = 30, mode: str = "RGB", colour: Any = "red") -> Image.Image:
    return Image.new(mode, (width, height), colour)


def as_file(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_claiming(width: int, height: int, rows: int = 1) -> bytes:
    """A PNG whose head claims a size; its body is a few bytes that would unpack to `rows` rows of it."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * ((width + 7) // 8 + 1) * rows, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def document(pages: int = 1, size: tuple[float, float] = (595, 842), script: str = "", password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(*size)
    if script:
        writer.add_open_action(JavaScript(script))
    if password:
        writer.encrypt(password)
    return written(writer)


def document_drawing(content: bytes, *, packed: bytes | None = None) -> bytes:
    """A PDF of one page with these drawing commands; `packed` are bytes that are said to unpack to them."""
    writer = PdfWriter()
    page = writer.add_blank_page(200, 100)
    stream: StreamObject
    if packed is None:
        stream = DecodedStreamObject()
        stream.set_data(content)
    else:
        stream = StreamObject()
        stream._data = packed
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        stream[NameObject("/Length")] = NumberObject(len(packed))
    page[NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def packed_document(action: bytes) -> bytes:
    """A PDF of one page that begins with an action, all packed, so that no search for words finds it."""
    inner = [
        b"<</Type/Catalog/Pages 2 0 R/OpenAction<<" + action + b">>>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>",
    ]
    places = [sum(len(one) + 1 for one in inner[:number]) for number in range(3)]
    index = b" ".join(b"%d %d" % (number + 1, place) for number, place in enumerate(places)) + b" "
    packed = zlib.compress(index + b"\n".join(inner))
    out = b"%PDF-1.5\n"
    first = len(out)
    head = b"4 0 obj\n<</Type/ObjStm/N 3/First %d/Filter/FlateDecode/Length %d>>\nstream\n" % (len(index), len(packed))
    out += head + packed + b"\nendstream\nendobj\n"
    last = len(out)
    rows = [(0, 0, 255), *((2, 4, number) for number in range(3)), (1, first, 0), (1, last, 0)]
    table = b"".join(struct.pack(">BIB", *row) for row in rows)
    out += b"5 0 obj\n<</Type/XRef/Size 6/W[1 4 1]/Root 1 0 R/Length %d>>\nstream\n" % len(table)
    return out + table + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % last


def bomb(unpacked: int) -> bytes:
    """Zeros that pack a thousand times smaller."""
    packer = zlib.compressobj(9)
    piece = b" " * (1 << 20)
    return b"".join(packer.compress(piece) for _ in range(unpacked >> 20)) + packer.flush()


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
