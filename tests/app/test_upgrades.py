"""A workspace that an earlier version really made goes on; one of a later version is refused."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from qianmian.app import databases
from qianmian.app.questions.goods import goods
from qianmian.app.shop import ANALYSE
from qianmian.app.tables import JOBS
from qianmian.core.errors import WorkspaceError
from qianmian.core.tables import Column, Table, Type
from qianmian.profile.tags.basic import BASIC
from qianmian.profile.tags.partial import Fold
from tests.app.traces import NOW, Scene, good, trace

#: A shop of three people, one of them erased, made and built by the code of that commit; all of it is invented.
FOLDS = {word for fold in Fold for word in (fold.value.rpartition("_")[2],)}
MADE = Path(__file__).parent / "made_by_36893cc"


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.delenv("QIANMIAN_DATABASE", raising=False)  # its databases are files
    with tarfile.open(MADE / "shop.tar.gz") as packed:
        packed.extractall(tmp_path, filter="data")
    scene = Scene(tmp_path / "shop")
    yield scene
    scene.shop.close()


@pytest.fixture
def answers() -> dict[str, Any]:
    """What that commit answered."""
    return dict(json.loads((MADE / "answers.json").read_text(encoding="utf-8")))


def test_a_workspace_of_an_earlier_version_gives_the_same_answers(earlier: Scene, answers: dict[str, Any]) -> None:
    built = json.loads(json.dumps(earlier.built(), default=str))
    assert built.pop("ties") == built.pop("traits") == built.pop("journeys") == []  # that version knew none
    for table, told in (("orders", ("paid_in", "rate")), ("refunds", ("stated", "currency"))):  # told since
        assert [[row.pop(name) for name in told] for row in built[table]] == [[None, None]] * len(built[table])
    for row, told in zip(built["profiles"], answers["built"]["profiles"], strict=True):
        assert {tag.name for tag in BASIC} <= row.keys()
        told_otherwise = told.keys() - row.keys()  # that version told partials beside tags
        assert {name.rpartition("_")[2] for name in told_otherwise} <= {*FOLDS, "on", "share"}
        row |= {name: told[name] for name in told_otherwise}
    assert built == answers["built"]
    assert earlier.shop.audience("orders_total > 0").members() == answers["spenders"]
    assert [[row.position, row.reason, row.field] for row in earlier.shop.refused(2)] == answers["refused"]
    assert [purpose.name for purpose in earlier.shop.workspace.purposes.registered()] == answers["purposes"]


def test_a_workspace_of_an_earlier_version_goes_on(earlier: Scene) -> None:
    before = earlier.profiles()
    report = earlier.take(
        [
            trace("Product Viewed", "2026-05-19", user="anna", item="i1"),
            trace("Product Viewed", "2026-05-17", user="dora", item="i1"),
        ]
    )
    assert (report.accepted, [reason.reason for reason in report.refused]) == (1, ["suppressed"])
    earlier.shop.build()
    anna = earlier.person("anna")
    changed = {person for person, row in earlier.profiles().items() if row != before.get(person)}
    assert anna in changed
    earlier.shop.erase(earlier.shop.plan_erase(["anna"]))
    assert anna not in earlier.profiles()


def test_goods_of_an_earlier_version_take_what_was_declared_since(earlier: Scene) -> None:
    before = goods(earlier.shop, purpose=ANALYSE).goods
    assert before
    assert {(item.spu_id, item.image_url, item.is_delisted) for item in before} == {(None, None, None)}
    earlier.goods([good("i9", "家居", since="2026-05-01")])
    name = before[0].item_id
    mapping = (
        "grain: item\npartial: true\nformat: jsonl\nitem: {item_id: sku, valid_from: at, spu_id: spu, stock: stock}\n"
    )
    change = {"sku": name, "at": "2026-05-10T00:00:00Z", "spu": "p1", "stock": 3}
    earlier._take([change], f"source: {before[0].source}\n{mapping}")
    earlier.shop.build()
    after = {item.item_id: item for item in goods(earlier.shop, purpose=ANALYSE).goods}
    assert (after[name].spu_id, after[name].stock, after[name].price) == ("p1", 3, before[0].price)
    assert "i9" in after


def test_what_was_declared_since_is_added_once(earlier: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    note = Column("note", Type.TEXT, "said of it")
    wider = replace(JOBS, columns=(*JOBS.columns, note))
    new = replace(JOBS, name="later_jobs")
    jobs = earlier.shop.workspace.jobs.latest()
    declare(monkeypatch, wider, new)
    for _ in range(2):
        again = earlier.at(NOW)
        assert stored(again)["jobs"][-1] == "note"
        assert stored(again)["later_jobs"] == list(JOBS.names)
        assert again.shop.workspace.jobs.latest() == jobs
        earlier.shop = again.shop


def test_a_database_of_a_later_version_is_refused_by_name(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        declare(later, replace(JOBS, columns=(*JOBS.columns, Column("note", Type.TEXT, "said of it"))))
        scene.at(NOW).shop.close()
    with pytest.raises(WorkspaceError, match=r"later version .* does not know 'jobs.note'") as refused:
        scene.at(NOW)
    assert "install that version" in refused.value.hint


def test_a_table_of_a_later_version_is_refused_by_name(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as later:
        declare(later, JOBS, replace(JOBS, name="later_jobs"))
        scene.at(NOW).shop.close()
    with pytest.raises(WorkspaceError, match=r"later version .* does not know 'later_jobs'"):
        scene.at(NOW)


def declare(patch: pytest.MonkeyPatch, *tables: Table) -> None:
    """Declare the catalogue as another version does: these tables instead of `jobs`, or beside it."""
    others = [table for table in databases.CATALOGUE_TABLES if table.name != "jobs"]
    patch.setattr(databases, "CATALOGUE_TABLES", (*others, *tables))


def stored(scene: Scene) -> dict[str, list[str]]:
    """The tables of the catalogue with their columns, as they are stored."""
    inspector = sa.inspect(scene.shop.workspace.catalogue)
    return {name: [column["name"] for column in inspector.get_columns(name)] for name in inspector.get_table_names()}
