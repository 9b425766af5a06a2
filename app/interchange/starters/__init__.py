"""Questions to start from: small, valid, and made to be changed. Each lies in a folder of its own beside this file."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias, get_args

from app.interchange.folder import Folder, read_folder
from app.interchange.rewriting import rewrite
from app.interchange.yaml import read_yaml

Start: TypeAlias = Literal["number", "choice", "matrix", "text", "empty"]
STARTS: tuple[Start, ...] = get_args(Start)

_HERE = Path(__file__).parent


def starter(start: Start, question: str, title: str) -> Folder:
    """The folder of a new question of that kind, with this id and title."""
    folder = read_folder(_HERE / start)
    text = folder["question.yaml"].decode()
    document, _ = read_yaml(text, "question.yaml")
    folder["question.yaml"] = rewrite(text, document | {"id": question, "title": title}).encode()
    return folder
