"""Makers of committed rows; whatever a test does not care about has a default."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from certificates.register import stored
from certificates.register.models import Certificate
from modules.assignments.models import Assignment
from modules.catalogue.models import Course, Lesson
from modules.learning.models import Reading
from quizzes.attempts import saving, sheets
from quizzes.attempts import services as attempts
from quizzes.attempts.models import Attempt
from training.accounts import names
from training.accounts.models import Category, Organisation, Person, RoleGrant, Unit
from training.missions.models import Deployment, Framework, Mission, Rotation
from training.permissions import OF_A_UNIT, Role

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
Row = TypeVar("Row")


class Factory:
    """Makes committed rows."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.numbers = count(1)

    def organisation(self, **values: Any) -> Organisation:
        """Make a sending organisation."""
        return self._add(Organisation(**{"name": f"Organisation {next(self.numbers)}"} | values))

    def unit(self, organisation: Organisation, **values: Any) -> Unit:
        """Make a unit of an organisation."""
        defaults = {"organisation_id": organisation.id, "name": f"Unit {next(self.numbers)}"}
        return self._add(Unit(**defaults | values))

    def person(self, role: Role | None = None, **values: Any) -> Person:
        """Make a person with a password nobody knows, and with a role when one is given.

        A commander's is for their own unit.
        """
        number = next(self.numbers)
        organisation = values.pop("organisation", None) or self.organisation()
        defaults = {
            "organisation_id": organisation.id,
            "user_name": f"person{number}",
            "personnel_number": f"P{number:05}",
            "printed_name": f"Robin de Vries {number}",
            "category": Category.MILITARY,
            "password_hash": "unknown",
            "created_at": NOW,
        }
        person = Person(**defaults | values)
        person.sort_name = names.sort_key(person.printed_name)
        person.search_tokens = names.tokens(
            person.printed_name, person.native_name, person.user_name, person.personnel_number
        )
        self._add(person)
        if role in OF_A_UNIT and person.unit_id is None:
            person.unit_id = self.unit(organisation).id
        if role is not None:
            unit_id = person.unit_id if role in OF_A_UNIT else None
            held = {"role": role, "organisation_id": organisation.id, "unit_id": unit_id}
            self._add(RoleGrant(person_id=person.id, **held))
        return person

    def mission(self, **values: Any) -> Mission:
        """Make a mission with its channels."""
        defaults = {
            "name": f"Mission {next(self.numbers)}",
            "framework": Framework.UN,
            "host_country": "Tarsa",
            "conduct_inside": "Conduct focal point of the mission",
            "conduct_outside": "Inspector outside the chain of command",
            "conduct_checked_on": TODAY,
        }
        return self._add(Mission(**defaults | values))

    def rotation(self, mission: Mission, **values: Any) -> Rotation:
        """Make a rotation of half a year from next month."""
        defaults = {
            "mission_id": mission.id,
            "name": f"Rotation {next(self.numbers)}",
            "starts_on": TODAY + timedelta(days=30),
            "ends_on": TODAY + timedelta(days=210),
        }
        return self._add(Rotation(**defaults | values))

    def deployment(self, person: Person, mission: Mission, **values: Any) -> Deployment:
        """Deploy a person for half a year from next month."""
        defaults = {
            "organisation_id": person.organisation_id,
            "person_id": person.id,
            "mission_id": mission.id,
            "category": person.category,
            "starts_on": TODAY + timedelta(days=30),
            "ends_on": TODAY + timedelta(days=210),
        }
        return self._add(Deployment(**defaults | values))

    def assignment(self, person: Person, course: Course, **values: Any) -> Assignment:
        """Assign a course."""
        defaults = {
            "person_id": person.id,
            "course_id": course.id,
            "cycle": 1,
            "assigned_at": NOW,
        }
        return self._add(Assignment(**defaults | values))

    def read_all(self, assignment: Assignment, at: datetime = NOW) -> None:
        """Tick every lesson of every version that is not ticked yet."""
        read = select(Reading.lesson_id).where(Reading.assignment_id == assignment.id)
        for lesson_id in self.session.scalars(
            select(Lesson.id).where(Lesson.id.not_in(read))
        ).all():
            self.session.add(Reading(assignment_id=assignment.id, lesson_id=lesson_id, read_at=at))
        self.session.commit()

    def attempt(self, assignment: Assignment, at: datetime = NOW) -> Attempt:
        """Begin an attempt; every lesson must have been ticked."""
        attempt = attempts.start(self.session, assignment.person_id, assignment.id, at=at)
        self.session.commit()
        return attempt

    def answer(
        self,
        attempt: Attempt,
        person_id: int,
        *,
        wrong: int = 0,
        wrong_critical: int = 0,
        at: datetime = NOW,
    ) -> None:
        """Answer every question of the present round rightly, but for so many of each kind."""
        left = {True: wrong_critical, False: wrong}
        for answered in sheets.sheet(self.session, person_id, attempt.id).current:
            question = answered.question
            keys = sorted(question.right)
            if left[question.critical] > 0:
                left[question.critical] -= 1
                keys = [o["key"] for o in question.options if not o["right"]][:1]
            saving.save(
                self.session,
                person_id,
                attempt.id,
                attempt.round,
                answered.item.position,
                keys,
                at=at,
            )
        self.session.commit()

    def submit(self, attempt: Attempt, person_id: int, at: datetime = NOW) -> Attempt:
        """Hand the present round in."""
        attempts.submit(self.session, person_id, attempt.id, attempt.round, today=at.date(), at=at)
        self.session.commit()
        return attempt

    def document(self, certificate: Certificate) -> None:
        """Store its document without drawing it, where nobody looks at what is drawn."""
        for document_id in stored.wanted(self.session, 0):
            stored.store(self.session, document_id, certificate.confirmation, b"%PDF", at=NOW)
        self.session.commit()

    def _add(self, row: Row) -> Row:
        self.session.add(row)
        self.session.commit()
        return row

    def rows(self, query: Select[Row]) -> list[Row]:
        """Return rows as the database has them now, and hold no lock on it afterwards."""
        found = self.session.scalars(query.execution_options(populate_existing=True)).all()
        self.session.commit()
        return list(found)

    def read_again(self, attempt: Attempt, person_id: int, at: datetime = NOW) -> list[int]:
        """Read the lessons before a conduct check again, and return their ids."""
        whole = sheets.sheet(self.session, person_id, attempt.id)
        lessons = [lesson.id for lesson in sheets.lessons_again(whole)]
        for lesson_id in lessons:
            attempts.read_again(self.session, person_id, attempt.id, lesson_id, at=at)
        self.session.commit()
        return lessons

    def crowd(self, organisation_id: int, number: int) -> list[Person]:
        """Make many people at once, each with another name."""
        people = [
            Person(
                organisation_id=organisation_id,
                user_name=f"crowd{index}",
                personnel_number=f"C{index:05}",
                printed_name=f"Robin Crowd {index}",
                sort_name=f"crowd {index:05} robin",
                search_tokens=f" robin crowd crowd{index} c{index:05} ",
                category=Category.MILITARY,
                password_hash="unknown",
                created_at=NOW,
            )
            for index in range(number)
        ]
        self.session.add_all(people)
        self.session.commit()
        return people
