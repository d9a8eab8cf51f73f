"""Profiles and history as relations of a connection, for whoever asks about people after a build."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

import pyarrow as pa

from qianmian.core import events
from qianmian.core.errors import UnknownNameError
from qianmian.engines.base import Buckets
from qianmian.lake.connection import Connection
from qianmian.lake.snapshot import Snapshot
from qianmian.lake.store import Lake
from qianmian.profile.history import files, segments
from qianmian.profile.history.fields import FILTERS
from qianmian.profile.history.rows import SCHEMA
from qianmian.profile.history.sequence import people_of
from qianmian.profile.journey.asked import people_in
from qianmian.profile.tags.cuts import Totals
from qianmian.profile.tags.declare import Tag
from qianmian.profile.tags.dimensions import Dimensions, dimensions
from qianmian.profile.tags.values import select_tags, set_totals, show_profiles, with_used
from qianmian.query.fields import TagField, Vocabulary
from qianmian.query.tree import Journey, Sequence
from qianmian.unify.ties.kinds import KINDS, TieKinds
from qianmian.unify.ties.strength import STRENGTH, show_shares


@dataclass(frozen=True)
class Reading:
    """What the last build left, open for questions.

    Attributes:
        connect: opens `connection`, when a question first asks by SQL.
        tags: whose values it tells.
        vocabulary: what a condition can name.
        dimensions: what codes mean.
        parts: the files of history.
        totals: of the build.
        instant: the build's "now".
        tie_kinds: kinds of tie by which the build tied people.
    """

    connect: Callable[[], Connection]
    tags: tuple[Tag, ...]
    vocabulary: Vocabulary
    dimensions: Dimensions
    parts: tuple[files.Segment, ...]
    totals: Totals
    instant: datetime
    tie_kinds: TieKinds
    _told: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def connection(self) -> Connection:
        """Has the relation ``profiles``, and a view of each other table that was shown."""
        return self.connect()

    def tag(self, name: str) -> Tag:
        """The tag of a name.

        Raises:
            UnknownNameError: there is no such tag.
        """
        for tag in self.tags:
            if tag.name == name:
                return tag
        raise UnknownNameError("no_tag", tag=name)

    def select(self, names: Iterable[str]) -> str:
        """The SELECT of some tags of everybody: planning it costs less than of all that ``profiles`` has.

        Args:
            names: of tags; others are passed over.
        """
        wanted = set(names)
        return select_tags(with_used((tag for tag in self.tags if tag.name in wanted), self.tags), "partials")

    @property
    def today(self) -> date:
        """The local date of the build."""
        return self.totals.today

    @contextmanager
    def question(self) -> Iterator[Reading]:
        """The same reading with a connection of its own, so that several can be asked at a time.

        An index answers most questions without one, and to tell it the totals takes longer than they do.
        """
        with ExitStack() as opened:

            def cursor() -> Connection:
                made = opened.enter_context(self.connection.cursor())
                set_totals(made, self.totals)
                return made

            yield replace(self, connect=cursor)

    def once(self, what: Hashable, work_out: Callable[[], Any]) -> Any:
        """What is told of everybody, worked out at the first question: it is the same until the next build.

        Args:
            what: names it; equal names must mean equal answers.
            work_out: works it out.
        """
        if what not in self._told:
            # of two questions that work it out at a time, both go on with what the first one found
            return self._told.setdefault(what, work_out())
        return self._told[what]

    def show_history(self) -> None:
        """Make the relation ``history`` too, with the category, brand and price band that each item has today."""
        rows = pa.concat_tables([SCHEMA.empty_table(), *(files.read(part, Buckets()) for part in self.parts)])
        self.connection.register("coded_history", rows)
        by_item = {name: self.dimensions.by_name[name].codes for name in ("category", "brand", "price_band")}
        self.connection.register(
            "item_meaning", pa.table({"item": pa.array(range(len(by_item["brand"])), pa.int32()), **by_item})
        )
        empty = ", ".join(f"nullif({field.column}, 0) AS {field.column}" for field in FILTERS if field.coded)
        self.connection.execute(
            "CREATE OR REPLACE TEMP VIEW history AS "
            f"SELECT * REPLACE ({empty}) FROM coded_history LEFT JOIN item_meaning USING (item)"
        )

    def show_sequence(self, name: str, sequence: Sequence) -> None:
        """Make a relation with the ``person_id`` of everybody who did a sequence."""
        people = people_of(sequence, self.parts, self.dimensions, self.vocabulary, self.today)
        self.connection.register(name, pa.table({"person_id": people}))

    def show_journey(self, name: str, journey: Journey) -> None:
        """Make a relation with the ``person_id`` of everybody who stands where a journey says."""
        category, now, zone = self.category_word(journey.category), self.instant, self.totals.zone
        people = people_in(self.connection, journey, category, now=now, today=self.today, zone=zone)
        self.connection.register(name, pa.table({"person_id": people}))

    def category_word(self, category: str) -> str:
        """The word that a category's is read as."""
        return self.dimensions.read_as.get(("category", category), category)

    def show_ties(self) -> None:
        """Make the relation ``closeness`` beside ``ties``: how close two tied people are as of the build."""
        show_shares(self.connection, self.tie_kinds, self.instant, self.instant, of_few=False)
        self.connection.execute(_CLOSENESS)


