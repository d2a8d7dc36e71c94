"""Who the demonstration is about: invented organisations and people, and how far each has come.

Nobody and nothing here exists. The numbers are no telephone numbers anywhere.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from training.accounts import names
from training.accounts.models import Category
from training.permissions import Role


class Stage(enum.Enum):
    """How far somebody has come in the course of the demonstration."""

    NEW = "new"
    BEGUN = "begun"  # The first lesson is ticked.
    READING = "reading"  # About half of the lessons are.
    READ = "read"  # All of them are.
    TESTING = "testing"
    CHECK = "check"
    FAILED = "failed"
    FAILED_THRICE = "failed3"
    PASSED = "passed"  # The name is not confirmed yet.
    CERTIFIED = "certified"


@dataclass(frozen=True)
class InventedUnit:
    """A unit; its key is what the people below name it by."""

    key: str
    name: str
    category: Category
    parent: str | None = None


@dataclass(frozen=True)
class InventedOrganisation:
    """A sending organisation with its channels and its units, parents first."""

    name: str
    prefix: str
    administrator: str
    time_zone: str
    contact: str
    conduct_inside: str
    conduct_outside: str
    referral: str
    gender_adviser: str
    units: tuple[InventedUnit, ...]


@dataclass(frozen=True)
class Invented:
    """Somebody who goes on mission."""

    number: int
    unit: str
    printed_name: str
    rank: str | None
    language: str
    stage: Stage
    departs_in: int  # Days from now.
    last_act: int  # Days ago; of those who have not begun it is when they could have.

    @property
    def user_name(self) -> str:
        """Return the name they sign in with."""
        return user_name(self.printed_name)

    @property
    def native_name(self) -> str | None:
        """Return their name in their own script, of the few for whom one is known."""
        return NATIVE_NAMES.get(self.printed_name)

    def last_at(self, now: datetime, *, before: int = 0) -> datetime:
        """Return when they last did something, or so many days before, at an hour of their own."""
        day = now - timedelta(days=self.last_act + before)
        return day.replace(
            hour=7 + self.number % 9, minute=self.number * 7 % 60, second=0, microsecond=0
        )


def user_name(printed_name: str) -> str:
    """Return the first and the last word of a name, as everybody here signs in."""
    words = names.fold(printed_name).split()
    return f"{words[0]}.{words[-1]}"


MILITARY, POLICE, CIVILIAN = Category.MILITARY, Category.POLICE, Category.CIVILIAN

ORGANISATIONS = (
    InventedOrganisation(
        "Veldhaven Armed Forces (demonstration)",
        "VA",
        "Karin Oldenhof",
        "Europe/Amsterdam",
        "Personnel desk, room 2.14, +000 555 0100 (example)",
        "Your commander or the unit confidential adviser, +000 555 0101 (example)",
        "Inspector General, day and night, +000 555 0102 (example)",
        "Medical and psychosocial duty desk, +000 555 0103 (example)",
        "Gender adviser of the Defence Staff, +000 555 0104 (example)",
        (
            InventedUnit("staff", "Defence Staff", CIVILIAN),
            InventedUnit("brigade", "13th Light Brigade", MILITARY),
            InventedUnit("battalion", "42nd Battalion", MILITARY, "brigade"),
            InventedUnit("a", "A Company", MILITARY, "battalion"),
            InventedUnit("b", "B Company", MILITARY, "battalion"),
            InventedUnit("medical", "Medical Company", MILITARY, "brigade"),
            InventedUnit("constab", "Military Constabulary", POLICE),
        ),
    ),
    InventedOrganisation(
        "Noordmark Police (demonstration)",
        "NP",
        "Björn Aaltonen",
        "Europe/Helsinki",
        "Personnel and training, +000 555 0200 (example)",
        "Your team leader or the integrity officer, +000 555 0201 (example)",
        "Independent police complaints office, +000 555 0202 (example)",
        "Victim support desk, +000 555 0203 (example)",
        "Adviser on gender and policing, +000 555 0204 (example)",
        (
            InventedUnit("people", "Personnel and Training", POLICE),
            InventedUnit("abroad", "International Deployment", POLICE),
            InventedUnit("formed", "Formed Police Unit", POLICE, "abroad"),
            InventedUnit("officers", "Individual Police Officers", POLICE, "abroad"),
        ),
    ),
    InventedOrganisation(
        "Ministry of Foreign Affairs of Veldhaven (demonstration)",
        "MF",
        "Agnès Delacroix",
        "Europe/Amsterdam",
        "Civilian missions desk, +000 555 0300 (example)",
        "Head of the civilian missions department, +000 555 0301 (example)",
        "Integrity office of the ministry, +000 555 0302 (example)",
        "Staff welfare service, +000 555 0303 (example)",
        "Adviser on women, peace and security, +000 555 0304 (example)",
        (
            InventedUnit("missions", "Civilian Missions Department", CIVILIAN),
            InventedUnit("law", "Rule of Law Pool", CIVILIAN, "missions"),
            InventedUnit("rights", "Human Rights and Political Pool", CIVILIAN, "missions"),
        ),
    ),
)

# Unit, name, rank, language, roles: they train others and have no course of their own.
STAFF = (
    ("staff", "Willem Brouwer", "Major", "en", (Role.TRAINER,)),
    ("staff", "Noor Abbink", None, "en", (Role.HR,)),
    ("people", "Kaisa Nieminen", "Chief inspector", "en", (Role.TRAINER,)),
    ("people", "Pieter Vanderlinden", None, "fr", (Role.HR,)),
    # A small organisation: one person does both.
    ("missions", "Céline Marchand", None, "fr", (Role.TRAINER, Role.HR)),
    ("staff", "Ingrid Solheim", None, "en", (Role.AUTHOR, Role.REVIEWER)),
    ("battalion", "Rosa Hartog", "Lieutenant colonel", "en", (Role.COMMANDER,)),
)

LONG_NAME = (
    "Wilhelmina Charlotte Anne-Sophie van Oosterwolde-Haverkamp tot den Eikelenburg van Westerhaven"
)

NATIVE_NAMES = {
    "Amira Haddad": "أميرة حداد",
    "Eleni Papadopoulou": "Ελένη Παπαδοπούλου",
    "Milica Đorđević": "Милица Ђорђевић",
    "Noa Ben-David": "נועה בן-דוד",
    "Anjali Sharma": "अंजली शर्मा",
    "Somchai Srisuk": "สมชาย ศรีสุข",
    "Li Wei": "李伟",
    "Haruka Tanaka": "田中 遥",
    "Kim Min-seo": "김민서",
    # A letter was lost on its way here, so no document may be made: HR finds it and puts it right.
    "Goran Kostić": "Горан Кости\ufffd",
}
