"""Campaigns: an audience, a holdout made by chance, a way out, and what came of it."""
