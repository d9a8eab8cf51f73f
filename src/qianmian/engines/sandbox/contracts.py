"""What passes between the sandbox and its child process: limits, an order, and what the head of an answer may say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Limits:
    """What one run of a person's SQL may take.

    Attributes:
        seconds: from the first row read to the last one written; the start of the process is not counted.
        memory_mib: beyond the process itself and what it is given, in MiB.
        rows: of the result.
        bytes: of the result, as an Arrow stream.
    """

    seconds: float = 30
    memory_mib: int = 512
    rows: int = 10_000_000
    bytes: int = 256 << 20


@dataclass(frozen=True)
class Given:
    """A relation on its way.

    Attributes:
        columns: their names.
        fd: the file descriptor, in the child, of an Arrow stream with its rows.
    """

    columns: Sequence[str]
    fd: int


@dataclass(frozen=True)
class Order:
    """What the child shall do.

    Attributes:
        sql: what somebody wrote.
        given: name → relation.
        limits: what it may take.
        parent: the process id without which the child shall not live on.
        is_checked: whether the text is checked first. Only tests say no, to show that the walls hold by themselves.
    """

    sql: str
    given: Mapping[str, Given]
    limits: Limits
    parent: int
    is_checked: bool = True

    def written(self) -> bytes:
        """The order as JSON."""
        return json.dumps(asdict(self)).encode()

    @staticmethod
    def read(text: bytes) -> Order:
        """The order that `written` wrote."""
        fields = json.loads(text)
        given = {name: Given(**one) for name, one in fields.pop("given").items()}
        return Order(given=given, limits=Limits(**fields.pop("limits")), **fields)


class State(StrEnum):
    """How a run ended, as the child tells it in the first line of its answer, a JSON object; ``words`` say more."""

    DONE = "done"  # an Arrow stream follows
    REFUSED = "refused"  # by the check; a stored message
    UNBOUND = "unbound"  # names or types do not fit; DuckDB's words, which no row has touched
    CONVERSION = "conversion"
    OUT_OF_RANGE = "out of range"
    DIVISION = "division"  # by zero
    FAILED = "failed"  # the kind of DuckDB's error alone: its words may quote a row
    MEMORY = "memory"
    ROWS = "rows"
    BYTES = "bytes"


#: No head is longer, in bytes.
LONGEST_HEAD = 1 << 16
