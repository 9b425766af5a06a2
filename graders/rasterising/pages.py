"""One page: pixels and nothing else, as a PNG that was written here."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from graders.rasterising.limits import fitted

# A photograph takes several megabytes as a PNG; with 256 colours it is as readable and a third as large.
LARGE = 1 << 20
COLOURS = 256


@dataclass(frozen=True, slots=True)
class Page:
    """A page as a PNG of this size in pixels."""

    png: bytes
    width: int
    height: int


def page_from(picture: Image.Image) -> Page:
    """The picture on white paper, not larger than a page, without whatever else it carried (places, names, profiles).

    Only pixels are taken over: into an image that was empty.
    """
    size = fitted(*picture.size)
    if picture.size != size:
        picture = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)
    paper = Image.new("RGB", size, "white")
    if picture.mode == "RGBA":
        paper.paste(picture, mask=picture.getchannel("A"))
    else:
        paper.paste(picture)
    written = _png(paper)
    if len(written) > LARGE:
        few = paper.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        written = min(written, _png(few), key=len)
    return Page(written, *size)


def _png(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "PNG", compress_level=6)
    return out.getvalue()
