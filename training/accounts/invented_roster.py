"""The roster of the demonstration: who goes, when, and how far they have come."""

from collections.abc import Iterator

from training.accounts.invented import LONG_NAME, Invented, Stage

# Unit, name, rank, language, stage, departs in so many days, last act so many days ago.
ROSTER = f"""
a        | Sanne van der Velde    | Private first class   | en | begun     |  45 |   1
a        | Joris de Groot         | Corporal              | nl | certified |  45 |   9
a        | Zoë Çelik-Jansen       | Sergeant              | nl | reading   |  45 |   3
a        | Łukasz Wiśniewski      | Private               | en | new       |  45 |   1
a        | Dirk-Jan van 't Hoff   | Sergeant first class  | nl | passed    |  45 |   2
a        | Aoife Ní Bhriain       | Lieutenant            | en | certified |  45 |  12
a        | Mehmet Yıldırım        | Corporal              | nl | failed    |  45 |   2
a        | Fenna ten Brinke       | Captain               | nl | certified |  45 | 200
a        | Tom Verhoeven          | Private               | nl | read      |  45 |   4
b        | Hendrik op den Camp    | Major                 | nl | certified |  28 | 345
b        | Milica Đorđević        | Lieutenant            | en | certified |  28 |   6
b        | Ruben Oyelaran         | Corporal              | en | check     |  28 |   3
b        | Lotte in 't Veld       | Private               | nl | reading   |  17 |   5
b        | Goran Kostić           | Sergeant              | en | certified |  28 |   4
b        | Jürgen Weiß            | Warrant officer       | en | failed3   |  28 |   5
b        | Esra Aydın             | Private first class   | nl | testing   |  28 |   2
b        | Bram van den Heuvel    | Private               | nl | new       |  15 |   1
medical  | Anjali Sharma          | Captain               | en | certified |  60 |   8
medical  | Sjoerd Hoekstra        | Corporal              | nl | reading   |  60 |   6
medical  | Inês Gonçalves         | Sergeant              | en | certified |  60 | 120
medical  | Kim Min-seo            | Lieutenant            | en | certified |  60 |  15
medical  | Femke Dijkstra         | Private               | nl | new       |  60 |   1
constab  | Thijs van Rijswijck    | Sergeant              | nl | certified |  75 | 400
constab  | Samira El Idrissi      | Constable first class | nl | read      |  75 |   2
constab  | Jean-Luc Fontaine      | Adjutant              | fr | passed    |  75 |   3
constab  | Maud Peeters           | Constable             | fr | begun     |  75 |   7
staff    | Noa Ben-David          |                       | en | certified | 105 |  20
staff    | Gijs Terpstra          |                       | nl | new       | 105 |   1
formed   | Ilse Lindqvist         | Inspector             | en | testing   |  90 |   1
formed   | Eleni Papadopoulou     | Sergeant              | en | certified |  90 |  11
formed   | Mikael Ström           | Constable             | en | reading   |  90 |   9
formed   | Aino Väisänen          | Senior constable      | en | check     |  90 |   2
formed   | Søren Østergaard       | Constable             | en | failed    |  90 |   6
formed   | Juhani Mäkelä          | Constable             | en | new       |  90 |   1
formed   | Somchai Srisuk         | Senior constable      | en | certified |  90 |  18
formed   | Anneli Põldmäe         | Sergeant              | en | testing   |  90 |   3
formed   | Þórdís Ægisdóttir      | Constable             | en | read      |  90 |   5
officers | Haruka Tanaka          | Inspector             | en | certified |  15 |  25
officers | Olivier Lefèvre        | Superintendent        | fr | reading   |  15 |   8
officers | Kateřina Dvořáková     | Inspector             | en | new       |  16 |   1
officers | Mārtiņš Kalniņš        | Sergeant              | en | failed3   |  18 |   4
officers | Ágnes Szűcs            | Inspector             | en | passed    |  30 |   1
officers | Nikolaos Vasileiou     | Chief inspector       | en | certified |  30 | 150
law      | Amira Haddad           |                       | en | certified |  52 |   7
law      | {LONG_NAME} | | nl | certified | 52 | 10
law      | Étienne Béranger       |                       | fr | begun     |  52 |   4
law      | Daan Ruijs             |                       | nl | new       |  66 |   1
law      | Li Wei                 |                       | en | certified |  66 |  30
rights   | Marie-Ève Tremblay     |                       | fr | check     | 112 |   5
rights   | Thandiwe Nkosi         |                       | en | reading   | 112 |   3
rights   | Rüya Öztürk            |                       | nl | failed    | 120 |   7
rights   | Ella van Wassenhoven   |                       | en | new       | 120 |   1
"""


def people() -> Iterator[Invented]:
    """Yield the people of the roster in its order."""
    for number, line in enumerate(ROSTER.strip().splitlines(), 1):
        unit, name, rank, language, stage, departs, last = (
            part.strip() for part in line.split("|")
        )
        yield Invented(
            number, unit, name, rank or None, language, Stage(stage), int(departs), int(last)
        )
