"""Clusters of people: found, explained by conditions, kept, and saved as audiences."""
