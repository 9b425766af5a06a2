"""The duties of Gradus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.jobs.deadlines import HandInOverdue
from app.jobs.duty import Duty
from app.jobs.grading import GradeSubmissions
from app.jobs.idempotency import ForgetRequests
from app.jobs.mails import SendMails
from app.jobs.regrades import Regrades
from app.jobs.sessions import ForgetSessions
from app.jobs.variants import MakeVariantsAhead
from app.jobs.webhooks import DeliverEvents, ForgetDeliveries
from app.services.operating.postman import Postman
from app.services.operating.transactions import Transactions
from app.settings import Settings

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


def all_duties(transactions: Transactions, sandbox: Runs, settings: Settings) -> list[Duty]:
    """Every duty, the quick ones first: grading takes what threads they leave."""
    grading = GradeSubmissions(transactions, sandbox)
    return [
        ForgetSessions(transactions),
        ForgetRequests(transactions),
        ForgetDeliveries(transactions),
        SendMails(transactions, Postman(settings)),
        HandInOverdue(transactions, settings.grace_seconds),
        DeliverEvents(transactions, private_targets=settings.webhook_private_targets),
        grading,
        Regrades(transactions, grading),
        MakeVariantsAhead(transactions, sandbox),
    ]
