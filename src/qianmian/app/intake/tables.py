"""What is kept in the catalogue of pulls and watched folders."""

from __future__ import annotations

from qianmian.core.tables import Column, Erase, Home, Leave, Table, Type

PULLS = Table(
    name="pulls",
    columns=(
        Column("pull", Type.TEXT, "what its owner calls it", nullable=False),
        Column("url_variable", Type.TEXT, "environment variable that holds the database's address", nullable=False),
        Column("relation", Type.TEXT, "the table that is read, or a query", nullable=False),
        Column("cursor_col", Type.TEXT, "a column that grows; empty = all rows are read every time", nullable=False),
        Column("mapping", Type.TEXT, "the mapping of its rows, as YAML", nullable=False),
        Column("created_at", Type.INSTANT, "when it was declared", nullable=False),
        Column("ran_at", Type.INSTANT, "when it last came to its end; empty = never"),
        Column(
            "overlap", Type.INTEGER, "how far before the mark is read again: minutes, or numbers; empty = not at all"
        ),
        Column("every_minutes", Type.INTEGER, "minutes between two runs; empty = it runs when somebody asks"),
        Column("paused_at", Type.INSTANT, "since when it does not run by itself; empty = it does"),
        Column("tried_at", Type.INSTANT, "when it last began; empty = never"),
        Column("reason", Type.TEXT, "why it failed then, as a message; empty = it did not"),
    ),
    key=("pull",),
    grain="one row a database relation that is pulled",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

PULLED = Table(
    name="pulled",
    columns=(
        Column("pull", Type.TEXT, "what its owner calls it", nullable=False),
        Column("number", Type.INTEGER, "number of the stretch within the pull; grows", nullable=False),
        Column(
            "stream", Type.TEXT, "of the import that took the stretch in: it counts while that stands", nullable=False
        ),
        Column("cursor", Type.TEXT, "greatest value of the cursor, with its type; empty = it has none", nullable=False),
        Column("edge", Type.TEXT, "number and hash of the rows from the overlap on", nullable=False),
    ),
    key=("pull", "number"),
    grain="one row a stretch of rows that was read",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

PULL_RUNS = Table(
    name="pull_runs",
    columns=(
        Column("pull", Type.TEXT, "what its owner calls it", nullable=False),
        Column("number", Type.INTEGER, "number of the run within the pull; grows", nullable=False),
        Column("started_at", Type.INSTANT, "when it began", nullable=False),
        Column("ended_at", Type.INSTANT, "when it ended; empty = it runs, or its process died"),
        Column("batches", Type.JSON, "numbers of the batches that it made", nullable=False),
        Column("read", Type.INTEGER, "rows that it read", nullable=False),
        Column("accepted", Type.INTEGER, "rows that were taken", nullable=False),
        Column("duplicates", Type.INTEGER, "rows that were here before", nullable=False),
        Column("skipped", Type.INTEGER, "rows that the mapping passes over", nullable=False),
        Column("refused_rows", Type.INTEGER, "rows that were refused", nullable=False),
        Column("reason", Type.TEXT, "why it failed, as a message"),
    ),
    key=("pull", "number"),
    grain="one row a run of a pull that found something new, or failed",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

WATCHED_FOLDERS = Table(
    name="watched_folders",
    columns=(
        Column("folder", Type.TEXT, "what its owner calls it", nullable=False),
        Column("path", Type.TEXT, "where it lies, below the setting `folder_root`", nullable=False),
        Column("mapping", Type.TEXT, "the mapping of its files, as YAML", nullable=False),
        Column("created_at", Type.INSTANT, "when it was declared", nullable=False),
        Column(
            "is_backfill", Type.FLAG, "whether its files bring the past, so that none of their events triggers anything"
        ),
        Column("paused_at", Type.INSTANT, "since when nothing is taken from it; empty = it is watched"),
        Column("looked_at", Type.INSTANT, "when it was last looked at, to a minute; empty = never"),
        Column("reason", Type.TEXT, "why the last look came to nothing, as a message; empty = it did not"),
    ),
    key=("folder",),
    grain="one row a watched folder",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

WATCHED_FILES = Table(
    name="watched_files",
    columns=(
        Column("folder", Type.TEXT, "the watched folder", nullable=False),
        Column("file_key", Type.TEXT, "keyed hash of the file's name, by which it is found again", nullable=False),
        Column("file", Type.TEXT, "name of the file, personal data masked", nullable=False),
        Column("bytes", Type.INTEGER, "its size when it was last looked at", nullable=False),
        Column("modified_at", Type.INSTANT, "when it was last changed, as its file system says", nullable=False),
        Column("seen_at", Type.INSTANT, "since when it is known with that size and time", nullable=False),
        Column("status", Type.TEXT, "waiting, taking, taken, same or failed", nullable=False),
        Column("digest", Type.TEXT, "sha256 of what was taken in last; empty = nothing yet"),
        Column("batch", Type.ID, "the batch that holds it; empty = none"),
        Column("reason", Type.TEXT, "why it failed, as a message without personal data"),
        Column("done_at", Type.INSTANT, "when it was taken in, or failed"),
    ),
    key=("folder", "file_key"),
    grain="one row a file that was seen in a watched folder",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TABLES = (PULLS, PULLED, PULL_RUNS, WATCHED_FOLDERS, WATCHED_FILES)
