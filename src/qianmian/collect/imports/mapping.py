"""An import mapping as values: which column of a file becomes which field of an event, a line or an item."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Grain(Enum):
    """What one row of the file is."""

    EVENT = "event"  # an event
    LINE = "line"  # an order line; rows of equal event_id form one event
    ITEM = "item"  # a row of the goods
    CONTEXT = "context"  # a region, a festival, a policy


class Format(Enum):
    """How the file is written."""

    CSV = "csv"
    PARQUET = "parquet"
    JSONL = "jsonl"
    XLSX = "xlsx"
    JSON = "json"


class Cells(Enum):
    """How the values of a table are written."""

    PLAIN = "plain"
    EXCEL = "excel"  # ="0123", '0123 and tabs, by which exports keep Excel from changing a number


class Otherwise(Enum):
    """What becomes of a value that a ``map`` does not list."""

    REFUSE = "refuse"
    KEEP = "keep"
    SKIP = "skip"


class Epoch(Enum):
    """The unit of a time given as a number since 1970."""

    SECONDS = "seconds"
    MILLIS = "millis"


class Test(Enum):
    """What a ``when`` asks of a column."""

    __test__ = False  # not a pytest class

    STARTS_WITH = "starts_with"
    EQUALS = "equals"
    BELOW = "below"
    ABOVE = "above"
    EMPTY = "empty"


@dataclass(frozen=True)
class Constant:
    """The same text in every row."""

    value: str


@dataclass(frozen=True)
class FromColumn:
    """The value of one column, or of one dotted path of a JSONL file.

    Attributes:
        column: name in the file's header, or the path.
        format: strptime format of a text time; empty = ISO 8601.
        epoch: unit of a numeric time.
        map: pairs (value in the file, value here); empty = as it is.
        otherwise: what happens to a value that ``map`` does not list.
        without: members that are left out of a JSON object.
        parameter: name of a parameter in the query of a web address; empty = the whole value.
    """

    column: str
    format: str = ""
    epoch: Epoch | None = None
    map: tuple[tuple[str, str], ...] = ()
    otherwise: Otherwise = Otherwise.REFUSE
    without: tuple[str, ...] = ()
    parameter: str = ""


@dataclass(frozen=True)
class Joined:
    """Several columns put together; empty ones are left out."""

    columns: tuple[str, ...]
    join: str = ""


@dataclass(frozen=True)
class First:
    """The first of several values that a row has; none at all is no value."""

    specs: tuple[Spec, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One of two values, decided by a look at a column."""

    column: str
    test: Test
    against: str
    then: Spec
    otherwise: Spec


Spec = Constant | FromColumn | Joined | First | Rule


@dataclass(frozen=True)
class Products:
    """Where the products of an event stand.

    Attributes:
        column: the JSON array (grain event); empty for grain line, and for lists.
        fields: line field → key inside the array's objects, or column of the row.
        lists: each field is a JSON array of its own (grain event), all in the same order.
    """

    column: str
    fields: dict[str, str]
    lists: bool = False


@dataclass(frozen=True)
class Properties:
    """What goes into the JSON text of an event's properties, or of an item's attributes.

    Attributes:
        columns: columns to gather into one object.
        fields: property → where it comes from; beside ``columns``.
        whole: what is JSON already; None = nothing.
        rest: every column that nothing else names.
        mentions: pairs (property, namespace): people named beside the one who did it, stored as pseudonyms.

    ``columns`` beside ``whole`` are added to its object.
    """

    columns: tuple[str, ...] = ()
    fields: tuple[tuple[str, Spec], ...] = ()
    whole: Spec | None = None
    rest: bool = False
    mentions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Mapping:
    """A declared import.

    Attributes:
        source: name of the data source.
        time_zone: IANA zone of times without offset; empty = the workspace's.
        fields: field of events (or of items) → where it comes from.
        header: names of the columns of a CSV file that has no header row; empty = it has one.
        skip: lines before the header of a CSV or XLSX file.
        records: path of the array in a JSON document whose elements are the rows; empty = the document is one.
        cells: how the values are written.
        marks: characters that may stand in numbers and say nothing, such as ``¥`` and ``,``.
        is_partial: of goods: a row states a change, and what it leaves empty stays as it was.
        identifiers: namespace → where its value comes from.
        match: detail of the person → where it comes from; sealed, never a property.
        digest: 16 hex digits over the declaration: another mapping of the same file is another import.
    """

    source: str
    grain: Grain
    format: Format
    time_zone: str
    encoding: str
    delimiter: str
    header: tuple[str, ...]
    skip: int
    records: str
    cells: Cells
    marks: str
    is_partial: bool
    fields: dict[str, Spec]
    identifiers: dict[str, Spec]
    match: dict[str, Spec]
    products: Products | None
    properties: Properties
    digest: str

    @property
    def tells_events(self) -> bool:
        """Whether its rows are events or lines of events, not facts of another kind."""
        return self.grain in (Grain.EVENT, Grain.LINE)

    @property
    def named_columns(self) -> tuple[str, ...]:
        """Every column or path that the mapping names, each once, in order."""
        names: dict[str, None] = {}
        gathered = [spec for _, spec in self.properties.fields]
        for spec in (*self.fields.values(), *self.identifiers.values(), *self.match.values(), *gathered):
            names |= dict.fromkeys(columns_of(spec))
        if self.products:
            inside = (self.products.column,) if self.products.column else self.products.fields.values()
            names |= dict.fromkeys(inside)
        whole = columns_of(self.properties.whole) if self.properties.whole else ()
        return tuple(names | dict.fromkeys((*self.properties.columns, *whole)))


#: What an event is read from; of ``user_agent`` only what it says of the traffic is kept.
EVENT_FIELDS = (
    *("event_id", "name", "occurred_at", "kind", "client_at", "sent_at", "received_at"),
    *("order_id", "refund_id", "item_id", "total", "currency", "channel", "device_type", "region"),
    *("consent", "user_agent"),
)
ITEM_FIELDS = (
    *("item_id", "valid_from", "title", "category_id", "brand_id", "price", "cost", "stock"),
    *("spu_id", "image_url", "is_delisted"),
)
CONTEXT_FIELDS = ("kind", "fact_id", "name", "parent", "first_on", "last_on")
LINE_FIELDS = ("item_id", "quantity", "unit_price", "amount", "coupon_id")
REQUIRED = {
    Grain.EVENT: ("name", "occurred_at"),
    Grain.LINE: ("event_id", "name", "occurred_at"),
    Grain.ITEM: ("item_id",),
    Grain.CONTEXT: ("kind", "name"),
}


def columns_of(spec: Spec) -> tuple[str, ...]:
    """The columns that a field is read from.

    >>> columns_of(Joined(("a", "b"), "-"))
    ('a', 'b')
    """
    match spec:
        case Constant():
            return ()
        case FromColumn(column=column):
            return (column,)
        case Joined(columns=columns):
            return columns
        case First(specs=specs):
            return tuple(column for one in specs for column in columns_of(one))
        case Rule(column=column, then=then, otherwise=otherwise):
            return (column, *columns_of(then), *columns_of(otherwise))
