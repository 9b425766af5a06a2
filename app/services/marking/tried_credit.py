"""What a rubric makes of an answer with decisions by which no worker has graded it yet; nothing of it is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from app.domain.errors import GradusError
from app.storage.grading_inputs import Inputs

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


def credit_with(sandbox: Runs, one: Inputs, decisions: Mapping[str, str]) -> Mapping[str, Any] | None:
    """The credit of an answer with these decisions, from the facts that count; None where that cannot be tried."""
    if one.counting is None:
        return None
    question = {"package": json.loads(one.item.package), "values": json.loads(one.item.values), "seed": one.item.seed}
    asked = {"observation": json.loads(one.counting.facts), "decisions": dict(decisions)}
    try:
        credit: Mapping[str, Any] = sandbox.run("credit", question | asked, lane="interactive")
    except GradusError:
        return None
    return credit
