"""A model of one column of a table: gradient boosting with a fixed seed, words and numbers alike.

Histogram-based gradient boosting (Ke et al., LightGBM, 2017), as scikit-learn has it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from threadpoolctl import threadpool_limits

#: Words that a model can tell, and words of a column that it can tell apart; the commonest.
MOST_WORDS, MOST_CATEGORIES = 50, 200
_NO_FEATURES = ("event_key", "is_empty", "is_hidden", "value")


def taught(known: pa.Table, asked: pa.Table, *, is_word: bool) -> tuple[list[Any], list[float | None]]:
    """What a model that saw the known rows says of the others, and how unsure it is; nothing if it cannot be taught.

    Args:
        known: one row an example, with its ``value``; columns of words or numbers, of which some may be empty.
        asked: rows without a value, with the same columns.
        is_word: whether values are words, else numbers.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    nothing: tuple[list[Any], list[float | None]] = ([None] * asked.num_rows, [None] * asked.num_rows)
    if is_word:
        counts = known["value"].value_counts().to_pylist()
        common = sorted(counts, key=lambda one: (-one["counts"], one["values"]))[:MOST_WORDS]
        known = known.filter(pc.is_in(known["value"], pa.array([one["values"] for one in common], pa.string())))
    told_apart = (name for name in known.column_names if name not in _NO_FEATURES)
    names = [name for name in told_apart if len(known[name].drop_null().unique()) > 1]
    if len(known["value"].unique()) < 2 or not names or not asked.num_rows:
        return nothing
    known_rows, told, categories = _arrays(known, asked, names)
    settings: dict[str, Any] = {"categorical_features": categories, "early_stopping": False, "random_state": 0}
    with threadpool_limits(1, user_api="openmp"):  # sums in one order, and no fight over the cores of an engine
        if is_word:
            model = HistGradientBoostingClassifier(max_iter=20, **settings).fit(known_rows, known["value"].to_pylist())
            chance = model.predict_proba(told)
            return list(model.classes_[chance.argmax(axis=1)]), list(1 - chance.max(axis=1).round(6))
        model = HistGradientBoostingRegressor(loss="absolute_error", max_iter=100, **settings)
        guessed = model.fit(known_rows, known["value"].to_numpy()).predict(told)
    return list(guessed.round(4)), [None] * asked.num_rows


def _arrays(known: pa.Table, asked: pa.Table, names: list[str]) -> tuple[Any, Any, list[bool]]:
    """Both tables as numbers: words by their place among those known, the rare and the unknown as none."""
    taught: list[Any] = []
    told: list[Any] = []
    categories: list[bool] = []
    for name in names:
        is_word = pa.types.is_string(known[name].type)
        categories.append(is_word)
        if is_word:
            counts = known[name].drop_null().value_counts().to_pylist()
            common = sorted(counts, key=lambda one: (-one["counts"], one["values"]))[:MOST_CATEGORIES]
            place = {one["values"]: float(number) for number, one in enumerate(common)}
            pair = ([place.get(word, np.nan) for word in table[name].to_pylist()] for table in (known, asked))
        else:
            pair = (table[name].to_numpy().astype(np.float64) for table in (known, asked))
        for columns, column in zip((taught, told), pair, strict=True):
            columns.append(np.asarray(column, np.float64))
    return np.column_stack(taught), np.column_stack(told), categories
