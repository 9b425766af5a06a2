"""All routes of version 1."""

from app.api.parameters import OnlyKnownParameters
from app.api.v1 import (
    accommodations,
    attempts,
    bank,
    courses,
    enrolments,
    gradebook,
    health,
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
    requests,
    gradebook,
    webhooks,
):
    router.include(noun.router)
