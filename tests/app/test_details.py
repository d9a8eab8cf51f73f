"""What owned records say of people is sealed at import, leaves with them, and is in no other store."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import qianmian
from qianmian.core.clock import FixedClock
from qianmian.core.errors import MappingError
from tests.app.traces import NOW, Scene

MEMBERS = """
source: till
grain: event
format: jsonl
event: {event_id: id, name: {value: Member Registered}, occurred_at: at}
identifiers: {user_id: user, phone: phone}
match: {name: full_name, birth_date: born, phone_tail: masked, address: street, city: town}
properties: rest
"""
NAME, STREET = "欧阳若兰", "槐安东路七十三号"


def member(number: str, **fields: Any) -> dict[str, Any]:
    row = {"id": f"m-{number}", "at": "2026-05-02T12:00:00+08:00", "user": f"u-{number}", "phone": None}
    return row | {"full_name": NAME, "born": "1990/03/07", "masked": "138****8000", "street": STREET} | fields


def told(scene: Scene) -> dict[int, dict[str, str]]:
    return {one.node_id: dict(one.fields) for one in scene.shop.workspace.vault.details.all()}


@pytest.fixture
def scene(tmp_path: Path) -> Any:
    made = Scene(tmp_path / "shop")
    yield made
    made.shop.close()


def test_details_are_kept_under_the_strongest_identifier_in_one_spelling(scene: Scene) -> None:
    scene.take([member("1", phone="13800138000", town=" Ｓhang  hai ", level="gold")], MEMBERS)
    assert told(scene) == {
        scene.node("u-1"): {
            "name": NAME, "birth_date": "19900307", "phone_tail": "8000", "address": STREET, "city": "shang hai"
        }
    }  # fmt: skip
    assert scene.query("SELECT properties FROM events").to_pylist() == [{"properties": '{"level":"gold"}'}]


def test_of_several_rows_the_latest_stands_and_a_row_without_a_person_says_nothing(scene: Scene) -> None:
    rows = [member("1", at="2026-05-03T12:00:00+08:00", full_name="新名"), member("1", id="m-old")]
    scene.take([*rows, member("2", user=None)], MEMBERS)
    assert {fields["name"] for fields in told(scene).values()} == {"新名"}


def test_no_store_holds_a_raw_detail(scene: Scene) -> None:
    scene.take([member("1"), member("2", at="never")], MEMBERS)
    scene.shop.build()
    wanted = [text.encode() for text in (NAME, STREET)]
    files = [file for file in (scene.folder / "data").rglob("*") if file.is_file()]
    assert [file.name for file in files if any(text in file.read_bytes() for text in wanted)] == []
    rows = next(scene.folder.glob("*.jsonl"))
    assert all(text in rows.read_bytes() for text in wanted)  # the search can find them


def test_an_undone_batch_takes_its_details_along(scene: Scene) -> None:
    first = scene.take([member("1")], MEMBERS).batch
    second = scene.take([member("1", id="later", full_name="新名")], MEMBERS).batch
    assert scene.shop.undo(second)
    assert [one.batch for one in scene.shop.workspace.vault.details.all()] == [first]


def test_an_import_that_died_leaves_no_details_to_the_next_of_its_number(scene: Scene) -> None:
    scene.shop.close()
    command = [sys.executable, "-m", "tests.app.child", str(scene.folder), "member", "import.after_vault"]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    scene.shop = qianmian.open(scene.folder, clock=FixedClock(NOW))
    assert set(told(scene)) == {scene.node("u-1")}
    scene.take([member("2")], MEMBERS)
    assert [(one.node_id, one.batch) for one in scene.shop.workspace.vault.details.all()] == [(scene.node("u-2"), 1)]


def test_the_details_of_the_erased_are_gone_and_others_stay(scene: Scene) -> None:
    scene.take([member("1"), member("2")], MEMBERS)
    scene.shop.build()
    scene.shop.erase(scene.shop.plan_erase(["u-1"]))
    assert set(told(scene)) == {scene.node("u-2")}


def test_a_person_is_handed_their_own_details(scene: Scene) -> None:
    scene.take([member("1"), member("2", full_name="另一人")], MEMBERS)
    scene.shop.build()
    [details] = scene.shop.export("u-1")["details"]
    assert (details["name"], details["stated_at"].isoformat()) == (NAME, "2026-05-02T04:00:00+00:00")


def test_details_survive_a_backup(scene: Scene, tmp_path: Path) -> None:
    scene.take([member("1")], MEMBERS)
    scene.shop.backup(tmp_path / "data.tar", tmp_path / "keys.tar")
    qianmian.restore(tmp_path / "data.tar", tmp_path / "keys.tar", tmp_path / "again", clock=FixedClock(NOW))
    again = Scene(tmp_path / "again")
    assert told(again) == told(scene) != {}
    again.shop.close()


def test_a_detail_that_nobody_compares_is_refused_with_near_names(scene: Scene) -> None:
    with pytest.raises(MappingError, match=r"(?s)match\.birthdate.*birth_date"):
        scene.take([member("1")], MEMBERS.replace("birth_date:", "birthdate:"))
