"""The demonstration: somebody who has a second record, as a hurried office makes one."""

from datetime import datetime, timedelta

from sqlalchemy import select

from training import db
from training.accounts import services
from training.accounts.demonstration import first_time
from training.accounts.models import Person
from training.permissions import Grant, Role, Viewer

FIRST, SECOND = "goran.kostic", "g.kostic2"
AGO = timedelta(days=12)


def demonstrate(now: datetime) -> None:
    """Make the second record of one person."""
    with db.transaction() as session:
        if not first_time(session, "merging", at=now):
            return
        person = session.scalars(select(Person).where(Person.user_name == FIRST)).one()
        home = person.organisation_id
        query = select(Person.id).where(Person.user_name == "karin.oldenhof")
        viewer = Viewer(session.scalars(query).one(), home, (Grant(Role.ADMINISTRATOR, home),))
        values = {
            "printed_name": person.printed_name,
            "user_name": SECOND,
            "personnel_number": None,
            "category": person.category,
            "unit_id": person.unit_id,
            "language": person.language,
        }
        services.create_person(session, viewer, values, at=now - AGO)
