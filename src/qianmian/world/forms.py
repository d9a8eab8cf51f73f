"""The forms in which a generated world can be written beside its events: wire JSON, and exports of platforms."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path

from qianmian.world.exports.write import write_exports
from qianmian.world.wire.sensors import item_sets
from qianmian.world.wire.write import PROTOCOLS, write_wire


class Form(Enum):
    """A form; each is a folder of its name in the folder of the world."""

    PARQUET = "parquet"  # the events themselves, which every world has
    SEGMENT = "segment"
    SENSORS = "sensors"
    EXPORTS = "exports"


def write_as(form: Form, world: Path) -> int:
    """Write a generated world in a form; equal worlds give equal bytes.

    Returns:
        Number of messages or rows written; 0 for the form that is there anyway.
    """
    return _WRITERS[form](world)


def _segment(world: Path) -> int:
    return write_wire(world, PROTOCOLS["segment"], world / "segment")


def _sensors(world: Path) -> int:
    count = write_wire(world, PROTOCOLS["sensors"], world / "sensors")
    with (world / "sensors" / "items.jsonl").open("wb") as out:
        out.writelines(item_sets(world / "goods.csv"))
    return count


def _exports(world: Path) -> int:
    return sum(write_exports(world, world / "exports").values())


_WRITERS: dict[Form, Callable[[Path], int]] = {
    Form.PARQUET: lambda world: 0,
    Form.SEGMENT: _segment,
    Form.SENSORS: _sensors,
    Form.EXPORTS: _exports,
}
