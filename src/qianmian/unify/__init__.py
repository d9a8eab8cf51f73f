"""From events to people and facts: cleaning, identity, orders. Must not rewrite an event."""
