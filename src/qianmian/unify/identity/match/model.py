"""Splink, held to a shop's declaration: trained on its own records, and on what people answered before.

The only module that knows Splink. It is imported when somebody matches, for that takes a sixth of a second.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import splink.comparison_library as library
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.internals.exceptions import EMTrainingException, SplinkException

from qianmian.core.errors import JobError
from qianmian.lake.connection import Connection, fetch, quoted
from qianmian.unify.identity.match.matching import Matching, Rule
from qianmian.unify.identity.match.records import agree, prior

Model = dict[str, Any]

_SEED = 1
_PAIRS_BY_CHANCE, _PAIRS_OF_A_RULE = 2e6, 2e6
_FEWEST = 2
#: Shares of agreement among one person's records: a level that none of them showed, and one of which nothing is known.
_HARDLY_EVER, _ASSUMED_EXACT = 1e-4, 0.9
#: Pairs are counted from this weight on, a probability of 0.001: strangers without number lie below.
COUNTED_FROM = -10
#: An estimate without answers stands beside them as if it were so many; where a field is in every list there is only
#: an assumption, which is worth little.
_AS_ANSWERS, _ASSUMED_AS_ANSWERS = 500, 20
_WEIGHTS = "SELECT floor(match_weight)::INTEGER AS weight, count(*) FROM {pairs} GROUP BY ALL ORDER BY ALL"


@dataclass(frozen=True)
class Learned:
    """How often records agree to one degree in one field.

    Attributes:
        field: which.
        level: exact, similar or different; of several that are similar the nearest comes first.
        same: share of pairs of one person's records.
        strangers: share of pairs of two people's.
    """

    field: str
    level: str
    same: float
    strangers: float


@dataclass(frozen=True)
class Compared:
    """What was compared.

    Attributes:
        pairs: one row a pair from the declared probability on: ``node_a``, ``node_b``, ``weight``, ``probability``,
            and for each field ``level_<field>`` and ``weight_<field>``; the heaviest first.
        weights: weight, rounded down → pairs of records, from `COUNTED_FROM` on; also those that are not proposed.
        labels: pairs of one person's records that the model learned from.
        learned: what it learned, field by field, the best level first.
    """

    pairs: pa.Table
    weights: Mapping[int, int]
    labels: int
    learned: tuple[Learned, ...]


def compare(connection: Connection, matching: Matching, same: Sequence[tuple[int, int]]) -> Compared:
    """Train on the table ``records``, then score every pair that a list of `block` brings.

    Args:
        connection: has the records.
        matching: the declaration.
        same: pairs of nodes that people said are one person's; those without records are passed over.

    Raises:
        JobError: Splink gave up; its own words hold SQL and may hold values, so they are not told.
    """
    logging.getLogger("splink").setLevel(logging.CRITICAL)  # what it says of a model goes to nobody here
    ((records,),) = connection.execute("SELECT count(*) FROM records").fetchall()
    if records < _FEWEST:
        return Compared(pa.table({}), {}, 0, ())
    try:
        return _compared(connection, matching, same)
    except SplinkException:
        raise JobError("matching_failed") from None


def _compared(connection: Connection, matching: Matching, same: Sequence[tuple[int, int]]) -> Compared:
    database = DuckDBAPI(connection=connection)
    model = _trained(database, _settings(matching, prior(connection, matching)), matching)
    labels = _show_labels(connection, same)
    if labels:
        model = _blended(model, _from_labels(database, model), labels, _teaching(matching))
    found = _linker(database, model).inference.predict(
        threshold_match_weight=min(COUNTED_FROM, matching.propose_from_weight), warning_mode="never"
    )
    pairs = fetch(connection, _told(found.physical_name, model), {"from": matching.propose_from})
    weights = dict(connection.execute(_WEIGHTS.format(pairs=quoted(found.physical_name))).fetchall())
    database.delete_tables_created_by_splink_from_db()
    return Compared(pairs, weights, labels, tuple(_learned(model)))


def _settings(matching: Matching, likely: float) -> SettingsCreator:
    apart = "l.person_id <> r.person_id"
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="node_id",
        probability_two_random_records_match=likely,
        comparisons=[_COMPARISONS[name](name) for name in matching.compare],
        blocking_rules_to_generate_predictions=[f"{agree(rule)} AND {apart}" for rule in matching.block],
        additional_columns_to_retain=["person_id"],
        retain_matching_columns=True,  # without them Splink tells no levels either
        retain_intermediate_calculation_columns=True,
    )


def _linker(database: DuckDBAPI, settings: SettingsCreator | Model) -> Linker:
    return Linker(database.register("records"), settings, log_level=None)


def _trained(database: DuckDBAPI, settings: SettingsCreator, matching: Matching) -> Model:
    """How often records of strangers and of one person agree; a list that brings nothing teaches nothing."""
    linker = _linker(database, settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS_BY_CHANCE, seed=_SEED)
    for rule in _teaching(matching):
        try:
            linker.training.estimate_parameters_using_expectation_maximisation(
                block_on(*rule), max_pairs=_PAIRS_OF_A_RULE
            )
        except EMTrainingException:
            continue
    return _filled(dict(linker.misc.save_model_to_json()))


def _filled(model: Model) -> Model:
    """The model with a share for what was never seen: seldom among those seen, an assumption where nothing was."""
    for field in model["comparisons"]:
        levels = _levels(field)
        is_seen = any("m_probability" in level for level in levels)
        for place, level in enumerate(levels):
            assumed = _ASSUMED_EXACT if place == 0 else (1 - _ASSUMED_EXACT) / (len(levels) - 1)
            level.setdefault("m_probability", _HARDLY_EVER if is_seen else assumed)
            level.setdefault("u_probability", 1 / _PAIRS_BY_CHANCE)
    return model


def _show_labels(connection: Connection, same: Sequence[tuple[int, int]]) -> int:
    """Make the table ``labels`` of pairs that both have a record; returns how many."""
    pairs = sorted({(min(pair), max(pair)) for pair in same})
    columns = {"node_id_l": [a for a, _ in pairs], "node_id_r": [b for _, b in pairs]}
    connection.register("answered", pa.table({name: pa.array(nodes, pa.int64()) for name, nodes in columns.items()}))
    connection.execute(
        """CREATE OR REPLACE TABLE labels AS SELECT * FROM answered
        WHERE node_id_l IN (SELECT node_id FROM records) AND node_id_r IN (SELECT node_id FROM records)"""
    )
    connection.unregister("answered")
    return int(connection.execute("SELECT count(*) FROM labels").fetchall()[0][0])


def _from_labels(database: DuckDBAPI, model: Model) -> Model:
    linker = _linker(database, model)
    linker.training.estimate_m_from_pairwise_labels("labels")
    return dict(linker.misc.save_model_to_json())


def _teaching(matching: Matching) -> tuple[Rule, ...]:
    """Lists of fields: pairs that agree on one of them teach how often the other fields agree."""
    return tuple(dict.fromkeys((*matching.block, *matching.certain)))


def _blended(model: Model, labelled: Model, labels: int, teaching: Sequence[Rule]) -> Model:
    """The model with each share of agreement among one person's records moved towards what answers say of it."""
    for field, theirs in zip(model["comparisons"], labelled["comparisons"], strict=True):
        is_taught = any(field["output_column_name"] not in rule for rule in teaching)
        share = labels / (labels + (_AS_ANSWERS if is_taught else _ASSUMED_AS_ANSWERS))
        for level, told in zip(_levels(field), _levels(theirs), strict=True):
            level["m_probability"] = (1 - share) * level["m_probability"] + share * told["m_probability"]
    return model


