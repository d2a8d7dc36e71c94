"""The people of a soak: each with a password and the core course to take."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select
from sqlalchemy.orm import Session

from modules.assignments.models import Assignment
from modules.catalogue.models import Course
from training.accounts import names, passwords
from training.accounts.models import Category, Organisation, Person

PASSWORD = "four words in a row"  # noqa: S105 - of invented people


@dataclass(frozen=True)
class Someone:
    """A person who will learn."""

    person: int
    user_name: str
    name: str
    assignment: int


def make(engine: Engine, number: int) -> list[Someone]:
    """Make so many people with an assignment each."""
    with Session(engine.execution_options(write=True)) as session:
        organisation = Organisation(name="The soaked service")
        session.add(organisation)
        session.flush()
        course = session.scalars(select(Course.id)).one()
        now = datetime.now(UTC)
        # The strength of the hash is not what is tried here.
        hashed = passwords.hash_secret(PASSWORD, fast=True)
        rows = [_person(n, organisation.id, hashed, now) for n in range(1, number + 1)]
        session.execute(insert(Person), rows)
        people = session.execute(
            select(Person.id, Person.user_name, Person.printed_name)
            .where(Person.organisation_id == organisation.id)
            .order_by(Person.id)
        ).all()
        common = {"course_id": course, "cycle": 1, "assigned_at": now}
        session.execute(insert(Assignment), [{"person_id": i} | common for i, *_ in people])
        assigned = session.execute(select(Assignment.person_id, Assignment.id)).all()
        assignments = {person: assignment for person, assignment in assigned}  # noqa: C416 - rows
        session.commit()
    return [Someone(i, user, name, assignments[i]) for i, user, name in people]


def _person(n: int, organisation: int, hashed: str, now: datetime) -> dict[str, object]:
    name = f"Zoë Šarić {n}"
    return {
        "organisation_id": organisation,
        "user_name": f"soaked{n}",
        "printed_name": name,
        "sort_name": names.sort_key(name),
        "search_tokens": names.tokens(name, f"soaked{n}"),
        "category": Category.MILITARY,
        "password_hash": hashed,
        "created_at": now,
    }
