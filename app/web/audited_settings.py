"""Settings that were changed, as the audit tells them before and after, in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.web.wording import gettext as _

UNNAMED = re.compile(r"group (\d+)")
NAMED_BY_PEOPLE = ("groups", "quizzes")
"""Settings behind whose name stands another, which somebody gave to a group or a quiz."""

TYPED = frozenset({"title", "description", "networks", "browser keys", "honour", "group", "letter"})
"""Settings whose value somebody typed."""


def setting_names() -> Mapping[str, str]:
    """What the settings of quizzes and gradebooks are called, by their names in the audit."""
    return {
        "title": _("Title"),
        "description": _("Description"),
        "minutes": _("Minutes"),
        "attempts allowed": _("Attempts"),
        "counts": _("What counts"),
        "seeds": _("Variants"),
        "release": _("Release of marks"),
        "marks at": _("Marks appear at"),
        "feedback": _("Comments and reasons"),
        "feedback at": _("Comments and reasons appear at"),
        "solutions": _("Solutions"),
        "solutions at": _("Solutions appear at"),
        "requests until": _("Requests until"),
        "shuffle": _("Questions in a drawn order"),
        "opens at": _("Opens at"),
        "closes at": _("Closes at"),
        "mode": _("Mode"),
        "same for all": _("The same for all"),
        "navigation": _("Navigation"),
        "access code": _("Access code"),
        "networks": _("Networks"),
        "browser keys": _("Browser keys"),
        "honour": _("Honour statement"),
        "grace seconds": _("Grace in seconds"),
        "late days": _("Late days"),
        "late percent": _("Percent per late day"),
        "decay percent": _("Percent per further attempt"),
        "groups": _("Groups"),
        "quizzes": _("Quizzes"),
        "weight": _("Weight"),
        "drop": _("Dropped"),
        "group": _("Group"),
        "role": _("Role"),
        "missing": _("Missing ones"),
        "beyond": _("Over 100 percent"),
        "letters": _("Grades"),
        "letters shown": _("Grades are shown"),
        "borders": _("Borders"),
        "letter": _("Grade"),
        "at": _("From percent"),
        "most": _("Best grade"),
        "step": _("Step"),
        "rounding": _("Rounding"),
    }


def values() -> Mapping[str, str]:
    """What can be chosen for them, in words."""
    return {
        "yes": _("yes"),
        "no": _("no"),
        "best": _("the best"),
        "last": _("the last"),
        "first": _("the first"),
        "average": _("the average"),
        "fresh": _("fresh"),
        "printed_first": _("first the printed one"),
        "at once": _("at once"),
        "by hand": _("by hand"),
        "after closing": _("after closing"),
        "with marks": _("with the marks"),
        "apart": _("apart"),
        "exam": _("exam"),
        "homework": _("homework"),
        "practice": _("practice"),
        "free": _("free"),
        "forward": _("only forward"),
        "counts": _("counts"),
        "bonus": _("bonus"),
        "left out": _("left out"),
        "zero": _("zero"),
        "excused": _("excused"),
        "half up": _("half up"),
        "up": _("up"),
        "down": _("down"),
    }


def in_words(written: str) -> str:
    """Settings as they are written in the audit, `release: by hand; quizzes / Quiz / weight: 1/2`, in words."""
    names, chosen = setting_names(), values()
    return "; ".join(_one(piece, names, chosen) for piece in written.split("; "))


def _one(written: str, names: Mapping[str, str], chosen: Mapping[str, str]) -> str:
    path, colon, value = written.rpartition(": ")
    if path.partition(" / ")[0] not in names:
        path, colon, value = written.partition(": ")
        if path.partition(" / ")[0] not in names:
            return written
    told, pieces = list[str](), path.split(" / ")
    for before, name in zip(["", *pieces], pieces, strict=False):
        unnamed = UNNAMED.fullmatch(name)
        if before not in NAMED_BY_PEOPLE:
            told.append(names.get(name, name))
        else:
            told.append(_("group %(n)s") % {"n": unnamed[1]} if unnamed else name)
    return f"{' / '.join(told)}{colon}{value if pieces[-1] in TYPED else chosen.get(value, value)}"
