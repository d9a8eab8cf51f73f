"""An export that is broken costs what is broken of it, in a dry run as in a real one, and never more."""

from __future__ import annotations

from pathlib import Path

import pytest

from qianmian.collect.imports.declaration import read_mapping
from qianmian.collect.imports.mapping import Format
from qianmian.collect.imports.report import ImportReport
from qianmian.core.errors import InputError, MappingError
from tests.collect.imports.parts import Workspace
from tests.collect.templates.broken import half, with_a_bad_time, without_a_column
from tests.collect.templates.cases import CASES
from tests.collect.templates.conftest import LATER, Exported, template

FILES = {case.template: case.file for case in CASES} | {
    "wechat/followers": "wechat/followers.json",
    "wecom/customers": "wecom/customers.json",
    "crm/members": "crm/会员.xlsx",
    "goods/catalogue": "goods/商品库.xlsx",
}
every_shape = pytest.mark.parametrize("name", sorted(FILES))


class Broken:
    """A broken copy of an export, and a workspace to import it into."""

    def __init__(self, root: Path, file: Path, text: bytes) -> None:
        self.workspace = Workspace(root / "shop")
        self.file = root / file.name
        self.file.write_bytes(text)

    def take(self, mapping: str, *, dry_run: bool) -> ImportReport:
        """Import it."""
        return self.workspace.take(self.file, mapping, now=LATER, dry_run=dry_run)

    def rows(self) -> int:
        """Events, lines and goods that are in the lake."""
        told = "SELECT (SELECT count(*) FROM {}) + (SELECT count(*) FROM {}) + (SELECT count(*) FROM {})"
        return int(self.workspace.query(told.format("events", "event_lines", "items"))[0][0])


@every_shape
def test_a_row_without_a_readable_time_is_refused_alone(exported: Exported, tmp_path: Path, name: str) -> None:
    file, mapping = exported.folder / FILES[name], read_mapping(template(name), name)
    broken = Broken(tmp_path, file, with_a_bad_time(file, mapping))
    dry = broken.take(template(name), dry_run=True)
    assert [(one.reason, one.rows) for one in dry.refused] == [("bad_time", 1)]
    assert dry.refused[0].examples[0].detail.values["given"] == "昨天下午"
    assert (broken.rows(), broken.workspace.refused.counts()) == (0, {})
    real = broken.take(template(name), dry_run=False)
    assert (real.read, real.accepted, real.refused) == (dry.read, dry.accepted, dry.refused)
    assert real.read == exported.counts[FILES[name]]
    assert real.accepted >= real.read - 1 - real.skipped
    assert broken.rows() > 0
    assert broken.workspace.refused.counts() == {"bad_time": 1}
    broken.workspace.close()


@pytest.mark.parametrize("name", sorted(name for name, file in FILES.items() if not file.endswith(".json")))
def test_a_column_that_is_missing_is_named(exported: Exported, tmp_path: Path, name: str) -> None:
    file, mapping = exported.folder / FILES[name], read_mapping(template(name), name)
    text, column = without_a_column(file, mapping)
    broken = Broken(tmp_path, file, text)
    for dry_run in (True, False):
        with pytest.raises(MappingError, match=column):
            broken.take(template(name), dry_run=dry_run)
    assert broken.rows() == 0
    broken.workspace.close()


@every_shape
def test_half_a_file_is_refused_by_name_or_ends_in_one_refused_row(
    exported: Exported, tmp_path: Path, name: str
) -> None:
    file, mapping = exported.folder / FILES[name], read_mapping(template(name), name)
    broken = Broken(tmp_path, file, half(file))
    if mapping.format is Format.CSV:  # a text has no end of its own: what is whole is taken
        for dry_run in (True, False):
            report = broken.take(template(name), dry_run=dry_run)
            assert report.refused_rows <= 1
            assert 0 < report.accepted < exported.counts[FILES[name]]
    else:
        for dry_run in (True, False):
            with pytest.raises((InputError, MappingError), match=file.name):
                broken.take(template(name), dry_run=dry_run)
        assert broken.rows() == 0
    broken.workspace.close()
