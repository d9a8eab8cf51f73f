"""Score resolved traits against what is true, beside two simple ways over the same statements."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping

import pyarrow as pa

from qianmian.world.claim import Claim


def judge_facts(truth: Mapping[str, pa.Table], answers: Mapping[str, pa.Table]) -> list[Claim]:
    """Two claims a trait: it is right, beside the last write, and beside what most statements say.

    Args:
        truth: tables of `generate.read_truth`, with ``registers`` and ``facts`` once `registers.write_registers` ran.
        answers: ``event_persons(event_id, person_id)``, ``traits(person_id, trait, value)`` and
            ``statements(person_id, trait, occurred_at, value)``.

    Returns:
        None for a world without registers, or whose registers nobody imported. People of whom nothing is said of a
        trait are not judged in it.
    """
    if "facts" not in truth or "statements" not in answers:
        return []
    who = _people(truth["registers"], answers["event_persons"])
    true = {
        (who[row["user_id"]], row["trait"]): row["value"] for row in truth["facts"].to_pylist() if row["user_id"] in who
    }
    said = _statements(answers["statements"])
    held = {(row["person_id"], row["trait"]): row["value"] for row in answers["traits"].to_pylist()}
    last = {key: some[-1] for key, some in said.items()}
    most = {key: _most(some) for key, some in said.items()}
    claims = []
    for trait in sorted({trait for _, trait in true}):
        judged = {key: value for key, value in true.items() if key[1] == trait and key in said}
        if judged:
            value, size, words = _right(judged, held), len(judged), trait.replace("_", " ")
            of_last, of_most = _right(judged, last), _right(judged, most)
            claims += [
                Claim(f"the {words} is right, not the last write", f"fact_{trait}", value, of_last, size, 0.02),
                Claim(f"the {words} is right, not the majority", f"fact_{trait}_votes", value, of_most, size, 0.0),
            ]
    return claims


def _people(registers: pa.Table, event_persons: pa.Table) -> dict[str, object]:
    """Who stands for each user_id: whoever its last row in a register was given to."""
    users = dict(zip(registers["event_id"].to_pylist(), registers["user_id"].to_pylist(), strict=True))
    columns = (event_persons[name].to_pylist() for name in ("event_id", "person_id"))
    return {users[event]: person for event, person in zip(*columns, strict=True) if event in users}


def _statements(table: pa.Table) -> dict[tuple[object, str], list[str]]:
    """What is said of each person and trait, the oldest first."""
    said: dict[tuple[object, str], list[str]] = defaultdict(list)
    for row in table.sort_by([("occurred_at", "ascending"), ("value", "ascending")]).to_pylist():
        if row["value"] is not None:
            said[row["person_id"], row["trait"]].append(row["value"])
    return said


def _most(values: list[str]) -> str:
    """The value that is said most often; of equals the one that was said last."""
    counts = Counter(values)
    return max(reversed(values), key=counts.__getitem__)


def _right(true: Mapping[tuple[object, str], str], held: Mapping[tuple[object, str], str]) -> float:
    return sum(held.get(key) == value for key, value in true.items()) / len(true)
