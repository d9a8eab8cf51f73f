"""Normalisation: what sources write differently and mean alike is read alike; what they wrote stays."""
