"""What the platform keeps about a person, for that person: seen, taken along, corrected."""
