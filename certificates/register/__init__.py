"""Certificates from the pass to the sealed document."""
