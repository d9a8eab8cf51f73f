"""A person on the screen: names, stage and value on top, then the tags by kind, each with its evidence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from qianmian.app.contracts.profile import EvidenceTold, ProfileTold, TagValueTold
from qianmian.cli.exits import printable
from qianmian.cli.words import shown, word
from qianmian.core.language import Language

_BAR = 6
_MOST_EVENTS = 2
_STAGE_COLOURS = {"loyal": "green", "active": "green", "new": "cyan", "at_risk": "yellow", "lost": "red"}


@dataclass(frozen=True)
class Portrait:
    """Draws profiles in a language and a zone."""

    language: Language
    zone: ZoneInfo

    def panel(self, profile: ProfileTold) -> Panel:
        """The whole person."""
        told = [tag for tag in profile.tags if tag.value not in (None, 0)]
        without = word("without", self.language, len(profile.tags) - len(told))
        built = profile.computed
        foot = Text(f"{without} · build {built.build} · {built.today} · {built.snapshot}", style="dim")
        return Panel(
            Group(*self._head(profile), Text(), *self._wall(told), Text(), foot),
            title=f"{word('person', self.language)} {profile.person}",
            title_align="left",
            border_style="blue",
            box=box.ROUNDED,
            padding=(1, 2),
        )

    def evidence(self, evidence: EvidenceTold) -> str:
        """Why, in a line: window, events, how often, when last."""
        window = (
            word("days", self.language, evidence.window_days)
            if evidence.window_days
            else word("all time", self.language)
        )
        names = ", ".join(evidence.events[:_MOST_EVENTS]) or word("anything", self.language)
        more = len(evidence.events) - _MOST_EVENTS
        line = f"{window} {names}{f' +{more}' if more > 0 else ''} × {evidence.rows}"
        if evidence.last:
            at = evidence.last.occurred_at.astimezone(self.zone)
            line += f", {word('last', self.language)} {at:%Y-%m-%d}"
        return printable(line)

    def _head(self, profile: ProfileTold) -> Iterator[RenderableType]:
        counts = Counter(one.namespace for one in profile.identifiers if one.namespace.startswith("order:"))
        known = [f"{one.namespace} {one.value}" for one in profile.identifiers if one.namespace not in counts]
        known += [f"{namespace} × {count}" for namespace, count in counts.items()]
        yield Text(printable(" · ".join(known)), style="bold")
        by_name = {tag.name: tag for tag in profile.tags}
        line = Text()
        for tag in filter(None, (by_name.get("lifecycle"), by_name.get("rfm"))):
            if tag.value is not None:
                style = _STAGE_COLOURS.get(str(tag.value), "magenta")
                line.append(f" {self._value(tag)} ", style=f"reverse {style}").append("  ")
        scores = [f"{name[0].upper()}{by_name[name].value}" for name in _SCORES if _has_value(by_name, name)]
        line.append(" ".join(scores))
        for name in ("net_revenue", "orders_total"):
            if _has_value(by_name, name):
                line.append(f"  {self._title(by_name[name])} {self._value(by_name[name])}")
        yield line

    def _wall(self, tags: list[TagValueTold]) -> Iterator[RenderableType]:
        by_kind = sorted(tags, key=lambda tag: _KINDS.index(tag.kind))
        for kind, group in groupby(by_kind, key=lambda tag: tag.kind):
            table = Table(
                box=None, show_header=False, padding=(0, 2, 0, 0), title=word(kind, self.language), expand=True
            )
            table.title_justify, table.title_style = "left", "bold blue"
            for ratio, style in ((25, ""), (16, "bold"), (12, "cyan"), (59, "dim")):
                table.add_column(ratio=ratio, style=style, overflow="ellipsis", no_wrap=True)
            for tag in group:
                table.add_row(self._title(tag), self._value(tag), _bar(tag.confidence), self.evidence(tag.evidence))
            yield table

    def _title(self, tag: TagValueTold) -> str:
        return tag.zh if self.language is Language.ZH else tag.en

    def _value(self, tag: TagValueTold) -> str:
        return shown(tag.value, self.language, self.zone)


_KINDS = ("lifecycle", "rfm", "preference", "statistic", "rule", "first_last", "combination", "ranking")
_SCORES = ("r_score", "f_score", "m_score")


def _has_value(by_name: dict[str, TagValueTold], name: str) -> bool:
    return name in by_name and by_name[name].value is not None


def _bar(confidence: float | None) -> str:
    if confidence is None:
        return ""
    full = round(confidence * _BAR)
    return "█" * full + "░" * (_BAR - full) + f" {confidence:.0%}"
