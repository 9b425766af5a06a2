"""PNG and JPEG: the size is read from the header and checked before a single pixel is decoded."""

from __future__ import annotations

import io
import warnings
from typing import Literal

from PIL import Image, ImageOps

from graders.rasterising.limits import PAGE_SIDE, Refused, check_size
from graders.rasterising.pages import Page, page_from
from graders.rasterising.passengers import has_file_behind

DAMAGED = "This picture is damaged or incomplete and cannot be opened."
# Pillow's bound is wider than ours, which is checked where nothing has been decoded yet, and can tell no size.
Image.MAX_IMAGE_PIXELS = None
# A JPEG of a phone may carry further pictures behind the first one, which is the one that counts.
FORMATS = {"PNG": ("PNG",), "JPEG": ("JPEG", "MPO")}


def page_of_picture(content: bytes, kind: Literal["PNG", "JPEG"]) -> Page:
    """A picture as a page, turned upright.

    Raises:
        Refused: it is too large, damaged or incomplete, or another file follows it.
    """
    if has_file_behind(content, kind):
        raise Refused("Another file hides behind this picture. Save the picture by itself and send that.")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about what is odd in a file, which is no matter of ours
        try:
            picture: Image.Image = Image.open(io.BytesIO(content), formats=FORMATS[kind])
            check_size(*picture.size)
            if kind == "JPEG":
                # Decoded at half or a quarter of its size where that is enough.
                picture.draft("RGB", (PAGE_SIDE, PAGE_SIDE))
            picture.load()
            return page_from(_plain(ImageOps.exif_transpose(picture)))
        except Refused:
            raise
        except (OSError, ValueError, SyntaxError, KeyError, IndexError, TypeError, EOFError, OverflowError):
            # Whatever a decoder makes of bytes that are no picture.
            raise Refused(DAMAGED) from None


def _plain(picture: Image.Image) -> Image.Image:
    """As RGB, or as RGBA where something shines through."""
    if picture.mode.startswith(("I", "F")):
        # 16 bits of grey: the upper eight are what a page shows.
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    see_through = "A" in picture.getbands() or "a" in picture.getbands() or "transparency" in picture.info
    return picture.convert("RGBA" if see_through else "RGB")
