"""The vault keeps what is new, opens what it keeps, and destroys for good."""

from __future__ import annotations

import base64
import gc
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from qianmian.core.errors import WorkspaceError
from qianmian.core.people import Identifier
from qianmian.privacy.database import declared
from qianmian.privacy.keys import KeyRing
from qianmian.privacy.pseudonyms import pseudonymise
from qianmian.privacy.tables import IDENTIFIERS
from qianmian.privacy.vault import Remembered, Vault
from tests.databases import Database
from tests.privacy.child import killed_at

PHONES = ("13800138000", "+86 139 0013 9000", None, "13700137000", "null")


def remember(vault: Vault, keys: KeyRing, values: Sequence[str | None] = PHONES, batch: int = 1) -> Remembered:
    nodes, checks, _ = pseudonymise(keys.node, "phone", values)
    return vault.remember("phone", values, nodes, checks, batch)


def nodes_of(keys: KeyRing, *values: str, namespace: str = "phone") -> list[int]:
    return pseudonymise(keys.node, namespace, values)[0].tolist()


def bytes_on_disk(folder: Path, database: Database) -> bytes:
    keys = b"\0".join(file.read_bytes() for file in sorted((folder / "keys").rglob("*")) if file.is_file())
    return keys + b"\0" + database.stored()


def test_a_remembered_value_is_revealed_in_its_normal_spelling(vault: Vault, keys: KeyRing) -> None:
    assert remember(vault, keys).new == 3
    (node,) = nodes_of(keys, "13900139000")
    assert vault.reveal([node, 12345]) == {node: Identifier("phone", "13900139000")}


def test_a_known_value_is_not_written_again(vault: Vault, keys: KeyRing, tmp_path: Path, database: Database) -> None:
    remember(vault, keys)
    vault.shred([])  # empties the write-ahead log, so that any write shows
    before = trace_of_writing(vault, tmp_path)
    again = remember(vault, keys, batch=2)
    assert (again.new, again.collided.any(), len(vault)) == (0, False, 3)
    assert trace_of_writing(vault, tmp_path) == before
    remember(vault, keys, ["13200132000"])
    assert trace_of_writing(vault, tmp_path) != before


def trace_of_writing(vault: Vault, folder: Path) -> list[object]:
    """Changes with every write: the bytes of the files, and on a server the transactions that wrote the rows."""
    files: list[object] = [file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()]
    if vault._engine.dialect.name == "sqlite":
        return files
    with vault._engine.connect() as connection:
        return [*files, *connection.exec_driver_sql("SELECT xmin::text, ctid::text FROM identifiers ORDER BY node_id")]


def test_what_one_vault_wrote_another_knows(vault: Vault, keys: KeyRing, database: Database) -> None:
    remember(vault, keys)
    other = Vault(database.open(IDENTIFIERS), keys)
    nodes = np.array(nodes_of(keys, "13800138000", "13800138001"))
    assert other.known(nodes).tolist() == [True, False]
    assert remember(other, keys, [*PHONES, "13600136000"]).new == 1
    other.close()
    vault.look_again()
    assert remember(vault, keys, ["13600136000"]).new == 0


def test_a_write_that_fails_leaves_nothing_held_that_is_not_stored(
    vault: Vault, keys: KeyRing, database: Database
) -> None:
    remember(vault, keys)
    other = Vault(database.open(IDENTIFIERS), keys)
    remember(other, keys, ["13600136000"])
    other.close()
    with pytest.raises(Exception, match=r"(?i)unique"):  # without the lease, two write the same
        remember(vault, keys, ["13600136000", "13500135000"])
    assert remember(vault, keys, ["13600136000", "13500135000"]).new == 1
    assert len(vault) == 5


