"""What a marker's form changes of what has been decided: points, and apart from them comments, which decide nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.decisions import Verdict
from app.domain.errors import InvalidInput, NotFound
from app.domain.expressions import points as read_points
from app.services.marking.desk_answers import newest_of, suggestion, undecided
from app.services.marking.regrade_standing import comment_beside, standing_decision
from app.storage.tables import Judgement

if TYPE_CHECKING:
    from app.services.marking.deciding import Decision

LONGEST_POINTS, LONGEST_COMMENT = 20, 2000
NOTHING = Fraction(0)
ONLY_A_COMMENT = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A decision to be stored, of `worth` points that there are; `back`: the machine decides again.

    `repeats`: its points are those of that earlier judgement, with another comment; 0: it is only a comment.
    """

    criterion: str
    points: Fraction
    worth: Fraction | None
    comment: str = ""
    back: bool = False
    repeats: int | None = None

    @property
    def decides(self) -> bool:
        """Whether it says how many points there are."""
        return not self.back and self.repeats != ONLY_A_COMMENT


def wanted(
    rubric: Sequence[Mapping[str, Any]], decision: Decision, newest: Mapping[str, Judgement], worth: Fraction
) -> list[Change]:
    """What the form says, criterion by criterion.

    Raises:
        NotFound: the rubric has no such criterion.
        InvalidInput: these are no points, or not as many as there are; `place` is the field of the form.
    """
    known = {line["id"] for line in rubric}
    if set(decision.points) - known:
        raise NotFound("There is nothing of this name for a person to decide.")
    found = []
    for line in rubric:
        name, most = line["id"], Fraction(line["max"])
        typed = decision.points.get(name, "").strip()
        comment = _comment(decision.comments.get(name, ""), f"comment.{name}")
        if typed:
            number = typed_points(typed, min(most, NOTHING), max(most, NOTHING), f"points.{name}")
            found.append(Change(name, number, most, comment))
        elif decision.accept and _open(line, newest):
            likely = suggestion(line)
            if likely is None:
                says = line.get("says") or name
                raise InvalidInput(f"The machine suggests nothing for “{says}”. Decide it yourself.", f"points.{name}")
            found.append(Change(name, likely, most, comment))
        elif comment:
            raise InvalidInput("Write points beside this comment.", f"points.{name}")
        elif name in newest and not newest[name].withdrawn:
            found.append(Change(name, newest[name].verdict, newest[name].worth, back=True))
    moved = typed_points(decision.adjustment, -worth, worth, "adjustment") if decision.adjustment.strip() else None
    comment = _comment(decision.comment, "comment")
    # Beside a rubric nothing is moved by nothing; without one it says that the part is worth nothing.
    if moved or (moved is not None and not rubric):
        found.append(Change("", moved, worth, comment))
    elif comment:
        found.append(Change("", NOTHING, worth, comment, repeats=ONLY_A_COMMENT))
    elif "" in newest and not newest[""].withdrawn:
        found.append(Change("", newest[""].verdict, newest[""].worth, back=True))
    return found


def _open(line: Mapping[str, Any], newest: Mapping[str, Judgement]) -> bool:
    decided = newest.get(line["id"])
    return undecided(line) and (decided is None or decided.withdrawn)


def changes_of(form: Sequence[Change], judged: Sequence[Judgement]) -> list[Change]:
    """What the form says and has not been decided so already, of all that has been about an answer (oldest first)."""
    found = []
    newest = newest_of(judged)
    for one in form:
        old = newest.get(one.criterion)
        if one.back or old is None or not gives(old, one):
            found.append(one)
        elif _looked_at_again(old, one):
            found.append(replace(one, repeats=old.decided_in if old.decides else ONLY_A_COMMENT))
        elif one.comment != comment_of(judged, one.criterion):
            # Whoever only writes something leaves the points, and whose they are, as they were.
            stands = old.decided_in if old.decides else ONLY_A_COMMENT
            points, worth = (old.verdict, old.worth) if old.decides else (NOTHING, one.worth)
            found.append(replace(one, points=points, worth=worth, repeats=stands))
    return found


