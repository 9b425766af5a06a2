"""What a marker sees of one answer: the part as it was asked, what was answered, and the rubric with all opinions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.decisions import ON_TOP, Verdict, worths_in
from app.domain.errors import NotFound
from app.services.marking.grading import decisions_of
from app.services.marking.regrade_standing import comment_beside, regrade_behind
from app.services.operating.transactions import Transaction
from app.services.sitting.exam_pages import PartView, part_view
from app.storage import desk as stored
from app.storage import gradings, questions
from app.storage.changes import SURVEY
from app.storage.desk import Answered
from app.storage.tables import Judgement

ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class DeskCriterion:
    """One line of the rubric, in the question's own points, which go from `least` to `most`.

    `machine`: what the machine gives, or only suggests (then `open`); None where it has no opinion; `alone`: what it
    is sure of about this criterion, even where another counts instead. `decided`: what a person gave, in the points of
    this rubric; `given` points `of` others, where the criterion was worth these then.
    `open`: nobody has decided yet; `unsure`: nor has the machine. `on_top`: a deduction from the part as it stood
    after somebody had moved it.
    """

    id: str
    says: str
    why: str
    level: int
    alternative: bool
    least: Fraction
    most: Fraction
    machine: Fraction | None
    alone: Fraction | None
    open: bool
    unsure: bool
    decided: Fraction | None
    given: Fraction | None
    of: Fraction | None
    comment: str
    by: str
    on_top: bool

    @property
    def worth(self) -> Fraction:
        """What there is to give, or to take away."""
        return self.least or self.most

    @property
    def partial(self) -> bool:
        """Whether some of the points of another rubric were given, so that a person may look again."""
        return self.given is not None and Verdict(self.given, self.of).partial

    @property
    def now(self) -> Fraction | None:
        """What it is worth at the moment."""
        return self.decided if self.decided is not None else None if self.open else self.machine


@dataclass(frozen=True, slots=True)
class DeskAnswer:
    """An answer to a part. Names are empty while they are hidden; `seen` is the newest decision that is shown here.

    `rubric`: the number of the question version whose rubric is shown. `moved`: somebody has decided by how much the
    part is moved, if by nothing; `reason`: why, where that was a regrade. `comment`: what markers say about the part.
    """

    title: str
    stem: str
    part: PartView
    weight: Fraction
    state: str
    points: Fraction
    upto: Fraction
    max: Fraction
    cause: str
    words: Mapping[str, tuple[tuple[int, int, str], ...]]
    invalid: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    mistakes: tuple[str, ...]
    criteria: tuple[DeskCriterion, ...]
    adjustment: Fraction
    moved: bool
    comment: str
    reason: str
    solution: str
    surveyed: tuple[str, ...]
    seen: int
    rubric: int
    decided_by: tuple[str, ...]
    name: str
    login: str

    @property
    def flat(self) -> bool:
        """Whether the points of the criteria simply add up."""
        return not any(line.level or line.alternative for line in self.criteria)

    @property
    def suggests(self) -> bool:
        """Whether the machine has an opinion on everything that is still open."""
        still = [line for line in self.criteria if line.open]
        return bool(still) and all(line.machine is not None for line in still)


def answer_of(tx: Transaction, row: Answered, part: str, *, names: bool, blind: bool = False) -> DeskAnswer:
    """Everything about an answer to a part; the person only when names are shown.

    `blind`: as if nobody had decided anything, but for the points of the part, which are not for such a marker.

    Raises:
        NotFound: its variant has no such part.
    """
    shown = part_shown(row, part)
    view = part_view(shown, ONE, {name: (value, 0) for name, value in row.answers.items()})
    judged = [] if blind else stored.decided(tx, [row.item_id], part)
    newest = newest_of([one for one, _ in judged])
    by = {one.id: name for one, name in judged}
    grading = row.grading
    credit = part_credit(grading.credit if grading is not None else None, part)
    cause = ""
    if grading is not None and grading.credit is None:
        cause = gradings.cause_of(tx, grading.observation_id)
    whole = [one for one, _ in judged if not one.criterion]
    fields = {field.id for field in view.fields}
    invalid = (grading.credit or {}).get("invalid", ()) if grading is not None else ()
    said = row.answers.get(SURVEY, ())
    most = part_worth(tx, row, part)
    moved = Verdict(whole[-1].verdict, whole[-1].worth).in_part(most) if whole and whole[-1].decides else None
    return DeskAnswer(
        title=row.rendered["title"],
        stem=row.rendered["stem"],
        part=view,
        weight=row.weight,
        state=str(credit.get("state", grading.state if grading is not None else "")),
        points=Fraction(credit.get("points", 0)),
        upto=Fraction(credit.get("upto", most)),
        max=most,
        cause=cause,
        words={
            name: tuple((int(start), int(end), str(mark)) for start, end, mark in found)
            for name, found in (credit.get("words") or {}).items()
        },
        invalid=tuple((one["field"], one["why"]) for one in invalid if one["field"] in fields),
        notes=tuple(credit.get("notes", ())),
        mistakes=tuple(one["says"] for one in credit.get("mistakes", ()) if one["says"]),
        criteria=tuple(_criteria(tx, row, part, credit, newest, by)),
        adjustment=moved or Fraction(0),
        moved=moved is not None,
        comment=comment_beside(whole),
        reason=regrade_behind(whole),
        solution=(row.solution.get("parts") or {}).get(part, ""),
        surveyed=tuple(field.id for field in view.fields if field.id in said),
        seen=judged[-1][0].id if judged else 0,
        rubric=questions.number(tx, rubric_of(row)),
        decided_by=tuple(dict.fromkeys(by[one.id] for one in newest.values() if not one.withdrawn)),
        name=row.name if names else "",
        login=row.login if names else "",
    )


def part_shown(row: Answered, part: str) -> Mapping[str, Any]:
    """A part as it was asked.

    Raises:
        NotFound: the variant that was answered has no such part.
    """
    for one in row.rendered["parts"]:
        if one["id"] == part:
            shown: Mapping[str, Any] = one
            return shown
    raise NotFound("There is no such part in what was answered.")


def rubric_of(row: Answered) -> int:
    """The question version whose rubric is shown: that of the grading, or of the one to come where there is none."""
    return row.grading.question_version_id if row.grading is not None else row.version_id


def part_worth(tx: Transaction, row: Answered, part: str) -> Fraction:
    """All points of a part, in the rubric that is shown."""
    credit = part_credit(row.grading.credit if row.grading is not None else None, part)
    if "max" in credit:
        return Fraction(credit["max"])
    worths = worths_in(questions.package(tx, rubric_of(row))["question"]["parts"])
    return worths.get((part, ""), Fraction(part_shown(row, part)["points"]))


def newest_of(judged: Sequence[Judgement]) -> dict[str, Judgement]:
    """The newest decision by criterion; they come oldest first."""
    return {one.criterion: one for one in judged}


def newest_by_answer(tx: Transaction, item_ids: Collection[int], part: str) -> dict[int, dict[str, Judgement]]:
    """The newest decision by answer and criterion; nothing for answers about which nobody has decided."""
    found: dict[int, dict[str, Judgement]] = {}
    for one, _name in stored.decided(tx, item_ids, part):
        found.setdefault(one.submission_item_id, {})[one.criterion] = one
    return found


def part_credit(credit: Mapping[str, Any] | None, part: str) -> Mapping[str, Any]:
    """What one part was credited with; empty where nothing could be."""
    found: Mapping[str, Any] = next((one for one in (credit or {}).get("parts", ()) if one["id"] == part), {})
    return found


def suggestion(line: Mapping[str, Any]) -> Fraction | None:
    """What the machine gives for a criterion by itself, or suggests where a person is needed."""
    if Fraction(line.get("upto", line["points"])) == Fraction(line["points"]):
        return Fraction(line["points"])
    return Fraction(line["suggested"]) if "suggested" in line else None


def judged_alone(line: Mapping[str, Any]) -> Fraction | None:
    """What the machine gives for a criterion, whatever counts instead of it; None where a person would have to say."""
    least, most = line.get("alone") or (line["points"], line.get("upto", line["points"]))
    return Fraction(least) if Fraction(least) == Fraction(most) else None


def undecided(line: Mapping[str, Any]) -> bool:
    """Whether a person is still needed for a criterion."""
    return Fraction(line.get("upto", line["points"])) != Fraction(line["points"])


def waits_for(credit: Mapping[str, Any] | None, part: str, newest: Mapping[str, Judgement]) -> frozenset[str]:
    """The criteria of a part that a person still has to decide, after these decisions; "": the part as a whole.

    Nothing where the part is decided, however many of its criteria are open.
    """
    found = part_credit(credit, part)
    if found.get("state") != "needs-person":
        return frozenset()
    decided = {name for name, one in newest.items() if one.decides}
    names = {line["id"] for line in found.get("criteria", ()) if undecided(line)} or {""}
    return frozenset(names - decided)


def shown_text(rendered: Mapping[str, Any], part: str, answers: Mapping[str, Any]) -> str:
    """The texts in an answer to a part, to tell apart the wordings of a group."""
    fields = next((one["fields"] for one in rendered["parts"] if one["id"] == part), ())
    return "\n".join(value for field in fields if isinstance(value := answers.get(field["id"]), str))


def _criteria(
    tx: Transaction,
    row: Answered,
    part: str,
    credit: Mapping[str, Any],
    newest: Mapping[str, Judgement],
    by: Mapping[int, str],
) -> list[DeskCriterion]:
    lines = credit.get("criteria", ())
    # Credit of an older release does not say what the machine alone would have given.
    untold = any(line.get("person") and "machine" not in line for line in lines)
    alone = _by_itself(tx, row, part) if untold else {}
    decisions = decisions_of(list(newest.values()))
    found = []
    for line in lines:
        decision = newest.get(line["id"])
        counts = decision if decision is not None and not decision.withdrawn else None
        told = line.get("machine") or alone.get(line["id"]) if line.get("person") else line
        worth = Fraction(line["max"])
        verdict = Verdict(counts.verdict, counts.worth) if counts is not None else None
        moved = verdict is not None and verdict.moved_to(worth)
        found.append(
            DeskCriterion(
                id=line["id"],
                says=line.get("says", ""),
                why=told.get("why", "") if told is not None else "",
                level=int(line.get("level", 0)),
                alternative=bool(line.get("alternative", False)),
                least=min(worth, Fraction(0)),
                most=max(worth, Fraction(0)),
                machine=suggestion(told) if told is not None else None,
                alone=judged_alone(told) if told is not None else None,
                open=counts is None and (told is None or undecided(told)),
                unsure=told is not None and undecided(told),
                decided=verdict.at(worth) if verdict is not None else None,
                given=verdict.points if verdict is not None and moved else None,
                of=verdict.of if verdict is not None and moved else None,
                comment=counts.comment if counts is not None else "",
                by=by.get(counts.decided_in, by[counts.id]) if counts is not None else "",
                on_top=f"{part}.{line['id']}{ON_TOP}" in decisions,
            )
        )
    return found


def _by_itself(tx: Transaction, row: Answered, part: str) -> dict[str, Mapping[str, Any]]:
    """What the machine said about each criterion before a person decided: from the newest grading that still has it.

    What it said by another rubric is no opinion about this one.
    """
    found: dict[str, Mapping[str, Any]] = {}
    for grading in stored.gradings(tx, row.item_id):
        if grading.question_version_id != rubric_of(row):
            continue
        for line in part_credit(grading.credit, part).get("criteria", ()):
            if not line.get("person"):
                found.setdefault(line["id"], line)
    return found
