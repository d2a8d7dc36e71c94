"""Taking a final test."""
