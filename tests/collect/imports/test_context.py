"""Facts of the shop's context: taken in by a mapping, told anew by a later file, refused with a reason."""

from __future__ import annotations

import json

import pytest

from qianmian.collect.context import standing_facts
from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.templates import find_template
from qianmian.core.errors import MappingError

MAPPING = """
source: shop
grain: context
format: csv
time_zone: Asia/Shanghai
context: {kind: kind, fact_id: id, name: name, parent: parent, first_on: from, last_on: to}
attributes: [note]
"""


def fact(kind="calendar", name="国庆", first="2026-10-01", last="2026-10-07", **more):
    known = {"kind": kind, "id": "", "name": name, "parent": "", "from": first, "to": last, "note": ""}
    return known | more


def stand(workspace):
    columns = "kind, fact_id, name, parent, first_on::VARCHAR, last_on::VARCHAR, attributes"
    return workspace.query(f"SELECT {columns} FROM ({standing_facts()}) ORDER BY kind, fact_id")


def test_facts_are_kept_with_their_dates_and_told_anew(workspace, write_csv):
    rows = [
        fact(note="电话 13800138000"),
        fact("policy", "七日无理由", "2026-03-15T00:30:00+08:00", "", id="P-1"),
        fact("region", "杭州", "", "", id="330100", parent="330000"),
        fact(),
    ]
    report = workspace.take(write_csv(rows), MAPPING)
    assert (report.accepted, [(one.reason, one.rows) for one in report.refused]) == (3, [("id_conflict", 1)])
    assert stand(workspace) == [
        ("calendar", "国庆@2026-10-01", "国庆", None, "2026-10-01", "2026-10-07", '{"note":"电话 [phone]"}'),
        ("policy", "P-1", "七日无理由", None, "2026-03-15", None, None),
        ("region", "330100", "杭州", "330000", None, None, None),
    ]
    again = workspace.take(write_csv([rows[1] | {"to": "2026-12-31"}, rows[2]], "later.csv"), MAPPING)
    assert (again.accepted, again.duplicates) == (1, 1)
    assert [row[5] for row in stand(workspace)] == ["2026-10-07", "2026-12-31", None]
    assert workspace.undo(again, leader="context")
    assert [row[5] for row in stand(workspace)] == ["2026-10-07", None, None]


@pytest.mark.parametrize(
    ("row", "reason", "field"),
    [
        (fact("weather"), "bad_kind", "kind"),
        (fact(name=""), "missing", "name"),
        (fact(first=""), "missing", "first_on"),
        (fact(first="soon"), "bad_time", "first_on"),
        (fact(last="2026-09-30"), "bad_time", "last_on"),
    ],
)
def test_what_is_no_fact_is_refused(workspace, write_csv, row, reason, field):
    report = workspace.take(write_csv([row, fact("policy", "p", last="")]), MAPPING)
    assert report.accepted == 1
    assert [(one.reason, one.examples[0].field) for one in report.refused] == [(reason, field)]


@pytest.mark.parametrize(
    ("name", "row", "kind"),
    [
        ("calendar", {"名称": "双11", "开始日期": "2026-11-11", "结束日期": "", "类型": "大促"}, "calendar"),
        (
            "policies",
            {
                "编号": "P-2",
                "名称": "以旧换新",
                "生效日期": "2026-01-01",
                "失效日期": "2026-12-31",
                "发布方": "国家",
                "影响": "家电",
            },
            "policy",
        ),
        (
            "regions",
            {"代码": "330100", "名称": "杭州", "上级代码": "330000", "城市级别": "新一线", "人口": "1262"},
            "region",
        ),
    ],
)
def test_each_template_takes_its_small_example(workspace, write_csv, name, row, kind):
    report = workspace.take(write_csv([row]), find_template(f"context/{name}").text)
    assert (report.accepted, report.refused) == (1, ())
    ((told, _, called, *_, attributes),) = stand(workspace)
    assert (told, called) == (kind, row["名称"])
    assert set(row.values()) & set(json.loads(attributes).values())


def test_a_section_of_goods_has_no_place(workspace):
    with pytest.raises(MappingError, match=r"partial: has no place here: with grain context .*attributes, context"):
        read_mapping(MAPPING + "partial: true\n", "context.yaml")
