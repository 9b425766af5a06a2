"""The examples of docs/api.md run as they are printed, against a Gradus that is really served."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.jobs.webhooks import DeliverEvents
from app.services.operating import webhooks
from app.storage.tables import Course
from tests.api.conftest import settle
from tests.api.serving import served
from tests.docs.test_examples import blocks
from tests.listener import listening
from tests.small_bank import FakeSandbox
from tests.web.conftest import House


class PlainSandbox(FakeSandbox):
    """The fake one, with the end of a real one."""

    def close(self) -> None:
        pass


def example(project: Path, name: str) -> str:
    (code,) = [text for _, about, text in blocks(project / "docs/api.md") if about.get("run") == name]
    return code


def test_a_program_gives_an_exam(
    project: Path, open_house: Callable[..., House], capsys: pytest.CaptureFixture[str]
) -> None:
    programs = settle(open_house(sandbox=PlainSandbox()))
    known = {"TOKEN": programs.token("ines"), "QUESTION": "qa", "ANSWERS": {"qa_x": "1", "qa_y": "2"}}
    code = compile(example(project, "exam"), "docs/api.md", "exec")
    with served(programs.house.app) as address:
        module: dict[str, Any] = {"ADDRESS": address, **known}
        exec(code, module)  # our own example
        again: dict[str, Any] = {"ADDRESS": address, **known}
        exec(code, again)
    assert [(row["login"], row["state"], row["points"]) for row in module["rows"]] == [
        ("ada", "graded", "3/2"),
        ("ben", "not started", None),
    ]
    assert all(again[name] == module[name] for name in ("course", "quiz", "attempt", "receipt", "rows"))
    assert capsys.readouterr().out.startswith("Handed in, receipt ")


def test_a_webhook_checks_that_an_event_is_ours(project: Path, open_house: Callable[..., House]) -> None:
    programs = settle(open_house(webhook_private_targets=True))
    module: dict[str, Any] = {}
    exec(example(project, "signature"), module)  # our own example
    with listening() as listener:
        new = {"address": listener.address, "events": ["quiz.published"]}
        secret = programs.ask("ines", "POST", "webhooks", new).json()["secret"]
        transactions = programs.house.transactions
        with transactions.writing() as tx:
            course = tx.session.query(Course).filter_by(public_id=programs.course).one()
            webhooks.announce(tx, course.id, "quiz.published", {"quiz": "x"})
        duty = DeliverEvents(transactions, private_targets=True)
        while not listener.heard:
            for key in duty.due(1):
                duty.do(key, lambda: False)
        ((_, headers, body),) = listener.heard[:1]
    assert module["is_ours"](secret, headers, body)
    assert not module["is_ours"](secret, headers, body + b" ")
    assert not module["is_ours"]("another secret", headers, body)
    assert not module["is_ours"](secret, headers, body, most_seconds=-1)
