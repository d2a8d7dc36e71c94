"""The words of a certificate in each of its languages.

They are the text of a deed: a change here changes every certificate made from now on, so they
are not in the catalogues that translators of the interface edit.
"""

# ruff: noqa: RUF001  French is printed with its own apostrophe.
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date


@dataclass(frozen=True)
class Wording:
    """Hold every sentence that a certificate may carry, in one language."""

    certificate: str
    number: str
    code: str
    certify: str
    completed: str
    covering: str
    in_part: str
    achieved: str
    valid_from: str
    valid_until: str
    component: str
    contains: str
    contains_only: str
    approved_on: str
    approved: str
    not_approved: str
    verify: str
    how: str
    caution: str
    qr: str
    seal: str
    mapped: str
    content_version: str
    not_theirs: str
    subject: str
    demonstration: str
    page: str
    hour: tuple[str, str]
    minute: tuple[str, str]


ENGLISH = Wording(
    certificate="Certificate",
    number="Certificate number",
    code="Verification code",
    certify="This is to certify that",
    completed="has completed the gender-sensitive pre-deployment training",
    covering="(version {version}, {duration}) covering UN Security Council resolution 1325 and "
    "related resolutions, and passed the assessment on {achieved}.",
    in_part="(version {version}, {duration}) and passed the assessment on {achieved}.",
    achieved="Achieved on",
    valid_from="Valid from",
    valid_until="Valid until",
    component="{title}: valid until",
    contains="Modules:",
    contains_only="This version contains only:",
    approved_on="Content approved by {by} on {on}.",
    approved="Content approved by {by}.",
    not_approved="Content not yet approved by a gender adviser.",
    verify="Verify this certificate",
    how="Scan the code, or type the number and the verification code at",
    caution="Check at the address your organisation publishes, not only the one you scanned.",
    qr="QR code that opens the verification of this certificate. Without it: {page}",
    seal="Seal of the organisation",
    mapped="Learning outcomes mapped to UN CPTM (2017 edition) lesson 2.4 and related lessons.",
    content_version="Content version {version}.",
    not_theirs="This is not a certificate of the United Nations, the European Union or NATO.",
    subject="Certificate of gender-sensitive pre-deployment training",
    demonstration="Fictional person, no value as evidence.",
    page="Page 1 of 1",
    hour=("hour", "hours"),
    minute=("minute", "minutes"),
)

DUTCH = Wording(
    certificate="Certificaat",
    number="Certificaatnummer",
    code="Controlecode",
    certify="Hierbij wordt verklaard dat",
    completed="de gendersensitieve missievoorbereidende training",
    covering="(versie {version}, {duration}) over VN-Veiligheidsraadresolutie 1325 en "
    "vervolgresoluties heeft afgerond en op {achieved} voor de toets is geslaagd.",
    in_part="(versie {version}, {duration}) heeft afgerond en op {achieved} voor de toets is "
    "geslaagd.",
    achieved="Behaald op",
    valid_from="Geldig vanaf",
    valid_until="Geldig tot en met",
    component="{title}: geldig tot en met",
    contains="Modules:",
    contains_only="Deze versie bevat alleen:",
    approved_on="Inhoud goedgekeurd door {by} op {on}.",
    approved="Inhoud goedgekeurd door {by}.",
    not_approved="Inhoud nog niet goedgekeurd door een genderadviseur.",
    verify="Controleer dit certificaat",
    how="Scan de code, of typ het nummer en de controlecode op",
    caution="Controleer op het adres dat uw organisatie bekendmaakt, "
    "niet alleen op het adres dat u scande.",
    qr="QR-code die de controle van dit certificaat opent. Zonder de code: {page}",
    seal="Zegel van de organisatie",
    mapped="Leeruitkomsten gekoppeld aan les 2.4 van de UN CPTM (editie 2017) en verwante lessen.",
    content_version="Versie van de inhoud: {version}.",
    not_theirs="Dit is geen certificaat van de Verenigde Naties, de Europese Unie of de NAVO.",
    subject="Certificaat van de gendersensitieve missievoorbereidende training",
    demonstration="Verzonnen persoon, geen waarde als bewijs.",
    page="Pagina 1 van 1",
    hour=("uur", "uur"),
    minute=("minuut", "minuten"),
)

FRENCH = Wording(
    certificate="Certificat",
    number="Numéro de certificat",
    code="Code de vérification",
    certify="Il est certifié que",
    completed="a achevé la formation préalable au déploiement sensible au genre",
    covering="(version {version}, {duration}) portant sur la résolution 1325 du Conseil de "
    "sécurité des Nations Unies et les résolutions connexes, et a réussi l’évaluation le "
    "{achieved}.",
    in_part="(version {version}, {duration}) et a réussi l’évaluation le {achieved}.",
    achieved="Obtenu le",
    valid_from="Valable à partir du",
    valid_until="Valable jusqu’au",
    component="{title}\N{NO-BREAK SPACE}: valable jusqu’au",
    contains="Modules\N{NO-BREAK SPACE}:",
    contains_only="Cette version contient uniquement\N{NO-BREAK SPACE}:",
    approved_on="Contenu approuvé par {by} le {on}.",
    approved="Contenu approuvé par {by}.",
    not_approved="Contenu non encore approuvé par un conseiller ou une conseillère genre.",
    verify="Vérifier ce certificat",
    how="Scannez le code, ou saisissez le numéro et le code de vérification sur",
    caution="Vérifiez à l’adresse publiée par votre organisation, "
    "pas seulement à celle que vous avez scannée.",
    qr="Code QR qui ouvre la vérification de ce certificat. Sans le code\N{NO-BREAK SPACE}: {page}",
    seal="Sceau de l’organisation",
    mapped="Acquis d’apprentissage mis en correspondance avec la leçon 2.4 du CPTM de l’ONU "
    "(édition 2017) et les leçons connexes.",
    content_version="Version du contenu\N{NO-BREAK SPACE}: {version}.",
    not_theirs="Ce certificat n’émane ni des Nations Unies, ni de l’Union européenne, "
    "ni de l’OTAN.",
    subject="Certificat de formation préalable au déploiement sensible au genre",
    demonstration="Personne fictive, aucune valeur probante.",
    page="Page 1 sur 1",
    hour=("heure", "heures"),
    minute=("minute", "minutes"),
)

WORDINGS: Mapping[str, Wording] = {"en": ENGLISH, "nl": DUTCH, "fr": FRENCH}

# English without a country writes the month first, which the officers of most nations misread.
_LOCALES = {"en": "en_GB", "nl": "nl", "fr": "fr"}


def day(when: date, language: str) -> str:
    """Return the date as it is written out in the language."""
    written = format_date(when, format="long", locale=_LOCALES[language])
    if language == "fr" and when.day == 1:
        written = written.replace("1 ", "1er ", 1)
    return written


def duration(minutes: int, language: str) -> str:
    """Return the length of the training in hours and minutes."""
    wording = WORDINGS[language]
    parts = [(minutes // 60, wording.hour), (minutes % 60, wording.minute)]
    said = [f"{count} {forms[count != 1]}" for count, forms in parts if count]
    return " ".join(said) or f"0 {wording.minute[1]}"


def said(texts: Mapping[str, str], language: str) -> str:
    """Return the text in the language, else in English, else in the first there is."""
    return next((texts[code] for code in (language, "en", *texts) if texts.get(code)), "")
