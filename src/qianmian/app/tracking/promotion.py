"""What was seen becomes planned: an event with all its properties, or one property of it."""

from __future__ import annotations

from typing import Any

from qianmian.app.tracking.counts import seen
from qianmian.app.tracking.plans import Plans, PlanVersion
from qianmian.app.workspace import Workspace
from qianmian.collect.plan.changes import promoted, with_event, with_property
from qianmian.collect.plan.declaration import read_property, write_plan, written
from qianmian.collect.plan.found import Seen
from qianmian.collect.plan.plan import Plan, PlannedEvent, Property
from qianmian.core.errors import UnknownNameError
from qianmian.core.messages import Message


def promote_event(workspace: Workspace, event: str, by: str = "") -> PlanVersion:
    """Plan an event with the properties that were seen of it, besides those that are planned already.

    Args:
        workspace: the shop.
        event: its name.
        by: account.

    Raises:
        UnknownNameError: it was never seen.
    """
    found = _seen(workspace, event)

    def changed(plan: Plan) -> str:
        old = plan.event(event) or PlannedEvent(event)
        known = {one.name for one in plan.properties(event)}
        more = tuple(one for one in found.values() if one.name not in known and not one.name.startswith("$"))
        return write_plan(with_event(plan, PlannedEvent(event, old.title, (*old.properties, *more))))

    return _plans(workspace).change(changed, Message("the_plan"), origin="promoted", by=by)


def promote_property(workspace: Workspace, event: str, name: str, given: dict[str, Any], by: str = "") -> PlanVersion:
    """Plan a property of an event as it was seen.

    Args:
        workspace: the shop.
        event: name of the event.
        name: of the property.
        given: what is known better than by looking: ``type``, ``required``, ``unit``, ``personal``, as in a plan.
        by: account.

    Raises:
        UnknownNameError: it was never seen.
        PlanError: a given value is none.
    """
    found = _seen(workspace, event)
    if name not in found:
        raise UnknownNameError("property_not_seen", event=event, property=name)
    planned = read_property(name, {**written(found[name]), **given}, Message("the_plan"))
    plans = _plans(workspace)
    return plans.change(
        lambda plan: write_plan(with_property(plan, event, planned)), Message("the_plan"), origin="promoted", by=by
    )


def _seen(workspace: Workspace, event: str) -> dict[str, Property]:
    found = seen(workspace.catalogue, event)
    if not found:
        raise UnknownNameError("event_not_seen", event=event)
    told = promoted(Seen(one.event, one.property, one.type, one.events, one.sample) for one in found)
    return {one.name: one for one in told}


def _plans(workspace: Workspace) -> Plans:
    return Plans(workspace.catalogue, workspace.clock)
