"""How a benchmark measures: each side in a fresh process, in turns, with the load of the machine beside it."""
