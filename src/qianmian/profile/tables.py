"""What profiling leaves behind: history in compact rows, the words behind its codes, and each person's partials."""

from __future__ import annotations

from qianmian.core.columns import EVENT_KEY, NODE_ID, OCCURRED_AT, PERSON_ID
from qianmian.core.tables import Column, Erase, Home, Leave, Personal, Table, Type
from qianmian.profile.tags.built_in import built_in_tags
from qianmian.profile.tags.partial import BY, Fold, Partial
from qianmian.profile.tags.union import Union, union

CODES = Table(
    name="codes",
    columns=(
        Column("kind", Type.TEXT, "event, item, channel, device_type or region", nullable=False),
        Column("code", Type.SMALL, "number used in history; from 1, never reused", nullable=False),
        Column("text", Type.TEXT, "the word; an item's is source/item_id", nullable=False),
    ),
    key=("kind", "code"),
    grain="one row a word that history writes as a number; it only grows",
    owner="profile",
    erase=Erase(Leave.KEEP),
    sort_by=("kind", "code"),
    released_by="partials",
)

NORMAL_WORDS = Table(
    name="normal_words",
    columns=(
        Column("field", Type.TEXT, "region, channel, device_type, category or brand", nullable=False),
        Column("source", Type.TEXT, "whose goods; empty = every source's events", nullable=False),
        Column("raw", Type.TEXT, "the word as it came", nullable=False),
        Column("word", Type.TEXT, "what the last build read it as, by the cleaning rules of then", nullable=False),
    ),
    key=("field", "source", "raw"),
    grain="one row a word that is read as another; events and goods keep what came",
    owner="profile",
    erase=Erase(Leave.KEEP),
    sort_by=("field", "source", "raw"),
    released_by="partials",
)

HISTORY = Table(
    name="history",
    columns=(
        PERSON_ID,
        NODE_ID,
        OCCURRED_AT,
        EVENT_KEY,
        Column("happened_on", Type.DATE, "local date of occurred_at", nullable=False),
        Column("effective_on", Type.DATE, "date on which money counts: a refund's is its order's", nullable=False),
        Column("amount", Type.INTEGER, "money in 1/10,000: an order's payment, a refund with minus", nullable=False),
        Column("item", Type.SMALL, "code of the item; 0 = none", nullable=False),
        Column("event", Type.SMALL, "code of the event's name", nullable=False),
        Column("line", Type.SMALL, "0 on an event's one main row; 1, 2, … on its further products", nullable=False),
        Column("hour", Type.SMALL, "local hour, 0 to 23", nullable=False),
        Column("channel", Type.SMALL, "code of the channel; 0 = none", nullable=False),
        Column("device_type", Type.SMALL, "code of the device type; 0 = none", nullable=False),
        Column("region", Type.SMALL, "code of the region; 0 = none", nullable=False),
    ),
    key=("person_id", "occurred_at", "event_key", "line"),
    grain="one row an event and product, under its person",
    owner="profile",
    erase=Erase(Leave.REBUILD, nodes=("node_id", "person_id"), at="occurred_at"),
    sort_by=("person_id", "occurred_at", "event_key", "line"),
    home=Home.HISTORY,
)

SEGMENTS = Table(
    name="segments",
    columns=(
        Column("segment", Type.INTEGER, "number of the build that wrote it; the first since a rebuild is the base"),
        Column("first_id", Type.ID, "lowest person_id of the file's range", nullable=False),
        Column("last_id", Type.ID, "highest person_id of the file's range", nullable=False),
        Column("file", Type.TEXT, "name of the Arrow file in the history folder", nullable=False),
        Column("rows", Type.INTEGER, "rows in it", nullable=False),
    ),
    key=("file",),
    grain="one row a history file: a base and daily segments, each by ranges of person_id",
    owner="profile",
    erase=Erase(Leave.REBUILD),
    sort_by=("segment", "first_id"),
    released_by="partials",
)

MASKED = Table(
    name="masked",
    columns=(
        Column("segment", Type.INTEGER, "the segment that holds the person's rows anew", nullable=False),
        PERSON_ID,
    ),
    key=("segment", "person_id"),
    grain="one row a person whose rows in earlier segments are void, because they were moved",
    owner="profile",
    erase=Erase(Leave.REBUILD, nodes=("person_id",)),
    sort_by=("segment", "person_id"),
    released_by="partials",
)


QUERIED = Table(
    name="queried",
    columns=(
        Column("tag", Type.TEXT, "name of the tag", nullable=False),
        PERSON_ID,
        Column("value", Type.TEXT, "what its SELECT answered, as text", Personal.BEHAVIOUR),
    ),
    key=("tag", "person_id"),
    grain="one row a person of whom the SELECT of a tag answered a value, at its last good run",
    owner="profile",
    erase=Erase(Leave.REBUILD, nodes=("person_id",)),
    sort_by=("tag", "person_id"),
    released_by="partials",
)

