"""Scripts, styles and fonts: held in memory and served for ever under a folder named after their content."""

from __future__ import annotations

import gzip
import hashlib
import json
import mimetypes
import re
from functools import cached_property
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

FOLDER = Path(__file__).with_name("static")
FOREVER = "public, max-age=31536000, immutable"
VENDOR_SHEETS = ("vendor/source-sans-3/source-sans-3.css", "vendor/katex/katex.css")
SAID = re.compile(r'\bsay\(\s*"((?:[^"\\]|\\.)+)"')
# Python's table depends on the machine; a wrong type would make browsers refuse a module.
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


class Assets:
    """Every file of the static folder."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._files = {
            file.relative_to(folder).as_posix(): file.read_bytes()
            for file in sorted(folder.rglob("*"))
            if file.is_file() and file.suffix != ".map"
        }
        self._small: dict[str, bytes] = {}

    @cached_property
    def hash(self) -> str:
        """Changes with every change of any file."""
        digest = hashlib.sha256()
        for name, content in self._files.items():
            digest.update(f"{name}\0{len(content)}\0".encode())
            digest.update(content)
        return digest.hexdigest()[:16]

    def address(self, name: str) -> str:
        """Where a page finds that file."""
        return f"/static/{self.hash}/{name}"

    @property
    def vendor_sheets(self) -> tuple[str, ...]:
        """The style sheets of other projects, where they have been fetched; pages work without."""
        return tuple(name for name in VENDOR_SHEETS if name in self._files)

    def sentences(self, folder: str) -> tuple[str, ...]:
        """What the scripts of a folder say in full sentences (`say("…")`), to be translated for them."""
        scripts = [content.decode() for name, content in self._files.items() if name.startswith(folder)]
        found = {json.loads(f'"{said}"') for script in scripts for said in SAID.findall(script)}
        return tuple(sorted(found))

    def serve(self, request: Request, tree: str, name: str) -> Response:
        """The file, compressed where that helps and the browser takes it."""
        content = self._files.get(name) if tree == self.hash else None
        if content is None:
            raise HTTPException(404)
        suffix = Path(name).suffix
        media = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        headers = {"Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
        if suffix in (".css", ".js", ".svg") and "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            content = self._compressed(name)
        return Response(content, media_type=media, headers=headers)

    def _compressed(self, name: str) -> bytes:
        if name not in self._small:
            self._small[name] = gzip.compress(self._files[name], mtime=0)
        return self._small[name]
