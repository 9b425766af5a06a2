"""Which submitted answers to a part are the same to a marker, so that they are marked at once.

Only answers to the same thing are: what the variant shows at this part and its solution must agree, and where errors
carry forward, the other answers to the question, too.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from app.services.marking.normal_forms import normal_form
from app.services.marking.similar_answers import group, words_in
from app.services.operating.transactions import Transaction
from app.storage import desk
from app.storage.changes import SURVEY
from app.storage.desk import Asked

REMEMBERED = 64
"""Parts whose groups are kept in memory: frozen answers never change, so that only new ones ask for another look."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Who answered the same, as numbers of submitted questions."""

    of: Mapping[int, int]
    members: Mapping[int, tuple[int, ...]]

    def alike(self, item_id: int) -> tuple[int, ...]:
        """Everybody who answered as this one did, itself included."""
        return self.members.get(self.of.get(item_id, item_id), (item_id,))

    def among(self, item_ids: Sequence[int]) -> int:
        """How many different answers these are."""
        return len({self.of.get(number, number) for number in item_ids})


_known: OrderedDict[tuple[str, str, str], tuple[tuple[int, int], Groups]] = OrderedDict()
_lock = Lock()


def groups(tx: Transaction, quiz_id: str, versions: Sequence[Asked], part: str, item_ids: Sequence[int]) -> Groups:
    """The groups of the answers to a part of a question, for these submitted questions of the quiz (by public id)."""
    question = versions[0].question
    key, stamp = (quiz_id, question, part), (len(item_ids), max(item_ids, default=0))
    found = known(quiz_id, question, part, item_ids)
    if found is None:
        found = _groups(tx, part, item_ids, alone=not any(_looks_elsewhere(one, part) for one in versions))
        with _lock:
            _known[key] = (stamp, found)
            _known.move_to_end(key)
            while len(_known) > REMEMBERED:
                _known.popitem(last=False)
    return found


def known(quiz_id: str, question: str, part: str, item_ids: Sequence[int]) -> Groups | None:
    """The same, where somebody has asked for it before and nobody has handed in since."""
    with _lock:
        found = _known.get((quiz_id, question, part))
    return found[1] if found is not None and found[0] == (len(item_ids), max(item_ids, default=0)) else None


def _looks_elsewhere(version: Asked, part: str) -> bool:
    """Whether what a part is worth may depend on answers to other parts."""
    own = next((one for one in version.parts if one["id"] == part), None)
    if own is None:
        return False
    written = json.dumps(own, ensure_ascii=False)
    others = [name for one in version.parts if one is not own for name in one.get("fields") or ()]
    return bool(own.get("carry")) or any(f"{name}." in written for name in others)


def _groups(tx: Transaction, part: str, item_ids: Sequence[int], *, alone: bool) -> Groups:
    rows = list(desk.frozen(tx, item_ids))
    asked: dict[int, tuple[str, Mapping[str, Any]]] = {}
    spoken: dict[Hashable, frozenset[str]] = {}
    for number, rendered, solution in desk.variants(tx, sorted({row.variant_id for row in rows})):
        shown = next((one for one in rendered["parts"] if one["id"] == part), None)
        if shown is not None:
            said = _said(rendered, shown, solution)
            digest = hashlib.sha256(said.encode()).hexdigest()
            asked[number] = (digest, shown)
            if digest not in spoken:
                spoken[digest] = words_in(said.replace("\\n", " "))
    forms = {}
    for row in rows:
        if row.variant_id in asked:
            digest, shown = asked[row.variant_id]
            form, is_text = _form(shown, row.answers, alone=alone)
            forms[row.item_id] = (digest, form, is_text)
    of = group(forms, spoken)
    members: dict[int, list[int]] = {}
    for number in sorted(of):
        members.setdefault(of[number], []).append(number)
    return Groups(of, {lead: tuple(some) for lead, some in members.items()})


def _said(rendered: Mapping[str, Any], shown: Mapping[str, Any], solution: Mapping[str, Any]) -> str:
    solved = (solution.get("parts") or {}).get(shown["id"], "")
    return json.dumps([rendered.get("stem", ""), shown, solved], sort_keys=True, ensure_ascii=False)


def _form(shown: Mapping[str, Any], answers: Mapping[str, Any], *, alone: bool) -> tuple[str, bool]:
    """The normal form of an answer to a part, and whether it is one text.

    Unless the part stands alone, all other answers to the question go with it.
    """
    fields = {field["id"]: field["widget"]["kind"] for field in shown["fields"]}
    own = {name: normal_form(kind, answers.get(name)) for name, kind in fields.items()}
    if not any(own.values()):
        return "", False
    if alone and set(fields.values()) == {"text"} and len(fields) == 1:
        return next(iter(own.values())), True
    rest = {} if alone else {name: value for name, value in answers.items() if name not in fields and name != SURVEY}
    return json.dumps([own, rest], sort_keys=True, ensure_ascii=False), False
