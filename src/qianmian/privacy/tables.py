"""What privacy keeps: sealed identifiers and their salts, refused rows, the ledger of the erased, and purposes."""

from __future__ import annotations

from qianmian.core.columns import BATCH
from qianmian.core.tables import Column, Erase, Home, Leave, Personal, Table, Type

SALT = Column("salt", Type.TEXT, "16 random bytes that the row's key is derived from", Personal.SEALED, nullable=False)

IDENTIFIERS = Table(
    name="identifiers",
    columns=(
        Column("node_id", Type.ID, "pseudonym of the identifier", Personal.PSEUDONYM, nullable=False),
        Column("check_hash", Type.INTEGER, "the hash's next 64 bits, as a signed integer; tells collisions apart"),
        Column("namespace", Type.TEXT, "kind of identifier, such as phone", nullable=False),
        Column(
            "ciphertext", Type.TEXT, "the normalised value, under a key of its own", Personal.SEALED, nullable=False
        ),
        BATCH,
    ),
    key=("node_id",),
    grain="one row an identifier, with the value that its pseudonym stands for",
    owner="privacy",
    erase=Erase(Leave.SHRED, nodes=("node_id",)),
    home=Home.VAULT,
)

DETAILS = Table(
    name="details",
    columns=(
        Column("node_id", Type.ID, "identifier that the record is filed under", Personal.PSEUDONYM, nullable=False),
        BATCH,
        Column("ciphertext", Type.TEXT, "field → value, under a key of the identifier's", Personal.SEALED, False),
        Column("stated_at", Type.INSTANT, "when the record says so", nullable=False),
    ),
    key=("node_id", "batch"),
    grain="one row an identifier and batch: name, birthday and the like, to find records of the same person",
    owner="privacy",
    erase=Erase(Leave.DELETE, nodes=("node_id",), at="stated_at"),
    home=Home.VAULT,
)

SALTS = Table(
    name="salts",
    columns=(Column("id", Type.ID, "the node_id that the salt belongs to", Personal.PSEUDONYM, nullable=False), SALT),
    key=("id",),
    grain="one row an identifier; without its salt a value can never be read again",
    owner="privacy",
    erase=Erase(Leave.SHRED, nodes=("id",)),
    home=Home.VAULT,
)

REFUSED_SALTS = Table(
    name="refused_salts",
    columns=(Column("id", Type.ID, "hash of the refused row's stream and position", nullable=False), SALT),
    key=("id",),
    grain="one row a refused row; destroyed with it",
    owner="privacy",
    erase=Erase(Leave.SHRED),
    home=Home.VAULT,
)

JOURNAL_SALTS = Table(
    name="journal_salts",
    columns=(Column("id", Type.ID, "hash of the journal file's name", nullable=False), SALT),
    key=("id",),
    grain="one row a journal file; destroyed with it",
    owner="privacy",
    erase=Erase(Leave.SHRED),
    home=Home.VAULT,
)

#: They lie with the keys, in a file: a server's log and backups would keep what an erasure destroys.
SALT_TABLES = (SALTS, REFUSED_SALTS, JOURNAL_SALTS)

REFUSED = Table(
    name="refused",
    columns=(
        Column("stream", Type.TEXT, "the batch or journal file", nullable=False),
        Column("position", Type.INTEGER, "row in the stream, from 1", nullable=False),
        Column("reason", Type.TEXT, "machine name of the reason", nullable=False),
        Column("field", Type.TEXT, "the column or path that was wrong", nullable=False),
        Column("detail", Type.TEXT, "what was expected, with the value masked", nullable=False),
        Column("body", Type.TEXT, "the row itself, encrypted", Personal.SEALED, nullable=False),
        Column("refused_at", Type.INSTANT, "when it was refused", nullable=False),
    ),
    key=("stream", "position"),
    grain="one row an input row that could not be used, kept for replay",
    owner="privacy",
    erase=Erase(Leave.SHRED),
    home=Home.VAULT,
)

SUPPRESSION = Table(
    name="suppression",
    columns=(
        Column("digest", Type.TEXT, "keyed hash of the identifier, under a key of its own", Personal.SEALED, False),
        Column("since", Type.INSTANT, "start of what was erased, inclusive", nullable=False),
        Column("until", Type.INSTANT, "end of what was erased, exclusive", nullable=False),
        Column("erased_at", Type.INSTANT, "when the erasure was ordered", nullable=False),
    ),
    key=("digest", "since"),
    grain="one row an erased identifier and interval: events inside it are refused",
    owner="privacy",
    erase=Erase(Leave.KEEP),
    home=Home.VAULT,
)

PURPOSES = Table(
    name="purposes",
    columns=(
        Column("name", Type.TEXT, "the purpose, such as analyse", nullable=False),
        Column("basis", Type.TEXT, "its legal basis", nullable=False),
        Column("registered_at", Type.INSTANT, "when it was registered", nullable=False),
    ),
    key=("name",),
    grain="one row a purpose for which data may be used",
    owner="privacy",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TABLES = (IDENTIFIERS, DETAILS, *SALT_TABLES, REFUSED, SUPPRESSION, PURPOSES)
