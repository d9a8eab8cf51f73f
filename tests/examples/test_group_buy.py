"""The story of the group buys against the raw files, counted in plain Python."""

from __future__ import annotations

import gzip
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from examples.asking import ask
from examples.folders import Folders
from examples.group_buy.convert import user_id
from examples.group_buy.run import DATA_SET, make_shop, tell
from qianmian.app.shop import Shop
from tests.examples.people import profiles

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
OPENED, JOINED, FILLED = "Group Buy Opened", "Group Buy Joined", "Group Buy Filled"


class RawGroups:
    """Who opened, joined and filled how many groups."""

    def __init__(self, folder: Path) -> None:
        self.opened: Counter[str] = Counter()
        self.joined: Counter[str] = Counter()
        self.filled: Counter[str] = Counter()
        for name in ("tune.txt.gz", "invalid.txt.gz"):
            for line in gzip.decompress((folder / name).read_bytes()).decode().splitlines():
                initiator, _, *participants = line.split("\t")
                self.opened[user_id(initiator)] += 1
                self.joined.update(user_id(one) for one in participants if one)
                self.filled[user_id(initiator)] += name.startswith("tune")


@pytest.fixture(scope="module")
def raw(data: Path) -> RawGroups:
    return RawGroups(data / DATA_SET)


@pytest.fixture(scope="module")
def shop(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    made = make_shop(Folders(data, tmp_path_factory.mktemp("groups") / "shop"))
    tell(made)
    yield made
    made.close()


def test_every_group_and_every_participant_is_an_event(shop: Shop, raw: RawGroups) -> None:
    counted = ask(shop, "SELECT name, count(*) AS events FROM events GROUP BY 1", "events").to_pylist()
    assert {row["name"]: row["events"] for row in counted} == {
        OPENED: raw.opened.total(),
        JOINED: raw.joined.total(),
        FILLED: raw.filled.total(),
    }
    assert (raw.opened.total(), raw.filled.total()) == (154_184 + 211_291, 154_184)


def test_everybody_has_a_profile_with_their_own_number_of_group_buys(shop: Shop, raw: RawGroups) -> None:
    everybody = raw.opened.keys() | raw.joined.keys()
    found = profiles(shop, everybody, ["group_buys_90d"])
    expected = {user: raw.opened[user] + raw.joined[user] for user in everybody}
    assert {user: row["group_buys_90d"] for user, row in found.items()} == expected


@pytest.mark.parametrize("least", [1, 2, 3, 10])
def test_an_audience_holds_who_opened_or_joined_that_often(shop: Shop, raw: RawGroups, least: int) -> None:
    for name, counted in ((OPENED, raw.opened), (JOINED, raw.joined), (FILLED, raw.filled)):
        expected = sum(count >= least for count in counted.values())
        assert shop.audience(f"did('{name}', last='1d') >= {least}", limit=0).size() == expected


def test_who_opens_and_who_joins_are_told_apart(shop: Shop, raw: RawGroups) -> None:
    only_joined = raw.joined.keys() - raw.opened.keys()
    assert shop.audience(f"did('{JOINED}') and not did('{OPENED}')", limit=0).size() == len(only_joined)
    unlucky = [user for user in raw.opened if not raw.filled[user]]
    assert shop.audience(f"did('{OPENED}') and not did('{FILLED}')", limit=0).size() == len(unlucky)