TAG_BUILDS = Table(
    name="tag_builds",
    columns=(
        Column("tag", Type.TEXT, "name of the tag", nullable=False),
        Column("built_at", Type.INSTANT, "the build's now", nullable=False),
        Column("built_on", Type.DATE, "local date of built_at", nullable=False),
        Column("build", Type.INTEGER, "number of the build", nullable=False),
        Column("definition", Type.TEXT, "fingerprint of what the tag was declared to say", nullable=False),
        Column("people", Type.INTEGER, "people with a profile", nullable=False),
        Column("covered", Type.INTEGER, "of them, those for whom the tag has a value", nullable=False),
        Column(
            "changed_people",
            Type.INTEGER,
            "people of both builds of whom it says something else than at the one before; "
            "empty = there was none, or it was declared otherwise",
        ),
        Column("classes", Type.INTEGER, "how many different classes of values there are", nullable=False),
        Column("others", Type.INTEGER, "people whose value is in no class of bins", nullable=False),
        Column("bins", Type.JSON, "class → people: a word, a month, or a size; see the guide of tags", nullable=False),
        Column("stored_bytes", Type.INTEGER, "its part of what the partials take on the disk", nullable=False),
        Column("query_seconds", Type.NUMBER, "its part of the time that all SELECTs took; empty = it is none"),
    ),
    key=("tag", "built_at"),
    grain="one row a tag and build: how it lay over all people; after some days the last build of a date stays",
    owner="profile",
    erase=Erase(Leave.KEEP),
    retention_days=400,
    sort_by=("tag", "built_at"),
    released_by="partials",
)

TAG_STAYS = Table(
    name="tag_stays",
    columns=(
        PERSON_ID,
        Column("tag", Type.TEXT, "name of a tag with few values", nullable=False),
        Column("since", Type.INSTANT, "now of the first build that said so", nullable=False),
        Column("value", Type.TEXT, "what it says until the next row; empty = nothing", Personal.BEHAVIOUR),
    ),
    key=("person_id", "tag", "since"),
    grain="one row a person, tag and stay in one value, as the builds told it",
    owner="profile",
    erase=Erase(Leave.REBUILD, nodes=("person_id",)),
    retention_days=400,
    sort_by=("person_id", "tag", "since"),
    released_by="partials",
)

JOURNEY_STAGES = Table(
    name="journey_stages",
    columns=(
        PERSON_ID,
        Column("category", Type.TEXT, "category of goods, as the last build read it", nullable=False),
        Column("began_at", Type.INSTANT, "from when on the stage held", nullable=False),
        Column(
            "ended_at",
            Type.INSTANT,
            "when it ended; after the build's now: when it will lapse, unless something is done",
            nullable=False,
        ),
        Column("stage", Type.TEXT, "awakened, comparing, deciding, bought, engaging or loyal", Personal.BEHAVIOUR),
        Column("cause", Type.TEXT, "by what it began: event, lapse of a further stage, or refund", nullable=False),
        Column("event", Type.TEXT, "name of the event that it began with; empty = none", Personal.BEHAVIOUR),
        Column("evidence_key", Type.ID, "event_key of that event; empty = none", Personal.PSEUDONYM),
    ),
    key=("person_id", "category", "began_at"),
    grain="one row a person, category and stay in a stage of the purchase journey; between two rows there may be none",
    owner="profile",
    erase=Erase(Leave.REBUILD, nodes=("person_id",)),
    sort_by=("person_id", "category", "began_at"),
    layered_by=("person_id",),
    released_by="partials",
)


def _partial_columns(needs: Union) -> tuple[Column, ...]:
    """What the kernels leave for each person: rows of each condition, each partial, and when it will change."""
    columns = [
        PERSON_ID,
        Column("next_change_on", Type.DATE, "first date on which a window loses a row, unless new ones come"),
    ]
    for condition in needs.conditions:
        told = f"evidence: rows of {condition.said}, {condition.window}"
        columns.append(Column(f"{condition.name}_rows", Type.SMALL, told, Personal.BEHAVIOUR))
    for partial in needs.partials:
        columns += _partial(partial)
    return tuple(columns)


def _partial(partial: Partial) -> list[Column]:
    if partial.fold is Fold.COUNT:
        return []  # the evidence has it
    value = Column(partial.name, _type(partial.fold), f"partial: {partial.said}", Personal.BEHAVIOUR)
    if partial.fold is not Fold.TOP:
        return [value]
    told = "partial: the share of that value in all weight"
    return [value, Column(f"{partial.name}_share", Type.NUMBER, told, Personal.BEHAVIOUR)]


def _type(fold: Fold) -> Type:
    if fold in (Fold.FIRST_AT, Fold.LAST_AT):
        return Type.INSTANT
    return Type.TEXT if fold in BY and fold is not Fold.DISTINCT else Type.INTEGER


def partials_table(needs: Union) -> Table:
    """The table of partials with the columns that some needs have."""
    return Table(
        name="partials",
        columns=_partial_columns(needs),
        key=("person_id",),
        grain="one row a person, as of the last build: evidence and partials, of which every tag's value is a formula",
        owner="profile",
        erase=Erase(Leave.REBUILD, nodes=("person_id",)),
        sort_by=("person_id",),
        layered_by=("person_id",),
        is_open=True,
    )


#: With the columns that every shop has; a shop's own tags add theirs.
PARTIALS = partials_table(union(built_in_tags()))

TABLES = (CODES, NORMAL_WORDS, HISTORY, SEGMENTS, MASKED, QUERIED, TAG_BUILDS, TAG_STAYS, JOURNEY_STAGES, PARTIALS)
