from __future__ import annotations

import duckdb
import pytest


def test_k_looks_twice_as_high_as_it_is(town_sql: duckdb.DuckDBPyConnection):
    true, careless = town_sql.sql(
        """SELECT sum(part) / sum(whole), sum(careless_part) / sum(careless_whole) FROM stories
           WHERE story = 'referral_ring'"""
    ).fetchall()[0]
    assert 0.2 <= true <= 0.45
    assert careless == pytest.approx(0.61, abs=0.08)
    assert careless > 1.6 * true


def test_the_careless_k_is_what_the_events_show(town_sql: duckdb.DuckDBPyConnection):
    (seen,) = town_sql.sql(
        """SELECT count(*) FILTER (event = 'Invite Accepted') / count(DISTINCT user_id) FILTER (event = 'Invite Sent')
           FROM event"""
    ).fetchall()[0]
    (told,) = town_sql.sql(
        "SELECT sum(careless_part) / sum(careless_whole) FROM stories WHERE story = 'referral_ring'"
    ).fetchall()[0]
    assert seen == pytest.approx(told, rel=0.02)


def test_a_ring_is_thirty_six_accounts_at_four_devices_with_two_payees(town_sql: duckdb.DuckDBPyConnection):
    accounts, devices, payees = town_sql.sql(
        "SELECT count(*), count(DISTINCT device_id), count(DISTINCT payee) FROM referral_ring"
    ).fetchall()[0]
    rings = accounts // 36
    assert (accounts, devices) == (36 * rings, 4 * rings)
    assert payees * 3 == 2 * rings  # payees are numbered anew in each of three neighbourhoods


def test_the_ring_shows_as_accounts_that_sign_in_at_few_devices_and_accept_within_the_hour(
    town_sql: duckdb.DuckDBPyConnection,
):
    crowded = """SELECT device_id, count(DISTINCT user_id) FROM event
        WHERE event = 'Invite Accepted' AND device_id IS NOT NULL GROUP BY 1 HAVING count(DISTINCT user_id) >= 5"""
    found = {device for device, _ in town_sql.sql(crowded).fetchall()}
    true = {device for (device,) in town_sql.sql("SELECT DISTINCT device_id FROM referral_ring").fetchall()}
    assert found == true


def test_rewards_of_the_ring_end_at_two_payees_each(town_sql: duckdb.DuckDBPyConnection):
    paid = dict(
        town_sql.sql(
            """SELECT properties->>'payee' AS payee, count(*) FROM event WHERE event = 'Reward Granted'
               GROUP BY 1 HAVING count(*) >= 10"""
        ).fetchall()
    )
    (rings,) = town_sql.sql("SELECT count(*) / 36 FROM referral_ring").fetchall()[0]
    assert len(paid) == 2 * rings
    assert set(paid.values()) == {16}


def test_invitations_form_trees(town_sql: duckdb.DuckDBPyConnection):
    wrong = """SELECT count(*) FROM invitations i WHERE accepted AND generation > 1 AND NOT EXISTS
        (SELECT 1 FROM invitations b WHERE b.accepted AND b.invitee = i.inviter AND b.generation = i.generation - 1)"""
    assert town_sql.sql(wrong).fetchall() == [(0,)]
    assert town_sql.sql("SELECT max(generation) FROM invitations WHERE accepted").fetchall()[0][0] >= 3
