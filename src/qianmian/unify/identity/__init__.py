"""Who is who: evidence to intervals to persons, explainable and reversible. Must not depend on the order of arrival."""
