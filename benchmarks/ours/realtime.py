"""Our side of what is seen at once: a shop whose last build knows some people, and the cost of typing everything."""

from __future__ import annotations

import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import qianmian
from benchmarks.measuring.acknowledging import bodies
from benchmarks.ours.collect import new_shop as shop_to_send_to
from qianmian.collect.imports.glance import Glance
from qianmian.collect.wire.meanings import mapping_of

PEOPLE = 5000
_MAPPING = """
source: till
format: jsonl
event: {event_id: id, name: {value: Product Viewed}, occurred_at: at}
identifiers: {user_id: user, phone: phone}
"""


def new_shop(folder: str) -> dict[str, Any]:
    """A built shop with one source: write key, port, token, and (user_id, id) of some of its people."""
    made = shop_to_send_to(folder)
    shop = qianmian.open(Path(folder))
    rows = (
        {"id": f"e-{n}", "at": "2026-01-01T00:00:00Z", "user": f"p-{n}", "phone": f"138{n:08}"} for n in range(PEOPLE)
    )
    with TemporaryDirectory() as scratch:
        file, mapping = Path(scratch, "people.jsonl"), Path(scratch, "people.yaml")
        file.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
        mapping.write_text(_MAPPING)
        shop.import_file(file, mapping)
    shop.build()
    people = [(f"p-{number}", shop.profile(f"p-{number}").person) for number in range(0, PEOPLE, 100)]
    token = shop.token()
    shop.close()
    return made | {"token": token, "people": people}


def typing(folder: str, events: int, times: int) -> float:
    """Processor µs an event of typing all that comes in a quarter of a second, so many times."""
    shop = qianmian.open(Path(folder))
    workspace, lines = shop.workspace, bodies(events, times + 1)
    for number, body in enumerate(lines):
        if number == 1:  # the first one loads what it needs
            begun = time.process_time()
        with workspace.spill() as scratch:
            mapping = mapping_of("segment")
            glance = Glance(mapping, workspace.settings, workspace.keys, workspace.suppression, scratch)
            told = glance.events(body.split(b"\n"), workspace.clock.now())
        assert len(told) == events
    used = time.process_time() - begun
    shop.close()
    return 1e6 * used / events / times
