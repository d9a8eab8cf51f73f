"""History: the one derived copy of behaviour, one row an event and product, sorted under its person."""
