"""Conditions from tree to SQL, partial aggregates, kernels. Must not know a stage or hold a connection."""
