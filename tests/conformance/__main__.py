"""One task in a fresh process: the order comes in, the answer goes out, both as text."""

from __future__ import annotations

import sys

from qianmian.engines.order import carry_out

if __name__ == "__main__":
    print(carry_out(sys.stdin.read()))
