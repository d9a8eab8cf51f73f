"""Random histories: who was seen with whom, who signed in and out, what people decided, and when each was published."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from qianmian.core.people import NAMESPACES, ORDER
from qianmian.unify.identity.by_hand import End, Merge, Split
from qianmian.unify.identity.intervals import FROM_THE_BEGINNING
from qianmian.unify.identity.rules import DAY, NO_RULES, Limit, Rules, Shared

#: How often a history has so many identifiers, from and to.
SIZES = ((70, 3, 30), (24, 31, 100), (4, 101, 400), (2, 1100, 1800))
#: Identifiers of which a person has few, and of which many.
_KNOWN = ("user_id", "wechat_unionid", "phone", "phone", "email", "douyin_openid")
_SEEN = ("anonymous_id", "anonymous_id", "anonymous_id", "device", "device", f"{ORDER}:shop")
#: Instants of a day: few, so that many statements share one.
_HOURS = (0, 0, 0, DAY // 2, DAY // 24)
DAYS = 420


@dataclass(frozen=True)
class Told:
    """One statement as a row of `links`."""

    a: int
    b: int
    kind: str
    rule: str
    source: str
    event_id: str
    at: int


@dataclass(frozen=True)
class Wish:
    """A decision by hand.

    Attributes:
        made: what was decided.
        published: with which publish it is heard.
        undone: with which it is undone; None = never.
    """

    made: Merge | Split
    published: int
    undone: int | None

    def stands(self, at: int) -> bool:
        """Whether it is in force with a publish."""
        return self.published <= at and (self.undone is None or at < self.undone)

    def nodes(self) -> set[int]:
        """About whom it is."""
        others = [self.made.other] if isinstance(self.made, Merge) else self.made.others
        return {end.node for end in (self.made.one, *others)}


@dataclass(frozen=True)
class History:
    """One history.

    Attributes:
        names: namespace of each node.
        told: statements, with the publish that hears each.
        wishes: decisions, in the order in which they were taken.
        blocked: nodes that name nobody.
    """

    names: dict[int, str]
    told: list[tuple[int, Told]]
    wishes: list[Wish]
    blocked: set[int]


def history(chance: Random, publishes: int, first_decision: int) -> History:
    """One history that is published so many times; its nodes are nobody else's."""
    weights, least, most = zip(*SIZES, strict=True)
    of = chance.choices(range(len(SIZES)), weights)[0]
    names = _names(chance, chance.randint(least[of], most[of]), many=of == len(SIZES) - 1)
    told = _statements(chance, names)
    in_time = chance.random() < 0.5
    if in_time:
        told.sort(key=lambda one: one.at)
    pace = publishes / len(told)
    batches = [int(place * pace) if in_time else chance.randrange(publishes) for place in range(len(told))]
    wishes = [_wish(chance, names, publishes, first_decision + number) for number in range(chance.choice((0, 1, 3, 6)))]
    blocked = {chance.choice([*names])} if chance.random() < 0.1 else set[int]()
    return History(names, list(zip(batches, told, strict=True)), wishes, blocked)


def _names(chance: Random, count: int, *, many: bool) -> dict[int, str]:
    """Nodes spread as hashes are; of many, nearly all are of kinds of which a person has many."""
    known = 0.02 if many else chance.choice((0.1, 0.4, 0.7))
    return {
        chance.getrandbits(62) | 1: chance.choice(_KNOWN if chance.random() < known else _SEEN) for _ in range(count)
    }


def _statements(chance: Random, names: dict[int, str]) -> list[Told]:
    """Every node is seen with a hub, one of the last few or anybody; some pairs more than once."""
    nodes, order = [*names], f"{ORDER}:shop"
    hubs = [node for node in nodes[: max(2, len(nodes) // 400)] if names[node] != order] or nodes[:1]
    repeat, leave = chance.choice((1.0, 1.3, 2.0)), chance.choice((0.0, 0.05, 0.2))
    told = []
    for turn in range(max(3, int(repeat * len(nodes)))):
        node = nodes[turn % len(nodes)]
        other = chance.choice((chance.choice(hubs), chance.choice(nodes[max(0, turn - 5) % len(nodes) :][:5]),
                               chance.choice(nodes)))  # fmt: skip
        at = chance.randrange(DAYS) * DAY + chance.choice(_HOURS)
        event = (chance.choice(("shop", "till")), f"e{chance.randrange(50)}", at)
        if chance.random() < leave and names[node] != order:
            told.append(Told(node, 0, "sign_out", "sign_out", *event))
        elif names[node] != names[other]:
            told.append(_seen(names, node, other, event))
        elif node != other and names[node] in ("anonymous_id", "device"):
            told.append(Told(node, other, "together", "same_event", *event))
    return told or [Told(nodes[0], 0, "sign_out", "sign_out", "shop", "e0", DAY)]


def _seen(names: dict[int, str], one: int, other: int, event: tuple[str, str, int]) -> Told:
    strong, weak = sorted((one, other), key=lambda node: ([*NAMESPACES, f"{ORDER}:shop"].index(names[node]), node))
    if names[weak].startswith(ORDER):
        return Told(strong, weak, "together", "order_number", *event)
    signed = names[strong] == NAMESPACES[0]
    return Told(strong, weak, *(("sign_in", "sign_in") if signed else ("together", "same_event")), *event)


def _wish(chance: Random, names: dict[int, str], publishes: int, number: int) -> Wish:
    people = [node for node, name in names.items() if not name.startswith(ORDER)] or [*names]
    published = chance.randrange(publishes)
    undone = chance.randrange(published, publishes) if chance.random() < 0.4 else None
    one, other = chance.choice(people), chance.choice(people)
    if chance.random() < 0.5:
        return Wish(Merge(number, _end(chance, one), _end(chance, other), chance.random() < 0.5), published, undone)
    cut = chance.randrange(DAYS) * DAY if chance.random() < 0.4 and names[other] != NAMESPACES[0] else None
    stays = End(one, FROM_THE_BEGINNING if one != other or cut is None else cut - 1)
    goes = [End(other, FROM_THE_BEGINNING if cut is None else cut)]
    if cut is None and chance.random() < 0.3:
        goes.append(_end(chance, chance.choice(people)))
    return Wish(Split(number, stays, tuple(goes), cut), published, undone)


def _end(chance: Random, node: int) -> End:
    return End(node, chance.choice((FROM_THE_BEGINNING, chance.randrange(DAYS) * DAY)))


def rules(chance: Random) -> Rules:
    """Rules of a shop: none, or limits ever and in time, shared identifiers and evidence that ages."""
    if chance.random() < 0.15:
        return NO_RULES
    kinds = ("user_id", "wechat_unionid", "phone", "anonymous_id", "device")
    limits = [
        Limit(kind, chance.choice((1, 1, 2, 5, 1000)), chance.choice((0, 0, 7, 90)))
        for kind in kinds
        if chance.random() < 0.4
    ]
    shared = Shared(chance.choice((1, 3)), chance.choice((5, 40)), ("user_id", "wechat_unionid", "phone"))
    holds = [(kind, chance.choice((60, 200))) for kind in ("phone", "device") if chance.random() < 0.4]
    return Rules(tuple(limits), (), shared if chance.random() < 0.5 else None, tuple(holds))
