"""Membership records of two registers that share no identifier: who is the same person in both is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from qianmian.world.trace import Integers

_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹香月"
    "莺媛瑞凡佳嘉琼勤珍贞莉雨子轩浩宇欣怡梓涵思博文俊晨曦诗语若彤一诺可馨志远"
)
_CITIES = (
    *"上海 北京 广州 深圳 成都 杭州 武汉 西安 南京 重庆".split(),
    *"苏州 长沙 郑州 青岛 宁波 合肥 佛山 无锡 昆明 沈阳".split(),
)
_STREETS = (
    *"人民路 解放路 中山路 建设路 文化路 新华路 和平路 长江路".split(),
    *"黄河路 朝阳路 光明路 学院路 滨江路 环城路 花园路 青年路".split(),
)
_FIRST_DAY, _DAYS = np.datetime64("1955-01-01"), 18_000
#: How often a register has a field not at all, and how often it has it wrong.
_MISSING = {"birth_date": 0.08, "phone_tail": 0.05, "address": 0.25, "city": 0.05}
_WRONG = {"name": 0.04, "birth_date": 0.03, "phone_tail": 0.06, "address": 0.3, "city": 0.04}


@dataclass(frozen=True)
class Members:
    """The records of all registers.

    Attributes:
        records: ``register`` (``till`` or ``club``), ``record`` (its number there), ``name``, ``birth_date``,
            ``gender``, ``phone_tail``, ``city``, ``address``; what a register does not know is empty.
        person: whose each is.
    """

    records: pa.Table
    person: Integers


def make_members(people: int, seed: int, *, both: float = 0.4) -> Members:
    """Members of a shop's tills and of its club.

    Args:
        people: how many there are.
        seed: the same makes the same.
        both: share of them who are in both registers; the others are in one.
    """
    random = np.random.default_rng(seed)
    place = random.random(people)
    in_till, in_club = place < (1 + both) / 2, place >= (1 - both) / 2
    truth = _facts(people, random)
    registers = []
    for name, chosen in (("till", in_till), ("club", in_club)):
        persons = np.flatnonzero(chosen)
        told = _told(truth.take(persons), random)
        numbers = pa.array([f"{name[0]}{number:08d}" for number in range(len(persons))])
        told = told.append_column("record", numbers).append_column("register", pa.array([name] * len(persons)))
        registers.append((told, persons))
    records = pa.concat_tables([told for told, _ in registers])
    return Members(records, np.concatenate([persons for _, persons in registers]))


def _facts(people: int, random: np.random.Generator) -> pa.Table:
    ranks = np.arange(1, len(_SURNAMES) + 1)
    surname = random.choice(list(_SURNAMES), people, p=(1 / ranks) / (1 / ranks).sum())
    first, second = (random.choice(list(_GIVEN), people) for _ in range(2))
    second = np.where(random.random(people) < 0.15, "", second)
    born = (_FIRST_DAY + random.integers(0, _DAYS, people)).astype(str)
    return pa.table(
        {
            "name": np.char.add(np.char.add(surname, first), second),
            "birth_date": born,
            "gender": random.choice(["female", "male"], people),
            "phone_tail": _tails(people, random),
            "city": random.choice(_CITIES, people),
            "address": _addresses(people, random),
        }
    )


def _told(truth: pa.Table, random: np.random.Generator) -> pa.Table:
    """What a register knows: some of it not at all, some of it wrong."""
    rows = truth.num_rows
    wrong = {
        "name": _misheard(truth["name"].to_pylist(), random),
        "birth_date": (_FIRST_DAY + random.integers(0, _DAYS, rows)).astype(str),
        "phone_tail": _tails(rows, random),
        "city": random.choice(_CITIES, rows),
        "address": _addresses(rows, random),
    }
    columns = {"gender": truth["gender"]}
    for name, other in wrong.items():
        slipped = pa.array(random.random(rows) < _WRONG[name])
        unknown = pa.array(random.random(rows) < _MISSING.get(name, 0.0))
        told = pc.if_else(slipped, pa.array(other, pa.string()), truth[name].combine_chunks().cast(pa.string()))
        columns[name] = pc.if_else(unknown, pa.scalar(None, pa.string()), told)
    return pa.table(columns)


def _misheard(names: list[str], random: np.random.Generator) -> list[str]:
    """Names with one character of the given name written otherwise."""
    others = random.choice(list(_GIVEN), len(names)).tolist()
    return [f"{name[:-1]}{other}" for name, other in zip(names, others, strict=True)]


def _tails(rows: int, random: np.random.Generator) -> list[str]:
    return [f"{number:04d}" for number in random.integers(0, 10_000, rows).tolist()]


def _addresses(rows: int, random: np.random.Generator) -> list[str]:
    streets = random.choice(_STREETS, rows).tolist()
    numbers, rooms = random.integers(1, 400, rows).tolist(), random.integers(101, 2000, rows).tolist()
    return [f"{street}{number}号{room}室" for street, number, room in zip(streets, numbers, rooms, strict=True)]
