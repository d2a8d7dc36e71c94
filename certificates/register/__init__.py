"""Certificates from the pass to the stored document."""
