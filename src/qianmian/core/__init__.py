"""The vocabulary: events, people, tables, columns, errors, clock. Must not import anything else of the product."""
