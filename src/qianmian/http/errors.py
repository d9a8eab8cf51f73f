"""Errors at the HTTP door: status, and one JSON shape without personal values."""

from __future__ import annotations

import errno
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from qianmian.app.contracts.base import ErrorTold
from qianmian.core.errors import (
    AccessError,
    ConditionError,
    CrossSiteError,
    InputError,
    JobError,
    LakeError,
    LeaseHeldError,
    MappingError,
    PurposeError,
    QianmianError,
    SignInError,
    SnapshotExpiredError,
    StaleCommitError,
    StorageFullError,
    TokenError,
    TooManyAttemptsError,
    UnknownNameError,
    WorkspaceError,
)
from qianmian.privacy.masking import mask_text

#: The narrower kinds stand before the wider ones.
_STATUS: tuple[tuple[type[QianmianError], int], ...] = (
    (UnknownNameError, 404),
    (MappingError, 422),
    (ConditionError, 422),
    (InputError, 400),
    (TokenError, 401),
    (SignInError, 401),
    (TooManyAttemptsError, 429),
    (CrossSiteError, 403),
    (PurposeError, 403),
    (AccessError, 403),
    (LeaseHeldError, 409),
    (SnapshotExpiredError, 409),
    (StaleCommitError, 409),
    (StorageFullError, 507),
    (LakeError, 500),
    (WorkspaceError, 500),
    (JobError, 500),
)
_MEANINGS = {
    400: "the request cannot be used",
    401: "nobody is signed in, or the token is missing or wrong",
    403: "the purpose is not registered, or another site's page asks",
    404: "there is no such name",
    409: "another process writes to the workspace",
    413: "the body is too large",
    422: "a mapping, a condition or a parameter does not fit",
    429: "a password was tried too often",
    500: "stored data is not as it must be, or something unexpected",
    507: "the disk has no room",
}
#: Codes of errors that the framework raises.
_CODES = {400: "input", 404: "unknown_path", 405: "unknown_method", 413: "too_large"}


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The error responses of a route, for its documentation; some are every route's."""
    every = sorted({401, 422, 500, *statuses})
    return {status: {"model": ErrorTold, "description": _MEANINGS[status]} for status in every}


def status_of(error: QianmianError) -> int:
    """The HTTP status of one of our errors.

    >>> status_of(UnknownNameError("there is no tag 'x'."))
    404
    """
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def answer(status: int, error: ErrorTold, headers: dict[str, str] | None = None) -> JSONResponse:
    """An error as a response, personal values masked."""
    safe = ErrorTold(code=error.code, what=mask_text(error.what), hint=mask_text(error.hint))
    named = {"www-authenticate": "Bearer"} if status == 401 else {}
    return JSONResponse(safe.model_dump(), status, named | (headers or {}))


def answer_to(error: Exception) -> JSONResponse:
    """The response to any error; of one that is not ours only the kind is told."""
    match error:
        case QianmianError():
            seconds = error.context.get("seconds")
            headers = {"retry-after": str(seconds)} if seconds else None
            return answer(status_of(error), ErrorTold(code=error.code, what=error.what, hint=error.hint), headers)
        case HTTPException():
            if isinstance(error.__cause__, OSError):  # of the form parser, which met a full disk
                return answer_to(error.__cause__)
            code = _CODES.get(error.status_code, "http")
            return answer(error.status_code, ErrorTold(code=code, what=str(error.detail)))
        case RequestValidationError():
            return answer(422, ErrorTold(code="input", what=_problems(error), hint="see /api/openapi.json"))
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return answer(507, ErrorTold(code=StorageFullError.code, what="no room on disk for the upload."))
        case _:
            what = f"unexpected {type(error).__name__}."
            return answer(500, ErrorTold(code="unexpected", what=what, hint="check the workspace: qianmian doctor"))


def register(app: FastAPI) -> None:
    """Answer our errors, and those of the framework, in one shape."""

    def respond(_: Request, error: Exception) -> JSONResponse:
        return answer_to(error)

    for kind in (QianmianError, HTTPException, RequestValidationError):
        app.add_exception_handler(kind, respond)


def _problems(error: RequestValidationError) -> str:
    """Where a request does not fit, and why; never what it held."""
    places = (".".join(map(str, one["loc"])) + f": {one['msg']}" for one in error.errors())
    return "; ".join(places)[:1000]
