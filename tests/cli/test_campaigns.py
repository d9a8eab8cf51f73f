"""Campaigns on the command line: from a draft to what it brought."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.app.campaigns.shop import CampaignScene, opened, paid
from tests.databases import copy_workspace
from tests.receiving import receiving

EVERYBODY = "did('Product Viewed')"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    scene = opened(tmp_path_factory.mktemp("campaigns") / "shop", people=80)
    scene.shop.close()
    return scene.folder


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Iterator[Path]:
    copy_workspace(prepared, tmp_path / "shop")
    return tmp_path / "shop"


def test_a_campaign_is_made_planned_sent_written_and_read(folder, call, tmp_path):
    where = ("-w", folder, "--lang", "en")
    made = call("campaign", "add", "春季唤醒", EVERYBODY, "--holdout", "0.5", "--spend", "100", *where, "--json").json
    assert (made["campaign"], made["state"], made["spend"], made["sink"]) == (1, "draft", "100", "file")
    plan = call("campaign", "plan", "1", *where, "--json").json
    assert plan["people"] == plan["treatment"] + plan["holdout"] == 80
    assert "difference that would be seen" in call("campaign", "plan", "1", *where).out
    asked = call("campaign", "send", "1", *where)
    assert asked.code != 0
    assert f"file: {plan['treatment']} people, {plan['holdout']} held out" in asked.err
    sent = call("campaign", "send", "1", "--yes", *where, "--json").json
    assert (sent["state"], sent["treatment"], sent["holdout"]) == ("sent", plan["treatment"], plan["holdout"])
    wrote = call("campaign", "file", "1", "--to", tmp_path / "people.csv", *where, "--json").json
    names = (tmp_path / "people.csv").read_text("utf-8-sig").split()[1:]
    assert wrote["people"] == len(names) == plan["treatment"]
    shown = call("campaign", "show", "1", *where).out
    assert f"{plan['treatment']} → file (marketing)" in shown
    assert "nothing was built since" in call("campaign", "report", "1", *where).out
    _let_them_buy(folder, names)
    report = call("campaign", "report", "1", *where, "--json").json
    assert (report["verdict"], report["treatment"]["converted"], report["holdout"]["converted"]) == (
        "early", len(names), 0,
    )  # fmt: skip
    told = call("campaign", "report", "1", *where).out
    assert "do not judge yet" in told
    assert "extra revenue for the cost" in told
    assert call("campaign", "spend", "1", "250.5", *where, "--json").json["spend"] == "250.5"


def _let_them_buy(folder: Path, names: list[str]) -> None:
    """Everybody of the list pays an order in a day's time, as seen from the clock of this machine."""
    scene = CampaignScene(folder)
    [campaign] = scene.campaigns.all()
    scene.now = campaign.assigned_at
    at = scene.now.isoformat()
    scene.settle([paid(name, number, "90", at=at) for number, name in enumerate(names)], days=1)
    scene.shop.close()


def test_a_receiver_of_the_environment_gets_the_pieces(folder, call, monkeypatch):
    call("campaign", "add", "春季唤醒", EVERYBODY, "--sink", "crm", "-w", folder)
    refused = call("campaign", "send", "1", "--yes", "-w", folder, "--lang", "en")
    assert (refused.code, "QIANMIAN_SINK_CRM=https://" in refused.err) == (2, True)
    with receiving() as receiver:
        monkeypatch.setenv("QIANMIAN_SINK_CRM", f"{receiver.address}/in")
        sent = call("campaign", "send", "1", "--yes", "-w", folder, "--json").json
    [piece] = receiver.taken
    assert len(piece.told["people"]) == sent["treatment"]
    assert call("campaign", "show", "1", "-w", folder, "--json").json["delivered"] == sent["treatment"]


@pytest.mark.parametrize(
    "words",
    [
        ("add", "x", "did("),
        ("add", "x", EVERYBODY, "--purpose", "advertise"),
        ("add", "x", EVERYBODY, "--spend", "much"),
        ("add", "x", EVERYBODY, "--holdout", "0.6"),
        ("show", "7"),
        ("plan", "7"),
        ("report", "7"),
        ("delete", "7"),
    ],
)
def test_what_cannot_be_is_refused(folder, call, words):
    ran = call("campaign", *words, "-w", folder, "--lang", "en")
    assert ran.code not in (0, 1)
    assert "rror" in ran.err


def test_there_are_none_at_first_and_a_draft_is_deleted(folder, call):
    assert "qianmian campaign add" in (
        call("campaign", "list", "-w", folder).out + call("campaign", "list", "-w", folder).err
    )
    call("campaign", "add", "x", EVERYBODY, "-w", folder)
    assert len(call("campaign", "list", "-w", folder, "--json").json) == 1
    assert call("campaign", "delete", "1", "-w", folder).code == 0
    assert call("campaign", "list", "-w", folder, "--json").json == []
