"""Errors at the HTTP door: status, and one JSON shape without personal values."""

from __future__ import annotations

import errno
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from qianmian.app.contracts.base import ErrorTold
from qianmian.core.errors import (
    AccessError,
    CleaningError,
    ConditionError,
    CrossSiteError,
    InputError,
    JobError,
    JournalError,
    JournalFullError,
    LakeError,
    LeaseHeldError,
    MappingError,
    PlanError,
    PurposeError,
    QianmianError,
    RulesError,
    ServerUnreachableError,
    SignInError,
    SnapshotExpiredError,
    SqlError,
    StaleCommitError,
    StorageFullError,
    StoreUnreachableError,
    TokenError,
    TooManyAttemptsError,
    TrafficError,
    UnknownNameError,
    WorkspaceError,
)
from qianmian.core.language import Language
from qianmian.core.messages import Message
from qianmian.core.misfits import misfit
from qianmian.http.language import spoken

#: The narrower kinds stand before the wider ones.
_STATUS: tuple[tuple[type[QianmianError], int], ...] = (
    (UnknownNameError, 404),
    (MappingError, 422),
    (PlanError, 422),
    (TrafficError, 422),
    (RulesError, 422),
    (SqlError, 422),
    (CleaningError, 422),
    (ConditionError, 422),
    (InputError, 400),
    (TokenError, 401),
    (SignInError, 401),
    (TooManyAttemptsError, 429),
    (CrossSiteError, 403),
    (PurposeError, 403),
    (AccessError, 403),
    (LeaseHeldError, 409),
    (ServerUnreachableError, 503),
    (StoreUnreachableError, 503),
    (SnapshotExpiredError, 409),
    (StaleCommitError, 409),
    (StorageFullError, 507),
    (LakeError, 500),
    (WorkspaceError, 500),
    (JobError, 500),
    (JournalFullError, 503),
    (JournalError, 500),
)
_MEANINGS = {
    400: "the request cannot be used",
    401: "nobody is signed in, or the token is missing or wrong",
    403: "the purpose is not registered, or another site's page asks",
    404: "there is no such name",
    409: "another process writes to the workspace",
    413: "the body is too large",
    422: "a mapping, a plan, a condition or a parameter does not fit",
    429: "a password was tried too often",
    500: "stored data is not as it must be, or something unexpected",
    507: "the disk has no room",
}
_MOST_PLACES = 10
#: Errors that the framework raises: code, which is also the name of a message.
_FRAMEWORKS = {404: "unknown_path", 405: "unknown_method", 413: "too_large"}


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of a route, for its documentation; some are every route's."""
    every = sorted({401, 422, 500, *statuses})
    return {status: {"model": ErrorTold, "description": _MEANINGS[status]} for status in every}


def status_of(error: QianmianError) -> int:
    """The HTTP status of one of our errors.

    >>> status_of(UnknownNameError("no_tag", tag="x"))
    404
    """
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def answer_to(error: Exception, language: Language) -> JSONResponse:
    """The response to any error, in a language; of one that is not ours only the kind is told."""
    match error:
        case QianmianError():
            seconds = error.message.values.get("seconds")
            headers = {"retry-after": str(seconds)} if seconds else {}
            return _answer(status_of(error), error.code, error.message, language, headers)
        case HTTPException():
            if isinstance(error.__cause__, OSError):  # of the form parser, which met a full disk
                return answer_to(error.__cause__, language)
            return _answer(error.status_code, *_of_framework(error.status_code), language)
        case RequestValidationError():
            return _answer(422, InputError.code, _unfit(error), language)
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return _answer(507, StorageFullError.code, Message("no_room_for_upload"), language)
        case _:
            return _answer(500, "unexpected", Message("unexpected", kind=type(error).__name__), language)


def register(app: FastAPI) -> None:
    """Answer our errors, and those of the framework, in one shape."""

    def respond(request: Request, error: Exception) -> JSONResponse:
        return answer_to(error, spoken(request))

    for kind in (QianmianError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, respond)


def _answer(
    status: int, code: str, message: Message, language: Language, headers: Mapping[str, str] = MappingProxyType({})
) -> JSONResponse:
    named = {"content-language": language.value, **({"www-authenticate": "Bearer"} if status == 401 else {})}
    return JSONResponse(
        ErrorTold.of(code, message, language).model_dump(exclude_none=True), status, {**named, **headers}
    )


def _of_framework(status: int) -> tuple[str, Message]:
    if status == 400:
        return InputError.code, Message("unreadable_request")
    name = _FRAMEWORKS.get(status)
    return (name, Message(name)) if name else ("http", Message("refused_request", status=status))


def _unfit(error: RequestValidationError) -> Message:
    """Where a request does not fit, and why; never what it held."""
    found = error.errors()[:_MOST_PLACES]
    places = [Message("place_unfit", place=".".join(map(str, one["loc"]))[:100], why=misfit(one)) for one in found]
    return Message("request_unfit", places=places)
