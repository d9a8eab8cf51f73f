"""Metrics: declared once in ``built_in.yaml``, worked out by one scan a source, told by one object everywhere."""
