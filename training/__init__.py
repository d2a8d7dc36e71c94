"""The platform and its people; imports none of the other three packages."""

__version__ = "0.1.0"
