"""What the cells of a list of people mean: names, numbers, words for a category. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from training.accounts.models import Category
from training.accounts.names import fold
from training.errors import spoken
from training.letters import unprintable

INFIXES = (
    "de den der het 't van von vom zu zur te ten ter la le du des di da dos del el al bin op in "
    "aan uit onder over vd v.d. d' v/d"
)
TOTALS = "totaal total subtotaal subtotal aantal sum som"
CATEGORIES = {
    Category.MILITARY: "military militair militaire mil defensie soldier marechaussee kmar",
    Category.POLICE: "police politie policier pol politieel",
    Category.CIVILIAN: "civilian civilian expert civiel burger burgerpersoneel civil civile civ",
}
LANGUAGES = {
    "nl": "nl nld dut nederlands dutch neerlandais",
    "en": "en eng engels english anglais gb uk",
    "fr": "fr fra fre frans french francais",
}
LONGEST = {"printed_name": 120, "personnel_number": 40, "rank": 60, "unit": 200, "email": 254}
ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
USER_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{1,79}")
SHORTENED = re.compile(r"\d+[.,]\d+E\+?\d+", re.IGNORECASE)
NICKNAME = re.compile(r"\s*\([^()]*\)\s*")
LOOK = spoken("The name was written in another order or with a nickname: please look at it.")


class Unusable(Exception):
    """A cell that cannot be taken over, with the reason."""

    def __init__(self, field: str, reason: str) -> None:
        """Keep the field beside its reason."""
        super().__init__(reason)
        self.field = field
        self.reason = reason


def read(cells: Mapping[str, str]) -> tuple[dict[str, Any], str]:
    """Return the values of a row and a note about its name. Raises `Unusable` for a bad cell."""
    for field, text in cells.items():
        if unprintable(text):
            raise Unusable(field, spoken("This cell contains a character that cannot be printed."))
    name, note = printed_name(cells)
    values: dict[str, Any] = {"printed_name": name}
    for field, parse in PARSERS.items():
        if text := cells.get(field, ""):
            values[field] = parse(text)
    for field, longest in LONGEST.items():
        if len(values.get(field, "")) > longest:
            raise Unusable(field, spoken("This cell is too long."))
    return values, note


def printed_name(cells: Mapping[str, str]) -> tuple[str, str]:
    """Return the name as it will be printed, and a note when somebody should look at it."""
    family, given = cells.get("family", ""), cells.get("given", "") or cells.get("initials", "")
    column, note = "family" if family else "name", ""
    if family:
        text = " ".join(filter(None, (given, cells.get("infix", ""), _family_first(family)[0])))
    else:
        text, turned = _family_first(cells.get("name", ""))
        note = LOOK if turned else ""
    name = " ".join(NICKNAME.sub(" ", text).split())
    if name != text:
        note = LOOK
    _refuse_no_name(column, name)
    return name, note


def _family_first(text: str) -> tuple[str, bool]:
    """Turn `Vries, J. de (Jan)` round; tell whether that was more than a first name."""
    plain = NICKNAME.sub(" ", text).strip()
    if "," not in plain:
        return text, False
    family, _, given = plain.partition(",")
    words = given.replace(",", " ").split()
    infix: list[str] = []
    while words and words[-1].lower() in INFIXES.split():
        infix.insert(0, words.pop())
    return " ".join([*words, *infix, *family.split()]), plain != text or "," in given


def _refuse_no_name(column: str, name: str) -> None:
    if not name:
        raise Unusable(column, spoken("There is no name in this row."))
    if fold(name) in TOTALS.split():
        raise Unusable(column, spoken("This looks like a total, not a person."))
    if any(character.isdigit() for character in name):
        raise Unusable(column, spoken("There are figures in this name."))
    letters = [character for character in name if character.isalpha()]
    latin = ("LATIN", "MODIFIER", "FEMININE", "MASCULINE")
    if not letters or not all(unicodedata.name(c, "").startswith(latin) for c in letters):
        raise Unusable(
            column, spoken("The name must be in Latin letters, as it is printed that way.")
        )


def _number(text: str) -> str:
    if SHORTENED.fullmatch(text):
        raise Unusable(
            "personnel_number",
            spoken("The spreadsheet has shortened this number. Make the column wider or text."),
        )
    # A spreadsheet may have made a number of what is a name made of figures.
    return re.sub(r"^(\d+)[.,]0+$", r"\1", text)


def _user_name(text: str) -> str:
    if not USER_NAME.fullmatch(text.lower()):
        raise Unusable(
            "user_name", spoken("A user name has letters a to z, figures, and . _ @ - only.")
        )
    return text.lower()


def _email(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise Unusable("email", spoken("This is not an e-mail address."))
    return text


def _language(text: str) -> str:
    for code, words in LANGUAGES.items():
        if fold(text) in words.split():
            return code
    raise Unusable("language", spoken("This language is not known. Use NL, EN or FR."))


def _category(text: str) -> Category:
    for category, words in CATEGORIES.items():
        if fold(text).split()[:1] and fold(text).split()[0] in words.split():
            return category
    raise Unusable(
        "category", spoken("This category is not known. Use military, police or civilian.")
    )


PARSERS: Mapping[str, Callable[[str], Any]] = {
    "personnel_number": _number,
    "user_name": _user_name,
    "rank": str,
    "unit": str,
    "email": _email,
    "language": _language,
    "category": _category,
}


class UserNames:
    """Makes free user names, `first.last`, and takes them."""

    def __init__(self, taken: Iterable[str]) -> None:
        """Begin with what is taken already."""
        self._taken = set(taken)
        # A list may hold thousands of one name: each goes on where the one before it ended.
        self._reached: dict[str, int] = {}

    def of(self, printed: str) -> str:
        """Return a free user name made of a name, and take it."""
        words = [w for w in fold(printed).encode("ascii", "ignore").decode().split() if w]
        base = ".".join([words[0], words[-1]] if len(words) > 1 else [*words, "person"])[:70]
        number = self._reached.get(base, 1)
        candidate = base if number == 1 else f"{base}{number}"
        while candidate in self._taken:
            number += 1
            candidate = f"{base}{number}"
        self._reached[base] = number
        self._taken.add(candidate)
        return candidate
