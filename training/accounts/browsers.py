"""Which family of browser signs in: all that is kept of what it says about itself. Pure."""

# Most browsers claim to be others too, so the narrower name is looked for first.
FAMILIES = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def family(user_agent: str) -> str | None:
    """Return the name of the family, or None for any other browser."""
    return next((name for mark, name in FAMILIES if mark in user_agent), None)
