"""What was handed in, what graders saw, what people judged, and what it is worth. All append-only."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.tables.attempts import Attempt, AttemptItem
from app.storage.tables.columns import Id, Row, bounded, one_of


class Submission(Row):
    """An attempt handed in. The receipt is a SHA-256 over everything that was.

    Only the newest submission of an attempt counts; the ones before are `superseded`. `factor` is what is left of its
    points after the quiz's rules for late and repeated attempts, `deductions` why ([kind, count, percent], in order);
    whether it was late is judged by `done_at`, when its answers were there (none: when it was handed in).
    """

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("attempt_id", "number"), bounded("number", 1, 100_000))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    number: Mapped[int]
    at: Mapped[datetime]
    receipt: Mapped[str] = mapped_column(String(64), index=True)
    factor: Mapped[Fraction] = mapped_column(default=Fraction(1), server_default="1/1")
    superseded: Mapped[bool] = mapped_column(default=False, server_default=false())
    deductions: Mapped[list[Any] | None]
    done_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship(lazy="raise")


class FactorChange(Row):
    """Another factor of an attempt than before, and why: somebody waived its deductions (or took that back), or it
    had more time than was known when it was handed in. Append-only.
    """

    __tablename__ = "factor_changes"
    __table_args__ = (one_of("kind", "waived", "waiver withdrawn", "more time"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    before: Mapped[Fraction]
    after: Mapped[Fraction]
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime]


class SubmissionItem(Row):
    """One question handed in, with its frozen answers. Only what counts ever changes: the grading, and the version.

    `version_id`: the question version whose rubric counts, where a regrade chose another than the attempt was sat with.
    `observation_id`: the facts that count. They stay while credit is computed anew, so that only a regrade with the
    graders of a newer release, never a person's decision about one criterion, lets other graders have their say.
    """

    __tablename__ = "submission_items"
    __table_args__ = (
        UniqueConstraint("submission_id", "attempt_item_id"),
        Index("ix_submission_items_current_grading_id", "current_grading_id"),
        # Which gradings count in a quiz is read from here, without the answers themselves, however long these are.
        Index("ix_submission_items_standing", "submission_id", "current_grading_id", "version_id", "attempt_item_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    submission_id: Mapped[int] = mapped_column(ForeignKey("submissions.id"))
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id"), index=True)
    answers_frozen: Mapped[dict[str, Any]]
    current_grading_id: Mapped[int | None] = mapped_column(ForeignKey("gradings.id", use_alter=True))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id"))
    observation_id: Mapped[int | None] = mapped_column(ForeignKey("observations.id", use_alter=True))

    submission: Mapped[Submission] = relationship(lazy="raise")
    attempt_item: Mapped[AttemptItem] = relationship(lazy="raise")
    current_grading: Mapped[Grading | None] = relationship(
        lazy="raise", foreign_keys=[current_grading_id], post_update=True
    )


class Observation(Row):
    """The facts a grader stated about one submitted question; or why it could not (`cause`, and no facts).

    The fingerprint of a failed run is "failed-1", "failed-2", …: nothing was stated, so nothing stated it.
    """

    __tablename__ = "observations"
    __table_args__ = (
        UniqueConstraint("submission_item_id", "observe_hash", "grader_fingerprint", name="uq_observations_of_item"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_items.id"))
    observe_hash: Mapped[str] = mapped_column(String(64))
    grader_fingerprint: Mapped[str] = mapped_column(String(200))
    facts: Mapped[dict[str, Any] | None]
    cause: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]


class Judgement(Row):
    """A person's decision on one criterion; the newest counts, none is ever removed.

    Without a criterion it moves the points of the whole part up or down. `withdrawn`: from here on the machine decides
    again. The second `round` is a second marker's, for comparison: it never counts by itself. `at_desk`: made at the
    marking desk, and not for a request, a difference between markers or a drawing; only there it is undone. `worth`: of
    how many points the verdict is; another rubric gives the same share of its own (app.domain.decisions). `repeats`:
    the points are those of the judgement of that number, which stands on: here only the comment is another one, or what
    came after that was taken back. 0: nobody's points stand, this is only a comment.
    """

    __tablename__ = "judgements"
    __table_args__ = (Index("ix_judgements_submission_item_id", "submission_item_id"), bounded("round", 1, 2))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_items.id"))
    part: Mapped[str] = mapped_column(String(100))
    criterion: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    verdict: Mapped[Fraction]
    verdict_real: Mapped[float]
    worth: Mapped[Fraction | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    round: Mapped[int] = mapped_column(default=1, server_default="1")
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    regrade_id: Mapped[int | None] = mapped_column(ForeignKey("regrades.id"))
    at_desk: Mapped[bool] = mapped_column(default=True, server_default=true())
    repeats: Mapped[int | None] = mapped_column(BigInteger)

    @property
    def decided_in(self) -> int:
        """The number of the judgement that decided these points: this one, or the one that it repeats; 0: none."""
        return self.id if self.repeats is None else self.repeats

    @property
    def decides(self) -> bool:
        """Whether it says how many points there are, and not only something about them."""
        return not self.withdrawn and self.repeats != 0


class Grading(Row):
    """What one submitted question is worth, by one rubric, one observation and the judgements so far."""

    __tablename__ = "gradings"
    __table_args__ = (
        UniqueConstraint(
            "submission_item_id",
            "question_version_id",
            "observation_id",
            "judgement_upto",
            name="uq_gradings_of_item",
        ),
        one_of("state", "graded", "needs-person", "invalid"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_items.id"))
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    observation_id: Mapped[int] = mapped_column(ForeignKey("observations.id"), index=True)
    # The newest judgement that was taken into account, 0 when there was none (a NULL would never be unique).
    judgement_upto: Mapped[int] = mapped_column(Id, default=0)
    credit: Mapped[dict[str, Any] | None]
    state: Mapped[str] = mapped_column(String(20))
    points: Mapped[Fraction]
    points_real: Mapped[float]
    upto: Mapped[Fraction]
    max: Mapped[Fraction]
    created_at: Mapped[datetime]
