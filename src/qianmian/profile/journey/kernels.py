"""The compiled walk along a person's events with one category: rows in the order of time in, stages out.

Which stage somebody is in is a function of the events so far and of the instant: the furthest stage for which anything
still speaks. So every stay has an end, whether it has come yet or not, and nothing is to be written when time passes.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

AWAKENED, COMPARING, DECIDING, BOUGHT, ENGAGING, LOYAL = range(6)
#: Bit of a row by which an item is looked at; the bits below are the stages that the row speaks for.
LOOK = 6
#: An instant that never comes, and one that never was.
NEVER, BEFORE = np.iinfo(np.int64).max, np.iinfo(np.int64).min
#: By what a stay begins.
EVENT, LAPSE, REFUND = range(3)
#: Places in ``rule`` behind the six that say how long a stage holds.
ITEMS, RETURNS, LOOKING, AFTER, ORDERS, ORDERING = range(6, 12)
#: So many rows back, what was looked at is compared.
_FURTHEST = 200
#: Of a row: instant in microseconds, ascending in each group; local date; code of the item; key of the event; bits of
#: what it is (``1 << stage`` for each stage that it speaks for, and ``1 << LOOK``); of an order, the instant from which
#: it is wholly refunded, `NEVER` of all others.
ROWS = ("occurred_at", "happened_on", "item", "event_key", "roles", "refunded_at")
_STAGE, _BEGIN, _END, _CAUSE, _ROW, _GROUP = range(6)


@numba.njit(cache=True, nogil=True)
def walk(start: Any, rows: Any, rule: Any) -> Any:
    """Stays in stages, of each group of rows: a person with one category.

    Args:
        start: first row of each group; one more entry than groups.
        rows: what `ROWS` names of each row; the rows of one event stand together.
        rule: microseconds that each stage holds, then what `ITEMS` to `ORDERING` name.

    Returns:
        Rows: stage, begin, end, by what it began, row that it began with (-1 = none), group; one column a stay.
    """
    at, day, item, key, roles, refunded = rows[0], rows[1], rows[2], rows[3], rows[4], rows[5]
    out = np.empty((6, 1024), np.int64)
    many, longest = 0, 0
    for group in range(len(start) - 1):
        longest = max(longest, start[group + 1] - start[group])
    orders = np.empty((3, longest), np.int64)  # instant, local date, refunded at
    until = np.empty(6, np.int64)
    for group in range(len(start) - 1):
        first, bought, searched, clock = many, 0, start[group], BEFORE
        until[:] = BEFORE
        for row in range(start[group], start[group + 1] + 1):
            out = _with_room(out, many)
            now = at[row] if row < start[group + 1] else NEVER
            while many > first and out[_END, many - 1] == NEVER:
                clock, is_refund = _next_end(until, orders[:, :bought], rule, clock)
                if clock > now or clock == NEVER:
                    break
                stage = _stage(until, orders[:, :bought], rule, clock)
                many = _settle(out, first, many, (stage, clock, REFUND if is_refund else LAPSE, -1))
            clock = now
            if row == start[group + 1]:
                break
            if roles[row] >> BOUGHT & 1 and refunded[row] > now and not _is_told(row, start[group], key, roles):
                orders[0, bought], orders[1, bought], orders[2, bought] = now, day[row], refunded[row]
                bought, searched = bought + 1, row + 1
                until[:BOUGHT] = BEFORE
            _speak(until, orders[:, :bought], rule, now, roles[row])
            if roles[row] >> LOOK & 1 and _compares(searched, row, at, item, roles, rule):
                until[COMPARING] = now + rule[COMPARING]
            stage = _stage(until, orders[:, :bought], rule, now)
            many = _settle(out, first, many, (stage, now, EVENT, row))
        for stay in range(first, many):
            out[_GROUP, stay] = group
    return out[:, :many]


@numba.njit(cache=True, nogil=True)
def _with_room(out: Any, many: int) -> Any:
    """The same stays where a row finds room for its own: between two events there are no more than a few."""
    if many + 16 <= out.shape[1]:
        return out
    larger = np.empty((6, 2 * out.shape[1]), np.int64)
    larger[:, :many] = out[:, :many]
    return larger


@numba.njit(cache=True, nogil=True)
def _is_told(row: int, first: int, key: Any, roles: Any) -> bool:
    """Whether a row is a further product of an order that the row before told."""
    return row > first and key[row - 1] == key[row] and bool(roles[row - 1] >> BOUGHT & 1)


@numba.njit(cache=True, nogil=True)
def _speak(until: Any, orders: Any, rule: Any, now: int, held: int) -> None:
    """Let a row speak for its stages; for engaging, only if an order stands that is not too old."""
    for stage in (AWAKENED, COMPARING, DECIDING):
        if held >> stage & 1:
            until[stage] = now + rule[stage]
    if held >> ENGAGING & 1 and _last_standing(orders, now) > now - rule[AFTER]:
        until[ENGAGING] = now + rule[ENGAGING]


@numba.njit(cache=True, nogil=True)
def _last_standing(orders: Any, now: int) -> int:
    """The latest order that is not wholly refunded yet; `BEFORE` if there is none."""
    for one in range(orders.shape[1] - 1, -1, -1):
        if orders[2, one] > now:
            return int(orders[0, one])
    return int(BEFORE)


@numba.njit(cache=True, nogil=True)
def _loyal_since(orders: Any, rule: Any, now: int) -> int:
    """The latest order that is one of so many, on different dates, within the time; `BEFORE` if there is none."""
    for last in range(orders.shape[1] - 1, -1, -1):
        if orders[2, last] <= now:
            continue
        dates, day = 0, -1
        for one in range(last, -1, -1):
            if orders[0, one] <= orders[0, last] - rule[ORDERING]:
                break
            if orders[2, one] > now and orders[1, one] != day:
                dates, day = dates + 1, orders[1, one]
                if dates >= rule[ORDERS]:
                    return int(orders[0, last])
    return int(BEFORE)


@numba.njit(cache=True, nogil=True)
def _stage(until: Any, orders: Any, rule: Any, now: int) -> int:
    """The furthest stage for which anything speaks at an instant; -1 = none."""
    standing = _last_standing(orders, now)
    if standing != BEFORE:
        loyal = _loyal_since(orders, rule, now)
        if loyal != BEFORE and loyal + rule[LOYAL] > now:
            return LOYAL
        if until[ENGAGING] > now:
            return ENGAGING
        if standing + rule[BOUGHT] > now:
            return BOUGHT
    for stage in (DECIDING, COMPARING, AWAKENED):
        if until[stage] > now:
            return stage
    return -1


@numba.njit(cache=True, nogil=True)
def _next_end(until: Any, orders: Any, rule: Any, now: int) -> Any:
    """The next instant at which anything stops speaking for a stage, and whether an order is refunded then."""
    found, is_refund = NEVER, False
    for stage in range(6):
        if now < until[stage] < found:
            found = until[stage]
    for one in range(orders.shape[1]):
        for stage in (BOUGHT, LOYAL):
            end = orders[0, one] + rule[stage]
            if now < end < found:
                found = end
        if now < orders[2, one] <= found and orders[2, one] != NEVER:
            found, is_refund = orders[2, one], True
    if is_refund:
        is_refund = False
        for one in range(orders.shape[1]):
            is_refund |= orders[2, one] == found
    return found, is_refund


@numba.njit(cache=True, nogil=True)
def _compares(searched: int, row: int, at: Any, item: Any, roles: Any, rule: Any) -> bool:
    """Whether enough items were looked at, or returned to, since the last order and within the time."""
    seen = np.empty(_FURTHEST, np.int64)
    items, changes, last = 0, 0, np.int64(-1)
    for one in range(row, max(searched, row - _FURTHEST + 1) - 1, -1):
        if at[one] <= at[row] - rule[LOOKING]:
            break
        if not roles[one] >> LOOK & 1:
            continue
        what = np.int64(item[one])
        if what != last:
            changes += 1
            last = what
        is_new = True
        for other in range(items):
            is_new &= seen[other] != what
        if is_new:
            seen[items] = what
            items += 1
        if (rule[ITEMS] and items >= rule[ITEMS]) or (rule[RETURNS] and changes - items >= rule[RETURNS]):
            return True
    return False


@numba.njit(cache=True, nogil=True)
def _settle(out: Any, first: int, many: int, stay: Any) -> int:
    """Let a stage hold from an instant on; returns how many stays there are. No stay is empty, none repeats."""
    stage, now, cause, row = stay
    if many > first and out[_END, many - 1] == NEVER:
        if out[_STAGE, many - 1] == stage:
            return many
        if out[_BEGIN, many - 1] == now:
            many -= 1
        else:
            out[_END, many - 1] = now
    if stage < 0:
        return many
    if many > first and out[_END, many - 1] == now and out[_STAGE, many - 1] == stage:
        out[_END, many - 1] = NEVER
        return many
    out[_STAGE, many], out[_BEGIN, many], out[_END, many] = stage, now, NEVER
    out[_CAUSE, many], out[_ROW, many] = cause, row
    return many + 1
