"""How far a share that was counted may lie from the true one."""

from __future__ import annotations

from math import sqrt


def wilson(count: float, people: int, z: float = 1.96) -> tuple[float, float]:
    """Wilson's interval of a share (1927); from 0 to 1 where nobody was counted.

    Args:
        count: of how many it is so.
        people: of how many in all.
        z: how many standard errors it reaches; 1.96 = 95 %.

    >>> [round(bound, 3) for bound in wilson(8, 10)], wilson(0, 10)[0], wilson(0, 0)
    ([0.49, 0.943], 0.0, (0.0, 1.0))
    """
    if not people:
        return 0.0, 1.0
    share, spread = count / people, z * z / people
    half = z * sqrt(share * (1 - share) / people + spread / (4 * people))
    low, high = ((share + spread / 2 + side) / (1 + spread) for side in (-half, half))
    return max(low, 0.0), min(high, 1.0)
