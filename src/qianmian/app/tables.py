"""What the app keeps in the catalogue, and the list of all tables of a workspace."""

from __future__ import annotations

from qianmian.act.tables import TABLES as ACT
from qianmian.app.campaigns.tables import TABLES as CAMPAIGNS
from qianmian.app.clusters.tables import TABLES as CLUSTERS
from qianmian.app.identity_tables import TABLES as IDENTITY
from qianmian.app.intake.tables import TABLES as INTAKE
from qianmian.app.patterns.tables import TABLES as PATTERNS
from qianmian.app.syncs.tables import TABLES as SYNCS
from qianmian.app.versions import versions_table
from qianmian.collect.tables import TABLES as COLLECT
from qianmian.core.columns import NODE_ID, SOURCE
from qianmian.core.tables import Column, Erase, Home, Leave, Table, Type
from qianmian.privacy.tables import TABLES as PRIVACY
from qianmian.profile.tables import TABLES as PROFILE
from qianmian.segment.tables import TABLES as SEGMENT
from qianmian.unify.facts.tables import TABLES as FACTS
from qianmian.unify.tables import TABLES as UNIFY
from qianmian.unify.ties.tables import TABLES as TIES

BATCHES = Table(
    name="batches",
    columns=(
        Column("batch", Type.ID, "number of the batch; grows", nullable=False),
        Column("source", Type.TEXT, "data source", nullable=False),
        Column("file", Type.TEXT, "name of the file, without its folder", nullable=False),
        Column("digest", Type.TEXT, "sha256 of the file", nullable=False),
        Column("mapping", Type.TEXT, "the mapping that was used, as YAML", nullable=False),
        Column("report", Type.JSON, "the import's report"),
        Column("started_at", Type.INSTANT, "when the import began", nullable=False),
        Column("done_at", Type.INSTANT, "when it was released; empty = unfinished"),
        Column("undone_at", Type.INSTANT, "when it was undone"),
        Column("is_backfill", Type.FLAG, "whether it brings the past, so that none of its events triggers anything"),
    ),
    key=("batch",),
    grain="one row an import",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TAKEN = Table(
    name="taken",
    columns=(
        Column(
            "batch", Type.ID, "number of the newest batch it came in with; imports share the numbers", nullable=False
        ),
        Column("file", Type.TEXT, "file of the journal", nullable=False),
        SOURCE,
        Column("environment", Type.TEXT, "dev or prod", nullable=False),
        Column("dialect", Type.TEXT, "protocol that it came by", nullable=False),
        Column("upto", Type.INTEGER, "position of the newest delivery in the file that is counted", nullable=False),
        Column("received", Type.INTEGER, "events acknowledged: all that follow together", nullable=False),
        Column("stored", Type.INTEGER, "events in the lake; of a dev source, events that would be", nullable=False),
        Column("duplicates", Type.INTEGER, "events that were there before", nullable=False),
        Column(
            "skipped", Type.INTEGER, "calls that say nothing of behaviour, such as a change of goods", nullable=False
        ),
        Column("refused", Type.INTEGER, "events kept for replay with their reason", nullable=False),
        Column("begun_at", Type.INSTANT, "when the newest of them were begun", nullable=False),
        Column("done_at", Type.INSTANT, "when they were released; empty = unfinished"),
        Column("hidden", Type.INTEGER, "stored events in which undeclared personal data were masked or left out"),
        Column("flagged", Type.JSON, "why stored events may be no visits of people: reason → events"),
        Column("findings", Type.JSON, "what the tracking plan's judge found in them, until it is counted"),
    ),
    key=("batch",),
    grain="one row a journal file, source, environment and dialect, and one more while a flush is under way",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

JOBS = Table(
    name="jobs",
    columns=(
        Column("job", Type.ID, "number of the job; grows", nullable=False),
        Column(
            "kind",
            Type.TEXT,
            "import, dry_run, replay, undo, build, erase, match, freeze, cluster or send",
            nullable=False,
        ),
        Column("status", Type.TEXT, "running, done, failed, cancelled or died", nullable=False),
        Column("stage", Type.TEXT, "what it is doing, or did last", nullable=False),
        Column("steps_done", Type.INTEGER, "steps done of the stage", nullable=False),
        Column("steps", Type.INTEGER, "steps of the stage; 0 = unknown", nullable=False),
        Column("rows_read", Type.INTEGER, "rows of tables and files that it read", nullable=False),
        Column("reason", Type.TEXT, "why it failed, without personal data"),
        Column("result", Type.JSON, "what it found or wrote, in numbers"),
        Column("started_at", Type.INSTANT, "when it began", nullable=False),
        Column("ended_at", Type.INSTANT, "when it ended"),
        Column("cpu_seconds", Type.INTEGER, "processor seconds that it used, whole"),
    ),
    key=("job",),
    grain="one row a computation",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

ACCOUNTS = Table(
    name="accounts",
    columns=(
        Column("account", Type.TEXT, "name under which somebody signs in to the console", nullable=False),
        Column("password_hash", Type.TEXT, "Argon2id hash of the password, with its salt", nullable=False),
        Column("created_at", Type.INSTANT, "when the account was made", nullable=False),
        Column("changed_at", Type.INSTANT, "when the password was last set", nullable=False),
    ),
    key=("account",),
    grain="one row a person who may sign in to the console",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

CONSOLE_SESSIONS = Table(
    name="console_sessions",
    columns=(
        Column("session", Type.TEXT, "sha256 of what the browser holds", nullable=False),
        Column("account", Type.TEXT, "who signed in", nullable=False),
        Column("began_at", Type.INSTANT, "when", nullable=False),
        Column("seen_at", Type.INSTANT, "when it was last used, to a minute", nullable=False),
        Column("expires_at", Type.INSTANT, "when it ends, however much it is used", nullable=False),
    ),
    key=("session",),
    grain="one row a browser that is signed in",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

API_TOKENS = Table(
    name="api_tokens",
    columns=(
        Column("name", Type.TEXT, "what its owner calls it", nullable=False),
        Column("account", Type.TEXT, "who made it", nullable=False),
        Column("token_hash", Type.TEXT, "sha256 of the token", nullable=False),
        Column("ending", Type.TEXT, "its last four signs, to tell tokens apart", nullable=False),
        Column("created_at", Type.INSTANT, "when it was made", nullable=False),
        Column("used_at", Type.INSTANT, "when it was last used, to an hour; empty = never"),
    ),
    key=("name",),
    grain="one row a token that lets a program in",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

SOURCES = Table(
    name="sources",
    columns=(
        SOURCE,
        Column("environment", Type.TEXT, "dev or prod", nullable=False),
        Column("dialects", Type.TEXT, "protocols that it may speak, comma-separated", nullable=False),
        Column("key_hash", Type.TEXT, "sha256 of its write key", nullable=False),
        Column("ending", Type.TEXT, "the key's last four signs, to tell keys apart", nullable=False),
        Column("old_key_hash", Type.TEXT, "sha256 of the key before"),
        Column("old_key_until_at", Type.INSTANT, "until when the key before goes on working"),
        Column("created_at", Type.INSTANT, "when it was made", nullable=False),
        Column("rolled_at", Type.INSTANT, "when it got another key; empty = never"),
        Column("disabled_at", Type.INSTANT, "when it was disabled; empty = it may send"),
        Column("seen_at", Type.INSTANT, "when it last sent, to some minutes; empty = never"),
        Column("events_per_second", Type.INTEGER, "limit of its own; 0 = none; empty = that of the workspace"),
        Column("burst_events", Type.INTEGER, "events at once after a silence; likewise"),
        Column("events_per_day", Type.INTEGER, "events on one local date; likewise"),
        Column("personal_data", Type.TEXT, "what becomes of undeclared personal data: drop, refuse; empty = mask"),
        Column("consent_categories", Type.JSON, "category of consent → purpose; empty = the usual ones alone"),
    ),
    key=("source",),
    grain="one row a data source that may send events",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

ARRIVALS = Table(
    name="arrivals",
    columns=(
        Column("source", Type.TEXT, "data source; empty = the sender is not known", nullable=False),
        Column("environment", Type.TEXT, "dev or prod; empty = the sender is not known", nullable=False),
        Column("minute_at", Type.INSTANT, "the minute in which it was answered", nullable=False),
        Column(
            "http_status", Type.INTEGER, "status of the answer: 200 = acknowledged, else turned away", nullable=False
        ),
        Column("requests", Type.INTEGER, "requests that were answered so", nullable=False),
        Column("events", Type.INTEGER, "events in them, as far as they were read", nullable=False),
    ),
    key=("source", "environment", "minute_at", "http_status"),
    grain="one row a source, environment, minute and answer",
    owner="app",
    erase=Erase(Leave.KEEP),
    retention_days=8,
    home=Home.CATALOGUE,
)

TRACKED_LINKS = Table(
    name="tracked_links",
    columns=(
        Column("link", Type.TEXT, "code of the link: what stands in its address, behind /l/", nullable=False),
        Column("target", Type.TEXT, "address that it leads to", nullable=False),
        Column("kind", Type.TEXT, "what it belongs to: post, leader, group, shop or item", nullable=False),
        Column("owner", Type.TEXT, "number or name of that, without personal data; may be empty", nullable=False),
        Column("words", Type.JSON, "the campaign's words: utm_source, utm_medium, …", nullable=False),
        Column("created_by", Type.TEXT, "account that made it; empty = the command line or the workspace's token"),
        Column("created_at", Type.INSTANT, "when it was made", nullable=False),
        Column("changed_at", Type.INSTANT, "when its target or state was last changed", nullable=False),
        Column("disabled_at", Type.INSTANT, "when it was disabled; empty = it leads to its target"),
        Column("unkept", Type.INTEGER, "openings that led on although their event could not be kept", nullable=False),
    ),
    key=("link",),
    grain="one row a tracked link",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

AUDIENCES = Table(
    name="audiences",
    columns=(
        Column("audience", Type.ID, "number of the audience; grows", nullable=False),
        Column("name", Type.TEXT, "what its owner calls it, typed-in personal data masked", nullable=False),
        Column("condition", Type.TEXT, "canonical text of the condition that its people meet", nullable=False),
        Column("note", Type.TEXT, "what it is for, typed-in personal data masked; may be empty", nullable=False),
        Column("created_by", Type.TEXT, "account that saved it; empty = the command line or the workspace's token"),
        Column("created_at", Type.INSTANT, "when it was saved", nullable=False),
        Column("changed_by", Type.TEXT, "account that last changed name, condition or note"),
        Column("changed_at", Type.INSTANT, "when that was", nullable=False),
        Column("people", Type.INTEGER, "people who met the condition at the last count"),
        Column("of_people", Type.INTEGER, "people with a profile at that count"),
        Column("computed_at", Type.INSTANT, "when the build that was counted was computed"),
        Column("deleted_at", Type.INSTANT, "when it was deleted; empty = it stands"),
        Column("kind", Type.TEXT, "dynamic or fixed; empty = dynamic"),
        Column("frozen_in", Type.INTEGER, "number of the build at which its people were frozen; empty = never"),
    ),
    key=("audience",),
    grain="one row a saved audience; a deleted one stays until it is restored",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

PLANS = Table(
    name="plans",
    columns=(
        Column("version", Type.ID, "number of the version; grows", nullable=False),
        Column("text", Type.TEXT, "the plan as its author wrote it, YAML", nullable=False),
        Column("digest", Type.TEXT, "16 hex digits over what it says, however it was written", nullable=False),
        Column("origin", Type.TEXT, "what brought it: file, starters, promoted or console", nullable=False),
        Column("applied_by", Type.TEXT, "account; empty = the command line or the workspace's token", nullable=False),
        Column("applied_at", Type.INSTANT, "since when it holds, until the next version", nullable=False),
    ),
    key=("version",),
    grain="one row a version of the tracking plan; the newest holds",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

PLAN_MODES = Table(
    name="plan_modes",
    columns=(
        Column("source", Type.TEXT, "data source; empty = every source without a row of its own", nullable=False),
        Column("mode", Type.TEXT, "observe, quarantine or strict", nullable=False),
        Column("changed_by", Type.TEXT, "account; empty = the command line or the workspace's token", nullable=False),
        Column("changed_at", Type.INSTANT, "since when", nullable=False),
    ),
    key=("source",),
    grain="one row a source whose mode somebody chose, and one for all others",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

CLEANING_RULES = versions_table("cleaning_rules", of="the shop's cleaning rules", effect="from the next check on")

ACKNOWLEDGED = Table(
    name="acknowledged",
    columns=(
        SOURCE,
        Column("field", Type.TEXT, "whose quality the alert is about", nullable=False),
        Column("kind", Type.TEXT, "missing, invalid, repeated, late or drift", nullable=False),
        Column("since_on", Type.TEXT, "first local date of the alert, ISO 8601", nullable=False),
        Column("acknowledged_by", Type.TEXT, "name of who looks after it", nullable=False),
        Column("acknowledged_at", Type.INSTANT, "when", nullable=False),
        Column("note", Type.TEXT, "what is known of it, personal data masked; may be empty", nullable=False),
    ),
    key=("source", "field", "kind", "since_on"),
    grain="one row an alert on the quality of data that somebody looks after",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

TIE_KINDS = versions_table("tie_kinds", of="the shop's kinds of tie", effect="from the next build on")

TAG_DEFINITIONS = versions_table(
    "tag_definitions", of="the tags that the shop declares", effect="at once, or from the next build on"
)
FACT_RULES = versions_table("fact_rules", of="the shop's fact rules", effect="from the next build on")

TRAFFIC_RULES = Table(
    name="traffic_rules",
    columns=(
        Column("version", Type.ID, "number of the version; grows", nullable=False),
        Column("text", Type.TEXT, "rules of the shop's own as their author wrote them, YAML", nullable=False),
        Column("applied_by", Type.TEXT, "account; empty = the command line or the workspace's token", nullable=False),
        Column("applied_at", Type.INSTANT, "since when they hold, until the next version", nullable=False),
    ),
    key=("version",),
    grain="one row a version of the shop's own traffic rules; the newest holds",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

INTERNAL_NODES = Table(
    name="internal_nodes",
    columns=(
        NODE_ID,
        Column("namespace", Type.TEXT, "kind of identifier", nullable=False),
        Column("note", Type.TEXT, "who or what it is, personal data masked; may be empty", nullable=False),
        Column("marked_by", Type.TEXT, "account; empty = the command line or the workspace's token", nullable=False),
        Column("marked_at", Type.INSTANT, "since when what it does is flagged as internal", nullable=False),
    ),
    key=("node_id",),
    grain="one row an identifier of somebody who tests or works here, under its pseudonym",
    owner="app",
    erase=Erase(Leave.DELETE, nodes=("node_id",)),
    home=Home.CATALOGUE,
)

SEEN = Table(
    name="seen",
    columns=(
        SOURCE,
        Column("event", Type.TEXT, "name of the event, masked; * = names beyond those told apart", nullable=False),
        Column("property", Type.TEXT, "which, masked; empty = the event itself; * = the others", nullable=False),
        Column("type", Type.TEXT, "what it held; empty for the event itself", nullable=False),
        Column("events", Type.INTEGER, "events that had it, ever", nullable=False),
        Column("first_at", Type.INSTANT, "when the first was taken in", nullable=False),
        Column("last_at", Type.INSTANT, "when the last was taken in", nullable=False),
        Column("sample", Type.TEXT, "the form of one value: letters and digits are replaced", nullable=False),
    ),
    key=("source", "event", "property", "type"),
    grain="one row a property of the events of a source and a type in which it came",
    owner="app",
    erase=Erase(Leave.KEEP),
    home=Home.CATALOGUE,
)

PLAN_DAYS = Table(
    name="plan_days",
    columns=(
        SOURCE,
        Column("event", Type.TEXT, "name of the event, masked", nullable=False),
        Column("property", Type.TEXT, "which, masked; empty = the event itself", nullable=False),
        Column("kind", Type.TEXT, "how events deviate from the plan; empty = all events of the name", nullable=False),
        Column("taken_on", Type.TEXT, "local date on which they were taken in, ISO 8601", nullable=False),
        Column("events", Type.INTEGER, "how many", nullable=False),
        Column("last_at", Type.INSTANT, "when the last was taken in", nullable=False),
        Column("example", Type.TEXT, "the form of one value: letters and digits are replaced", nullable=False),
    ),
    key=("source", "event", "property", "kind", "taken_on"),
    grain="one row a day, source, event and way to deviate from the tracking plan, and one for all its events",
    owner="app",
    erase=Erase(Leave.KEEP),
    retention_days=90,
    home=Home.CATALOGUE,
)

TABLES = (
    *(BATCHES, TAKEN, JOBS, ACCOUNTS, CONSOLE_SESSIONS, API_TOKENS, SOURCES, ARRIVALS, TRACKED_LINKS),
    *(AUDIENCES, PLANS, PLAN_MODES, SEEN, PLAN_DAYS, TRAFFIC_RULES, INTERNAL_NODES),
    *(CLEANING_RULES, ACKNOWLEDGED, TIE_KINDS, FACT_RULES, TAG_DEFINITIONS),
)
ALL_TABLES = (
    *(*COLLECT, *PRIVACY, *UNIFY, *TIES, *FACTS, *PROFILE, *SEGMENT, *ACT),
    *(*TABLES, *IDENTITY, *INTAKE, *CAMPAIGNS, *CLUSTERS, *PATTERNS, *SYNCS),
)
