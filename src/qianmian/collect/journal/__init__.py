"""The journal: what is received, on disk before it is acknowledged, until it is taken in and some days longer."""
