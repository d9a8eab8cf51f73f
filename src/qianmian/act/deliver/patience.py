"""Trying again: what is only busy is asked a few times more, what refuses is not."""

from __future__ import annotations

from collections.abc import Callable

#: Seconds before a piece is tried again; after the last, the job fails and may be started again.
WAITS = (1.0, 4.0, 15.0)
Wait = Callable[[float], object]


class NotDeliveredError(Exception):
    """A receiver did not take a piece.

    Attributes:
        why: its answer's status, or the kind of what kept it from answering.
        may_pass: whether it may take the same later.
    """

    def __init__(self, why: str, *, may_pass: bool) -> None:
        """What it answered, and whether to come again."""
        super().__init__(why)
        self.why, self.may_pass = why, may_pass


def patiently(hand_over: Callable[[], None], wait: Wait) -> None:
    """Hand a piece over, and try again for as long as its receiver is only busy.

    Args:
        hand_over: hands it over once; raises `NotDeliveredError`.
        wait: waits some seconds.

    Raises:
        NotDeliveredError: the receiver refuses, or was busy to the last.
    """
    for pause in (*WAITS, None):
        try:
            hand_over()
        except NotDeliveredError as error:
            if pause is None or not error.may_pass:
                raise
            wait(pause)
        else:
            return
