"""A step of a chain of evidence as a sentence: what was said, when, where, how often."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from qianmian.app.identity_decisions import Decision
from qianmian.core.messages import Message
from qianmian.unify.identity.why import Said

_NAMESPACES: Mapping[str, Message] = {
    "user_id": Message("namespace_user_id"),
    "wechat_unionid": Message("namespace_wechat_unionid"),
    "phone": Message("namespace_phone"),
    "email": Message("namespace_email"),
    "weibo_uid": Message("namespace_weibo_uid"),
    "douyin_openid": Message("namespace_douyin_openid"),
    "xiaohongshu_uid": Message("namespace_xiaohongshu_uid"),
    "kuaishou_openid": Message("namespace_kuaishou_openid"),
    "taobao_nick": Message("namespace_taobao_nick"),
    "jd_pin": Message("namespace_jd_pin"),
    "anonymous_id": Message("namespace_anonymous_id"),
    "device": Message("namespace_device"),
}


@dataclass(frozen=True)
class Statement:
    """One piece of evidence: an event that says so."""

    at: datetime
    source: str
    event_id: str
    rule: str


@dataclass(frozen=True)
class HeldIdentifier:
    """An identifier in a time in which it was one person's.

    Attributes:
        id: by which it can be asked for again, as ``id:<id>``.
        namespace: what kind it is.
        value: masked; None = it was erased.
        since: when this time began; None = it has no beginning.
        until: when the next began; None = it is open.
        person: whose it is by the last build; None = the build does not know this time.
        user: id of the user_id that was signed in; None = nobody.
    """

    id: str
    namespace: str
    value: str | None
    since: datetime | None
    until: datetime | None
    person: str | None
    user: str | None


@dataclass(frozen=True)
class Decided:
    """What somebody decided by hand.

    Attributes:
        decision: its number.
        by: account; empty = the command line or the workspace's token.
        at: when.
        reason: why.
    """

    decision: int
    by: str
    at: datetime
    reason: str

    @classmethod
    def of(cls, one: Decision) -> Decided:
        """What is told of a decision beside the identifiers that it names."""
        return cls(one.decision, one.decided_by, one.decided_at, one.reason)


@dataclass(frozen=True)
class Connected:
    """What was said of two identifiers.

    Attributes:
        left: id of the stronger one: of the two, the user_id that was signed in, or who paid.
        right: id of the other.
        said: in which way they belong together.
        joins: whether it makes them one person; else something stronger was said.
        total: statements of this kind; an import keeps the first of a run of equal ones.
        first: the oldest.
        last: the newest.
        statements: the oldest of them.
        by_rule: whether it would join them but for the identity rules.
        decided: what somebody decided by hand that joins them, or but for which it would join them.
    """

    left: str
    right: str
    said: Said
    joins: bool
    total: int
    first: Statement
    last: Statement
    statements: list[Statement]
    by_rule: bool
    decided: Decided | None = None


def namespace_words(namespace: str) -> Message:
    """The kind of an identifier in words; of an order without its source."""
    return _NAMESPACES.get(namespace, Message("namespace_order"))


def identifier_words(one: HeldIdentifier) -> Message:
    """Kind and masked value."""
    value = Message("identifier_erased") if one.value is None else one.value
    return Message("identifier_of", kind=namespace_words(one.namespace), value=value)


def edge_words(edge: Connected, left: HeldIdentifier, right: HeldIdentifier, zone: ZoneInfo) -> Message:
    """What was said of two identifiers, in the order of the edge."""
    told = {"left": identifier_words(left), "right": identifier_words(right), "told": _told(edge, zone)}
    if edge.decided:
        told |= {"decided": _decided(edge.decided, zone)}
    if not edge.joins:
        return _apart_words(edge, told)
    match edge.said:
        case Said.SIGNED_IN:
            return Message("chain_signed_in", **told)
        case Said.PAID:
            return Message("chain_paid", **told)
        case Said.BY_HAND:
            return Message("chain_by_hand", **told)
        case _:
            return Message("chain_together", **told)


def _apart_words(edge: Connected, told: Mapping[str, Message]) -> Message:
    if edge.by_rule:
        return Message("chain_ruled", **told)
    if edge.decided:
        return Message("chain_unheard" if edge.said is Said.BY_HAND else "chain_split", **told)
    match edge.said:
        case Said.SIGNED_IN:
            return Message("chain_overridden", **told)
        case Said.PAID:
            return Message("chain_paid_again", **told)
        case _:
            return Message("chain_refused", **told)


def hands_words(one: HeldIdentifier, other: HeldIdentifier, zone: ZoneInfo) -> Message:
    """The same identifier in two times: whose it was until when, and whose since."""
    before, after = sorted((one, other), key=lambda held: (held.since is not None, held.since))
    return Message(
        "chain_hands",
        name=identifier_words(one),
        whose=_whose(before),
        until=_at(before.until, zone),
        then=_whose(after),
        since=_at(after.since, zone),
    )


def _whose(held: HeldIdentifier) -> Message:
    if held.person is None:
        return Message("chain_of_nobody")
    return Message("chain_of_user" if held.user else "chain_of_person", person=held.person)


def _told(edge: Connected, zone: ZoneInfo) -> Message:
    first = {"at": _at(edge.first.at, zone), "source": edge.first.source, "event": edge.first.event_id}
    if edge.total == 1:
        return Message("chain_once", **first)
    return Message("chain_often", total=f"{edge.total:,}", last=_at(edge.last.at, zone), **first)


def _decided(one: Decided, zone: ZoneInfo) -> Message:
    by = one.by or Message("decided_here")
    return Message("decided", decision=one.decision, by=by, at=_at(one.at, zone), reason=one.reason)


def _at(instant: datetime | None, zone: ZoneInfo) -> str:
    return "–" if instant is None else f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
