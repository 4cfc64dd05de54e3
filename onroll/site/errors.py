"""What is said when something went wrong: a reference to read out, and nothing of what went wrong.

The same reference stands in the server's log beside the error. A page that is not found has none: it must be the same
for a child out of reach and one that never was.
"""

import logging
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template

from onroll.access.models import a_reference

logger = logging.getLogger(__name__)

# When to come back while the database is away or has no connection free.
RETRY_AFTER = 30


def could_not_be_read(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What the browser sent makes no sense, or is more than is taken."""
    return _said("400.html", 400, type(exception).__name__)


def form_out_of_date(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, or with an old one."""
    return _said("403_csrf.html", 403, "form token")


def went_wrong(request: HttpRequest) -> HttpResponse:
    """An error of our own, or of what Onroll stands on: the database that is away, or too busy."""
    error = sys.exc_info()[1]
    if not isinstance(error, OperationalError | InterfaceError):
        return _said("500.html", 500, type(error).__name__)
    response = _said("503.html", 503, type(error).__name__)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def _said(template: str, status: int, what: str) -> HttpResponse:
    reference = a_reference()
    reference = f"{reference[:4]} {reference[4:]}"
    logger.error("Reference %s: %s, answered %s", reference, what, status)
    # Without the request: who asks and for whom may be what could not be found out.
    return HttpResponse(get_template(template).render({"reference": reference}), status=status)
