"""The members task: what a build changed in every saved audience, as stays that begin and end."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from qianmian.core.errors import QianmianError
from qianmian.core.messages import Message
from qianmian.engines.base import Context, Output
from qianmian.lake.connection import Connection, fetch
from qianmian.lake.files import DataFile
from qianmian.profile.reading import TABLES, Reading, reading_within
from qianmian.profile.tags.built_in import all_tags
from qianmian.profile.tags.cuts import Totals
from qianmian.query.bind import bind
from qianmian.query.parse import parse
from qianmian.query.tree import Tree
from qianmian.segment.index import loading, sets
from qianmian.segment.index.question import Index, Question
from qianmian.segment.members import standing
from qianmian.segment.members.causes import ORDER, Cause, News, news_since
from qianmian.segment.members.standing import AudienceKind, Counted, Standing
from qianmian.unify.identity.today import people_today
from qianmian.unify.ties.kinds import TieKinds

Ids = NDArray[np.int64]

_OPEN = """
CREATE OR REPLACE TEMP TABLE open_stays AS
SELECT audience, person_id, entered_in, entered_at, entry_cause FROM memberships WHERE left_in IS NULL
"""
_OF_ONE = "SELECT person_id, entered_in FROM open_stays WHERE audience = $audience ORDER BY entered_in, person_id"
#: Stays that end take along how they began.
_CHANGED = """
SELECT audience, person_id, entered_in, $now::TIMESTAMPTZ AS entered_at, cause AS entry_cause,
       NULL::BIGINT AS left_in, NULL::TIMESTAMPTZ AS left_at, NULL::VARCHAR AS exit_cause FROM beginning
