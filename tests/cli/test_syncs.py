"""Syncs on the command line: made, run, shown, paused, approved and taken back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.app.syncs.shop import kept, opened
from tests.receiving import receiving


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = opened(tmp_path_factory.mktemp("syncs") / "shop", people=3)
    scene.shop.close()
    return scene.folder


def test_a_sync_is_made_run_shown_paused_and_taken_back(folder, call, monkeypatch):
    where = ("-w", folder, "--lang", "en")
    assert "no syncs" in call("sync", "list", *where).out
    odd = call("sync", "add", "会员", "--sink", "crm", *where)
    assert "audience, of tags, or of both" in odd.err
    made = call(
        "sync", "add", "会员", "--sink", "crm", "--audience", "1", "--tag", "orders_total", *where, "--json"
    ).json
    assert (made["sync"], made["state"], made["causes"], made["audience_name"]) == (
        1,
        "waiting",
        [],
        "did('Product Viewed')",
    )
    unset = call("sync", "run", "1", *where)
    assert "QIANMIAN_SINK_CRM" in unset.err
    assert "stopped" in call("sync", "list", *where).out
    with receiving() as receiver:
        monkeypatch.setenv("QIANMIAN_SINK_CRM", receiver.address)
        assert call("sync", "run", "1", *where, "--json").json["held"] == 3
        page = call("sync", "show", "1", *where, "--json").json
        assert [one["entered_people"] for one in page["deliveries"]] == [3]
        assert [one["people"] for one in page["disclosures"]] == [3]
        assert "1/1" in call("sync", "show", "1", *where).out
        assert call("sync", "pause", "1", *where, "--json").json["state"] == "paused"
        assert call("sync", "resume", "1", *where, "--json").json["state"] == "active"
        assert "who made" in call("sync", "approve", "1", *where).err
        assert "used" in call("audience", "delete", "1", *where).err
        assert call("sync", "delete", "1", *where).code != 0
        assert call("sync", "delete", "1", "--yes", *where, "--json").json["state"] == "ending"
        assert "deleted: 1" in call("sync", "run", "1", *where).out
        assert kept(receiver) == {}
    assert call("sync", "list", *where, "--json").json == []
    assert "did('Product Viewed')" in call("audience", "delete", "1", *where).out
