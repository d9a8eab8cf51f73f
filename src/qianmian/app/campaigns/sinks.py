"""Where campaigns may send people: a file, or a receiver that whoever runs the server has named in its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from qianmian.act.deliver.webhook import Receiver
from qianmian.core.errors import InputError

FILE = "file"
#: Begins the name of every variable with a receiver's address; the rest is the receiver's name.
VARIABLE = "QIANMIAN_SINK_"
_SECRET = "_SECRET"  # noqa: S105  # the end of a variable's name
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


def receivers(environment: Mapping[str, str]) -> dict[str, Receiver]:
    """Receiver of each name in small letters: ``QIANMIAN_SINK_CRM``, signed if there is ``QIANMIAN_SINK_CRM_SECRET``.

    Raises:
        InputError: an address is none; names the variable, not its value.
    """
    told = {}
    for variable, address in sorted(environment.items()):
        name = variable.removeprefix(VARIABLE)
        if not variable.startswith(VARIABLE) or name.endswith(_SECRET) or not _NAME.fullmatch(name) or not address:
            continue
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise InputError("sink_address", variable=variable)
        told[name.lower()] = Receiver(address, environment.get(variable + _SECRET, ""))
    return told


def receiver_of(sink: str, environment: Mapping[str, str]) -> Receiver:
    """The receiver of a name.

    Raises:
        InputError: there is none.
    """
    found = receivers(environment).get(sink)
    if not found:
        raise InputError("sink_unset", sink=sink, variable=f"{VARIABLE}{sink.upper()}")
    return found
