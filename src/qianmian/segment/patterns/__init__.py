"""Patterns of behaviour: mined from history, ready ones, and how each is said as a condition."""
