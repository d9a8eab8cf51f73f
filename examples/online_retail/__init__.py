"""A year of a British gift shop: orders become customers with a stage, a segment and a taste."""