def _levels(field: dict[str, Any]) -> list[dict[str, Any]]:
    return [level for level in field["comparison_levels"] if not level.get("is_null_level")]


def _learned(model: Model) -> Iterable[Learned]:
    for field in model["comparisons"]:
        levels = _levels(field)
        for place, level in enumerate(levels):
            word = "exact" if place == 0 else "different" if place == len(levels) - 1 else "similar"
            yield Learned(field["output_column_name"], word, level["m_probability"], level["u_probability"])


def _told(table: str, model: Model) -> str:
    """SQL of the scored pairs in our names; levels in words, for which number is the highest depends on the field."""
    columns = []
    for comparison in model["comparisons"]:
        name = comparison["output_column_name"]
        levels = _levels(comparison)
        gamma = quoted(f"gamma_{name}")
        word = f"WHEN {len(levels) - 1} THEN 'exact' WHEN 0 THEN 'different' WHEN -1 THEN 'missing' ELSE 'similar'"
        rare = any("tf_adjustment_column" in level for level in levels)
        weight = f"{quoted(f'mw_{name}')}{' + ' + quoted(f'mw_tf_adj_{name}') if rare else ''}"
        columns += [f"CASE {gamma} {word} END AS {quoted(f'level_{name}')}", f"{weight} AS {quoted(f'weight_{name}')}"]
    return f"""SELECT node_id_l AS node_a, node_id_r AS node_b, person_id_l AS person_a, person_id_r AS person_b,
        match_weight AS weight, match_probability AS probability, {", ".join(columns)}
        FROM {quoted(table)} WHERE match_probability >= $from ORDER BY weight DESC, node_a, node_b"""


def _birthday(name: str) -> Any:
    kind = library.DateOfBirthComparison
    return kind(name, input_is_string=True, datetime_format="%Y%m%d", invalid_dates_as_null=False)


def _exact(name: str) -> Any:
    return library.ExactMatch(name).configure(term_frequency_adjustments=True)


def _misspelt(name: str) -> Any:
    return library.JaroWinklerAtThresholds(name, [0.9, 0.75]).configure(term_frequency_adjustments=True)


def _mistyped(*slips: int) -> Callable[[str], Any]:
    return lambda name: library.DamerauLevenshteinAtThresholds(name, list(slips))


_COMPARISONS: dict[str, Callable[[str], Any]] = {
    "name": library.NameComparison,
    "given_name": library.NameComparison,
    "surname": library.NameComparison,
    "birth_date": _birthday,
    "gender": library.ExactMatch,
    "phone_tail": _mistyped(1),
    "id_number": _mistyped(1, 2),
    "address": _misspelt,
    "street_number": _exact,
    "postcode": _mistyped(1),
    "city": _misspelt,
    "region": _exact,
}
