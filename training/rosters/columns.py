"""The headers above the columns of a roster, in Dutch, English and French. Pure."""

from training.imports.mapping import Vocabulary
from training.imports.people_columns import PEOPLE, words

ROSTER: Vocabulary = {
    **PEOPLE,
    "starts_on": words(
        "vertrek|vertrekdatum|vertrekdag|datum vertrek|begin|begindatum|begin datum|start"
        "|startdatum|start datum|start date|start day|starts|starts on|ingangsdatum|ingang|aanvang"
        "|aanvangsdatum|van|vanaf|datum van|datum in|from|from date|departure|departure date"
        "|date of departure|leaves|first day|eerste dag|depart|date de depart|debut|du"
    ),
    "ends_on": words(
        "einde|einddatum|eind datum|eind|end|end date|ends|ends on|terugkeer|terugkeerdatum"
        "|datum terugkeer|terug|retour|retourdatum|tot|t m|tm|tot en met|datum tot|datum uit|until"
        "|to|return|return date|date of return|last day|laatste dag|fin|date de fin|date de retour"
        "|au"
    ),
    "post": words(
        "functie|functienaam|functieomschrijving|functie omschrijving|post|positie|position"
        "|function|job|job title|appointment|arbeidsplaats|poste|fonction|functietitel"
    ),
    "functions": words(
        "functies|functions|nevenfunctie|nevenfuncties|bijzondere functie|bijzondere functies"
        "|bijz functie|bijz functies|rol|rollen|role|roles|special function|special functions"
        "|taak|taken|fonctions|role s|functiecategorie|function category"
    ),
}
