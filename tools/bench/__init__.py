"""Measure what the platform costs: CPU, statements, bytes and memory, on both databases."""
