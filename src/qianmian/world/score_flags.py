"""Score what was flagged against the planted dirt: second tellings, bots, copied reviews, fake orders."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.claim import Claim
from qianmian.world.trace import Flags


def judge_flags(truth: Mapping[str, pa.Table], answers: Mapping[str, pa.Table]) -> list[Claim]:
    """Judge flags by precision and recall.

    Args:
        truth: tables of `generate.read_truth`.
        answers: ``flags(event_id, rule)``, of the rules ``twin``, ``pace``, ``copied_text``, ``brushed``, ``odd``;
            missing = nobody looked.

    Returns:
        Two claims about twins, beside taking for one whatever a naive person did under the same name within 5 seconds;
        two about bots, beside taking for them the busiest identifiers, as many events as bots sent; and, of a world
        that tells the forms of reviews, two about those copied from a template, beside taking every review for one; of
        a world with fake orders two about those by `brushed` and two by `odd`, beside orders without a look before.
    """
    ids, dirt = truth["persons"]["message_id"], truth["dirt"]
    twins, bots = (_among(ids, dirt.filter(pc.equal(dirt["kind"], kind))["message_id"]) for kind in ("twin", "bot"))
    naive = _among(ids, dirt.filter(pc.equal(dirt["kind"], "naive_twin"))["message_id"])
    claims = [
        *_claims("an event that was told twice", "twin", twins, naive, _flagged(ids, answers, "twin"), margin=0.3),
        *_claims("a bot's event", "pace", bots, _busiest(truth, bots), _flagged(ids, answers, "pace"), margin=0.3),
    ]
    claims += _copies(truth["opinions"], answers) if "opinions" in truth else []
    return [*claims, *_fake_orders(ids, dirt, answers)]


def _fake_orders(ids: pa.ChunkedArray, dirt: pa.Table, answers: Mapping[str, pa.Table]) -> list[Claim]:
    """Claims about 刷单 where it was planted: by its signs, and by an isolation forest that knows none."""
    fake, naive = (
        _among(ids, dirt.filter(pc.equal(dirt["kind"], kind))["message_id"])
        for kind in ("fake_order", "naive_fake_order")
    )
    if not fake.any():
        return []
    rules = (
        ("brushed", "an order placed for show", 0.3),
        ("odd", "an order placed for show, if whatever is odd is one,", 0.0),
    )
    return [
        claim
        for rule, what, margin in rules
        for claim in _claims(what, rule, fake, naive, _flagged(ids, answers, rule), margin)
    ]


def _copies(opinions: pa.Table, answers: Mapping[str, pa.Table]) -> list[Claim]:
    """Claims about reviews, one row each."""
    reviews = opinions.group_by(["message_id", "form"]).aggregate([])
    copied = pc.equal(reviews["form"], "template").to_numpy().astype(np.bool_)
    every = np.ones(len(reviews), np.bool_)
    told = _flagged(reviews["message_id"], answers, "copied_text")
    return _claims("a review copied from a template", "copied", copied, every, told, margin=0.3)


def _claims(what: str, rule: str, true: Flags, naive: Flags, told: Flags | None, margin: float) -> list[Claim]:
    n = int(true.sum())
    value, baseline = (None if some is None else _agreement(true, some) for some in (told, naive))
    assert baseline is not None
    precision, recall = value or (None, None)
    return [
        Claim(f"what is flagged as {what} is one", f"{rule}_precision", precision, baseline[0], n, margin),
        Claim(f"{what} is flagged", f"{rule}_recall", recall, baseline[1], n, -0.1),
    ]


def _agreement(true: Flags, told: Flags) -> tuple[float, float]:
    """Precision and recall; of nothing told, 0."""
    both = int(np.count_nonzero(true & told))
    return both / max(int(np.count_nonzero(told)), 1), both / max(int(np.count_nonzero(true)), 1)


def _flagged(ids: pa.ChunkedArray, answers: Mapping[str, pa.Table], rule: str) -> Flags | None:
    if "flags" not in answers:
        return None
    flags = answers["flags"]
    return _among(ids, flags.filter(pc.equal(flags["rule"], rule))["event_id"])


def _busiest(truth: Mapping[str, pa.Table], bots: Flags) -> Flags:
    """The events of the naive people with the most events, until there are as many as bots sent."""
    codes = truth["persons"]["naive"].fill_null(-1).to_numpy()
    people, where, counts = np.unique(codes, return_inverse=True, return_counts=True)
    counts = np.where(people < 0, 0, counts)
    order = np.argsort(-counts, kind="stable")
    before = np.cumsum(counts[order]) - counts[order]
    chosen = np.zeros(len(people), np.bool_)
    chosen[order[before < bots.sum()]] = True
    found: Flags = chosen[where]
    return found


def _among(ids: pa.ChunkedArray, some: pa.ChunkedArray) -> Flags:
    found: Flags = pc.is_in(ids, value_set=some.combine_chunks()).to_numpy().astype(np.bool_)
    return found
