"""The form that builds a quiz: from what is stored to texts, and from what was typed to rules and places.

Whatever was typed comes back as it was typed, with a sentence beside each field that cannot be taken.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from fractions import Fraction
from typing import Any, cast

from starlette.datastructures import FormData

from app.domain.errors import InvalidInput
from app.services.courses.local_times import moment_from, typed
from app.services.quizzes.quiz_building import NewPlace, Place, QuizPlan, QuizRules, Section
from app.services.quizzes.quiz_rules import may_change
from app.web.wording import gettext as _
from app.web.wording import told

AMOUNT = re.compile(r"(\d{1,5})(?:[.,](\d{1,4}))?|(\d{1,5})/(\d{1,4})", re.ASCII)
WHOLE = re.compile(r"\d{1,7}", re.ASCII)
DATES = ("opens_at", "closes_at", "marks_at", "feedback_at", "solutions_at", "requests_until")
WHOLES = ("grace_seconds", "late_days", "late_percent", "decay_percent")
ENTRY = ("access_code", "networks", "browser_keys", "honour")
NAMES = ("title", "description", "minutes", "attempts_allowed", *DATES, *ENTRY, *WHOLES)
EVERYBODY = {True: "everybody", False: "own"}
CHOICES = {
    "mode": "exam",
    "same_for_all": EVERYBODY[False],
    "navigation": "free",
    "counts": "best",
    "seeds": "printed_first",
    "release": "at once",
    "feedback": "with marks",
    "solutions": "with marks",
}
# What is released by itself, and the field of its date; the form has words of its own for it.
RELEASED = {"release": "marks_at", "feedback": "feedback_at", "solutions": "solutions_at"}
BY_DATE, BY_HAND = "by date", "by hand"
COLUMNS = ("kind", "question", "tag", "names", "take", "worth", "amount")
HEADING = ("title", "text")
MOST_PLACES = 200
NUMBERED = re.compile(r"(places|sections)\[(\d+)\](.*)", re.ASCII)


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """A row of the form: a place, or the heading (`title`, `text`) over those that follow.

    `worth`: "times" its own points, or "each" so many.
    """

    kind: str
    question: str = ""
    tag: str = ""
    names: tuple[str, ...] = ()
    take: str = "1"
    worth: str = "times"
    amount: str = "1"
    title: str = ""
    text: str = ""

    def asked(self) -> tuple[str, ...]:
        """The questions that are named in it."""
        return (self.question,) if self.kind == "question" else self.names


@dataclass(slots=True)
class TypedQuiz:
    """The whole form. `complaints`: by field ("title", "places[2].amount"), one sentence each.

    In them places are counted by row, headings included. `hides`: what students have seen would be hidden again.
    """

    values: dict[str, str]
    shuffle: bool
    places: list[TypedPlace]
    revision: int
    complaints: dict[str, str] = field(default_factory=dict)
    hides: bool = False

    def complain(self, error: InvalidInput) -> None:
        """Keep a sentence for the field it is about."""
        self.complaints.setdefault(error.place, told(str(error)))

    def refuse(self, error: InvalidInput) -> None:
        """Keep a sentence of the service, which counts places and sections apart."""
        found = NUMBERED.fullmatch(error.place)
        if found:
            rows = [row for row, place in enumerate(self.places) if (place.kind == "section") == (found[1] != "places")]
            error = InvalidInput(str(error), f"places[{rows[int(found[2])]}]{found[3]}")
        self.complain(error)

    def number(self, row: int) -> int:
        """The number of the place in that row."""
        return sum(place.kind != "section" for place in self.places[: row + 1])


def blank() -> TypedQuiz:
    """A quiz that has not been begun."""
    return TypedQuiz(dict.fromkeys(NAMES, "") | CHOICES, False, [], 0)


def from_plan(plan: QuizPlan, zone: str) -> TypedQuiz:
    """A quiz as it is stored."""
    rules = plan.rules
    values = {
        "title": rules.title,
        "description": rules.description,
        "minutes": str(rules.minutes or ""),
        "attempts_allowed": str(rules.attempts_allowed or ""),
        "counts": rules.counts,
        "seeds": rules.seeds,
        "release": rules.release,
        "feedback": rules.feedback if rules.feedback == "with marks" else BY_HAND,
        "solutions": rules.solutions if rules.solutions == "with marks" else BY_HAND,
    }
    values |= {name: typed(getattr(rules, name), zone) for name in DATES}
    values |= {name: getattr(rules, name) for name in (*ENTRY, "mode", "navigation")}
    values |= {name: "" if getattr(rules, name) is None else str(getattr(rules, name)) for name in WHOLES}
    values["same_for_all"] = EVERYBODY[rules.same_for_all]
    for name, date in RELEASED.items():
        if values[name] == BY_HAND and values[date]:
            values[name] = BY_DATE
    headings = [TypedPlace("section", title=one.title, text=one.text) for one in plan.sections]
    places: list[TypedPlace] = []
    for place in plan.places:
        places += headings[sum(one.kind == "section" for one in places) : place.section]
        places.append(_typed_place(place))
    places += headings[sum(one.kind == "section" for one in places) :]
    return TypedQuiz(values, rules.shuffle, places, plan.revision)


def _typed_place(place: Place) -> TypedPlace:
    return TypedPlace(
        kind=place.kind,
        question=place.questions[0].question if place.kind == "question" else "",
        tag=place.tag,
        names=tuple(one.question for one in place.questions) if place.kind == "list" else (),
        take=str(place.take),
        worth="times" if place.each is None else "each",
        amount=amount_text(place.weight if place.each is None else place.each),
    )


def from_form(form: FormData, plan: QuizPlan | None, zone: str) -> TypedQuiz:
    """What was posted. What may not change in a published quiz is as it is stored, whatever was posted."""
    stored = None if plan is None else from_plan(plan, zone)
    values = {name: _text(form, name) for name in (*NAMES, *CHOICES)}
    revision = _text(form, "revision")
    made = TypedQuiz(
        {name: values[name] or CHOICES.get(name, "") for name in values},
        "shuffle" in form,
        _places(form),
        int(revision) if WHOLE.fullmatch(revision) else 0,
    )
    if plan is not None and stored is not None and plan.state == "published":
        free = may_change(plan.attempts > 0)
        made.values = {name: value if name in free else stored.values[name] for name, value in made.values.items()}
        made.shuffle, made.places = stored.shuffle, stored.places
    return made


def _places(form: FormData) -> list[TypedPlace]:
    columns = [[value for value in form.getlist(f"place.{name}") if isinstance(value, str)] for name in COLUMNS]
    for name in HEADING:  # programs that know no headings leave them out
        found = [value for value in form.getlist(f"place.{name}") if isinstance(value, str)]
        columns.append(found or [""] * len(columns[0]))
    rows = list(zip(*columns, strict=False))[:MOST_PLACES]
    return [
        TypedPlace(kind, question, tag, tuple(dict.fromkeys(names.split())), take, worth, amount, title, text)
        for kind, question, tag, names, take, worth, amount, title, text in rows
        if kind in ("question", "tag", "list", "section")
    ]


def rules_from(made: TypedQuiz, plan: QuizPlan | None, zone: str) -> QuizRules:
    """The rules that were typed; what cannot be taken is complained about and left out."""
    values = made.values
    stored: QuizRules | None = None if plan is None else plan.rules

    def moment(name: str) -> datetime | None:
        try:
            return moment_from(values[name], zone, name, None if stored is None else getattr(stored, name))
        except InvalidInput as error:
            made.complain(error)
            return None

    def released(name: str) -> datetime | None:
        """The date of what appears on a date; a new one beside another choice is complained about, not dropped."""
        date = RELEASED[name]
        if values[name] != BY_DATE:
            known = None if stored is None else getattr(stored, date)
            if values[date].strip() and values[date].strip() != typed(known, zone):
                made.complain(
                    InvalidInput(_("This date would not be used. Choose “on a date”, or leave it empty."), date)
                )
            return None
        if not values[date].strip():
            made.complain(InvalidInput(_("On which date?"), date))
        return moment(date)

    def apart(name: str) -> Any:
        return "apart" if values[name] in (BY_DATE, BY_HAND) else values[name]

    def whole(name: str) -> int | None:
        text = values[name].strip()
        if not text or WHOLE.fullmatch(text):
            return int(text) if text else None
        made.complain(InvalidInput(_("This is a whole number, or nothing."), name))
        return None

    return QuizRules(
        title=values["title"],
        # Browsers send line ends as programs of old did.
        description=values["description"].replace("\r\n", "\n"),
        minutes=whole("minutes"),
        attempts_allowed=whole("attempts_allowed"),
        counts=cast(Any, values["counts"]),
        seeds=cast(Any, values["seeds"]),
        release=cast(Any, BY_HAND if values["release"] == BY_DATE else values["release"]),
        marks_at=released("release"),
        feedback=apart("feedback"),
        feedback_at=released("feedback"),
        solutions=apart("solutions"),
        solutions_at=released("solutions"),
        requests_until=moment("requests_until"),
        shuffle=made.shuffle,
        opens_at=moment("opens_at"),
        closes_at=moment("closes_at"),
        mode=cast(Any, values["mode"]),
        same_for_all=values["same_for_all"] == EVERYBODY[True],
        navigation=cast(Any, values["navigation"]),
        access_code=values["access_code"].strip(),
        networks=values["networks"].strip(),
        # As they are stored, so that what was not changed is the same.
        browser_keys=values["browser_keys"].replace("\r\n", "\n").strip().lower(),
        honour=values["honour"].replace("\r\n", "\n").strip(),
        grace_seconds=whole("grace_seconds"),
        late_days=whole("late_days") or 0,
        late_percent=whole("late_percent") or 0,
        decay_percent=whole("decay_percent") or 0,
    )


def places_from(made: TypedQuiz) -> list[NewPlace]:
    """The places that were typed; what cannot be taken is complained about."""
    section, places = 0, []
    for index, place in enumerate(made.places):
        if place.kind == "section":
            section += 1
        else:
            places.append(replace(_place(made, place, f"places[{index}]"), section=section))
    return places


def sections_from(made: TypedQuiz) -> list[Section]:
    """The headings that were typed."""
    return [
        Section(place.title.strip(), place.text.replace("\r\n", "\n").strip())
        for place in made.places
        if place.kind == "section"
    ]


def _place(made: TypedQuiz, place: TypedPlace, where: str) -> NewPlace:
    take, amount = 1, amount_from(place.amount)
    if place.kind != "question":
        if WHOLE.fullmatch(place.take.strip()):
            take = int(place.take)
        else:
            made.complain(InvalidInput(_("This is a whole number."), f"{where}.take"))
    if amount is None:
        made.complain(InvalidInput(_("Write this as 2, 1.5 or 1/2."), f"{where}.amount"))
        amount = Fraction(1)
    if place.kind == "tag" and not place.tag.strip():
        made.complain(InvalidInput(_("Which tag?"), f"{where}.tag"))
    if place.kind == "list" and not place.names:
        made.complain(InvalidInput(_("Put questions into this pool, or remove it."), f"{where}.list"))
    return NewPlace(
        question=place.question if place.kind == "question" else None,
        tag=place.tag.strip() if place.kind == "tag" else None,
        questions=place.names if place.kind == "list" else (),
        take=take,
        weight=amount if place.worth != "each" else Fraction(1),
        each=amount if place.worth == "each" else None,
    )


def amount_from(text: str) -> Fraction | None:
    """Points or a factor as people type them; None when they cannot be meant."""
    found = AMOUNT.fullmatch(text.strip())
    if found is None or found[4] == "0" * len(found[4] or "x"):
        return None
    if found[3] is not None:
        return Fraction(int(found[3]), int(found[4]))
    return Fraction(f"{found[1]}.{found[2] or 0}")


def amount_text(amount: Fraction) -> str:
    """An amount as it can be typed again."""
    if amount.denominator == 1 or 10_000 % amount.denominator:
        return str(amount)
    return f"{float(amount):.4f}".rstrip("0").rstrip(".")


def act(made: TypedQuiz, what: str, form: FormData, known: Collection[str]) -> None:
    """Do what a button of the form says to the places: nothing is stored, and nothing that was typed is lost."""
    verb, _colon, rest = what.partition(":")
    places = made.places
    number, _colon, name = rest.partition(":")
    at = int(number) if WHOLE.fullmatch(number) else -1
    if verb == "add" and rest in known:
        target = _text(form, "target")
        into = int(target) if WHOLE.fullmatch(target) else -1
        if 0 <= into < len(places) and places[into].kind == "list":
            names = tuple(dict.fromkeys((*places[into].names, rest)))
            places[into] = replace(places[into], names=names)
        else:
            places.append(TypedPlace("question", question=rest))
    elif verb == "add-tag":
        places.append(TypedPlace("tag", tag=_text(form, "new_tag").strip()))
    elif verb == "add-list":
        places.append(TypedPlace("list"))
    elif verb == "add-section":
        places.append(TypedPlace("section", title=_text(form, "new_section").strip()))
    elif not 0 <= at < len(places):
        return
    elif verb == "up" and at > 0:
        places[at - 1], places[at] = places[at], places[at - 1]
    elif verb == "down" and at + 1 < len(places):
        places[at + 1], places[at] = places[at], places[at + 1]
    elif verb == "remove":
        del places[at]
    elif verb == "drop":
        places[at] = replace(places[at], names=tuple(one for one in places[at].names if one != name))


def _text(form: Mapping[str, Any], name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
