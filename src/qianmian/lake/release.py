"""The release: followers first, then the leader, whose commit names the followers' versions and so shows them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial

from qianmian.core.errors import LakeError, StaleCommitError
from qianmian.core.failpoints import failpoint
from qianmian.lake.durable import storage_errors
from qianmian.lake.files import Change, DataFile, Position
from qianmian.lake.log import Commit, TableLog
from qianmian.lake.storage import Storage

#: Names the log entries that are being written; outlives a crash, so that a torn entry is known as unreleased.
INTENT = "_releasing.json"
_CHECKPOINT_EVERY = 100

_after_files = failpoint("lake.after_files", "all data files are on disk, no commit is written")
_after_followers = failpoint("lake.after_followers", "the followers are committed, the leader is not: nothing visible")
_after_leader = failpoint("lake.after_leader", "the leader is committed and on disk: all is visible")


def released(logs: Mapping[str, TableLog]) -> dict[str, int]:
    """The version of every table that is visible: a leader's latest, a follower's as its leader names it."""
    versions: dict[str, int] = {}
    for name, log in logs.items():
        latest = None if log.table.released_by else log.latest()
        if latest is not None:
            versions[name] = latest
            versions |= {
                key: int(str(number)) for key, number in log.entries.metadata(latest).get("followers", {}).items()
            }
    return {name: version for name, version in versions.items() if name in logs}


def followers_of(logs: Mapping[str, TableLog], leader: str) -> list[str]:
    """The tables that a leader releases."""
    return [name for name, log in logs.items() if log.table.released_by == leader]


def release(
    storage: Storage,
    logs: Mapping[str, TableLog],
    leader: str,
    changes: Sequence[Change],
    position: Position | None,
    notes: Mapping[str, str],
) -> Mapping[str, int]:
    """Make changes visible, all or none; see `Lake.release`."""
    _check_position(logs[leader], position)
    by_table = _by_table(logs, leader, changes)
    for name in by_table:
        logs[name].fit_declaration(partial(_announce, storage, {name: logs[name]}))
        roll_back(logs, name)
        _sum_up(logs[name])
    commits = {name: _commit(logs[name], released(logs).get(name), change) for name, change in by_table.items()}
    _after_files()
    with storage_errors(leader):
        _announce(storage, {name: logs[name] for name in by_table})
    versions = {name: version for name, version in released(logs).items() if name in followers_of(logs, leader)}
    for name in by_table:
        if name != leader:
            versions[name] = logs[name].commit(commits[name])
    _after_followers()
    metadata: Mapping[str, Mapping[str, object]] = {
        "followers": versions,
        "notes": _notes(logs[leader], changes, notes),
    }
    lead = commits[leader]
    version = logs[leader].commit(Commit(lead.add, lead.remove, metadata, position, lead.rearranged))
    _after_leader()
    storage.delete([storage.root / INTENT])
    return {**versions, leader: version}


def roll_back(logs: Mapping[str, TableLog], name: str) -> bool:
    """Bring a follower that is ahead of its release back to it, by one more commit.

    Returns:
        Whether there was anything to take back.
    """
    log, version = logs[name], released(logs).get(name)
    latest = log.latest()
    if latest is None or latest == version:
        return False
    now, then = set(log.files(latest)), set(() if version is None else log.files(version))
    if now == then:
        return False
    log.commit(Commit(_ordered(then - now), _ordered(now - then)))
    return True


def _check_position(log: TableLog, position: Position | None) -> None:
    last = log.position(position.stream) if position else None
    if position and last is not None and position.number <= last:
        raise StaleCommitError(
            "stream_behind", stream=position.stream, last=last, table=log.table.name, number=position.number
        )


def _by_table(logs: Mapping[str, TableLog], leader: str, changes: Sequence[Change]) -> dict[str, Change]:
    """The changes that have something to commit, followers first; the leader always."""
    group = {leader, *followers_of(logs, leader)}
    names = [change.table for change in changes]
    if logs[leader].table.released_by or not group.issuperset(names) or len(set(names)) != len(names):
        raise LakeError("cannot_release", leader=leader, tables=names)
    changed = {change.table: change for change in changes if change.add or change.remove}
    return {name: changed[name] for name in changed if name != leader} | {leader: changed.get(leader, Change(leader))}


def _commit(log: TableLog, version: int | None, change: Change) -> Commit:
    present = {file.path: file for file in log.files(version)} if version is not None else {}
    kept = log.kept(change.add) if change.add else {}
    for file in change.add:
        fault = log.fault(file, kept)
        if fault:
            raise log.entries.damaged(log.folder / file.path, fault)
    remove = tuple(present.values()) if change.remove == "all" else change.remove
    again = present.keys() & {file.path for file in change.add}
    if again:
        raise StaleCommitError("file_released", table=log.table.name, file=min(again))
    gone = [file.path for file in remove if file.path not in present]
    if gone:
        raise StaleCommitError("file_replaced", table=log.table.name, file=gone[0])
    return Commit(change.add, remove, rearranged=change.rearranged)


def _sum_up(log: TableLog) -> None:
    """Keep the log short enough to open quickly; before the release, so that its failure releases nothing."""
    latest = log.latest()
    if latest is not None and latest - max(log.entries.checkpoints(), default=0) >= _CHECKPOINT_EVERY:
        log.checkpoint(latest)


def _announce(storage: Storage, logs: Mapping[str, TableLog]) -> None:
    latest = {name: log.latest() for name, log in logs.items()}
    announced = {name: 0 if last is None else last + 1 for name, last in latest.items()}
    storage.put(storage.root / INTENT, json.dumps(announced))


def _notes(log: TableLog, changes: Sequence[Change], notes: Mapping[str, str]) -> Mapping[str, object]:
    """A compaction says nothing new, so the notes of the release before it stand."""
    latest = log.latest()
    if latest is not None and changes and all(change.rearranged for change in changes):
        return {**log.entries.metadata(latest).get("notes", {}), **notes}
    return dict(notes)


def _ordered(files: set[DataFile]) -> list[DataFile]:
    return sorted(files, key=lambda file: file.path)
