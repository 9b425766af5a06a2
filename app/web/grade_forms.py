"""The forms of a gradebook: what was typed, what it means, and one sentence beside every field that means nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar, get_args

from starlette.datastructures import FormData

from app.domain.gradebooks import MOST_DROPS, MOST_GROUPS, MOST_WEIGHT, Group, Missing, QuizRule, Role, Rules
from app.domain.letter_grades import MOST_BORDERS, MOST_PERCENT, Border, Letters, Rounding
from app.services.results.gradebook import QuizName
from app.web.forms import text_of
from app.web.quiz_forms import amount_from, amount_text
from app.web.wording import gettext as _

Word = TypeVar("Word", bound=str)
SPARE_GROUPS = 2
SPARE_BORDERS = 2
ROUNDINGS: tuple[Rounding, ...] = get_args(Rounding)


@dataclass(slots=True)
class GradeForm:
    """The texts of a form by the names of its fields, and the complaints about them. `rows` is how many there are."""

    values: dict[str, str] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    rows: int = 0
    revision: str = "0"

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def take(self, form: FormData, name: str) -> str:
        """What was typed there; it is shown again."""
        self.values[name] = text_of(form, name, 300).strip()
        return self.values[name]

    def amount(self, form: FormData, name: str, most: int) -> Fraction:
        """A number that was typed there; without one, a complaint and 1."""
        found = amount_from(self.take(form, name))
        if found is None:
            self.says[name] = _("Write this as 2, 1.5 or 1/2.")
        elif found > most:
            self.says[name] = _("At most %(most)s.") % {"most": most}
        else:
            return found
        return Fraction(1)

    def whole(self, form: FormData, name: str, most: int) -> int:
        """A whole number that was typed there, 0 where nothing was; else a complaint and 0."""
        text = self.take(form, name)
        if text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= most:
            return int(text)
        if text:
            self.says[name] = _("This is a whole number from 0 to %(most)s.") % {"most": most}
        return 0


def revision_of(form: FormData) -> int:
    """The revision that a form was made from; nonsense is none that was ever there."""
    text = text_of(form, "revision", 12)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def rules_form(rules: Rules, quizzes: Sequence[QuizName], revision: int) -> GradeForm:
    """The form of these rules."""
    made = GradeForm(rows=min(len(rules.groups) + SPARE_GROUPS, MOST_GROUPS), revision=str(revision))
    places = {group.id: str(index) for index, group in enumerate(rules.groups)}
    for index, group in enumerate(rules.groups):
        made.values |= {
            f"group.{index}.id": group.id,
            f"group.{index}.name": group.name,
            f"group.{index}.weight": amount_text(group.weight),
            f"group.{index}.drop": str(group.drop),
        }
    for quiz in quizzes:
        made.values |= {
            f"quiz.{quiz.id}.role": quiz.rule.role,
            f"quiz.{quiz.id}.group": places[quiz.rule.group],
            f"quiz.{quiz.id}.weight": amount_text(quiz.rule.weight),
            f"quiz.{quiz.id}.missing": quiz.rule.missing,
        }
    made.values["beyond"] = "yes" if rules.beyond else ""
    return made


def read_rules(form: FormData, old: Rules, quizzes: Sequence[QuizName]) -> tuple[GradeForm, Rules | None]:
    """The rules that were typed, with the scheme of the old ones; None where something means nothing."""
    made = GradeForm(revision=text_of(form, "revision", 12))
    groups: dict[str, Group] = {}
    taken = {text_of(form, f"group.{index}.id", 10) for index in range(MOST_GROUPS)}
    free = (f"g{number}" for number in range(1, 10_000) if f"g{number}" not in taken)
    known = {group.id for group in old.groups}
    for index in range(MOST_GROUPS):
        place = f"group.{index}"
        if f"{place}.name" not in form:
            break
        made.rows = index + 1
        name, weight = made.take(form, f"{place}.name"), text_of(form, f"{place}.weight", 20).strip()
        own = made.take(form, f"{place}.id")
        if not name and not weight:
            made.values |= {f"{place}.weight": "", f"{place}.drop": ""}
            continue
        drop = made.whole(form, f"{place}.drop", MOST_DROPS)
        amount = made.amount(form, f"{place}.weight", MOST_WEIGHT)
        used = {group.id for group in groups.values()}
        group_id = own if own in known and own not in used else next(free)
        groups[str(index)] = Group(id=group_id, name=name[:100], weight=amount, drop=drop)
    if not groups:
        made.says["group.0.weight"] = _("There is at least one group.")
        return made, None
    if len(groups) > 1:
        for index_, group in groups.items():
            if not group.name:
                made.says[f"group.{index_}.name"] = _("Give this group a name.")
    rules: dict[str, QuizRule] = {}
    first = next(iter(groups.values())).id
    for quiz in quizzes:
        place = f"quiz.{quiz.id}"
        role, missing = made.take(form, f"{place}.role"), made.take(form, f"{place}.missing")
        chosen = made.take(form, f"{place}.group")
        if chosen not in groups and chosen.isdigit() and int(chosen) >= len(old.groups):
            made.says[f"{place}.group"] = _("Give this group a name and a weight first.")
        rules[quiz.id] = QuizRule(
            group=groups[chosen].id if chosen in groups else first,
            role=_one_of(role, get_args(Role), "counts"),
            weight=made.amount(form, f"{place}.weight", MOST_WEIGHT),
            missing=_one_of(missing, get_args(Missing), "zero"),
        )
    made.values["beyond"] = "yes" if form.get("beyond") == "yes" else ""
    if made.says:
        return made, None
    update = {"groups": tuple(groups.values()), "quizzes": rules, "beyond": bool(made["beyond"])}
    return made, old.model_copy(update=update)


def letters_form(letters: Letters | None, shown: bool, revision: int) -> GradeForm:
    """The form of a scheme."""
    made = GradeForm(revision=str(revision))
    scheme = letters if letters is not None else Letters(step=Fraction(1, 2))
    made.rows = min(len(scheme.borders) + SPARE_BORDERS, MOST_BORDERS)
    made.values = {
        "kind": "none" if letters is None else "borders" if letters.borders else "scale",
        "most": amount_text(scheme.most),
        "step": amount_text(scheme.step),
        "rounding": scheme.rounding,
        "shown": "yes" if shown else "",
    }
    for index, border in enumerate(scheme.borders):
        made.values |= {f"border.{index}.letter": border.letter, f"border.{index}.at": amount_text(border.at)}
    return made


def read_letters(form: FormData) -> tuple[GradeForm, Letters | None]:
    """The scheme that was typed, its borders in their order; check `says` before using it (None: no grades)."""
    made = GradeForm(revision=text_of(form, "revision", 12))
    kind = made.values["kind"] = _one_of(text_of(form, "kind", 20), ("none", "borders", "scale"), "none")
    rounding: Rounding = _one_of(text_of(form, "rounding", 20), ROUNDINGS, "half up")
    made.values |= {"rounding": rounding, "shown": "yes" if form.get("shown") == "yes" else ""}
    for name in ("most", "step"):
        made.take(form, name)
    borders = _borders(form, made)
    if kind == "none":
        made.says.clear()
        return made, None
    step = made.amount(form, "step", 100) if made["step"] else Fraction(0)
    if kind == "scale":
        # What stands in the table of borders is kept in the form, and counts for nothing.
        made.says = {name: says for name, says in made.says.items() if not name.startswith("border.")}
        most = made.amount(form, "most", 1000)
        if not made.says and not most:
            made.says["most"] = _("This is more than 0.")
        if not made.says and not step:
            made.says["step"] = _("A scale needs a step to round to.")
        return made, None if made.says else Letters(most=most, step=step, rounding=rounding)
    if not borders:
        made.says.setdefault("border.0.letter", _("Name at least one grade."))
    if made.says:
        return made, None
    borders.sort(key=lambda one: one[1].at, reverse=True)
    seen: set[Fraction] = set()
    names: set[str] = set()
    for index, border in borders:
        if border.at in seen:
            made.says[f"border.{index}.at"] = _("Two grades cannot begin at the same percentage.")
        if border.letter in names:
            made.says[f"border.{index}.letter"] = _("There are two grades of this name.")
        seen.add(border.at)
        names.add(border.letter)
    if borders[-1][1].at and not made.says:
        made.says[f"border.{borders[-1][0]}.at"] = _("The lowest grade begins at 0.")
    if made.says:
        return made, None
    return made, Letters(borders=tuple(one for _index, one in borders), step=step, rounding=rounding)


def _borders(form: FormData, made: GradeForm) -> list[tuple[int, Border]]:
    """The rows in which something was typed."""
    found = []
    for index in range(MOST_BORDERS):
        place = f"border.{index}"
        if f"{place}.letter" not in form:
            break
        made.rows = index + 1
        letter, typed = made.take(form, f"{place}.letter")[:20], made.take(form, f"{place}.at")
        if not letter and not typed:
            continue
        if not letter:
            made.says[f"{place}.letter"] = _("What is this grade called?")
            continue
        at = made.amount(form, f"{place}.at", MOST_PERCENT)
        if f"{place}.at" not in made.says and 10_000 % at.denominator:
            made.says[f"{place}.at"] = _("At most four decimals.")
        found.append((index, Border(letter=letter, at=at)))
    return found


def _one_of(text: str, words: Sequence[Word], otherwise: Word) -> Word:
    return next((word for word in words if word == text), otherwise)
