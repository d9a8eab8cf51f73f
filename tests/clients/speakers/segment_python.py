"""segment-analytics-python tells the story."""

from __future__ import annotations

import sys

from segment import analytics
from story import tell

analytics.write_key, analytics.host, analytics.gzip = "key-1", sys.argv[1], "gzip" in sys.argv
tell(analytics)
