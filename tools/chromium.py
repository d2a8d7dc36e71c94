"""Where this machine has the browser that the tests and the pictures use."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")


def path() -> str:
    """Return the path of the browser. Raises `FileNotFoundError` when there is none."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        msg = f"No browser was found: install one of {', '.join(NAMES)}."
        raise FileNotFoundError(msg)
    return found