_CLOSENESS = f"""
CREATE OR REPLACE TEMP VIEW closeness AS
SELECT person_id, other_id, {STRENGTH} AS strength FROM tie_shares GROUP BY person_id, other_id
"""
#: Tables that every reading sees; a question shows what else it reads.
TABLES = (
    *("partials", "traits", "queried", "ties", "codes", "normal_words", "items", "item_changes"),
    *("persons", "memberships", "journey_stages", *segments.TABLES),
)


def reading(
    connection: Connection,
    snapshot: Snapshot,
    lake: Lake,
    tags: tuple[Tag, ...],
    totals: Totals,
    tie_kinds: TieKinds,
) -> Reading:
    """Open what a build left for questions.

    Args:
        connection: sees `TABLES` of the snapshot.
        snapshot: names the build; its instant is the build's.
        lake: where tables live.
        tags: those of which the build's partials hold all needs.
        totals: of the build.
        tie_kinds: kinds of tie by which it tied people.
    """
    show_profiles(connection, tags, totals)
    return reading_within(connection, snapshot, lake, tags, totals, tie_kinds)


def reading_within(
    connection: Connection,
    snapshot: Snapshot,
    lake: Lake,
    tags: tuple[Tag, ...],
    totals: Totals,
    tie_kinds: TieKinds,
) -> Reading:
    """The same within a running build, whose tasks share a database: without the relation ``profiles``."""
    set_totals(connection, totals)
    meaning = dimensions(connection, snapshot.instant)
    parts = tuple(segments.segments(connection, lake.storage, Buckets()))
    vocabulary = _vocabulary(connection, tags, meaning)
    return Reading(lambda: connection, tags, vocabulary, meaning, parts, totals, snapshot.instant, tie_kinds)


def _vocabulary(connection: Connection, tags: tuple[Tag, ...], meaning: Dimensions) -> Vocabulary:
    coded = connection.execute("SELECT kind, text, code FROM codes").fetchall()
    codes = {(kind, text): code for kind, text, code in coded}
    codes |= {("item", text.partition("/")[2]): code for kind, text, code in coded if kind == "item"}
    for name in ("category", "brand", "price_band"):
        codes |= {(name, word): code for code, word in enumerate(meaning.by_name[name].words) if word is not None}
    # a condition may name a word as a source writes it, also one that an earlier build gave a code of its own
    for kind, raw, word in connection.execute("SELECT field, raw, word FROM normal_words").fetchall():
        code = codes.get((kind, word))
        if code is not None:
            codes[kind, raw] = code
    return Vocabulary(
        tags=tuple(TagField(tag.name, tag.type, tag.values) for tag in tags),
        events=frozenset(events.TRACKING_PLAN) | frozenset(meaning.event_codes),
        history=FILTERS,
        code_of=lambda column, text: codes.get((column, text)),
        tie_kinds=frozenset(KINDS),
        categories=frozenset(text for column, text in codes if column == "category"),
    )
