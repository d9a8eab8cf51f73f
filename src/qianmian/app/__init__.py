"""Composition only: workspace, pipeline, jobs, schedule; hands in clock, environment, connections. Must not compute."""
