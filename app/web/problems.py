"""Pages that say in words what went wrong."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.domain.errors import GradusError
from app.services.accounts.sessions import Visitor
from app.web.templating import html_page
from app.web.visitors import session_token, visitor_or_nobody
from app.web.wording import gettext as _
from app.web.wording import told


def title_of(status: int) -> str:
    """A heading for that status."""
    titles = {
        403: _("This is not possible"),
        404: _("There is nothing here"),
        405: _("There is nothing here"),
        409: _("Something else came first"),
        413: _("That was too much"),
        422: _("This could not be taken"),
        429: _("A moment, please"),
        503: _("Not at the moment"),
    }
    return titles.get(status, _("Something went wrong") if status >= 500 else _("This is not possible"))


def _visitor(request: Request) -> Visitor | None:
    """Who asks for an address that no route knows: nobody has looked that up yet."""
    if not session_token(request):
        return None
    try:
        with request.app.state.transactions.reading() as tx:
            return visitor_or_nobody(request, tx)
    except GradusError:
        return None


def problem_page(request: Request, status: int, says: str) -> Response:
    """The page for people, with the ways on that they have where it is known who asks."""
    visitor = getattr(request.state, "visitor", None)
    if visitor is None and status in (404, 405):
        visitor = _visitor(request)
    title = title_of(status)
    return html_page(
        request, "problems/problem.html", status=status, visitor=visitor, number=status, title=title, says=told(says)
    )
