"""Files that come with a form: only where a route says that it takes one."""

from __future__ import annotations

from fastapi import Depends, Request
from starlette.datastructures import FormData, UploadFile


async def takes_file(request: Request) -> None:
    """Lets one file come with the form of this route; every other route refuses files."""
    request.state.most_files = 1


async def takes_files(request: Request) -> None:
    """Lets a file come with each of several fields; a field left empty counts, too."""
    request.state.most_files = MOST_FILES


MOST_FILES = 20
TakesFile = Depends(takes_file)
TakesFiles = Depends(takes_files)


def file_of(form: FormData, name: str) -> bytes | None:
    """The content of the file of that field; None when nobody chose one."""
    value = form.get(name)
    if not isinstance(value, UploadFile) or not value.filename:
        return None
    return value.file.read()
