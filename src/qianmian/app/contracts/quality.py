"""What the doors tell of the quality of data, and of the rules by which it is judged."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from qianmian.app.cleaning import CleaningRules
from qianmian.app.contracts.base import Contract
from qianmian.app.contracts.versions import VersionTold
from qianmian.app.questions.quality import FieldPage, OpenAlert, Quality
from qianmian.app.workspace import Workspace
from qianmian.unify.clean.declaration import built_in_cleaning
from qianmian.unify.clean.rules import built_in_text


class AlertTold(Contract):
    """A run of days on which a field of a source is worse than it may be."""

    source: str = Field(description="data source")
    field: str = Field(description="of which field")
    kind: str = Field(description="missing, invalid, repeated, late or drift")
    since_on: date = Field(description="its first local date")
    last_on: date = Field(description="its last local date")
    value: float = Field(description="of the last date: a share, or the population stability index")
    limit: float = Field(description="what that may be at most")
    is_open: bool = Field(description="whether it goes on: no later day was better")
    acknowledged_by: str = Field(description="name of who looks after it; empty = nobody yet")
    acknowledged_at: datetime | None = Field(description="since when, UTC")
    note: str = Field(description="what is known of it; may be empty")

    @classmethod
    def of(cls, one: OpenAlert) -> AlertTold:
        """The alert, beside who looks after it."""
        kept = one.acknowledged
        who = vars(kept) if kept else {"acknowledged_by": "", "acknowledged_at": None, "note": ""}
        return cls(**vars(one.alert), **who)


class CountedTold(Contract):
    """Counts of a field over some days."""

    events: int = Field(description="events; of a field of lines, lines")
    filled: int = Field(description="of them, those that have the field")
    invalid: int = Field(description="those whose value cannot be")
    repeated: int = Field(description="those that tell the same order or refund again")
    late: int = Field(description="those that were received late; of received_at only")


class FieldQualityTold(CountedTold):
    """A field of a source in the last 7 dates up to the last on which it was there."""

    source: str = Field(description="data source")
    field: str = Field(description="a column of events, or with a prefix: lines, orders, refunds, properties")
    last_on: date = Field(description="the last local date on which it was there")
    drift: float | None = Field(description="population stability index of these dates beside the 28 before them")
    alerts: int = Field(description="alerts that go on")


class QualityTold(Contract):
    """How good the data are, as the last check measured them."""

    checked_at: datetime | None = Field(description="when, UTC; empty = not yet")
    events: int = Field(description="events that were read")
    is_current: bool = Field(description="whether neither events nor rules changed since")
    fields: list[FieldQualityTold] = Field(description="by source and name")
    alerts: list[AlertTold] = Field(description="that go on, those of nobody first; then those that ended")

    @classmethod
    def of(cls, found: Quality) -> QualityTold:
        """The answer, its alerts flat."""
        fields = [FieldQualityTold.model_validate(one) for one in found.fields]
        return cls(**{**vars(found), "fields": fields, "alerts": [AlertTold.of(one) for one in found.alerts]})


class QualityDayTold(CountedTold):
    """A field of a source on one local date."""

    happened_on: date = Field(description="local date on which the events happened")
    psi: float | None = Field(description="population stability index of the 7 dates up to it beside the 28 before")
    psi_noise: float | None = Field(description="what that stays below in 999 of 1,000 cases if nothing changed")


class EventQualityTold(CountedTold):
    """A field in one event, over the last 7 dates."""

    event: str = Field(description="name of the event")


class ClassShareTold(Contract):
    """A class of a field's values."""

    name: str = Field(
        description="a word; of a number, the exponent of the power of two below it; an hour; … = the rest"
    )
    recent: int = Field(description="rows of the last 7 dates")
    before: int = Field(description="rows of the 28 dates before")


class FieldPageTold(Contract):
    """One field of a source."""

    quality: FieldQualityTold = Field(description="its last days")
    days: list[QualityDayTold] = Field(description="up to 90 dates, oldest first")
    events: list[EventQualityTold] = Field(description="by event, the commonest first")
    classes: list[ClassShareTold] = Field(description="of its values, the commonest first")
    alerts: list[AlertTold] = Field(description="also those that ended, the newest first")

    @classmethod
    def of(cls, found: FieldPage) -> FieldPageTold:
        """The answer, its alerts flat."""
        return cls.model_validate({**vars(found), "alerts": [AlertTold.of(one) for one in found.alerts]})


class ExampleTold(Contract):
    """An event that a number of the quality page counts."""

    event_id: str = Field(description="the source's own id of it, personal data masked")
    event: str = Field(description="its name")
    occurred_at: datetime = Field(description="when it happened, UTC")
    received_at: datetime = Field(description="when we received it, UTC")
    value: str | None = Field(description="of the field, personal data masked; empty = it has none")
    person: str | None = Field(description="id of whose it is by the last build; empty = nobody's, or not known yet")


