"""People and certificates found by HR, what is on record of them, and its export."""
