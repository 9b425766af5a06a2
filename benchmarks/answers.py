"""The printed papers' official answers, as a browser would post them."""

from __future__ import annotations

from typing import Any

from app.interchange.bank import load_bank
from app.services.bank.bank_forms import forms_of
from app.services.operating.demo import OTHER_FORMS
from app.settings import read_settings


def printed_answers(prefix: str) -> list[dict[str, Any]]:
    """The answers by field for each question whose id begins so, in the order in which a demo quiz asks them."""
    found = {
        one.id: forms_of(one.package)[0].package
        for one in load_bank(read_settings().bank_path)
        if one.package is not None and one.id.startswith(prefix) and not one.id.endswith(OTHER_FORMS)
    }
    return [typed(package["cases"][0]["answers"]) for _, package in sorted(found.items())]


def typed(raw: Any) -> Any:
    """The same answer with every number as the text that a person types."""
    if isinstance(raw, dict):
        return {name: typed(value) for name, value in raw.items()}
    if isinstance(raw, list):
        return [typed(value) for value in raw]
    if isinstance(raw, bool):
        return "true" if raw else "false"
    return "" if raw is None else str(raw)
