"""Which functions the words of a roster name. Pure."""

import re

from training.accounts.names import fold
from training.missions.models import Function

WORDS = {
    Function.LEADERSHIP: re.compile(
        r"\b(?:\w*commandant|\w*leider|leidinggevende?n?|leiding|leadership|leader|commander|cdt"
        r"|comd|commanding officer|hoofd|head|chef|director|directeur)\b"
    ),
    Function.DECISION_MAKER: re.compile(
        r"\b(?:besluitvormers?|besluitnemers?|beslissers?|decision makers?|decideur)\b"
    ),
    Function.COMMUNITY_FACING: re.compile(
        r"\b(?:community|cimic|liaison|publiekscontact|burgercontact|gemeenschapscontact"
        r"|contact met (?:de )?(?:bevolking|burgers|gemeenschap)|communautaire)\b"
    ),
    Function.GENDER_ADVISER: re.compile(
        r"\b(?:genads?|gender ?advis[eo]rs?|gender ?adviseurs?|conseill(?:er|ere) genre)\b"
    ),
    Function.GENDER_FOCAL_POINT: re.compile(
        r"\b(?:gfps?|gender focal points?|gender ?contactpersoon|gender ?aanspreekpunt"
        r"|point focal genre)\b"
    ),
}
NONE = frozenset({"", "geen", "none", "nee", "no", "nvt", "n v t", "na", "n a", "aucune"})
BETWEEN = re.compile(r"[,;/+&|]|\b(?:en|and|et)\b", re.IGNORECASE)


def named(text: str) -> list[str]:
    """Return the functions that a text names, such as the title of a post."""
    folded = fold(text)
    return sorted(function.value for function, words in WORDS.items() if words.search(folded))


def read(text: str) -> list[str] | None:
    """Return the functions of a cell that holds nothing else; None when one is unknown."""
    parts = [part for part in BETWEEN.split(text) if fold(part) not in NONE]
    if not all(named(part) for part in parts):
        return None
    return sorted({name for part in parts for name in named(part)})
