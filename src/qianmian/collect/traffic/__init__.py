"""Traffic that may be no visit of a person: rules by which events are flagged as they are taken in; none is dropped."""
