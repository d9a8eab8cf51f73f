"""``python -m qianmian`` is the command ``qianmian``."""

from __future__ import annotations

from qianmian.cli import main

if __name__ == "__main__":
    main()
