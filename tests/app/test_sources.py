"""Write keys: what they open, how long, and that nobody reads them anywhere."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from qianmian.app.access.tokens import is_whole
from qianmian.app.sources import DEFAULT, PREFIX, Sources, WriteKeys
from qianmian.app.tables import SOURCES
from qianmian.core.errors import InputError, UnknownNameError

NOW = datetime(2026, 11, 26, tzinfo=UTC)


class HandClock:
    """A clock that a test moves."""

    def __init__(self):
        self.instant = NOW

    def now(self):
        return self.instant

    def move(self, **by):
        self.instant += timedelta(**by)


@pytest.fixture
def clock():
    return HandClock()


@pytest.fixture
def sources(database, clock):
    return Sources(database.open(SOURCES), clock)


@pytest.fixture
def keys(sources, clock):
    return WriteKeys(sources, clock)


def test_a_key_finds_its_source_and_is_stored_nowhere(sources, keys):
    web, till = sources.add("web", os.urandom), sources.add("till", os.urandom, environment="dev", dialects=["sensors"])
    assert is_whole(web, PREFIX)
    assert not is_whole(web)
    assert (keys.find(web).name, keys.find(web).environment, keys.find(web).dialects) == (
        "web", "prod", ("segment", "sensors"),
    )  # fmt: skip
    assert (keys.find(till).name, keys.find(till).environment, keys.find(till).dialects) == (
        "till",
        "dev",
        ("sensors",),
    )
    with sources._catalogue.connect() as connection:
        stored = str(connection.execute(sa.text("SELECT * FROM sources")).all())
    assert web[-4:] in stored
    assert web[4:30] not in stored


def test_a_new_key_is_known_within_a_moment_though_others_were_just_read(sources, keys, clock):
    web = sources.add("web", os.urandom)
    assert keys.find(web)
    till = sources.add("till", os.urandom)
    assert keys.find(till) is None
    clock.move(milliseconds=200)
    assert keys.find(till).name == "till"


@pytest.mark.parametrize("text", ["", "qmw_", "qm_x", "钥匙", "qmw_" + "0" * 49])
def test_what_is_no_key_finds_nothing(sources, keys, text):
    sources.add("web", os.urandom)
    assert keys.find(text) is None


def test_a_rolled_key_works_at_once_and_the_one_before_for_a_while(sources, keys, clock):
    first = sources.add("web", os.urandom)
    second = sources.roll("web", os.urandom, grace=timedelta(hours=2))
    assert keys.find(first) == keys.find(second)
    clock.move(hours=1, minutes=59, seconds=59)
    assert keys.find(first)
    clock.move(seconds=1)
    assert keys.find(first) is None
    third = sources.roll("web", os.urandom, grace=timedelta(0))
    clock.move(seconds=5)
    assert [keys.find(key) and keys.find(key).name for key in (first, second, third)] == [None, None, "web"]
    assert sources.get("web").rolled_at == clock.now() - timedelta(seconds=5)


def test_a_disabled_source_sends_nothing_by_any_key_until_it_gets_another(sources, keys, clock):
    first = sources.add("web", os.urandom)
    second = sources.roll("web", os.urandom)
    assert keys.find(first)
    sources.disable("web")
    assert keys.find(second), "known for some seconds more"
    clock.move(seconds=5)
    assert keys.find(first) is keys.find(second) is None
    third = sources.roll("web", os.urandom)
    clock.move(seconds=5)
    assert [bool(keys.find(key)) for key in (first, second, third)] == [False, False, True]


def test_who_was_seen_is_written_down_once_a_minute(sources, keys, clock):
    key = sources.add("web", os.urandom)
    keys.find(key)
    assert sources.get("web").seen_at is None
    seen = []
    for _ in range(14):
        clock.move(seconds=5)
        keys.find(key)
        seen.append(sources.get("web").seen_at)
    assert sorted(set(seen)) == [NOW, NOW + timedelta(minutes=1)]


def test_a_shop_without_sources_gets_one(sources):
    key = sources.add_default(os.urandom)
    assert is_whole(key, PREFIX)
    assert [source.name for source in sources.all()] == [DEFAULT]
    assert sources.add_default(os.urandom) is None


@pytest.mark.parametrize("name", ["", "Web", "a b", "-web", "w" * 61, "网店", "a\n"])
def test_odd_names_are_refused(sources, name):
    with pytest.raises(InputError, match="the name of a source must be"):
        sources.add(name, os.urandom)


def test_what_cannot_be_is_refused_by_name(sources):
    with pytest.raises(InputError, match=r"environment .* got 'staging'"):
        sources.add("web", os.urandom, environment="staging")
    for dialects in (["segment", "morse"], []):
        with pytest.raises(InputError, match="dialects of a source"):
            sources.add("web", os.urandom, dialects=dialects)
    sources.add("web", os.urandom)
    with pytest.raises(InputError, match="there is a source 'web' already"):
        sources.add("web", os.urandom)
    for ask in (lambda: sources.roll("app", os.urandom), lambda: sources.disable("app"), lambda: sources.get("app")):
        with pytest.raises(UnknownNameError, match="there is no source 'app'"):
            ask()
