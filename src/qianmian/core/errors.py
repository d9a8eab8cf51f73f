"""Every error that the product raises on purpose.

QianmianError
├── InputError              what a person or a file handed in cannot be used
│   ├── MappingError            an import mapping does not fit its declaration or its file
│   ├── PlanError               a tracking plan does not fit its declaration
│   ├── TrafficError            rules of traffic do not fit their declaration
│   ├── RulesError              identity rules, or kinds of tie, do not fit their declaration
│   ├── CleaningError           cleaning rules do not fit their declaration
│   ├── RowError                one row of a file was refused
│   ├── ConditionError          a condition does not parse or names something unknown
│   ├── SqlError                SQL that somebody wrote is refused, or has a result that does not fit
│   │   └── SqlLimitError           it needs more time, memory or room than it may
│   ├── WireError               a request of a tracking SDK cannot be taken as a whole
│   ├── UnknownNameError        a tag, table, audience, batch or person that does not exist
│   │   └── NotBuiltError           nothing was built yet
│   └── SettingsError           qianmian.toml or the environment holds a wrong value
├── AccessError             somebody may not do this
│   ├── PurposeError            the purpose is not registered, or has no basis
│   ├── TokenError              the API token is missing or wrong
│   ├── SignInError             nobody is signed in, or account or password is wrong
│   ├── TooManyAttemptsError    a password was tried too often
│   └── CrossSiteError          a request comes from another site
├── LakeError               stored data is not as it must be
│   ├── DamagedTableError       a log or data file is missing, short or empty
│   ├── SnapshotExpiredError    the snapshot's pin has ended and its files are gone
│   └── StaleCommitError        somebody else committed in between
├── WorkspaceError          the workspace is missing, foreign, or held by another process
│   ├── LeaseHeldError          another process writes to this workspace
│   ├── ServerUnreachableError  the connection to the database server is lost
│   └── StoreUnreachableError   the object store does not answer, or refuses
├── JournalError            what is received cannot be kept, or not be read back
│   ├── JournalFullError        too much of it waits to be taken in; send it again later
│   └── DamagedJournalError     a file of it cannot be read
├── JobError                a job failed or was cancelled
│   ├── SqlProcessError         the process that ran somebody's SQL gave no answer that can be used
│   └── StorageFullError        the disk has no room, or a file limit was reached
└── NotTakenError           a delivery cannot be made durable now; the sender keeps it and comes again
    └── LimitError              its source sends more than it may

An error names a message of the catalogue and holds its values; the doors put it in words (`messages`). As a text it is
English: what happened, with which value; a blank line; ``hint:`` what to do next.
Personal values never stand in a message unmasked.
"""

from __future__ import annotations

from typing import Any

from qianmian.core.language import Language
from qianmian.core.messages import Message


class QianmianError(Exception):
    """Base of all errors raised on purpose.

    Attributes:
        code: stable machine name of the kind of error, the same at every door.
        message: what happened and what to do next, in no language yet.
    """

    code = "error"

    def __init__(self, message: str, /, **values: Any) -> None:
        """An error that says a message of the catalogue.

        Args:
            message: name of the message.
            values: what its gaps hold.
        """
        self.message = Message(message, **values)
        super().__init__(f"{self.what}\n\nhint: {self.hint}" if self.hint else self.what)

    @property
    def what(self) -> str:
        """What happened, in English."""
        return self.message.what(Language.EN)

    @property
    def hint(self) -> str:
        """What the reader can do next, in English; may be empty."""
        return self.message.hint(Language.EN)


class InputError(QianmianError):
    """What a person or a file handed in cannot be used."""

    code = "input"


class MappingError(InputError):
    """An import mapping does not fit its declaration or its file."""

    code = "mapping"


class PlanError(InputError):
    """A tracking plan does not fit its declaration."""

    code = "plan"


class TrafficError(InputError):
    """Rules of traffic do not fit their declaration."""

    code = "traffic"


class RulesError(InputError):
    """Identity rules, or kinds of tie, do not fit their declaration."""

    code = "rules"


