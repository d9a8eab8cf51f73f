"""What four registers say of a generated world's people: sign-up, CRM, club and survey; some of it missing, some wrong.

It is drawn from a stream of its own, on demand: the world's events stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv

from qianmian.world.people import AGES
from qianmian.world.regions import CITIES, draw_cities
from qianmian.world.trace import Flags, Integers

#: Names of cities without their province and ending.
_NAMES = tuple(city.rsplit("/", 1)[-1].removesuffix("市") for city in CITIES)
TRAITS = ("gender", "birth_year", "city", "occupation")
_OCCUPATIONS = ("教师", "医生", "工程师", "设计师", "会计", "销售", "学生", "店主", "司机", "公务员")
_YOUNGEST, _OLDEST = (18, 25, 35, 45), (24, 34, 44, 65)
#: Registers go back so many days; of the people so many moved once within them.
_DAYS, _MOVED = 1000, 0.35
_MAPPING = """# What the register {name} says of people. Of a birthday the product keeps the year alone.
source: {name}
format: csv
event:
  event_id: id
  kind: {{value: identify}}
  name: {{value: Profile Updated}}
  occurred_at: {{column: stated_at, format: "%Y-%m-%d %H:%M:%S"}}
time_zone: UTC
identifiers: {{user_id: user_id}}
properties: {{with: [gender, birthday, city, occupation]}}
"""


@dataclass(frozen=True)
class _Register:
    """A register, and how far it can be trusted.

    Attributes:
        name: of it, and of its source.
        knows: share of the people of whom it says anything.
        says: how often it does, at most.
        missing: share of its fields that stay empty.
        wrong: share of fields that are wrong, and stay so however often it says them.
    """

    name: str
    knows: float
    says: int
    missing: float
    wrong: float


REGISTERS = (
    _Register("signup", 0.9, 6, 0.1, 0.3),
    _Register("crm", 0.7, 2, 0.2, 0.05),
    _Register("club", 0.5, 2, 0.3, 0.1),
    _Register("survey", 0.4, 1, 0.1, 0.4),
)


@dataclass(frozen=True)
class _True:
    """What is true, one entry a person: positions and years, the city before the move, and days until it."""

    gender: Integers
    birth_year: Integers
    occupation: Integers
    city: Integers
    city_before: Integers
    moved_on: Integers


def write_registers(folder: Path, seed: int) -> int:
    """Write what the registers say of a world's people with a user_id, each with its mapping, and the truth.

    Args:
        folder: of a generated world; files go to ``registers`` and ``truth`` within it.
        seed: the same makes the same.

    Returns:
        Number of rows.

    Raises:
        FileNotFoundError: no world lies there.
    """
    people = pq.read_table(folder / "truth" / "people.parquet", columns=["user_id", "region", "gender", "age_band"])
    end = pc.max(pq.read_table(folder / "truth" / "orders.parquet", columns=["occurred_at"])["occurred_at"]).as_py()
    people, random = people.filter(pc.is_valid(people["user_id"])), np.random.default_rng((seed, 36))
    truth, users = _truth(people, end, random), people["user_id"].combine_chunks()
    (folder / "registers").mkdir(exist_ok=True)
    whose = []
    for register in REGISTERS:
        rows = _rows(register, truth, users, end, random)
        csv.write_csv(rows, folder / "registers" / f"{register.name}.csv")
        mapping = _MAPPING.format(name=register.name)
        (folder / "registers" / f"{register.name}.yaml").write_text(mapping, encoding="utf-8")
        whose.append(rows.select(["id", "user_id"]).rename_columns(["event_id", "user_id"]))
    facts = [_stated(truth, users, trait) for trait in TRAITS]
    pq.write_table(pa.concat_tables(whose), folder / "truth" / "registers.parquet")
    pq.write_table(pa.concat_tables(facts), folder / "truth" / "facts.parquet")
    return sum(map(len, whose))


def _truth(people: pa.Table, end: datetime, random: np.random.Generator) -> _True:
    size, age = len(people), _positions(people["age_band"], AGES)
    years = random.integers(np.array(_YOUNGEST)[age], np.array(_OLDEST)[age] + 1)
    moved = random.random(size) < _MOVED
    return _True(
        gender=_positions(people["gender"], ("female", "male")),
        birth_year=end.year - years,
        occupation=random.integers(0, len(_OCCUPATIONS), size),
        city=_positions(people["region"], CITIES),
        city_before=draw_cities(random, size),
        moved_on=np.where(moved, random.integers(0, _DAYS, size), _DAYS),
    )


def _rows(register: _Register, truth: _True, users: pa.Array, end: datetime, random: np.random.Generator) -> pa.Table:
    """What a register says, a row each time; its days count back from the end."""
    size = len(users)
    known = np.flatnonzero(random.random(size) < register.knows)
    person = np.repeat(known, random.integers(1, register.says + 1, len(known)))
    ago = random.integers(1, _DAYS, len(person))
    lives_in = np.where(ago > truth.moved_on[person], truth.city_before[person], truth.city[person])
    fields = (
        (truth.gender[person], 1 - truth.gender, ("女", "男")),
        (truth.birth_year[person], truth.birth_year + random.integers(2, 12, size), None),
        (lives_in, draw_cities(random, size), tuple(f"{city}市" for city in _NAMES)),
        (truth.occupation[person], random.integers(0, len(_OCCUPATIONS), size), _OCCUPATIONS),
    )
    told = []
    for right, otherwise, words in fields:
        wrong, missing = random.random(size) < register.wrong, random.random(size) < register.missing
        value = np.where(wrong[person], otherwise[person], right)
        told.append(_spelled(value, words, missing[person]))
    at = np.datetime64(end.replace(tzinfo=None), "s") - ago * np.timedelta64(86_400, "s")
    columns = {
        "id": [f"{register.name}-{number:07d}" for number in range(len(person))],
        "user_id": users.take(pa.array(person)),
        "stated_at": np.char.replace(at.astype(str), "T", " "),
        **dict(zip(("gender", "birthday", "city", "occupation"), told, strict=True)),
    }
    return pa.table(columns)


def _spelled(value: Integers, words: tuple[str, ...] | None, missing: Flags) -> pa.Array:
    """Words, or a birthday in a year."""
    texts = pa.array(words, pa.string()).take(pa.array(value)) if words else pc.cast(pa.array(value), pa.string())
    if not words:
        texts = pc.binary_join_element_wise(texts, "-06-15", "")
    return pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), texts)


def _stated(truth: _True, users: pa.Array, trait: str) -> pa.Table:
    words = {"gender": ("female", "male"), "city": _NAMES, "occupation": _OCCUPATIONS}.get(trait)
    numbers = pa.array(getattr(truth, trait))
    values = pa.array(words, pa.string()).take(numbers) if words else pc.cast(numbers, pa.string())
    return pa.table({"user_id": users, "trait": pa.array([trait] * len(users)), "value": values})


def _positions(words: pa.ChunkedArray, among: tuple[str, ...]) -> Integers:
    positions: Integers = pc.index_in(words.cast(pa.string()), value_set=pa.array(among)).to_numpy()
    return positions.astype(np.int64)
