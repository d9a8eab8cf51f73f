"""Which address belongs to which dialect, and one way to read them all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from urllib.parse import parse_qs

from qianmian.collect.wire import segment, sensors
from qianmian.collect.wire.contracts import Delivery, Request

#: Protocols that a source may speak.
DIALECTS = (segment.DIALECT, sensors.DIALECT)
Read = Callable[[Request, datetime, bytes], Delivery]


class Door(Enum):
    """What stands behind an address."""

    SEGMENT = "segment"
    SENSORS = "sensors"
    SETTINGS = "settings"  # of Segment's SDK for browsers
    SOURCE = "source"  # of RudderStack's
    METRICS = "metrics"  # what Segment's SDK tells of itself; nobody needs it


METHODS = {
    Door.SEGMENT: ("POST",),
    Door.SENSORS: ("GET", "POST"),
    Door.SETTINGS: ("GET",),
    Door.SOURCE: ("GET",),
    Door.METRICS: ("POST",),
}
_READ: dict[Door, Read] = {Door.SEGMENT: segment.read, Door.SENSORS: sensors.read}
_PROJECTS, _SETTINGS = "/v1/projects/", "/settings"
_FIXED = {
    **dict.fromkeys((*segment.SINGLE, *segment.BATCHES), Door.SEGMENT),
    **dict.fromkeys(sensors.PATHS, Door.SENSORS),
    "/v1/m": Door.METRICS,
    "/sourceConfig": Door.SOURCE,
}


def find_door(path: str) -> Door | None:
    """What stands behind a path, with or without a slash at its end; nothing = the path is none of ours.

    >>> find_door("/v1/batch/"), find_door("/v1/projects/abc/settings"), find_door("/api/people")
    (<Door.SEGMENT: 'segment'>, <Door.SETTINGS: 'settings'>, None)
    """
    path = path.rstrip("/")
    if path.startswith(_PROJECTS) and path.endswith(_SETTINGS):
        return Door.SETTINGS
    return _FIXED.get(path)


def settings_key(path: str) -> str:
    """The write key in the address of settings."""
    return path.rstrip("/").removeprefix(_PROJECTS).removesuffix(_SETTINGS)


def read(request: Request, received_at: datetime, key: bytes) -> Delivery:
    """The events of a request to `Door.SEGMENT` or `Door.SENSORS`.

    Args:
        request: its path as `find_door` knows it, without a slash at the end.
        received_at: when it came, UTC.
        key: keys the ids of events that have none; at most 64 bytes, never another for the same workspace.

    Raises:
        WireError: the request as a whole cannot be taken.
    """
    door = _FIXED[request.path]
    return _READ[door](request, received_at, key)


def told_key(request: Request) -> str:
    """The write key as far as a request says it before its body; may be empty.

    >>> told_key(Request("POST", "/sa", b"project=shop", {}, b""))
    'shop'
    """
    if key := segment.basic_user(request.headers.get("authorization", "")):
        return key
    query = parse_qs(request.query.decode("latin-1"))
    return next((query[name][0] for name in ("writeKey", "token", "project") if name in query), "")
