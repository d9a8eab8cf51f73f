"""Groups of people that were found, and what they are in conditions."""
