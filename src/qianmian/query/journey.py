"""What ``journey(…)`` says of a category: where somebody stands with it."""

from __future__ import annotations

from collections.abc import Iterable

from qianmian.core.messages import Message
from qianmian.query.problems import Place, Problem, refusal
from qianmian.query.tree import Journey, Value
from qianmian.query.window import EVER, Last, Window


def journey(category: str, stages: Iterable[Value], window: Window, place: Place) -> Journey:
    """The part of a tree that a category, stages and a window say; what stages there are is asked when it is bound.

    Raises:
        ConditionError: a stage is no text, or the window is not one of so many days up to today.
    """
    named = tuple(dict.fromkeys(str(stage) for stage in stages if isinstance(stage, str)))
    if not named or not (window == EVER or isinstance(window, Last)):
        raise refusal([Problem(Message("write_journey"), place)])
    return Journey(category, named, window.days if isinstance(window, Last) else 0, place)
