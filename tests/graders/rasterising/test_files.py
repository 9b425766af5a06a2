"""Whatever is sent becomes plain pages or one clear sentence, and nothing else of it survives."""

from __future__ import annotations

import io
import zipfile

import pytest
from PIL import Image

from graders.rasterising.files import pages_of
from graders.rasterising.limits import LONGEST_SIDE, MOST_PAGES, PAGE_SIDE, Refused, fitted
from tests.graders.rasterising.files import (
    as_file,
    bomb,
    chunk,
    document,
    document_drawing,
    packed_document,
    picture,
    png_claiming,
)

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
SCRIPT = b"<script>alert(document.cookie)</script>"
RED, WHITE = (255, 0, 0), (255, 255, 255)


def opened(content: bytes) -> Image.Image:
    (page,) = pages_of(content)
    image = Image.open(io.BytesIO(page.png))
    image.load()
    assert (image.format, image.size) == ("PNG", (page.width, page.height))
    return image.convert("RGB")


def made_or_refused(content: bytes) -> str:
    """What became of a file that may be taken or not."""
    try:
        return f"{len(pages_of(content))} pages."
    except Refused as refused:
        return str(refused)


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("zeros", b"\0" * (5 << 20))
    return out.getvalue()


# --- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_becomes_a_page_of_the_same_size(kind: str) -> None:
    image = opened(as_file(picture(60, 20), kind))
    assert image.size == (60, 20)
    assert all(abs(a - b) < 4 for a, b in zip(image.getpixel((30, 10)), RED, strict=True))


