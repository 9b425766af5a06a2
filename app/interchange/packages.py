"""A package written back as a folder of files: for versions whose own folder nobody kept."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from app.interchange.folder import Folder
from app.interchange.yaml_text import block


def write_package(package: Mapping[str, Any]) -> Folder:
    """The folder that is read as this package. Comments and style are not in a package, so they are lost."""
    folder: Folder = {"question.yaml": f"{block(package['question'])}\n".encode()}
    for noun in ("prompt", "solution", "hints"):
        for language, text in (package.get(noun) or {}).items():
            folder[f"{noun}.{language}.md" if language else f"{noun}.md"] = text.encode()
    if package.get("cases"):
        folder["cases.yaml"] = f"{block(package['cases'])}\n".encode()
    for name, file in (package.get("files") or {}).items():
        folder[f"files/{name}"] = base64.b64decode(file["base64"])
    return folder
