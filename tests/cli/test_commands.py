"""Every command does what it says, and tells it as JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer

from docs.doors import leaves
from qianmian.cli.entry import app
from tests.cli.running import qianmian

COMMANDS = dict(leaves(typer.main.get_command(app), "qianmian"))
ORDERS = "order,at,user,total\nA1,2026-10-01 09:00,u-1,10.00\nA2,2026-10-02T09:00:00,u-2,20.00\nA3,never,u-3,30.00\n"
MAPPING = """
source: till
format: csv
event: {event_id: order, name: {value: Order Completed}, occurred_at: {column: at, format: "%Y-%m-%d %H:%M"},
  order_id: order, total: total}
identifiers: {user_id: user}
"""


@pytest.fixture
def orders(tmp_path):
    (tmp_path / "orders.csv").write_text(ORDERS)
    (tmp_path / "orders.yaml").write_text(MAPPING)
    return tmp_path / "orders.csv", tmp_path / "orders.yaml"


@pytest.mark.parametrize("path", COMMANDS)
def test_every_command_can_tell_its_data_as_json(path):
    assert "--json" in [text for one in COMMANDS[path].params for text in one.opts]
    assert COMMANDS[path].help


def test_the_demo_goes_from_raw_files_to_people_and_beats_every_baseline_it_claims(demo):
    told = demo.told
    assert len(told["profiles"]) == 3
    assert 0 < told["audience"]["size"] < told["audience"]["of_people"]
    assert len(told["claims"]) >= 12
    assert all({"claim", "metric", "value", "baseline", "n"} <= claim.keys() for claim in told["claims"])
    f1 = next(claim for claim in told["claims"] if claim["metric"] == "pair_f1")
    assert f1["value"] > f1["baseline"]
    assert Path(told["token_file"]).stat().st_mode & 0o777 == 0o600
    assert (demo.world / "truth").is_dir()
    assert not list(demo.shop.rglob("truth*"))


def test_a_demo_of_other_options_does_not_mix_with_one_that_stands(demo, call):
    ran = call("demo", "--people", "201", "--days", "20", "--folder", demo.folder, "--no-serve")
    assert (ran.code, ran.out) == (2, "")
    assert "other options" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        "jobs",
        "doctor",
        "build --explain",
        "import list",
        "tag list",
        "tag show lifecycle",
        "tag show net_90d",
        "purpose list",
        "audience size|lifecycle = 'loyal'",
        "audience members|orders_total >= 1|--limit|3",
        "audience insight|orders_total >= 2",
    ],
)
def test_the_output_with_json_is_json_and_nothing_else(demo, call, arguments):
    words, *rest = arguments.split("|")
    ran = call(*words.split(), *rest, "-w", demo.shop, "--json")
    assert json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")


def test_the_claims_come_from_the_truth_and_not_from_the_workspace(demo, call):
    ran = call("world", "score", "-w", demo.shop, "--truth", demo.world, "--json")
    again = {claim["metric"]: claim["value"] for claim in ran.json["claims"]}
    assert again == {claim["metric"]: claim["value"] for claim in demo.told["claims"]}
    assert call("world", "score", "-w", demo.shop, "--truth", demo.shop).code == 2


def test_the_tags_of_the_demo_are_judged_with_their_coverage(demo):
    claims = {claim["metric"]: claim for claim in demo.told["claims"] if claim["metric"].startswith("tag_")}
    assert all(claim["value"] is not None and 0 < claim["coverage"] <= 1 for claim in claims.values())
    assert claims["tag_device_type"]["value"] > claims["tag_device_type"]["baseline"]
    assert claims["tag_price_sensitivity"]["value"] > 0.4  # of a few hundred people; 0.59 of thousands
    assert claims["tag_gender"]["value"] == pytest.approx(claims["tag_gender"]["coverage"], abs=0.01)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-CN", ("每天的订单", "支付成功")), ("en", ("orders by day", "buys"))]
)
def test_a_world_is_told_to_a_person(demo, call, language, words):
    ran = call("world", "show", demo.world, "--people", "6", "--lang", language)
    assert ran.code == 0
    assert all(word in ran.out for word in words)
    told = call("world", "show", demo.world, "--people", "6", "--json").json
    assert len(told["lives"]) == 6
    assert len(told["by hour"]) == 24
    assert call("world", "show", demo.shop).code == 2


def test_stories_that_nobody_looked_for_are_told_so(demo, call):
    ran = call("world", "score", "-w", demo.shop, "--truth", demo.world)
    claims = [claim for claim in demo.told["claims"] if claim["metric"].startswith("story_")]
    assert claims
    assert all(claim["value"] is None and claim["passed"] is None for claim in claims)
    assert "尚未寻找" in ran.out


def test_a_person_is_the_same_by_every_name_and_shown_masked(demo, call):
    user, phone = demo.somebody["user_id"], demo.somebody["phone"]
    told = call("profile", "show", user, "-w", demo.shop, "--json").json
    by_id = call("profile", "show", f"person:{told['person']}", "-w", demo.shop, "--json").json
    assert by_id["tags"] == told["tags"]
    assert phone not in json.dumps(told)
    assert told["computed"]["build"] == 1
    ran = call("profile", "explain", user, "views_30d", "-w", demo.shop, "--json")
    assert ran.json["evidence"]["rows"] == next(tag["value"] for tag in told["tags"] if tag["name"] == "views_30d")


def test_what_came_in_since_the_build_is_told_of_anybody(demo, call):
    told = call("profile", "recent", demo.somebody["user_id"], "-w", demo.shop, "--json").json
    assert (told["total"], told["events"], told["computed"]["build"]) == (0, [], 1)
    assert "0 个事件刚收到" in call("profile", "recent", "never-seen", "-w", demo.shop, "--lang", "zh-CN").out


@pytest.mark.parametrize(("language", "title"), [("zh-CN", "近 30 天浏览商品次数"), ("en", "Product views in 30 d")])
def test_a_portrait_speaks_the_language_that_was_asked_for(demo, call, language, title):
    person = demo.told["profiles"][0]["person"]
    ran = call("profile", "show", f"person:{person}", "-w", demo.shop, "--lang", language)
    assert title in ran.out
    assert "Product Viewed ×" in ran.out
    assert ran.err == ""


def test_an_export_is_the_owners_alone(demo, call, tmp_path):
    user = demo.somebody["user_id"]
    ran = call("profile", "export", user, "-w", demo.shop, "--to", tmp_path / "mine.json")
    assert ran.code == 0
    assert (tmp_path / "mine.json").stat().st_mode & 0o777 == 0o600
    told = json.loads((tmp_path / "mine.json").read_text())
    assert {"namespace": "user_id", "value": user}.items() <= told["identifiers"][-2].items() or user in str(told)
    assert told["tables"]["events"]


def test_an_import_is_previewed_tried_made_undone_and_its_refused_rows_replayed(copy, call, orders):
    file, mapping = orders
    preview = call("import", "preview", file, "-m", mapping, "-w", copy, "--json").json
    assert [row["refused"] for row in preview] == ["", "bad_time", "bad_time"]
    dry = call("import", file, "-m", mapping, "-w", copy, "--dry-run", "--json").json
    assert (dry["batch"], dry["accepted"]) == (0, 1)
    made = call("import", file, "-m", mapping, "-w", copy, "--json").json
    first = made["batch"]
    assert (first > 0, made["accepted"], made["refused_rows"]) == (True, 1, 2)
    assert len(call("import", "refused", str(first), "-w", copy, "--json").json) == 2

    same = call("import", "replay", str(first), "-w", copy, "--json").json
    assert (same["batch"], len(call("import", "refused", str(first), "-w", copy, "--json").json)) == (0, 2)
    mapping.write_text(MAPPING.replace('{column: at, format: "%Y-%m-%d %H:%M"}', "at"))
    replayed = call("import", "replay", str(first), "-m", mapping, "-w", copy, "--json").json
    assert (replayed["batch"], replayed["accepted"], replayed["refused_rows"]) == (first + 1, 1, 1)
    assert call("import", "refused", str(first), "-w", copy, "--json").json == []
    assert [row["reason"] for row in call("import", "refused", str(first + 1), "-w", copy, "--json").json] == [
        "bad_time"
    ]

    assert call("import", "undo", str(first + 1), "-w", copy, "--json").json == {"batch": first + 1, "stood": True}
    assert call("import", "undo", str(first + 1), "-w", copy, "--json").json["stood"] is False
    listed = {row["batch"]: row for row in call("import", "list", "-w", copy, "--json").json}
    assert listed[first + 1]["undone_at"]
    assert not listed[first]["undone_at"]


def test_a_batch_is_replaced_only_after_a_yes_and_never_by_a_dry_run(copy, call, orders):
    file, mapping = orders
    first = call("import", file, "-m", mapping, "-w", copy, "--json").json["batch"]
    file.write_text(ORDERS.replace("never", "2026-10-03 09:00"))
    asked = ("import", file, "-m", mapping, "-w", copy, "--replaces", str(first), "--json")
    refused = call(*asked)
    assert refused.code == 2
    assert "--yes" in refused.err
    assert call(*asked, "--dry-run").json["accepted"] == 2
    assert not call("import", "list", "-w", copy, "--json").json[0]["undone_at"]
    assert call(*asked, "--yes").json["accepted"] == 2
    assert call("import", "list", "-w", copy, "--json").json[1]["undone_at"]


def test_somebody_is_erased_only_after_a_yes(copy, demo, call):
    user = demo.somebody["user_id"]
    plan = call("profile", "erase", user, "-w", copy, "--plan", "--json").json
    assert plan["stages"][0].startswith("suppress")
    assert plan["job"] is None
    unasked = call("profile", "erase", user, "-w", copy)
    assert unasked.code == 2
    assert "--yes" in unasked.err
    assert call("profile", "show", user, "-w", copy).code == 0
    done = call("profile", "erase", user, "-w", copy, "--yes", "--json").json
    assert done["job"]
    assert call("profile", "show", user, "-w", copy).code == 2


def test_an_audience_is_saved_shown_changed_deleted_and_brought_back(copy, call):
    made = call("audience", "save", "买过的", "orders_total>=1", "--note", "n", "-w", copy, "--json").json
    number = str(made["audience"])
    shown = call("audience", "show", number, "-w", copy, "--json").json
    assert (shown["condition"], shown["people"]) == ("orders_total >= 1", made["people"])
    assert call("audience", "change", number, "--name", "买家", "-w", copy, "--json").json["name"] == "买家"
    gone = call("audience", "delete", number, "-w", copy)
    assert "买家" in gone.out
    assert gone.err == f"undo: qianmian audience restore {number}\n"
    assert call("audience", "list", "-w", copy, "--json").json == []
    assert "买家" in call("audience", "list", "--deleted", "-w", copy).out
    assert call("audience", "restore", number, "-w", copy, "--json").json["deleted_at"] is None
    assert "买家" in call("audience", "list", "-w", copy).out
    assert call("audience", "show", "99", "-w", copy).code == 2


def test_a_list_is_written_as_a_file_of_the_owners_alone(demo, call, tmp_path):
    to = tmp_path / "people.csv"
    told = call("audience", "export", "orders_total >= 1", "--to", to, "-w", demo.shop, "--json").json
    size = call("audience", "size", "orders_total >= 1", "-w", demo.shop, "--json").json["size"]
    assert (told["people"], told["rows"]) == (size, size)
    assert len(to.read_text("utf-8").splitlines()) == size + 1
    assert to.stat().st_mode & 0o777 == 0o600
    assert demo.somebody["phone"] not in to.read_text("utf-8")


def test_who_came_and_went_and_what_audiences_share_is_told(copy, call):
    first = call("audience", "save", "买过的", "orders_total>=1", "--fixed", "-w", copy, "--json").json
    second = call("audience", "save", "多买的", "orders_total>=2", "-w", copy, "--json").json
    assert (first["kind"], second["kind"]) == ("fixed", "dynamic")
    numbers = [str(one["audience"]) for one in (first, second)]
    told = call("audience", "changes", numbers[0], "-w", copy, "--json").json
    assert [(one["cause"], one["people"]) for one in told["builds"][0]["entered"]] == [("definition", first["people"])]
    assert f"{first['people']:,} definition" in call("audience", "changes", numbers[0], "-w", copy, "--lang", "en").out
    assert f"{first['people']:,} 定义变更" in call("audience", "changes", numbers[0], "-w", copy, "--lang", "zh-CN").out
    assert "the next qianmian build" in call("audience", "changes", numbers[1], "-w", copy, "--lang", "en").out
    assert call("audience", "freeze", numbers[1], "-w", copy, "--json").json["kind"] == "fixed"
    assert "is fixed" in call("audience", "freeze", numbers[1], "-w", copy, "--lang", "en").err
    shared = call("audience", "overlap", *numbers, "-w", copy, "--json").json
    [pair] = shared["pairs"]
    assert (pair["people"], pair["of_second"]) == (second["people"], 1.0)
    table = call("audience", "overlap", *numbers, "-w", copy, "--lang", "en").out
    assert f"{second['people']:,} (100.0%)" in table
    assert call("audience", "overlap", numbers[0], "-w", copy).code == 2


def test_what_sets_an_audience_apart_is_a_table(demo, call):
    ran = call("audience", "insight", "orders_total >= 2", "-w", demo.shop, "--lang", "en")
    assert (ran.code, ran.err) == (0, "")
    assert "TGI" in ran.out


def test_a_workspace_is_made_once(tmp_path, call):
    made = call("init", tmp_path / "shop", "--name", "店", "--lang", "en", "--json").json
    assert Path(made["token_file"]).is_file()
    assert 'language = "en"' in (tmp_path / "shop" / "qianmian.toml").read_text()
    assert call("init", tmp_path / "shop", "--name", "店").code == 4
    wrong = call("init", tmp_path / "other", "--name", "店", "--time-zone", "Mars")
    assert wrong.code == 2
    assert not (tmp_path / "other").exists()


def test_equal_options_generate_equal_worlds(tmp_path, call):
    for name in ("one", "two"):
        call("world", "generate", tmp_path / name, "--people", "60", "--days", "8", "--seed", "3")
    [one], [two] = ([*(tmp_path / name / "events").iterdir()] for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()
    assert call("world", "generate", tmp_path / "x", "--people", "0").code == 2


def test_notes_go_to_standard_error_and_only_without_json(tmp_path):
    loud = qianmian("world", "generate", tmp_path, "--people", "60", "--days", "8")
    assert loud.out.startswith("1,") or "rows of events" in loud.out
    assert loud.err == ""


def test_templates_are_listed_and_written_out_whole(tmp_path):
    listed = {one["name"]: one["text"] for one in qianmian("import", "template", "--json").json}
    assert {"taobao/order_lines", "wecom/group_members", "goods/catalogue"} <= set(listed)
    assert qianmian("import", "template", "jd/refunds").out == listed["jd/refunds"]


def test_an_unknown_template_hints_at_the_near_ones():
    ended = qianmian("import", "template", "taobao/refund")
    assert ended.code != 0
    assert "taobao/refunds" in ended.err


def test_a_world_is_written_in_other_forms_beside_its_events(tmp_path):
    told = qianmian(
        "world", "generate", tmp_path, "--people", "60", "--as", "segment", "--as", "exports", "--json"
    ).json
    assert told["forms"]["segment"] >= told["rows"]
    assert told["forms"]["exports"] > 0
    assert (tmp_path / "segment" / "events-0000.jsonl").read_bytes().count(b"\n") == told["forms"]["segment"]
    assert (tmp_path / "exports" / "taobao").is_dir()
    assert not (tmp_path / "sensors").exists()