class ExamplesTold(Contract):
    """The events behind a number of the quality page."""

    events: int = Field(description="how many; of a field of lines, lines")
    people: int = Field(description="how many people's they are, by the last build")
    examples: list[ExampleTold] = Field(description="the newest 20")


class RuleReportTold(Contract):
    """What one cleaning rule found in one source."""

    rule: str = Field(
        description="impossible, twin, pace, copied_text, outlier, refund_above_paid, delivered_before_paid, no_rate, "
        "odd or brushed"
    )
    source: str = Field(description="data source")
    field: str = Field(description="of which field; empty = of the whole event")
    events: int = Field(description="how many are flagged; none is changed")
    identifiers: int = Field(description="how many different identifiers they are of")
    last_at: datetime = Field(description="when the last happened, UTC")
    is_left_out: bool = Field(description="whether such events count for nobody from the next build on")


class WordRuleTold(Contract):
    """What one rule about words changed in one source."""

    rule: str = Field(description="text, categories, or words.… or units.… with its place in the declaration")
    field: str = Field(description="region, channel, device_type, category, brand, or properties.… that has units")
    source: str = Field(description="data source")
    words: int = Field(description="how many different words are read otherwise than they came")
    events: int = Field(description="how many events have them; of a category or brand, items")


class UnknownWordTold(Contract):
    """A word that no vocabulary knows."""

    field: str = Field(description="region, channel, device_type, category, brand, or properties.… that has units")
    source: str = Field(description="data source")
    word: str = Field(description="as it came")
    events: int = Field(description="how many events have it, at least 5; of a category or brand, items")


class CleaningReportTold(Contract):
    """What all cleaning rules found at the last check."""

    checked_at: datetime | None = Field(description="when, UTC; empty = not yet")
    events: int = Field(description="events that they looked at")
    is_current: bool = Field(description="whether neither events nor rules changed since")
    rules: list[RuleReportTold] = Field(description="what each found; one that found nothing is not listed")
    leave_out: list[str] = Field(description="as what flagged events count for nobody: rules, and traffic")
    words: list[WordRuleTold] = Field(description="what each rule about words changed; events and goods stay")
    unknown: list[UnknownWordTold] = Field(description="the commonest 20 words of a field that no vocabulary knows")


class FlaggedEventTold(Contract):
    """An event that a cleaning rule flagged."""

    event_id: str = Field(description="the source's own id of it, personal data masked")
    event: str = Field(description="its name")
    occurred_at: datetime = Field(description="when it happened, UTC")
    value: str | None = Field(description="what the field holds; empty = nothing to tell")
    like_event: str | None = Field(description="id of the event that it tells again, or is against")
    person: str | None = Field(description="id of whose it is by the last build; empty = of nobody who has a profile")


class FillReportTold(Contract):
    """What one declared fill did at the last check."""

    field: str = Field(description="what was filled")
    events: list[str] = Field(description="of which events")
    method: str = Field(description="constant, mean, median, mode, forward, backward or model")
    by: str = Field(description="column by which it is grouped; empty = none")
    empty: int = Field(description="events that lack it")
    filled: int = Field(description="of them, those for which there is a value; the events stay empty")
    tried: int = Field(description="known values that were hidden and guessed")
    error: float | None = Field(description="how far off: of numbers the mean distance, of words the share")
    error_usual: float | None = Field(description="the same of the median, or of the commonest word, of all")


class FilledTold(Contract):
    """A value that may have been."""

    event_id: str = Field(description="the source's own id of the event that lacks it, personal data masked")
    event: str = Field(description="its name")
    occurred_at: datetime = Field(description="when it happened, UTC")
    method: str = Field(description="how it was filled")
    value: str = Field(description="the value, a word or a number")
    known: int = Field(description="known values behind it: of the group, the person, or the sample")
    doubt: float | None = Field(description="of a word the chance that it is another; of a number the deviation")
    person: str | None = Field(description="id of whose it is by the last build; empty = nobody's, or not known yet")


class CleaningRulesTold(Contract):
    """The cleaning rules of a shop."""

    own: VersionTold | None = Field(description="the shop's own; empty = those of the product hold")
    built_in: str = Field(description="the rules that come with the product, as YAML")
    digest: str = Field(description="of the rules that hold")
    earlier: list[VersionTold] = Field(description="the versions before, newest first")

    @classmethod
    def of(cls, workspace: Workspace) -> CleaningRulesTold:
        """What holds now."""
        told = [VersionTold.model_validate(one) for one in CleaningRules(workspace.catalogue, workspace.clock).all()]
        digest = told[0].digest if told else built_in_cleaning().digest
        return cls(own=told[0] if told else None, built_in=built_in_text(), digest=digest, earlier=told[1:])
