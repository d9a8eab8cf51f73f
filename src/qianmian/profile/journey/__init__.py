"""Purchase journeys: where each person stands with each category of goods, and since when ([decision 0049]).

Reads history, goods, orders and refunds; leaves `journey_stages`.
"""
