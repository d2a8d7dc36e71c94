"""The headers above the columns of a list of people, in Dutch, English and French. Pure."""

from training.imports.mapping import Vocabulary


def words(text: str) -> frozenset[str]:
    """Return words that stand between bars."""
    return frozenset(text.split("|"))


PEOPLE: Vocabulary = {
    "name": words(
        "naam|name|full name|volledige naam|naam medewerker|medewerker|printed name|deelnemer"
        "|naam deelnemer|nom complet|nom et prenom|naam en voorletters|naam voorletters"
    ),
    "family": words(
        "achternaam|familienaam|last name|lastname|surname|family name|nom|nom de famille"
    ),
    "given": words(
        "voornaam|voornamen|roepnaam|first name|firstname|given name|given names|first names|prenom"
    ),
    "initials": words("voorletters|voorletter|initialen|initials|initiales"),
    "infix": words("tussenvoegsel|tussenvoegsels|voorvoegsel|voorvoegsels|infix|prefix|tussenv"),
    "personnel_number": words(
        "personeelsnummer|personeelsnr|personeels nr|pers nr|persnr|pnr|registratienummer"
        "|registratienr|registratie nr|regnr|reg nr|stamnummer|stamnr|dienstnummer|matricule"
        "|service number|service no|service nr|personnel number|personnel no|staff number"
        "|employee number|peoplesoft nummer|medewerkernummer|werknemersnummer"
    ),
    "user_name": words("gebruikersnaam|inlognaam|user name|username|login|nom d utilisateur"),
    "rank": words("rang|rank|graad|grade|schaal|rang stand|rank or grade"),
    "unit": words("eenheid|unit|onderdeel|afdeling|department|compagnie|peloton|unite|team"),
    "email": words(
        "e mail|email|mail|e mailadres|emailadres|mailadres|e mail address|email address"
        "|adresse e mail|courriel"
    ),
    "language": words("taal|language|voertaal|voorkeurstaal|langue"),
    "category": words("categorie|category|soort|type personeel|krijgsmachtdeel categorie"),
}