class CleaningError(InputError):
    """Cleaning rules do not fit their declaration."""

    code = "cleaning"


class RowError(InputError):
    """One row of a file was refused; its neighbours go on."""

    code = "row"


class ConditionError(InputError):
    """A condition does not parse, or names something unknown.

    Attributes:
        problems: each mistake with its place, if they have places.
    """

    code = "condition"
    problems: tuple[Any, ...] = ()


class SqlError(InputError):
    """SQL that somebody wrote is refused, fails, or has a result that does not fit."""

    code = "sql"


class SqlLimitError(SqlError):
    """SQL that somebody wrote needs more time, memory or room than it may."""

    code = "sql_limit"


class WireError(InputError):
    """A request of a tracking SDK cannot be taken as a whole."""

    code = "wire"

    @property
    def is_too_large(self) -> bool:
        """Whether size is the reason: the one that a repetition cannot mend and a reader must not swallow."""
        return self.message.name in ("wire_too_large", "wire_too_many")


class UnknownNameError(InputError):
    """A tag, table, audience, batch or person that does not exist."""

    code = "unknown_name"


class NotBuiltError(UnknownNameError):
    """Nothing was built yet, so that nobody has a profile."""

    code = "not_built"


class SettingsError(InputError):
    """``qianmian.toml`` or the environment holds a wrong value."""

    code = "settings"


class AccessError(QianmianError):
    """Somebody may not do this."""

    code = "access"


class PurposeError(AccessError):
    """The purpose is not registered, or has no legal basis."""

    code = "purpose"


class TokenError(AccessError):
    """The API token is missing or wrong."""

    code = "token"


class SignInError(AccessError):
    """Nobody is signed in, or account or password is wrong; which of them is never told."""

    code = "sign_in"


class TooManyAttemptsError(AccessError):
    """A password was tried too often; the message's ``seconds`` say how long to wait."""

    code = "too_many_attempts"


class CrossSiteError(AccessError):
    """A request that changes something comes from a page of another site."""

    code = "cross_site"


class LakeError(QianmianError):
    """Stored data is not as it must be."""

    code = "lake"


class DamagedTableError(LakeError):
    """A log or data file is missing, short or empty."""

    code = "damaged_table"


class SnapshotExpiredError(LakeError):
    """The snapshot's pin has ended and its files are gone."""

    code = "snapshot_expired"


class StaleCommitError(LakeError):
    """Another writer committed in between, or a stream position would go back."""

    code = "stale_commit"


class WorkspaceError(QianmianError):
    """The workspace is missing, foreign, or held by another process."""

    code = "workspace"


class LeaseHeldError(WorkspaceError):
    """Another process writes to this workspace."""

    code = "lease_held"


class ServerUnreachableError(WorkspaceError):
    """The connection to the database server is lost, or was never there."""

    code = "server_unreachable"


class StoreUnreachableError(WorkspaceError):
    """The object store that keeps the lake does not answer, or refuses."""

    code = "store_unreachable"


class JournalError(QianmianError):
    """What is received cannot be kept, or not be read back; nothing of it was acknowledged."""

    code = "journal"


class JournalFullError(JournalError):
    """Too much of what was received waits to be taken in."""

    code = "journal_full"


class DamagedJournalError(JournalError):
    """A file of received requests cannot be read; others can."""

    code = "damaged_journal"


class JobError(QianmianError):
    """A job failed or was cancelled."""

    code = "job"


class SqlProcessError(JobError):
    """The process that ran somebody's SQL gave no answer that can be used."""

    code = "sql_process"


class StorageFullError(JobError):
    """The disk has no room, or a file-size limit was reached."""

    code = "storage_full"


class NotTakenError(QianmianError):
    """A delivery cannot be made durable now; the message's ``seconds`` say when to come again."""

    code = "not_taken"


class LimitError(NotTakenError):
    """A source sends more than it may; the message's ``seconds`` say when to come again."""

    code = "limit"
