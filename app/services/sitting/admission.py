"""At the door of a quiz: what it asks before somebody may start, and whether an attempt may be seen from here."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from app.domain.errors import InvalidInput, NotAllowed
from app.services.accounts.signing_in import TooSoon
from app.services.accounts.throttling import Throttle
from app.services.quizzes.entry_rules import Seen, in_safe_browser, inside, is_code
from app.storage.tables import Quiz

Where: TypeAlias = Literal["other network", "other browser"]


@dataclass(frozen=True, slots=True)
class Knock:
    """What somebody brings to the door: where they are seen, the code they typed, the honour statement agreed to.

    `throttle` counts wrong codes.
    """

    seen: Seen = field(default_factory=Seen)
    code: str = ""
    honour: bool = False
    throttle: Throttle | None = None


class Elsewhere(NotAllowed):
    """The request comes from another network, or with another browser, than the quiz allows."""

    def __init__(self, where: Where, seen: Seen) -> None:
        address = seen.address or "an unknown address"
        super().__init__(
            f"This quiz can only be sat from certain networks, and you are seen at {address}, which is in none of them."
            " What you have saved is safe. Use the network of the exam, or ask whoever is in charge."
            if where == "other network"
            else "This quiz can only be sat in Safe Exam Browser, with the settings of this very exam. What you have "
            "saved is safe. Open the exam with the file that you were given."
        )
        self.where = where
        self.seen = seen


def elsewhere(networks: str, browser_keys: str, seen: Seen) -> Where | None:
    """What of these rules a request does not satisfy, if any."""
    if not inside(networks, seen):
        return "other network"
    return None if in_safe_browser(browser_keys, seen) else "other browser"


def refuse_elsewhere(networks: str, browser_keys: str, seen: Seen) -> None:
    """Let requests pass that come from where and with what these rules allow.

    Raises:
        Elsewhere: this one does not.
    """
    where = elsewhere(networks, browser_keys, seen)
    if where is not None:
        raise Elsewhere(where, seen)


def admit(quiz: Quiz, person_id: int, knock: Knock) -> None:
    """Let somebody in who may start.

    Raises:
        Elsewhere: not from here, or not with this browser.
        InvalidInput: the honour statement or the code is missing, or the code is wrong; `place` names it.
        TooSoon: after several wrong codes.
    """
    refuse_elsewhere(quiz.networks, quiz.browser_keys, knock.seen)
    if quiz.honour and not knock.honour:
        raise InvalidInput("Please read this and agree to it before you start.", place="honour")
    if not quiz.access_code:
        return
    # For each person and address, as with passwords: nobody can shut anybody else out.
    who = f"quiz {quiz.id} {person_id}"
    wait = knock.throttle.seconds_to_wait(who, knock.seen.address) if knock.throttle else 0
    if wait > 0:
        raise TooSoon(math.ceil(wait), "Too many wrong codes.")
    if not is_code(quiz.access_code, knock.code):
        if knock.throttle:
            knock.throttle.failed(who, knock.seen.address)
        raise InvalidInput("This is not the access code of this quiz.", place="access_code")
    if knock.throttle:
        knock.throttle.succeeded(who, knock.seen.address)


def has_door(quiz: Quiz, sections: bool) -> bool:
    """Whether there is anything to say or to ask before an attempt; without, Start starts at once."""
    asks = quiz.access_code or quiz.networks or quiz.browser_keys or quiz.honour
    says = quiz.navigation == "forward" or sections
    return bool(asks or says or (quiz.mode == "exam" and quiz.minutes is not None))
