"""What the form of a quiz proposes for each mode: the usual values of the other rules, all of them still changeable."""

from __future__ import annotations

from app.web.quiz_forms import BY_HAND, TypedQuiz

PROPOSED = {
    "exam": {"attempts_allowed": "1", "release": BY_HAND, "late_days": "0", "late_percent": "0"},
    "homework": {"attempts_allowed": "3", "release": "after closing", "late_days": "2", "late_percent": "10"},
    "practice": {"attempts_allowed": "", "release": "at once", "late_days": "0", "late_percent": "0"},
}


def propose(made: TypedQuiz) -> None:
    """Put the usual values of the chosen mode where nobody has typed something of their own."""
    for name, value in PROPOSED.get(made.values["mode"], {}).items():
        usual = {each[name] for each in PROPOSED.values()} | {""}
        if made.values[name].strip() in usual:
            made.values[name] = value
