"""Social ties: who acted on whom, counted and weighed by kind. Events → `interactions`, `ties`; follows `persons`."""
