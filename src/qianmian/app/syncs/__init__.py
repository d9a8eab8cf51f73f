"""Syncs: whoever enters or leaves an audience, or changes a tag, is told to a receiver after each build."""