def for_another(
    form: Sequence[Change], made: Sequence[Change], lead: Sequence[Judgement], judged: Sequence[Judgement]
) -> list[Change]:
    """What the form says to another answer of the group, when it has `made` these changes to the one that was open,
    about which this had been decided: the `lead`.

    What was decided about the other before, and differs, stays, but for what was decided anew just now.
    """
    newest = {name: one for name, one in newest_of(judged).items() if not one.withdrawn}
    anew = {change.criterion: change for change in made}
    same = []
    for one in form:
        old, change = newest.get(one.criterion), anew.get(one.criterion)
        if one.back:
            continue
        confirmed = old is not None and gives(old, one) and comment_of(judged, one.criterion) == one.comment
        if old is None or confirmed or (change is not None and change.repeats is None):
            same.append(one)
        elif change is not None and comment_of(lead, one.criterion) != one.comment:
            # Only the comment is new.
            same.append(replace(one, points=old.verdict, worth=old.worth, repeats=None if old.decides else 0))
    return same


def taken_back(row: Judgement, others: Sequence[Judgement], regrades_undone: set[int]) -> Change:
    """What leaves things as they were without a judgement, of all the `others` about the same (oldest first)."""
    before, comment = standing_decision(others, regrades_undone), comment_of(others, row.criterion)
    if before is not None and before.decides:
        return Change(row.criterion, before.verdict, before.worth, comment, repeats=before.decided_in)
    if comment and not row.criterion:
        return Change("", NOTHING, None, comment, repeats=ONLY_A_COMMENT)
    return Change(row.criterion, row.verdict, row.worth, back=True)


def comment_of(judged: Sequence[Judgement], criterion: str) -> str:
    """The comment that stands about a criterion, or about the whole part."""
    mine = [one for one in judged if one.criterion == criterion]
    if not criterion:
        return comment_beside(mine)
    return mine[-1].comment if mine and not mine[-1].withdrawn else ""


def _looked_at_again(old: Judgement, one: Change) -> bool:
    """Whether some of the points of another rubric are decided once more: by then a person has looked at them again."""
    verdict, most = Verdict(old.verdict, old.worth), one.worth if one.worth is not None else one.points
    return old.decides and one.decides and verdict.moved_to(most) and verdict.partial


def gives(old: Judgement, one: Change) -> bool:
    """Whether what was decided already gives these points."""
    if old.withdrawn:
        return False
    if not (old.decides and one.decides):
        # That a part is moved by nothing decides nothing either, unless it says what the part is worth.
        return old.decides == one.decides or (old.decides and not old.verdict and not one.decides)
    verdict, most = Verdict(old.verdict, old.worth), one.worth if one.worth is not None else one.points
    return (verdict.at(most) if one.criterion else verdict.in_part(most)) == one.points


def typed_points(typed: str, least: Fraction, most: Fraction, place: str) -> Fraction:
    """The points that somebody typed.

    Raises:
        InvalidInput: this is no number, or not one from `least` to `most`; about the field `place`.
    """
    text = typed.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    sign = -1 if text.startswith("-") else 1
    plain = text[1:] if text[:1] in ("+", "-") else text
    try:
        number = sign * read_points(plain) if plain[:1].isdigit() and len(plain) <= LONGEST_POINTS else None
    except (ValueError, ZeroDivisionError):
        number = None
    if number is None:
        raise InvalidInput("Write points as a number, such as 2, 1.5 or 1/3.", place)
    if not least <= number <= most:
        raise InvalidInput(f"From {least} to {most} points are possible here.", place)
    return number


def _comment(typed: str, place: str) -> str:
    plain = typed.replace("\r\n", "\n").strip()
    if len(plain) > LONGEST_COMMENT:
        raise InvalidInput(f"A comment has at most {LONGEST_COMMENT} characters.", place)
    return plain
