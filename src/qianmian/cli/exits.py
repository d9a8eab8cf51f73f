"""How a command ends: one table of exit codes, and the words on standard error."""

from __future__ import annotations

import re

from qianmian.core.errors import (
    AccessError,
    InputError,
    JobError,
    JournalError,
    LakeError,
    NotTakenError,
    QianmianError,
    WorkspaceError,
)
from qianmian.core.language import Language
from qianmian.core.messages import Message

OK = 0
DECLINED = 1
INPUT = 2
WORKSPACE = 4
ALERT = 6
UNEXPECTED = 70
INTERRUPTED = 130
BROKEN_PIPE = 141

#: Code → what it means; also the table in docs/reference/cli.md.
MEANINGS: dict[int, str] = {
    OK: "done",
    DECLINED: "nothing was done: the question was answered with no",
    INPUT: "the command line, a file, a mapping, a condition or a name cannot be used",
    3: "not allowed: the purpose is not registered, or the token is wrong",
    WORKSPACE: "the workspace or its stored data is not as it must be, or another process writes to it",
    5: "the job failed, was cancelled, or found no room on disk",
    ALERT: "done; an alert on the quality of the data goes on that nobody looks after",
    UNEXPECTED: "unexpected; `QIANMIAN_DEBUG=1` shows where",
    INTERRUPTED: "interrupted from the keyboard; nothing half-done is visible",
    BROKEN_PIPE: "who read the output went away",
}
_BY_ERROR: tuple[tuple[type[QianmianError], int], ...] = (
    (InputError, INPUT),
    (AccessError, 3),
    (LakeError, WORKSPACE),
    (WorkspaceError, WORKSPACE),
    (JournalError, WORKSPACE),
    (NotTakenError, WORKSPACE),
    (JobError, 5),
)
#: What moves a terminal's cursor or changes its colours, if it stood in a name from outside.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def exit_code(error: QianmianError) -> int:
    """The exit code of one of our errors.

    >>> exit_code(JobError("job_cancelled"))
    5
    """
    return next((code for kind, code in _BY_ERROR if isinstance(error, kind)), UNEXPECTED)


def error_text(message: Message, language: Language = Language.EN) -> str:
    """An error as it is shown.

    >>> print(error_text(Message("no_batch", batch=7)))
    error: there is no batch 7.
    hint: see them: qianmian import list
    """
    ended = "ended_with_hint" if message.hint(language) else "ended"
    return printable(Message(ended, message=message).what(language))


def printable(text: str) -> str:
    r"""A text with control characters spelled out.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    """
    return _CONTROL.sub(lambda hit: f"\\x{ord(hit[0]):02x}", text)
