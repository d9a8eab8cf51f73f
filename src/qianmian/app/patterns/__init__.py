"""Patterns of behaviour: a library of them, mined as a job, kept under names, declared as tags."""
