"""Missing values: what they may have been stands in a table beside the gap, with how sure it is; the gap stays."""
