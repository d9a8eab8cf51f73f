"""What the doors ask of the tracking plan, and what they are told."""

from __future__ import annotations

from collections.abc import Sequence

from qianmian.app.contracts.plan import (
    EventLineTold,
    ModeTold,
    PlanCheckedTold,
    PlanDifferenceTold,
    PlanEventTold,
    PlanTold,
    PlanVersionTold,
    PropertyLineTold,
    ViolationTold,
    WaitingTold,
)
from qianmian.app.tracking.plans import EVERYWHERE, Plans, PlanVersion
from qianmian.app.tracking.quarantine import waiting
from qianmian.app.tracking.review import event_lines, property_lines, violation_lines
from qianmian.app.workspace import Workspace
from qianmian.collect.plan.changes import differences, with_more
from qianmian.collect.plan.declaration import digest_of, read_plan, write_plan
from qianmian.collect.plan.starters import find_starters
from qianmian.core.errors import UnknownNameError
from qianmian.core.messages import Message


def plans(workspace: Workspace) -> Plans:
    """The plan's versions and modes."""
    return Plans(workspace.catalogue, workspace.clock)


def plan_told(workspace: Workspace, days: int) -> PlanTold:
    """The whole plan beside what was seen."""
    kept = plans(workspace)
    current = kept.current()
    return PlanTold(
        version=PlanVersionTold.of(current) if current else None,
        text=current.text if current else "",
        mode=kept.mode(EVERYWHERE).value,
        modes=[ModeTold.model_validate(one) for one in kept.modes()],
        days=days,
        events=[EventLineTold.of(one) for one in event_lines(workspace, days)],
        waiting=[WaitingTold(source=who, reason=why, events=n) for (who, why), n in waiting(workspace).items()],
    )


def event_told(workspace: Workspace, event: str, days: int) -> PlanEventTold:
    """One event with its properties and its deviations.

    Raises:
        UnknownNameError: it is neither planned nor was it ever seen.
    """
    line = next((one for one in event_lines(workspace, days) if one.name == event), None)
    if line is None:
        raise UnknownNameError("event_not_seen", event=event)
    return PlanEventTold(
        event=EventLineTold.of(line),
        properties=[PropertyLineTold.of(one) for one in property_lines(workspace, event, days)],
        violations=[ViolationTold.model_validate(one) for one in violation_lines(workspace, days, event)],
    )


def checked(workspace: Workspace, text: str, name: str | Message) -> PlanCheckedTold:
    """What a plan would change.

    Raises:
        PlanError: it is none.
    """
    plan = read_plan(text, name)
    found = differences(plans(workspace).plan(), plan)
    return PlanCheckedTold(
        events=len(plan.events),
        digest=digest_of(plan),
        differences=[PlanDifferenceTold.model_validate(one) for one in found],
    )


def add_starters(workspace: Workspace, names: Sequence[str], by: str = "") -> PlanVersion:
    """Let the plan hold with the events of starter plans that it does not have.

    Raises:
        UnknownNameError: there is no such starter.
    """
    more = [one.plan for one in find_starters(names)]
    return plans(workspace).change(
        lambda plan: write_plan(with_more(plan, more)), Message("the_plan"), origin="starters", by=by
    )
