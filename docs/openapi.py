"""Write the schema of the HTTP API, from which the console's types are made: ``python -m docs.openapi FILE``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from qianmian.http.application import declared


def openapi_text() -> str:
    """The schema as text; equal code gives equal text, so that a diff of it is a change of the API."""
    return json.dumps(declared().openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(openapi_text(), encoding="utf-8")
