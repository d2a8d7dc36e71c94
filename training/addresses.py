"""What an address may hold: ways that stay on this site, and numbers that a row can have."""

from urllib.parse import urlsplit

from werkzeug.routing import IntegerConverter, Map

LARGEST_ID = 2**31 - 1


class RowId(IntegerConverter):
    """A number in a path; one that no row can have makes an address that does not exist."""

    def __init__(self, rules: Map) -> None:
        """Bound it by what every database can compare with."""
        super().__init__(rules, max=LARGEST_ID)


def row_id(text: str) -> int:
    """Return a number from a query. Raises `ValueError` for one that no row can have."""
    number = int(text)
    if not 0 <= number <= LARGEST_ID:
        msg = f"no row has the number {text}"
        raise ValueError(msg)
    return number


def local(address: str) -> str | None:
    """Return an address on this site; None for any other, however it is disguised."""
    try:
        found = urlsplit(address)
    except ValueError:
        return None
    elsewhere = found.scheme or found.netloc or not found.path.startswith("/")
    # Browsers read a backslash as a slash, and two slashes as the name of another site.
    if elsewhere or found.path.startswith("//") or "\\" in address:
        return None
    return found.geturl()
