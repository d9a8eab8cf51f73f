"""Where syncs may write back to: databases that whoever runs the server has named in its environment."""

from __future__ import annotations

import re
from collections.abc import Mapping

from qianmian.act.deliver.database import Database
from qianmian.core.errors import InputError

#: Begins the name of every variable with such an address; the rest is the database's name. Those that are pulled from
#: have another, so that what may be read is not what may be written.
VARIABLE = "QIANMIAN_TARGET_"
_NAME = re.compile(r"[A-Z][A-Z0-9_]{0,39}")


def databases(environment: Mapping[str, str]) -> dict[str, Database]:
    """Database of each name in small letters: ``QIANMIAN_TARGET_CRM`` is ``crm``."""
    named = {
        variable.removeprefix(VARIABLE): url
        for variable, url in sorted(environment.items())
        if variable.startswith(VARIABLE)
    }
    return {name.lower(): Database(url) for name, url in named.items() if _NAME.fullmatch(name) and url}


def database_of(sink: str, environment: Mapping[str, str]) -> Database:
    """The database of a name.

    Raises:
        InputError: there is none.
    """
    found = databases(environment).get(sink)
    if not found:
        raise InputError("target_unset", sink=sink, variable=f"{VARIABLE}{sink.upper()}")
    return found
