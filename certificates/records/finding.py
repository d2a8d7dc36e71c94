"""The words that one search box looks for in names and numbers. Pure."""

from training.accounts.names import fold

# Dutch prefixes as offices shorten them; the search begins words, so one letter is enough.
SHORTENED = {"vd": "v d", "vdr": "v d", "vh": "v h", "vt": "v t"}


def words(typed: str) -> str:
    """Return what is looked for in names and numbers, with shortened prefixes taken apart."""
    return " ".join(SHORTENED.get(word, word) for word in fold(typed).split())
