"""The tracking plan: which events and properties are allowed, of which type; what deviates is counted, never lost."""
