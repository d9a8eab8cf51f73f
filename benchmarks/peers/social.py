"""A made-up shop of people who follow, like and buy together, for both sides of ties; and how both are asked."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

import duckdb
import numpy as np

THREADS, MEMORY_MIB = 2, 4096

_DIGITS = "abcdefghijklmnopqrstuvwxyz234567"
#: What core.people.id_text makes of a number, in SQL.
TEXT = f"""array_to_string(list_transform(range(1, 14),
    lambda i: '{_DIGITS}'[((({{0}}::HUGEINT << 1) >> (65 - 5 * i)::INTEGER) & 31)::INTEGER + 1]), '')"""
_MINE, _THEIRS = "(hash('p', target) >> 1)::BIGINT", "(hash('p', (hash(n, 2) % people)::BIGINT) >> 1)::BIGINT"
#: Of a hundred events: follows 20, posts 5, likes 40, comments 8, shares 7, invitations 2, accepted 2, group buys
#: opened 4 and joined 8, chats 4. People differ in how much is said to them: whom an event is about has a long tail.
_SOCIAL = f"""
CREATE OR REPLACE TEMP TABLE drawn AS
SELECT n, people, (hash(n, 1) % 100)::INTEGER AS dice, {_THEIRS} AS actor, (hash(n, 4) % 5)::BIGINT AS which,
       floor(pow((hash(n, 3) % 1000000007) / 1000000007.0, 2.5) * people)::BIGINT AS target,
       make_timestamptz(1790812800000000 + (hash(n, 5) % (28 * 86400))::BIGINT * 1000000) AS occurred_at
FROM range($first, $last) AS one(n), (SELECT $people AS people);
CREATE OR REPLACE TEMP VIEW told AS
SELECT n, occurred_at,
    CASE WHEN dice < 20 THEN 'User Followed' WHEN dice < 25 THEN 'Post Created' WHEN dice < 65 THEN 'Post Liked'
         WHEN dice < 73 THEN 'Post Commented' WHEN dice < 80 THEN 'Post Shared' WHEN dice < 82 THEN 'Invite Sent'
         WHEN dice < 84 THEN 'Invite Accepted' WHEN dice < 88 THEN 'Group Buy Opened'
         WHEN dice < 96 THEN 'Group Buy Joined' ELSE 'Chat Joined' END AS name,
    CASE WHEN dice BETWEEN 20 AND 24 OR dice IN (80, 81) THEN {_MINE} ELSE actor END AS node_id,
    CASE WHEN dice < 20 THEN json_object('target_user_id', {TEXT.format(_MINE)})
         WHEN dice < 80 THEN json_object('post_id', concat('post-', target, '-', which), 'text', '好物分享')
         WHEN dice < 84 THEN json_object('invite_code', concat('invite-', target))
         WHEN dice < 96 THEN json_object('group_id', concat('group-', n // 40), 'size', 3)
         ELSE json_object('chat_id', concat('chat-', hash(n, 7) % (people // 20))) END::VARCHAR AS properties
FROM drawn;
CREATE OR REPLACE TEMP TABLE events AS
SELECT 'shop' AS source, concat('e', n) AS event_id, (hash('event', n) >> 1)::BIGINT AS event_key,
       occurred_at::DATE AS day, occurred_at, NULL AS client_at, NULL AS sent_at, occurred_at AS received_at,
       'track' AS kind, name, node_id, NULL AS consent, NULL AS traffic, NULL AS item_id, NULL AS order_id,
       NULL AS refund_id, NULL AS total, NULL AS currency, 'app' AS channel, 'ios' AS device_type, NULL AS region,
       properties, $batch AS batch
FROM told;
CREATE OR REPLACE TEMP TABLE nodes AS
SELECT (hash('p', p) >> 1)::BIGINT AS node_id, 'user_id' AS namespace, 1 AS batch FROM range($people) AS one(p);
CREATE OR REPLACE TEMP VIEW persons AS
SELECT node_id, NULL AS since, NULL AS until, node_id AS person_id, 1 AS version FROM nodes;
"""


def make_events(connection: duckdb.DuckDBPyConnection, **numbers: int) -> None:
    """Make the relations ``events``, ``nodes`` and ``persons``; numbers: ``first``, ``last``, ``people``, ``batch``."""
    for statement in filter(str.strip, _SOCIAL.split(";")):
        connection.execute(statement, {name: value for name, value in numbers.items() if f"${name}" in statement})


def some_people(people: int, questions: int) -> list[int]:
    """Ids of random people, the same for every side."""
    drawn = duckdb.execute(
        "SELECT (hash('p', (hash(n, 99) % $people)::BIGINT) >> 1)::BIGINT FROM range($questions) AS q(n)",
        {"people": people, "questions": questions},
    )
    return [int(person) for (person,) in drawn.fetchall()]


def timed(connection: duckdb.DuckDBPyConnection, query: str, people: Sequence[int]) -> dict[str, float]:
    """How long a question about each of some people takes, in milliseconds."""
    took = []
    for person in people:
        begun = perf_counter()
        connection.execute(query, {"person": person}).fetchall()
        took.append(1000 * (perf_counter() - begun))
    return {"median": float(np.median(took)), "p99": float(np.percentile(took, 99))}
