"""What one search box means: a certificate number, else words of names and numbers. Pure."""

from certificates.register.numbers import read_number
from training.accounts.names import fold

# Dutch prefixes as offices shorten them; the search begins words, so one letter is enough.
SHORTENED = {"vd": "v d", "vdr": "v d", "vh": "v h", "vt": "v t"}


def words(typed: str) -> str:
    """Return what is looked for in names and numbers, with shortened prefixes taken apart."""
    return " ".join(SHORTENED.get(word, word) for word in fold(typed).split())


def certificate_number(typed: str) -> str | None:
    """Return the certificate number that was typed, however it is written; None for a name."""
    return read_number(typed)
