"""rudder-sdk-python tells the story."""

from __future__ import annotations

import sys

from rudderstack import analytics
from story import tell

analytics.write_key, analytics.dataPlaneUrl = "key-1", sys.argv[1]
tell(analytics)
