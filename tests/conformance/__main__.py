"""Tasks, each in a fresh process: orders come in, answers go out, as text, a line of JSON for a wave.

The processes are forked from this one, which has imported the product and done nothing with it.
"""

from __future__ import annotations

import json
import os
import sys

from qianmian.engines.order import carry_out


def _wave(orders: list[str]) -> list[str]:
    """Carry out orders side by side; the answer of a process that dies is empty."""
    answers = [_begun(text) for text in orders]
    told = [os.fdopen(answer, encoding="utf-8").read() for answer in answers]
    for _ in answers:
        os.wait()
    return told


def _begun(text: str) -> int:
    """Begin a process; gives the end of a pipe at which its answer comes."""
    ours, theirs = os.pipe()
    if os.fork():
        os.close(theirs)
        return ours
    with os.fdopen(theirs, "w", encoding="utf-8") as answer:
        answer.write(carry_out(text))
    os._exit(0)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_wave(json.loads(line))), flush=True)
