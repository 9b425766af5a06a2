"""All routes of version 1."""

from app.api.parameters import OnlyKnownParameters
from app.api.v1 import (
    accommodations,
    attempts,
    audit,
    bank,
    courses,
    deductions,
    enrolments,
    gradebook,
    health,
    marking,
    me,
    quizzes,
    readings,
    requests,
    results,
    sitting,
    variants,
    webhooks,
)
from app.routing.routes import Routes

router = Routes(prefix="/api/v1", dependencies=[OnlyKnownParameters])
for noun in (
    health,
    readings,
    me,
    bank,
    variants,
    courses,
    enrolments,
    quizzes,
    accommodations,
    attempts,
    sitting,
    results,
    deductions,
    requests,
    marking,
    gradebook,
    audit,
    webhooks,
):
    router.include(noun.router)