def test_many_runs_end_like_one(keys: KeyRing, vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qianmian.privacy.vault._WRITTEN_AT_ONCE", 7)
    values = [f"138001380{number:02}" for number in range(50)]
    remember(vault, keys, values[25:])
    assert remember(vault, keys, values[::-1]).new == 25
    nodes = nodes_of(keys, *values)
    assert vault.reveal(nodes) == {node: Identifier("phone", value) for node, value in zip(nodes, values, strict=True)}
    assert vault.known(np.array(nodes)).all()


def test_two_spellings_of_a_value_in_one_call_are_one_identifier(vault: Vault, keys: KeyRing) -> None:
    done = remember(vault, keys, ["13800138000", "+8613800138000"])
    assert (done.new, done.collided.any()) == (1, False)


def test_the_later_of_two_colliding_identifiers_is_refused(vault: Vault, keys: KeyRing) -> None:
    remember(vault, keys)
    (node,) = nodes_of(keys, "13800138000")
    forged = vault.remember("phone", ["13800138001"], np.array([node]), np.array([1], np.uint64), 2)
    assert (forged.new, forged.collided.tolist()) == (0, [True])
    assert vault.reveal([node])[node].value == "13800138000"


def test_of_two_that_collide_in_one_call_the_first_stands(vault: Vault) -> None:
    values, nodes = ["first", "second", "third"], np.array([9, 9, 4])
    done = vault.remember("user_id", values, nodes, np.array([1, 2, 3], np.uint64), 1)
    assert (done.new, done.collided.tolist()) == (2, [False, True, False])
    assert vault.reveal([9])[9].value == "first"


@pytest.mark.parametrize("point", ["vault.after_salts", "vault.after_rows"])
def test_a_death_while_remembering_ends_like_none(
    tmp_path: Path, keys: KeyRing, database: Database, point: str
) -> None:
    keys.close()
    values = [value for value in PHONES if value]
    killed_at(
        point,
        f"""
keys = KeyRing.open(Path({str(tmp_path / "keys")!r}))
vault = Vault({database.code}, keys)
nodes, checks, _ = pseudonymise(keys.node, "phone", {values!r})
vault.remember("phone", {values!r}, nodes, checks, 1)
""",
    )
    vault = Vault(database.open(IDENTIFIERS), keys)
    assert keys.salts.count() == 3
    salts = keys.salts.find(nodes_of(keys, *values))
    done = remember(vault, keys, values)
    assert done.new == (3 if point == "vault.after_salts" else 0)
    assert keys.salts.find(nodes_of(keys, *values)) == salts
    assert sorted(found.value for found in vault.reveal(nodes_of(keys, *values)).values()) == [
        "13700137000",
        "13800138000",
        "13900139000",
    ]
    vault.close()


def test_raw_values_never_reach_the_disk(vault: Vault, keys: KeyRing, tmp_path: Path, database: Database) -> None:
    remember(vault, keys, ["13800138000"])
    assert not traces(bytes_on_disk(tmp_path, database), b"13800138000")


def traces(stored: bytes, value: bytes) -> list[bytes]:
    forms = (value, base64.b32encode(value).rstrip(b"="), base64.b64encode(value).rstrip(b"="), value.hex().encode())
    return [form for form in forms if form in stored or form.lower() in stored]


def test_a_shredded_value_and_its_salt_are_in_no_file(
    vault: Vault, keys: KeyRing, tmp_path: Path, database: Database
) -> None:
    remember(vault, keys)
    gone, stays = nodes_of(keys, "13800138000", "13700137000")
    salts = keys.salts.find([gone, stays])
    ciphertexts = sealed_values(vault)
    stored = bytes_on_disk(tmp_path, database)
    assert salts[gone] in stored
    assert ciphertexts[gone] in stored
    vault.shred([gone])
    database.rewrite("identifiers")
    gc.collect()
    stored = bytes_on_disk(tmp_path, database)
    assert salts[gone] not in stored
    assert ciphertexts[gone] not in stored
    assert not traces(stored, b"13800138000")
    assert salts[stays] in stored
    assert ciphertexts[stays] in stored
    assert vault.reveal([gone, stays]) == {stays: Identifier("phone", "13700137000")}
    assert vault.known(np.array([gone, stays])).tolist() == [False, True]


def sealed_values(vault: Vault) -> dict[int, bytes]:
    with vault._engine.connect() as connection:
        return {row[0]: row[1] for row in connection.exec_driver_sql("SELECT node_id, ciphertext FROM identifiers")}


def test_a_shredding_that_dies_after_the_salts_has_already_destroyed_the_value(
    vault: Vault, keys: KeyRing, tmp_path: Path, database: Database
) -> None:
    remember(vault, keys)
    (node,) = nodes_of(keys, "13800138000")
    killed_at(
        "vault.salts_destroyed",
        f"""
keys = KeyRing.open(Path({str(tmp_path / "keys")!r}))
Vault({database.code}, keys).shred([{node}])
""",
    )
    assert vault.reveal([node]) == {}
    vault.shred([node])
    assert node not in sealed_values(vault)


def test_who_comes_back_after_shredding_is_new(vault: Vault, keys: KeyRing) -> None:
    remember(vault, keys)
    (node,) = nodes_of(keys, "13800138000")
    vault.shred([node])
    assert remember(vault, keys, batch=2).new == 1
    assert vault.reveal([node])[node].value == "13800138000"


@pytest.mark.parametrize("database", ["file"], indirect=True)
def test_an_open_reader_makes_shredding_say_that_traces_remain(vault: Vault, keys: KeyRing, database: Database) -> None:
    remember(vault, keys)
    reader = database.open(IDENTIFIERS).connect()
    reader.exec_driver_sql("PRAGMA busy_timeout=0")
    reader.exec_driver_sql("BEGIN")
    reader.exec_driver_sql("SELECT count(*) FROM identifiers").all()
    with vault._engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=0")
    nodes = nodes_of(keys, "13800138000")
    with pytest.raises(WorkspaceError, match="being read"):
        vault.shred(nodes)
    reader.close()
    vault.shred(nodes)
    assert vault.reveal(nodes) == {}


def test_a_batch_knows_what_it_was_the_first_to_bring(vault: Vault, keys: KeyRing) -> None:
    remember(vault, keys, ["13800138000"], batch=1)
    remember(vault, keys, ["13800138000", "13900139000", "13700137000"], batch=2)
    assert sorted(vault.of_batch(2)) == sorted(nodes_of(keys, "13900139000", "13700137000"))


def test_a_value_sealed_with_other_keys_is_refused_without_showing_anything(
    vault: Vault, keys: KeyRing, tmp_path: Path, database: Database
) -> None:
    remember(vault, keys)
    other = KeyRing.create(tmp_path / "other")
    (node,) = nodes_of(keys, "13800138000")
    other.salts.ensure([node])
    stranger = Vault(database.open(IDENTIFIERS), other)
    with pytest.raises(WorkspaceError, match="other keys") as caught:
        stranger.reveal([node])
    assert "13800138000" not in str(caught.value)
    stranger.close()
    other.close()


def test_a_failing_statement_does_not_show_its_values(vault: Vault) -> None:
    row = {"node_id": 1, "namespace": "phone", "ciphertext": b"13100131000"}
    insert = sa.insert(declared(IDENTIFIERS))
    with vault._engine.begin() as connection, pytest.raises(Exception, match=r"(?i)constraint") as caught:
        connection.execute(insert, row)
    assert "13100131000" not in str(caught.value)
