"""A shop through both commands and back, and what they say when something is missing."""

from __future__ import annotations


def test_a_shop_is_backed_up_and_restored(copy, demo, call, tmp_path):
    data, keys, again = tmp_path / "data.tar", tmp_path / "keys.tar", tmp_path / "again"
    made = call("backup", data, "--keys", keys, "-w", copy, "--json")
    assert (made.code, made.json["keys"], made.json["bytes"]) == (0, str(keys), data.stat().st_size)
    told = call("restore", data, keys, again, "--json")
    assert (told.code, told.json["erased_again"]) == (0, 0)
    name = demo.somebody["user_id"]
    assert (
        call("profile", "show", name, "-w", again, "--json").json
        == call("profile", "show", name, "-w", copy, "--json").json
    )
    last = call("jobs", "-w", copy, "--json").json[0]
    assert (last["kind"], last["status"], last["result"]["files"]) == ("backup", "done", made.json["files"])


def test_the_keys_need_a_place(copy, call, tmp_path):
    ran = call("backup", tmp_path / "data.tar", "-w", copy, "--lang", "zh-CN")
    assert (ran.code, "备份需要另一处存放密钥" in ran.err) == (2, True)
    assert not (tmp_path / "data.tar").exists()


def test_a_restore_tells_the_date_of_its_keys_and_takes_no_folder_that_holds_something(copy, call, tmp_path):
    data, keys = tmp_path / "data.tar", tmp_path / "keys.tar"
    call("backup", data, "--keys", keys, "-w", copy)
    assert "whoever was erased later is not known to have been" in call("restore", data, keys, tmp_path / "a").out
    ran = call("restore", data, keys, copy, "--lang", "en")
    assert (ran.code, "is not empty" in ran.err) == (4, True)
