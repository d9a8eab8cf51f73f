"""Metrics over HTTP."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from qianmian.app.contracts.metrics import AnsweredMetricsTold, MetricPageTold, MetricsTold
from qianmian.app.metrics import Question
from qianmian.app.questions.metrics import defined, dictionary
from qianmian.http.asked import OpenShop, Purpose, Spoken
from qianmian.http.errors import told
from qianmian.measure.metrics.declare import Grain

router = APIRouter(prefix="/api/metrics", tags=["measure"])

Name = Annotated[str, Field(max_length=80)]


class MetricsAsked(BaseModel):
    """Which metrics, when, and of whom."""

    names: list[Name] = Field(min_length=1, max_length=100, description="names of metrics")
    from_on: date | None = Field(default=None, description="first local date; 29 days before the build's if not given")
    to_on: date | None = Field(default=None, description="last local date, which belongs; the build's if not given")
    grain: Grain = Field(default=Grain.DAY, description="how long a period is")
    by: str | None = Field(default=None, max_length=80, description="dimension to break down by")
    condition: str | None = Field(
        default=None, max_length=20_000, description="only these people count; see docs/guides/conditions.md"
    )


@router.get("", responses=told(403, 404))
def list_metrics(shop: OpenShop, language: Spoken, purpose: Purpose) -> MetricsTold:
    """List the dictionary of metrics, with what the shop must collect for those that cannot be told yet."""
    return MetricsTold.of(dictionary(shop, purpose=purpose), language)


@router.post("/values", responses=told(400, 403, 404, 422))
def metric_values(shop: OpenShop, language: Spoken, purpose: Purpose, asked: MetricsAsked) -> AnsweredMetricsTold:
    """Tell what metrics say of a range, by day, week, month or as a whole; of everybody or of an audience."""
    question = Question(asked.names, asked.from_on, asked.to_on, asked.grain, asked.by, asked.condition)
    return AnsweredMetricsTold.of(shop.metrics(question, purpose=purpose), language)


@router.get("/{name}", responses=told(403, 404))
def show_metric(
    shop: OpenShop,
    language: Spoken,
    purpose: Purpose,
    name: Annotated[str, Path(max_length=80, description="name of the metric")],
) -> MetricPageTold:
    """Show the definition of a metric."""
    return MetricPageTold.of(*defined(shop, name, purpose=purpose), language)
