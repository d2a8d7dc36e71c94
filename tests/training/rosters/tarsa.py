"""The untidy rotation of 60 to Tarsa, as an office keeps it: made here, never a file."""

import io
from datetime import date
from typing import Any

import xlsxwriter

from tests.factories import TODAY

HEAD = (
    "Nr.", "Pers.nr.", "Rang", "Naam", "E-mail", "Functie", "Bijz. functie", "Categorie",
    "Vertrek", "Terugkeer", "Schoenmaat",
)  # fmt: skip
SECTIONS = ("A-compagnie (18)", "B-compagnie", "Eenheid: Staf detachement")
RANKS = ("sld", "kpl", "sgt", "elt", "kap")
NAMES = (
    "Jansen, J.M. (Jan)", "Zoë Çelik-Jansen", "Vries, P. de", "Łukasz Wiśniewski",
    "Aoife Ní Bhriain", "Mehmet Öztürk", "Fenna ten Brinke", "Ruben Oyelaran",
)  # fmt: skip
SURNAMES = ("Akker", "Bos", "Claes", "Dam", "Evers", "Faber", "Geel", "Hoek", "IJzer", "Kuiper")
# All of these are 1 March and 5 September 2027.
STARTS = ("2027-03-01", "1-3-2027", "1 mrt 2027", "01/03/2027", 46447, "1 March 2027", "wk 9 2027")
ENDS = ("2027-09-05", "5-9-2027", "5 sept 2027", "05/09/2027", 46635, "wk 35 2027")
FIRST, LAST = date(2027, 3, 1), date(2027, 9, 5)
assert FIRST > TODAY
VACANT = 3
PROBLEMS = 5


def rows() -> list[list[Any]]:
    """Return the 60 rows, five of them with a problem, between the units they belong to."""
    found: list[list[Any]] = []
    for number in range(1, 61):
        if number % 20 == 1:
            found += [[], [SECTIONS[number // 20]]]
        found.append(_row(number))
    return found


def _row(number: int) -> list[Any]:
    name = NAMES[number % 8] if number <= 8 else f"{_given(number)} van den {_surname(number)}"
    personnel = f"00{1000 + number}" if number % 3 else float(1000 + number)
    post, function, category = "Groepslid", "", "mil"
    starts, ends = STARTS[number % 7], ENDS[number % 6]
    if number == 1:
        post, function = "Detachementscommandant", "besluitvormer"
    if number in {20, 40, 60}:
        return [number, "", "", "vacature", "", "Genderadviseur" if number == 60 else "Tolk",
                "", category, starts, ends, ""]  # fmt: skip
    if number in {7, 27}:
        function = "GFP"
    changed = {
        11: {9: "2026-12-01", 8: "2027-03-01"},  # It ends before it starts.
        22: {8: ""},
        33: {9: "na de zomer"},
        44: {6: "kok"},
        55: {7: "vrijwilliger"},
    }.get(number, {})
    row = [number, personnel, RANKS[number % 5], name, f"p{number}@home.example", post, function,
           category, starts, ends, 40 + number % 6]  # fmt: skip
    for column, text in changed.items():
        row[column] = text
    return row


def _given(number: int) -> str:
    return ("Sanne", "Joris", "Dirk", "Lotte", "Bram", "Esra")[number % 6]


def _surname(number: int) -> str:
    return f"{SURNAMES[number % 10]}{'aeiouy'[number // 12]}"


def workbook() -> bytes:
    """Return it as a workbook, with an explanation first and the header on its sixth row."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet("Toelichting")
        sheet.write_column(0, 0, ["Lees dit eerst", "Vragen? Bel P&O."])
        sheet = book.add_worksheet("Rotatie 4")
        bold = book.add_format({"bold": True})
        sheet.merge_range("A1:K1", "UNSMIT rotatie 4 - personeelslijst", bold)
        sheet.write("A2", "Stand: 20 november, opgesteld door P&O")
        sheet.write_row(5, 0, HEAD, bold)
        for number, row in enumerate(rows(), 6):
            sheet.write_row(number, 0, row)
        sheet.write_row(80, 0, ["", "", "", "Totaal", "", "", "", "", "", "", 60])
        book.add_worksheet("Leeg")
    return target.getvalue()
