"""The story that every SDK tells, in the words of both dialects."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

SPEAKERS = Path(__file__).parent / "speakers"
#: Events by type: of Segment's and RudderStack's SDKs for servers.
SEGMENT = Counter(["track"] * 3 + ["identify", "page", "screen", "group", "alias"])


def speak(program: str, speaker: str, *arguments: str) -> None:
    """Run an SDK in a process of its own until it says that all is sent."""
    subprocess.run([program, str(SPEAKERS / speaker), *arguments], check=True, timeout=60)


def once(told: Sequence[dict[str, Any]], id_: str = "messageId") -> Counter[str]:
    """Events by type, each id once."""
    return Counter({event[id_]: event["type"] for event in told}.values())
