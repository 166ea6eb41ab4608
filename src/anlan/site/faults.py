"""From any exception that is the caller's fault, or nobody's, to the problem that says so. The rest stays a failure."""

from typing import Any

import structlog
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.db import DatabaseError, DataError, IntegrityError
from django.http import Http404, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext_lazy as _
from psycopg import errors as pg

from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem

log = structlog.get_logger(__name__)


class Unreadable(Problem):
    code = "request.unreadable"
    status = 400
    default_message = _("The request could not be read.")


class TooLarge(Problem):
    code = "request.too_large"
    status = 413
    default_message = _("The request is larger than is accepted here.")


class LengthNeeded(Problem):
    code = "request.length_needed"
    status = 411
    default_message = _("Send the request with its length (Content-Length).")


class WrongType(Problem):
    code = "request.wrong_type"
    status = 415
    default_message = _("This kind of content is not accepted here.")


class NotAllowed(Problem):
    code = "request.method"
    status = 405
    default_message = _("This cannot be asked for in this way.")


class Busy(Conflict):
    code = "busy"
    default_message = _("Somebody else is changing this right now. Try again in a moment.")


class Unavailable(Problem):
    code = "unavailable"
    status = 503
    default_message = _("The database does not answer just now. Nothing was saved; please try again in a moment.")


CLIENT_ERRORS: dict[type[Exception], type[Problem]] = {
    RequestDataTooBig: TooLarge,
    TooManyFieldsSent: TooLarge,
    TooManyFilesSent: TooLarge,
    SuspiciousOperation: Unreadable,
    UnreadablePostError: Unreadable,
    UnicodeEncodeError: Unreadable,  # half a character on its way to the database
    MultiPartParserError: Unreadable,
    Http404: NotFound,
}
DATABASE_ERRORS: dict[type[Exception], type[Problem]] = {
    pg.InsufficientPrivilege: Forbidden,
    pg.LockNotAvailable: Busy,
    pg.DeadlockDetected: Busy,
    pg.SerializationFailure: Busy,
    pg.UniqueViolation: Conflict,
    pg.ForeignKeyViolation: Conflict,
    pg.AdminShutdown: Unavailable,
    pg.CrashShutdown: Unavailable,
    pg.CannotConnectNow: Unavailable,
    pg.TooManyConnections: Unavailable,
}


def as_problem(error: Exception) -> Problem | None:
    """The problem to answer with, or None when the fault is ours."""
    if isinstance(error, Problem):
        return error
    for kind, problem in CLIENT_ERRORS.items():
        if isinstance(error, kind):
            return problem()
    if isinstance(error, DatabaseError):
        return _of_database(error)
    return None


def _of_database(error: DatabaseError) -> Problem | None:
    cause: Any = error.__cause__
    log.warning("database.refused", error=type(cause).__name__)
    for kind, problem in DATABASE_ERRORS.items():
        if isinstance(cause, kind):
            return problem()
    if isinstance(error, DataError):
        return Invalid(_("A value is out of range or cannot be stored."), code="out_of_range")
    if isinstance(error, IntegrityError):
        return Conflict()
    return None