UNION ALL
SELECT audience, person_id, entered_in, entered_at, entry_cause, $build::BIGINT, $now::TIMESTAMPTZ, cause
FROM ending JOIN open_stays USING (audience, person_id, entered_in)
ORDER BY audience, person_id, entered_in
"""
_KEPT = "SELECT * FROM memberships ANTI JOIN gone USING (person_id) ORDER BY audience, person_id, entered_in"
_TOLD = 'SELECT audience, people, entered, "left" FROM audience_builds WHERE build = $build'
_STAYS = pa.schema([("audience", pa.int64()), ("person_id", pa.int64()), ("entered_in", pa.int64()),
                    ("cause", pa.string())])  # fmt: skip
_NAMES = np.array([cause.value for cause in ORDER])


@dataclass
class _Change:
    """What happens to one audience: who enters and whose stays end, with causes, and how many people it has then."""

    entering: Ids
    entry_causes: NDArray[np.int8]
    ending: Ids  # person_ids as the stays have them
    ending_in: Ids  # the builds in which these stays began
    exit_causes: NDArray[np.int8]
    people: int
    erased: int = 0

    @property
    def entered(self) -> dict[str, int]:
        """People who entered, by cause."""
        return _by_cause(self.entry_causes)

    @property
    def left(self) -> dict[str, int]:
        """People who left, by cause."""
        return _by_cause(self.exit_causes) | ({Cause.ERASURE.value: self.erased} if self.erased else {})


def count_members(context: Context) -> Output:
    """Find who entered and left every standing audience since it was counted last.

    An audience that cannot be counted keeps its people, and says why; nothing else suffers.

    Params:
        build: number of the build.
        version: its identity version.
        newest: highest batch that the build reads.
        only: number of the one that is counted; 0 = all.
        audiences: all that are saved, see `standing_to_json`.
        counted: how far each was counted, see `standing.to_json`.
        tags, totals, kinds: of the build.
        withheld: names of tags that no condition may name.
        meaning: how words, money and days are read, as a text.
        amended: whether events that an earlier build counted were taken back.
        erased: ids of erased vertices: every stay under one of them leaves the table.
        rewrite: whether all stays are written again, without the erased and ids that are nobody's any more.
    """
    params = context.params
    tags = tuple(tag for tag in all_tags(str(params["tags"])) if tag.name not in params["withheld"])
    tables = ("moved", "events", "left_out", "orders", "audience_builds")
    with context.connect(*TABLES, *tables) as connection:
        totals = Totals.from_json(str(params["totals"]))
        kinds = TieKinds.from_json(str(params["kinds"]))
        found = reading_within(connection, context.snapshot, context.lake, tags, totals, kinds)
        saved = standing.standing_of(context.params["audiences"])
        known = {one.audience: standing.condition_of(one) for one in saved}
        found = replace(found, vocabulary=replace(found.vocabulary, audience=known.get))
        rewritten = _without_erased(context, connection)
        connection.execute(_OPEN)
        counting = _Counting(context, connection, found)
        counted = standing.from_json(str(params["counted"]))
        done = {one.audience: counting.count(one, counted.get(one.audience)) for one in saved if _is_due(one, context)}
        files = {"memberships": (*rewritten, *counting.write_stays()), "audience_builds": counting.write_builds()}
    failed = {str(number): one.failed for number, one in done.items() if one.failed}
    entered, left = (sum(sum(many[at].values()) for many in counting.told.values()) for at in (0, 1))
    summary = {"counted": standing.to_json(counted | done), "failed": failed, "entered": entered, "left": left}
    return Output({name: some for name, some in files.items() if some}, summary)


def _is_due(one: Standing, context: Context) -> bool:
    """Whether an audience is counted now: all that stand, or the only one that is asked for."""
    only = int(context.params["only"])
    return one.audience == only if only else not one.is_deleted


def _without_erased(context: Context, connection: Connection) -> tuple[DataFile, ...]:
    """Write the whole table again without the erased, and show what stays as `memberships`."""
    if not context.params["rewrite"]:
        return ()
    ids = fetch(connection, "SELECT DISTINCT person_id FROM memberships").column("person_id").to_numpy()
    lost = ids[people_today(connection, ids) == 0]
    gone = np.union1d(lost, np.array(context.params["erased"], np.int64))
    connection.register("gone", pa.table({"person_id": gone}))
    kept = fetch(connection, _KEPT)
    connection.register("kept_stays", kept)
    connection.execute("CREATE OR REPLACE TEMP VIEW memberships AS FROM kept_stays")
    return (context.write("memberships", kept, layer=_layer(context, "memberships")),) if kept.num_rows else ()


@dataclass
class _Counting:
    """Counts one audience after another over one open build."""

    context: Context
    connection: Connection
    reading: Reading
    changes: list[tuple[int, _Change]] = field(default_factory=list)
    told: dict[int, tuple[dict[str, int], dict[str, int]]] = field(default_factory=dict)
    rows: list[dict[str, Any]] = field(default_factory=list)
    news: dict[tuple[int, str, int], News] = field(default_factory=dict)

    def __post_init__(self) -> None:
        people = loading.people(self.reading)
        half = self.context.memory_mib << 19
        self.index = Index(people, self.context.threads, half)
        self.build = int(self.context.params["build"])

    def count(self, one: Standing, last: Counted | None) -> Counted:
        """Count an audience, and keep what changed in it."""
        last, is_new = last or Counted(), last is None
        stays = fetch(self.connection, _OF_ONE, {"audience": one.audience})
        held, begun = stays.column("person_id").to_numpy(), stays.column("entered_in").to_numpy()
        erased, failed, now = max(0, last.people - len(held)), "", last
        try:
            change, meant = self.change(one, last, held, begun)
        except QianmianError as error:
            failed = error.message.stored()
        except Exception as error:  # noqa: BLE001  # one audience must not stop a build
            failed = Message("unexpected", kind=type(error).__name__).stored()
        if failed:
            change = _nothing(len(held))
            now = replace(last, condition=one.condition, failed=failed, people=len(held), build=self.build)
        else:
            now = self.good(one, meant, change.people)
        change.erased = erased
        if change.entered or change.left or is_new or failed != last.failed or one.condition != last.condition:
            self.note(one.audience, now, change)
        return now

    def good(self, one: Standing, meant: str, people: int) -> Counted:
        """What is noted of an audience that was counted."""
        params, instant = self.context.params, self.context.snapshot.instant.isoformat()
        newest, version, everybody = int(params["newest"]), int(params["version"]), len(self.index.people)
        return Counted(one.condition, meant, newest, instant, version, self.build, people, everybody)

    def change(self, one: Standing, last: Counted, held: Ids, begun: Ids) -> tuple[_Change, str]:
        """What happened to an audience, and the fingerprint of what its condition means."""
        if one.kind is AudienceKind.FIXED and last.made_of:
            return self.compared(held, begun, None, last), last.made_of
        tree: Tree = bind(parse(one.condition), self.reading.vocabulary)
        met = Question(self.index, self.reading, "", _allowed).met(tree)
        params = self.context.params
        meant = standing.made_of(tree, self.reading.tags, str(params["meaning"]), str(params["kinds"]))
        same = replace(last, made_of=last.made_of if last.made_of == meant else "")
        return self.compared(held, begun, sets.numbers(met), same), meant

    def compared(self, held: Ids, begun: Ids, met: Ids | None, last: Counted) -> _Change:
        """Who enters and who leaves.

        Args:
            held: whose stays are open, by when they began.
            begun: the builds in which they began.
            met: numbers of who meets the condition; None = whoever is in it stays in it.
            last: how far it was counted; without a fingerprint, what it means changed.
        """
        today = held if self.index.people.of_ids(held).min(initial=0) >= 0 else people_today(self.connection, held)
        first = np.zeros(len(held), bool)
        first[np.unique(today, return_index=True)[1]] = True  # of two that became one, the earlier stay goes on
        places = self.index.people.of_ids(today)
        flags = np.zeros(len(self.index.people), bool)
        if met is None:
            stays = first & (today != 0)
        else:
            flags[met] = True
            stays = first & (places >= 0) & flags[np.maximum(places, 0)] if len(flags) else np.zeros(len(held), bool)
            flags[places[stays]] = False
        entering, leaving = self.index.people.ids[np.flatnonzero(flags)], today[~stays]
        why_in, why_out = self.causes(entering, last), self.causes(leaving, last)
        why_out[(leaving == 0) | ~first[~stays]] = ORDER.index(Cause.MERGE)
        return _Change(entering, why_in, held[~stays], begun[~stays], why_out, int(stays.sum()) + len(entering))

    def causes(self, people: Ids, last: Counted) -> NDArray[np.int8]:
        """Why these people come or go; without a fingerprint, what the audience means changed."""
        if not last.made_of or not len(people):
            return np.full(len(people), ORDER.index(Cause.DEFINITION), np.int8)
        key = (last.batch, last.instant, last.version)
        if key not in self.news:
            self.news[key] = news_since(self.context, self.connection, last)
        return self.news[key].causes(people)

    def note(self, audience: int, now: Counted, change: _Change) -> None:
        """Keep what changed in an audience, until everything is written."""
        self.changes.append((audience, change))
        self.told[audience] = change.entered, change.left
        instant = self.context.snapshot.instant
        counts = {"people": now.people, "of_people": len(self.index.people)}
        row = {"audience": audience, "build": self.build, "counted_at": instant, **counts}
        self.rows.append(row | {"entered": change.entered, "left": change.left, "failed": now.failed or None})

    def write_stays(self) -> tuple[DataFile, ...]:
        """Write the stays that begin and end now."""
        begun = [_stays(at, one.entering, self.build, one.entry_causes) for at, one in self.changes]
        ended = [_stays(at, one.ending, one.ending_in, one.exit_causes) for at, one in self.changes]
        self.connection.register("beginning", pa.concat_tables([_STAYS.empty_table(), *begun]))
        self.connection.register("ending", pa.concat_tables([_STAYS.empty_table(), *ended]))
        rows = fetch(self.connection, _CHANGED, {"now": self.context.snapshot.instant, "build": self.build})
        if not rows.num_rows:
            return ()
        layer = _layer(self.context, "memberships") + bool(self.context.params["rewrite"])
        return (self.context.write("memberships", rows, layer=layer),)

    def write_builds(self) -> tuple[DataFile, ...]:
        """Write how many came and went; what this build had told of an audience before is added to."""
        before = {row["audience"]: row for row in fetch(self.connection, _TOLD, {"build": self.build}).to_pylist()}
        for row in self.rows:
            for name in ("entered", "left"):
                row[name] = json.dumps(_added(json.loads(before.get(row["audience"], {}).get(name) or "{}"), row[name]))
        if not self.rows:
            return ()
        rows = pa.Table.from_pylist(sorted(self.rows, key=lambda row: row["audience"]), _BUILDS)
        return (self.context.write("audience_builds", rows, layer=_layer(self.context, "audience_builds")),)


_BUILDS = pa.schema([("audience", pa.int64()), ("build", pa.int64()), ("counted_at", pa.timestamp("us", "UTC")),
                     ("people", pa.int64()), ("of_people", pa.int64()), ("entered", pa.string()),
                     ("left", pa.string()), ("failed", pa.string())])  # fmt: skip


def _allowed(_purpose: str) -> None:
    """Who asks later is checked at the door; a build looks nobody up."""


def _nothing(people: int) -> _Change:
    none, causes = np.empty(0, np.int64), np.empty(0, np.int8)
    return _Change(none, causes, none, none, causes, people)


def _stays(audience: int, people: Ids, entered_in: Ids | int, causes: NDArray[np.int8]) -> pa.Table:
    many = len(people)
    columns = [np.full(many, audience), people, np.broadcast_to(entered_in, many), _NAMES[causes]]
    return pa.table(dict(zip(_STAYS.names, columns, strict=True))).cast(_STAYS)


def _by_cause(causes: NDArray[np.int8]) -> dict[str, int]:
    return {ORDER[code].value: int(many) for code, many in zip(*np.unique(causes, return_counts=True), strict=True)}


def _added(one: dict[str, int], other: dict[str, int]) -> dict[str, int]:
    return {cause: one.get(cause, 0) + other.get(cause, 0) for cause in one | other}


def _layer(context: Context, table: str) -> int:
    """The number above all layers that the table has."""
    return 1 + max((file.layer for file in context.lake.files(context.snapshot, table)), default=0)


def causes_of(told: Iterable[str]) -> list[str]:
    """Causes in the order in which they are told."""
    known = {cause.value: at for at, cause in enumerate(Cause)}
    return sorted(told, key=lambda cause: known.get(cause, len(known)))
