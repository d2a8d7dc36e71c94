"""The rows of people, of what they completed, and of the papers they have of it."""

import random
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from certificates.register import numbers
from certificates.register.models import Certificate, Document, DocumentContent, DocumentState
from modules.assignments.models import Assignment
from modules.learning.models import Completion, ComponentValidity, Mode, Reading
from modules.requirements.models import Requirement
from modules.requirements.validity import Span
from tools.bench.population import Population
from training.accounts import names, passwords
from training.accounts.models import Category, Organisation, Person, RoleGrant, Unit
from training.clock import add_months
from training.missions.models import Deployment, Framework, Mission
from training.orm import Base
from training.permissions import Role

ORGANISATIONS = 5
UNITS = 10  # In each organisation.
ROTATION = ORGANISATIONS * UNITS + 1  # The unit of all learners.
PASSWORD = "the rotation leaves on a monday"  # noqa: S105 - of invented people
GIVEN = ("Robin", "Sanne", "Emma", "Luuk", "Noor", "Daan", "Zoë", "Milan", "Ayşe", "Jürgen")
FAMILY = ("de Vries", "Jansen", "van den Berg", "Bakker", "Visser", "Smit", "Meijer", "Çelik")
DAY = timedelta(days=1)


class History:
    """The rows of each table, in the order in which they can be inserted."""

    def __init__(self, population: Population) -> None:
        """Compute what many rows share."""
        self.of = population
        self.hashed = passwords.hash_secret(PASSWORD)
        self.today = population.now.date()
        self.digest = sha256(population.paper).hexdigest()

    def tables(self) -> Iterator[tuple[type[Base], Iterable[dict[str, Any]]]]:
        """Return each model with its rows."""
        yield Organisation, ({"id": n, "name": f"Service {n}"} for n in self._organisations())
        yield Unit, self._units()
        yield Person, (self._person(n) for n in range(1, self.of.people + 2))
        administers = {"role": Role.ADMINISTRATOR, "organisation_id": 1}
        yield RoleGrant, [{"person_id": self.of.administrator} | administers]
        yield Mission, [self._mission()]
        yield Deployment, (self._deployment(n) for n in range(1, self.of.people + 1))
        yield Requirement, self._requirements()
        yield Assignment, self._assignments()
        yield Reading, self._readings()
        yield Completion, (self._completion(*found) for found in self.of.completed())
        yield ComponentValidity, (self._component(*found) for found in self.of.completed())
        yield Certificate, (self.certificate(*found) for found in self.of.completed())
        yield Document, (self._document(*found) for found in self.of.completed())
        yield DocumentContent, (self._content(*found) for found in self.of.completed())

    def _organisations(self) -> range:
        return range(1, ORGANISATIONS + 1)

    def _organisation_of(self, person: int) -> int:
        together = person == self.of.administrator or person in self.of.learners
        return 1 if together else person % ORGANISATIONS + 1

    def _unit_of(self, person: int) -> int:
        if person in self.of.learners:
            return ROTATION
        return (self._organisation_of(person) - 1) * UNITS + person % UNITS + 1

    def _units(self) -> Iterator[dict[str, Any]]:
        for organisation in self._organisations():
            for n in range(1, UNITS + 1):
                yield {
                    "id": (organisation - 1) * UNITS + n,
                    "organisation_id": organisation,
                    "name": f"Unit {n}",
                }
        yield {"id": ROTATION, "organisation_id": 1, "name": "Rotation"}

    def _person(self, n: int) -> dict[str, Any]:
        name = self._name(n)
        user, number = f"person{n}", f"P{n:06}"
        return {
            "id": n,
            "organisation_id": self._organisation_of(n),
            "unit_id": self._unit_of(n),
            "user_name": user,
            "personnel_number": number,
            "printed_name": name,
            "sort_name": names.sort_key(name),
            "search_tokens": names.tokens(name, user, number),
            "category": (*Category,)[n % len(Category)],
            "password_hash": self.hashed,
            "created_at": self.of.now - 900 * DAY,
            # Learners are asked for their name again, as everybody is the first time.
            "confirmed_name": None if n in self.of.learners else name,
        }

    def _name(self, n: int) -> str:
        return f"{GIVEN[n % len(GIVEN)]} {FAMILY[n // 7 % len(FAMILY)]} {n}"

    def _mission(self) -> dict[str, Any]:
        return {
            "id": 1,
            "name": "Tarsa",
            "framework": Framework.UN,
            "host_country": "Tarsa",
            "conduct_inside": "Conduct focal point, room 12",
            "conduct_outside": "Inspector outside the chain of command",
            "conduct_checked_on": self.today,
        }

    def _deployment(self, n: int) -> dict[str, Any]:
        return {
            "organisation_id": self._organisation_of(n),
            "person_id": n,
            "mission_id": 1,
            "unit_id": self._unit_of(n),
            "category": (*Category,)[n % len(Category)],
            "functions": [],
            "starts_on": self.today + 30 * DAY,
            "ends_on": self.today + 210 * DAY,
        }

    def _requirements(self) -> Iterator[dict[str, Any]]:
        everybody: dict[str, list[str]] = {
            "frameworks": [],
            "categories": [],
            "functions": [],
            "rank_bands": [],
        }
        component = next(m.component for m in self.of.course.modules if m.component)
        for organisation in self._organisations():
            for number, asked in enumerate((None, component)):
                yield everybody | {
                    "id": 2 * organisation + number,
                    "organisation_id": organisation,
                    "course_id": self.of.course.course_id,
                    "component": asked,
                    "span": Span.TOUR if asked else Span.START,
                    "due_days_before": 14,
                    "waivable": True,
                    "made_at": self.of.now,
                }

    def _assignments(self) -> Iterator[dict[str, Any]]:
        common = {"course_id": self.of.course.course_id}
        for number, person, cycle in self.of.completed():
            at = self._at(person, cycle)
            made = {"id": number, "person_id": person, "cycle": cycle}
            yield common | made | {"assigned_at": at - 20 * DAY, "completed_at": at, "due_on": None}
        for person in range(1, self.of.people + 1):
            yield common | {
                "id": self.of.open_assignment(person),
                "person_id": person,
                "cycle": self.of.cycles[person] + 1,
                "assigned_at": self.of.now - 3 * DAY,
                "completed_at": None,
                "due_on": self.today + 20 * DAY,
            }

    def _at(self, person: int, cycle: int) -> datetime:
        return self.of.now - (self.of.cycles[person] - cycle + 1) * 60 * DAY

    def _readings(self) -> Iterator[dict[str, Any]]:
        # Learners have read everything, so that they can take the test.
        for person in self.of.learners:
            assignment = self.of.open_assignment(person)
            for lesson in self.of.course.lessons:
                at = self.of.now - DAY
                yield {"assignment_id": assignment, "lesson_id": lesson.id, "read_at": at}

    def _completion(self, number: int, person: int, cycle: int) -> dict[str, Any]:
        at = self._at(person, cycle)
        return {
            "id": number,
            "assignment_id": number,
            "course_version_id": self.of.course.id,
            "mode": Mode.ONLINE,
            "minutes": self.of.course.minutes,
            "achieved_on": at.date(),
            "recorded_at": at,
            "valid_until": add_months(at.date(), self.of.course.validity_months),
        }

    def _component(self, number: int, person: int, cycle: int) -> dict[str, Any]:
        module = next(module for module in self.of.course.modules if module.component)
        return {
            "completion_id": number,
            "component": module.component,
            "title": dict(module.title),
            "valid_until": add_months(self._at(person, cycle).date(), 12),
        }

    def certificate(self, number: int, person: int, cycle: int) -> dict[str, Any]:
        """Return the row of a certificate."""
        course, achieved = self.of.course, self._at(person, cycle).date()
        component = self._component(number, person, cycle)
        component["valid_until"] = component["valid_until"].isoformat()
        del component["completion_id"]
        return {
            "id": number,
            "completion_id": number,
            "person_id": person,
            "course_id": course.course_id,
            **_new_number(),
            "holder_name": self._name(person),
            "course_title": dict(course.title),
            "version": course.version,
            "minutes": course.minutes,
            "module_titles": [
                {k: f"{m.code} {t}" for k, t in m.title.items()} for m in course.modules
            ],
            "partial": course.partial,
            "organisation": f"Service {self._organisation_of(person)}",
            "achieved_on": achieved,
            "valid_from": achieved,
            "valid_until": add_months(achieved, course.validity_months),
            "components": [component],
            "demonstration": True,
            "issued_at": self._at(person, cycle),
        }

    def _bytes(self, number: int, person: int) -> bytes:
        # A real document each would be gigabytes; only what is downloaded is one.
        return self.of.paper if person in self.of.learners else b"%PDF " + str(number).encode()

    def _document(self, number: int, person: int, cycle: int) -> dict[str, Any]:
        data = self._bytes(number, person)
        return {
            "id": number,
            "certificate_id": number,
            "language": "en",
            "state": DocumentState.READY,
            "wanted_at": self._at(person, cycle),
            "made_at": self._at(person, cycle),
            "sha256": self.digest if data is self.of.paper else sha256(data).hexdigest(),
            "size": len(data),
        }

    def _content(self, number: int, person: int, _cycle: int) -> dict[str, Any]:
        return {"document_id": number, "data": self._bytes(number, person)}


def _new_number() -> dict[str, str]:
    # The register asks the system for every character, which takes long for a hundred thousand.
    drawn = random.choices(numbers.ALPHABET, k=25)  # noqa: S311 - nobody guesses these
    letters, code = "".join(drawn[:9]), "".join(drawn[9:])
    checked = letters + numbers.check_character(letters)
    return {
        "number": f"{checked[:5]}-{checked[5:]}",
        "code": "-".join(code[i : i + 4] for i in range(0, 16, 4)),
    }
