"""Group buys of a social shop: who opens them, who joins, and which fill."""
