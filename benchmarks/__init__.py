"""Benchmarks: each prints a table at growing sizes and, last, one JSON object with the ratio to a named peer."""
