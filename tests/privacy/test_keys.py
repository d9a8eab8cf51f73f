"""Keys are made once, wrapped by a master that may change, and never shown."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from qianmian.core.errors import WorkspaceError
from qianmian.privacy.keys import KeyRing
from tests.privacy.child import killed_at

KEYS = ("vault", "node", "suppression", "refused")


def in_force(ring: KeyRing) -> list[bytes]:
    return [getattr(ring, name) for name in KEYS]


def reopened(ring: KeyRing, folder: Path) -> list[bytes]:
    ring.close()
    again = KeyRing.open(folder)
    again.close()
    return in_force(again)


def test_an_opened_ring_holds_the_keys_that_were_made(keys: KeyRing, tmp_path: Path) -> None:
    assert len(set(in_force(keys))) == 4
    assert reopened(keys, tmp_path / "keys") == in_force(keys)


def test_rotation_replaces_the_master_and_keeps_every_data_key(keys: KeyRing, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    before = (folder / "master.key").read_text()
    keys.rotate_master()
    assert (folder / "master.key").read_text() != before
    assert len(list(folder.glob("wrapped-*"))) == 1
    assert reopened(keys, folder) == in_force(keys)


def test_a_rotation_that_dies_halfway_leaves_the_old_master_in_force(keys: KeyRing, tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    keys.close()
    killed_at("keys.after_wrapping", f"KeyRing.open(Path({str(folder)!r})).rotate_master()")
    again = KeyRing.open(folder)
    assert in_force(again) == in_force(keys)
    again.rotate_master()
    assert len(list(folder.glob("wrapped-*"))) == 1
    again.close()


def test_key_files_are_readable_by_their_owner_alone(keys: KeyRing, tmp_path: Path) -> None:
    keys.salts.ensure([1])
    files = list((tmp_path / "keys").iterdir())
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_data_keys_do_not_stand_in_the_files(keys: KeyRing, tmp_path: Path) -> None:
    stored = b"".join(file.read_bytes() for file in (tmp_path / "keys").iterdir())
    assert not [key for key in in_force(keys) if key in stored or key.hex().encode() in stored]


def test_a_ring_shows_no_key(keys: KeyRing) -> None:
    shown = repr(keys) + repr(vars(keys)["_data"])
    assert not [key for key in in_force(keys) if repr(key) in shown or key.hex() in shown]


@pytest.mark.parametrize("missing", ["master.key", "salts.db", "wrapped-*.json"])
def test_a_missing_key_file_is_named(keys: KeyRing, tmp_path: Path, missing: str) -> None:
    keys.close()
    file = next((tmp_path / "keys").glob(missing))
    file.unlink()
    with pytest.raises(WorkspaceError, match=file.name) as caught:
        KeyRing.open(tmp_path / "keys")
    assert "backup" in caught.value.hint


@pytest.mark.parametrize("name", ["master.key", "wrapped-*.json"])
@pytest.mark.parametrize("content", ["", "not hex", '{"vault": "00"}'])
def test_a_damaged_key_file_is_refused(keys: KeyRing, tmp_path: Path, name: str, content: str) -> None:
    keys.close()
    next((tmp_path / "keys").glob(name)).write_text(content)
    with pytest.raises(WorkspaceError, match=r"damaged"):
        KeyRing.open(tmp_path / "keys")


def test_one_changed_byte_of_a_wrapped_key_is_refused(keys: KeyRing, tmp_path: Path) -> None:
    keys.close()
    file = next((tmp_path / "keys").glob("wrapped-*"))
    text = file.read_text()
    digit = text.rindex('"') - 1
    file.write_text(text[:digit] + ("0" if text[digit] != "0" else "1") + text[digit + 1 :])
    with pytest.raises(WorkspaceError, match="damaged"):
        KeyRing.open(tmp_path / "keys")


def test_keys_are_never_made_over_keys(keys: KeyRing, tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="already holds keys"):
        KeyRing.create(tmp_path / "keys")
    assert reopened(keys, tmp_path / "keys") == in_force(keys)


def test_keys_are_never_made_over_salts_whose_master_is_lost(keys: KeyRing, tmp_path: Path) -> None:
    keys.salts.ensure([7])
    keys.close()
    (tmp_path / "keys" / "master.key").unlink()
    with pytest.raises(WorkspaceError, match="already holds keys"):
        KeyRing.create(tmp_path / "keys")


def test_a_creation_that_died_halfway_can_be_repeated(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    killed_at("keys.after_wrapping", f"KeyRing.create(Path({str(folder)!r}))")
    KeyRing.create(folder).close()
    KeyRing.open(folder).close()
    assert len(list(folder.glob("wrapped-*"))) == 1


def test_a_salt_stays_until_it_is_destroyed(keys: KeyRing) -> None:
    first = keys.salts.ensure([3, 5])
    assert keys.salts.ensure([5, 9, 3])[0::2] == first[::-1]
    keys.salts.destroy([3])
    assert sorted(keys.salts.find([3, 5, 9])) == [5, 9]
    assert keys.salts.ensure([3]) != first[:1]
