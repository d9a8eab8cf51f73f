"""What sources state of people, and what holds by it. Events → `statements`, `traits`; follows `persons`."""
