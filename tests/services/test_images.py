"""Images of questions: kept once, and at the same address for ever in whatever is made of the question."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from app.domain.errors import NotFound
from app.services.bank import catalogue
from app.services.bank.bank import index_bank
from app.services.bank.images import Image, image, with_images
from app.services.operating.transactions import Transactions
from app.storage.tables import Blob, QuestionEntry, QuestionWord
from tests.author_desk import PNG, Desk
from tests.services.bank_folders import FOLDER, edited, folder, publish

DOT = FOLDER["files/dot.png"]
HASH = hashlib.sha256(DOT).hexdigest()


def stored(transactions: Transactions) -> int:
    with transactions.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(Blob)) or 0


def test_the_images_of_a_version_are_kept_once(transactions: Transactions) -> None:
    publish(transactions, folder() | {"files/table.csv": b"1,2"})
    publish(transactions, edited("sum", "points: 2", "points: 3"))
    publish(transactions, folder("other"))
    assert stored(transactions) == 1
    with transactions.reading() as tx:
        assert image(tx, HASH) == Image("image/png", DOT)
        with pytest.raises(NotFound, match="no such image"):
            image(tx, "0" * 64)


def test_versions_from_before_images_were_kept_get_theirs_with_the_index(transactions: Transactions) -> None:
    publish(transactions, folder())
    with transactions.writing() as tx:
        for table in (Blob, QuestionWord, QuestionEntry):
            tx.session.execute(delete(table))
    with transactions.reading() as reading, transactions.writing() as writing:
        assert index_bank(reading, writing) == 1
    assert stored(transactions) == 1


def variant(html: str) -> dict[str, Any]:
    field = {"id": "x", "label": "x", "widget": {"kind": "choice", "options": [html], "options_text": [html]}}
    part = {"id": "p", "prompt": html, "prompt_text": html, "fields": [field]}
    solution = {"stem": html, "parts": {"p": html}, "text": {"p": html}}
    return {"seed": 1, "shown": {"title": html, "stem": html, "parts": [part]}, "solution": solution}


def test_every_html_of_a_variant_points_to_the_image_and_nothing_else_is_touched() -> None:
    files = {"a b.png": {"media": "image/png", "base64": base64.b64encode(DOT).decode()}}
    before = '<img src="file:a%20b.png" alt="A dot">'
    after = f'<img src="/files/{HASH}/a%20b.png" alt="A dot">'
    made = variant(before)
    linked = with_images(made, {"files": files})
    wanted = variant(after)
    wanted["shown"]["title"] = before
    wanted["shown"]["parts"][0]["prompt_text"] = before
    wanted["shown"]["parts"][0]["fields"][0]["widget"]["options_text"] = [before]
    wanted["solution"]["text"] = {"p": before}
    assert linked == wanted
    assert made == variant(before)
    assert with_images(linked, {"files": files}) == linked


def test_what_only_looks_like_an_image_stays_as_it_is() -> None:
    files = {"a.png": {"media": "image/png", "base64": ""}}
    for html in ('<code>&lt;img src="file:a.png"&gt;</code>', '<img src="file:b.png">', '<p>src="file:a.png"</p>'):
        assert with_images(variant(html), {"files": files}) == variant(html)


def test_a_variant_of_the_graders_shows_its_image(small_desk: Desk) -> None:
    text = '## only\n![A net](<my net.png>) Add @{a} and @{b}.\n\n`src="file:my net.png"`\n'
    files = {path.name: path.read_bytes() for path in small_desk.folder.iterdir() if path.is_file()}
    publish(small_desk.transactions, files | {"prompt.md": text.encode(), "files/my net.png": PNG})
    with small_desk.transactions.reading() as tx:
        _, made = catalogue.variant(tx, small_desk.sandbox, "sum", 0, None)
    prompt = made["shown"]["parts"][0]["prompt"]
    assert f'<img src="/files/{hashlib.sha256(PNG).hexdigest()}/my%20net.png" alt="A net"' in prompt
    assert 'src="file:my net.png"</code>' in prompt
