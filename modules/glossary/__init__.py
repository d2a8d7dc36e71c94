"""The words of the field, and what they mean."""