def test_a_large_picture_is_made_smaller_and_keeps_its_proportions() -> None:
    assert opened(as_file(picture(5000, 2500))).size == (PAGE_SIDE, PAGE_SIDE // 2)
    assert opened(as_file(picture(5000, 2500), "JPEG")).size == (PAGE_SIDE, PAGE_SIDE // 2)
    assert fitted(100_000, 1) == (PAGE_SIDE, 1)


def test_a_photograph_is_turned_upright_and_tells_no_place() -> None:
    lying = picture(60, 20, colour="white")
    lying.paste((255, 0, 0), (0, 0, 10, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it by 90 degrees
    exif[0x010F] = "A camera that tells its owner"
    exif.get_ifd(0x8825)[1] = "N"
    (page,) = pages_of(as_file(lying, "JPEG", exif=exif, quality=95))
    upright = Image.open(io.BytesIO(page.png))
    assert upright.size == (20, 60)
    assert upright.convert("RGB").getpixel((10, 3))[1] < 40  # red has gone to the top
    assert upright.convert("RGB").getpixel((10, 50)) == pytest.approx(WHITE, abs=12)
    assert len(upright.getexif()) == 0
    assert b"camera" not in page.png
    assert set(upright.info) <= {"interlace"}


def test_what_is_transparent_stands_on_white_paper() -> None:
    clear = picture(20, 20, "RGBA", (255, 0, 0, 0))
    assert opened(as_file(clear)).getpixel((5, 5)) == WHITE
    few = picture(20, 20, "P", 0)
    assert opened(as_file(few, transparency=0)).getpixel((5, 5)) == WHITE


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_can_be_opened(mode: str) -> None:
    assert opened(as_file(Image.new(mode, (9, 7)))).size == (9, 7)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
def test_every_kind_of_jpeg_can_be_opened(mode: str) -> None:
    assert opened(as_file(Image.new(mode, (9, 7)), "JPEG")).size == (9, 7)


def test_a_noisy_photograph_stays_small() -> None:
    (page,) = pages_of(as_file(Image.effect_noise((2600, 1900), 70).convert("RGB"), "JPEG"))
    assert len(page.png) < 2 << 20


def test_a_document_becomes_its_pages() -> None:
    pages = pages_of(document(3))
    assert [(page.width, page.height) for page in pages] == [(1414, PAGE_SIDE)] * 3
    (small,) = pages_of(document(1, (100, 50)))
    assert (small.width, small.height) == (400, 200)


def test_a_document_is_rendered_as_it_looks() -> None:
    image = opened(document_drawing(b"1 0 0 rg 0 0 100 100 re f"))
    assert image.getpixel((image.width // 4, image.height // 2)) == RED
    assert image.getpixel((image.width * 3 // 4, image.height // 2)) == WHITE


def test_making_pages_twice_gives_the_same_bytes() -> None:
    for content in (as_file(picture()), as_file(picture(), "JPEG"), document(2)):
        assert pages_of(content) == pages_of(content)


# --- what is flattened -----------------------------------------------------------------------------------------------


def test_a_document_with_a_program_is_refused_in_words() -> None:
    for content in (
        document(1, script="app.launchURL('https://evil.example')"),
        document(1, script="app.alert(1)").replace(b"/JavaScript", b"/J#61vaScript"),
        packed_document(b"/S/JavaScript/JS(app.alert)"),
    ):
        with pytest.raises(Refused, match=r"^This PDF holds a program \(JavaScript\)\. Print it into a new PDF"):
            pages_of(content)
    with pytest.raises(Refused, match=r"^This PDF would start another program on the computer that opens it\. Print"):
        pages_of(packed_document(b"/S/Launch/F(evil.exe)"))
    assert len(pages_of(packed_document(b"/S/GoTo/D[3 0 R/Fit]"))) == 1


@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_an_svg_drawing_is_told_as_one_whichever_way_its_letters_are_written(letters: str) -> None:
    drawing = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'.encode(letters)
    with pytest.raises(Refused, match=r"^This is an SVG drawing"):
        pages_of(drawing)


@pytest.mark.parametrize("tail", [SCRIPT, SVG, archive(), b"%PDF-1.7\n"], ids=["script", "svg", "zip", "pdf"])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_with_another_file_behind_it_is_refused_in_words(kind: str, tail: bytes) -> None:
    with pytest.raises(Refused, match=r"^Another file hides behind this picture\."):
        pages_of(as_file(picture(), kind) + tail)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_what_a_phone_adds_behind_its_picture_is_left_out(kind: str) -> None:
    tail = b"\0\0SEFH\x6b\0\0\0\1\0\0\0Image_UTC_Data1763800000000SEFT"
    (page,) = pages_of(as_file(picture(), kind) + tail)
    assert tail not in page.png


def test_nothing_that_hides_within_a_picture_survives() -> None:
    plain = as_file(picture())
    comment = chunk(b"tEXt", b"Comment\0" + SCRIPT) + chunk(b"eXIf", b"MM\0*" + SCRIPT)
    (page,) = pages_of(plain[:33] + comment + plain[33:])
    assert SCRIPT not in page.png
    names = [page.png[i : i + 4] for i in range(len(page.png)) if page.png[i : i + 4] in (b"tEXt", b"eXIf", b"iCCP")]
    assert names == []


# --- what is refused -------------------------------------------------------------------------------------------------

NOISE = as_file(Image.effect_noise((300, 300), 50))
REFUSED = {
    "nothing": (b"", "This file is empty."),
    "an SVG with a script": (SVG, "This is an SVG drawing, which may hold programs"),
    "an SVG with a head": (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x -->' + SVG, "This is an SVG drawing"),
    "a web page": (b"<!DOCTYPE html><p>hi", "This is a web page or an XML file"),
    "a zip file": (archive(), "This is a ZIP archive or an office document."),
    "a GIF": (as_file(picture(mode="P", colour=0), "GIF"), "Pictures of this kind (GIF, WebP, BMP, TIFF)"),
    "a HEIC picture": (b"\0\0\0\x18ftypheic\0\0\0\0", "This is a HEIC or AVIF picture"),
    "a program": (b"\x7fELF" + bytes(100), "neither a PNG or JPEG picture nor a PDF, whatever its name says"),
    "a text": (b"My drawing is very nice.", "neither a PNG or JPEG picture nor a PDF"),
    "a picture of 40,000 pixels": (png_claiming(40_000, 40_000), "This picture has 40,000 × 40,000 pixels"),
    "one long row": (png_claiming(LONGEST_SIDE + 1, 1), "at most 10,000 on a side"),
    "too many pixels": (png_claiming(9_000, 9_000), "40 million in all"),
    "a size beyond counting": (png_claiming(2**31 - 1, 2**31 - 1), "2,147,483,647 pixels"),
    "no pixels": (png_claiming(0, 0), "damaged or incomplete"),
    "a truncated PNG": (NOISE[: len(NOISE) // 2], "This picture is damaged or incomplete"),
    "a truncated JPEG": (as_file(picture(300, 300), "JPEG")[:400], "This picture is damaged or incomplete"),
    "the head of a PNG": (b"\x89PNG\r\n\x1a\n", "This picture is damaged or incomplete"),
    "the head of a JPEG": (b"\xff\xd8\xff\xe0", "This picture is damaged or incomplete"),
    "a document with a password": (document(1, password="secret"), "This PDF is protected by a password"),
    "the head of a document": (b"%PDF-1.7\n%%EOF", "This PDF is damaged or incomplete"),
    "a document of eleven pages": (document(MOST_PAGES + 1), "This PDF has 11 pages; at most 10 can be taken."),
    "a document without pages": (document(0), "This PDF "),
    "a page without an end": (document(1, (50_000, 50_000)), "larger than any sheet of paper"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_one_sentence(name: str) -> None:
    content, says = REFUSED[name]
    with pytest.raises(Refused) as refused:
        pages_of(content)
    assert says in str(refused.value)
    assert str(refused.value).endswith(".")


def test_eleven_megabytes_are_refused_before_anything_is_opened() -> None:
    with pytest.raises(Refused, match="This file is larger than 10 MB"):
        pages_of(as_file(picture()) + bytes(11 << 20))


def test_a_document_that_unpacks_to_sixty_times_its_size_ends_in_a_page_or_a_sentence() -> None:
    # Nothing is drawn by a hundred million blanks; the sandbox bounds memory and time besides.
    assert made_or_refused(document_drawing(b"", packed=bomb(64 << 20))).endswith(".")


@pytest.mark.parametrize("place", range(0, 1200, 37))
def test_a_picture_or_document_with_a_broken_byte_never_breaks_the_house(place: int) -> None:
    for content in (as_file(picture(80, 80), "JPEG"), NOISE[:1300], document(1, script="x")):
        broken = bytearray(content)
        broken[place % len(broken)] ^= 0xFF
        assert made_or_refused(bytes(broken)).endswith(".")
