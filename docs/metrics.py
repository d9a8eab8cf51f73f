"""The page of the built-in metrics, written from their declarations."""

from __future__ import annotations

from qianmian.core.language import Language
from qianmian.measure.metrics.built_in import built_in_metrics
from qianmian.measure.metrics.declare import FAMILIES, Metric, in_words

_INTRODUCTION = """# Built-in metrics

One definition each, used by every screen, the command line, HTTP and Python: [guide](../guides/metrics.md).

"""


def metrics_page() -> str:
    """Every metric, family by family: name, titles, meaning, formula in words, unit, and what is easily misread."""
    head = "| metric | 名称 | title | 含义 | meaning | formula | unit | trap |\n" + "|---" * 8 + "|\n"
    page = _INTRODUCTION
    for family in FAMILIES:
        rows = "".join(_row(metric) for metric in built_in_metrics() if metric.family == family)
        page += f"## {family}\n\n{head}{rows}\n"
    return page.rstrip() + "\n"


def _row(metric: Metric) -> str:
    cells = (
        f"`{metric.name}`",
        metric.title.zh,
        metric.title.en,
        metric.meaning.zh,
        metric.meaning.en,
        in_words(metric.formula, Language.EN),
        metric.unit.value,
        metric.trap.en,
    )
    return f"| {' | '.join(cells)} |\n"
