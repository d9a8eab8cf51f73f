"""Quality of the data over HTTP: measured, shown, looked after; and the rules by which it is judged."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from qianmian.app.cleaning import CleaningRules
from qianmian.app.contracts.quality import (
    AlertTold,
    CleaningReportTold,
    CleaningRulesTold,
    ExamplesTold,
    FieldPageTold,
    FilledTold,
    FillReportTold,
    FlaggedEventTold,
    QualityTold,
)
from qianmian.app.contracts.system import StartedTold
from qianmian.app.contracts.versions import DifferenceTold, VersionTold
from qianmian.app.quality import check
from qianmian.app.questions.fills import fill_reports, newest_fills
from qianmian.app.questions.flags import flagged, report
from qianmian.app.questions.quality import acknowledge, field_page, quality
from qianmian.app.questions.quality_examples import examples
from qianmian.core.messages import Message
from qianmian.http.asked import Asking, Jobs, OpenShop, Purpose
from qianmian.http.errors import told
from qianmian.unify.clean.declaration import read_cleaning
from qianmian.unify.clean.sections import MOST_BYTES

router = APIRouter(prefix="/api/quality", tags=["unify"])
rules_router = APIRouter(prefix="/api/clean", tags=["unify"])

SourceAsked = Annotated[str, Query(max_length=200, description="data source")]
FieldAsked = Annotated[str, Query(max_length=220, description="of which field")]
RuleAsked = Annotated[str, Query(max_length=40, description="which rule")]
KindAsked = Annotated[str, Query(max_length=20, description="missing, invalid, repeated or late")]
OnAsked = Annotated[date | None, Query(description="of one local date; of the last 7 if not given")]


class AcknowledgedAsked(BaseModel):
    """Who looks after which alert."""

    source: str = Field(max_length=200, description="data source")
    field: str = Field(max_length=220, description="of which field")
    kind: str = Field(max_length=20, description="missing, invalid, repeated, late or drift")
    by: str = Field(max_length=200, description="name of who looks after it")
    note: str = Field(default="", max_length=2000, description="what is known of it; personal data are masked")


class CleaningRulesAsked(BaseModel):
    """Cleaning rules to check or to apply."""

    text: str = Field(max_length=MOST_BYTES, description="YAML, see docs/guides/cleaning.md")


@router.get("", responses=told(403))
def show_quality(shop: OpenShop, purpose: Purpose) -> QualityTold:
    """Show how good the data of all sources are, as the last check measured them."""
    return QualityTold.of(quality(shop, purpose=purpose))


@router.get("/field", responses=told(403, 404))
def show_field(shop: OpenShop, purpose: Purpose, source: SourceAsked, field: FieldAsked) -> FieldPageTold:
    """Show one field of a source by day, by event and by class of value."""
    return FieldPageTold.of(field_page(shop, source, field, purpose=purpose))


@router.get("/examples", responses=told(400, 403, 404))
def show_examples(
    shop: OpenShop, purpose: Purpose, source: SourceAsked, field: FieldAsked, kind: KindAsked, on: OnAsked = None
) -> ExamplesTold:
    """Show the newest events that are bad in one way, and whose they are."""
    return ExamplesTold.model_validate(examples(shop, source, field, kind, on=on, purpose=purpose))


@router.post("/check", status_code=202, responses=told(409))
def check_quality(shop: OpenShop, jobs: Jobs) -> StartedTold:
    """Measure all events, as a job that goes on by itself."""
    return StartedTold(job=jobs.start(lambda watch: check(shop, watch)))


@router.put("/acknowledged", responses=told(400, 404))
def acknowledge_alert(shop: OpenShop, asked: AcknowledgedAsked) -> AlertTold:
    """Note that somebody looks after an alert that goes on."""
    return AlertTold.of(acknowledge(shop, asked.source, asked.field, asked.kind, by=asked.by, note=asked.note))


@rules_router.get("/report", responses=told(403))
def show_cleaning_report(shop: OpenShop, purpose: Purpose) -> CleaningReportTold:
    """Show what the cleaning rules found at the last check."""
    return CleaningReportTold.model_validate(report(shop, purpose=purpose))


@rules_router.get("/flags", responses=told(403))
def show_flagged(
    shop: OpenShop, purpose: Purpose, rule: RuleAsked, source: SourceAsked, field: FieldAsked = ""
) -> list[FlaggedEventTold]:
    """Show the newest events that a rule flagged, and whose they are."""
    return [FlaggedEventTold.model_validate(one) for one in flagged(shop, rule, source, field, purpose=purpose)]


@rules_router.get("/fills", responses=told(403))
def show_fills(shop: OpenShop, purpose: Purpose) -> list[FillReportTold]:
    """Show what each declared fill did with missing values at the last check, and how well."""
    return [FillReportTold.model_validate(one) for one in fill_reports(shop, purpose=purpose)]


@rules_router.get("/filled", responses=told(403))
def show_filled(shop: OpenShop, purpose: Purpose, field: FieldAsked) -> list[FilledTold]:
    """Show the newest events whose gap in a field was filled, and whose they are."""
    return [FilledTold.model_validate(one) for one in newest_fills(shop, field, purpose=purpose)]


@rules_router.get("/rules", responses=told(403))
def show_cleaning_rules(shop: OpenShop, _purpose: Purpose) -> CleaningRulesTold:
    """Show the rules by which data are judged."""
    return CleaningRulesTold.of(shop.workspace)


@rules_router.post("/rules/check", responses=told(403, 422))
def check_cleaning_rules(shop: OpenShop, _purpose: Purpose, asked: CleaningRulesAsked) -> DifferenceTold:
    """Tell whether rules can be applied, and in what they differ from those that hold."""
    holding = CleaningRules(shop.workspace.catalogue, shop.workspace.clock).cleaning()
    return DifferenceTold.between(read_cleaning(asked.text, Message("cleaning_rules")), holding)


@rules_router.put("/rules", responses=told(422))
def apply_cleaning_rules(shop: OpenShop, caller: Asking, asked: CleaningRulesAsked) -> VersionTold:
    """Let rules hold from the next check on, for all the past too."""
    rules = CleaningRules(shop.workspace.catalogue, shop.workspace.clock)
    version = rules.apply(asked.text, Message("cleaning_rules"), by=caller.account)
    return VersionTold.model_validate(version)
