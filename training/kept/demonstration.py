"""The demonstration: two requests for a correction that wait, one for each desk."""

from datetime import datetime, timedelta

from sqlalchemy import select

from training import db
from training.accounts.demonstration import first_time
from training.accounts.models import Person
from training.kept import corrections
from training.kept.models import About

ASKED = (
    (
        "sanne.velde",
        About.DETAILS,
        timedelta(days=2),
        "My unit is wrong. I moved in October.",
        "The unit where I work now. My commander can confirm it.",
    ),
    (
        "goran.kostic",
        About.CERTIFICATE,
        timedelta(hours=20),
        "My second first name is missing.",
        "The name as in my new passport.",
    ),
)


def demonstrate(now: datetime) -> None:
    """Let two people ask."""
    with db.transaction() as session:
        if not first_time(session, "kept", at=now):
            return
        people = select(Person.user_name, Person.id).where(
            Person.user_name.in_(a[0] for a in ASKED)
        )
        ids = {row[0]: row[1] for row in session.execute(people)}
        for name, about, ago, wrong, should_be in ASKED:
            corrections.ask(session, ids[name], about, wrong, should_be, name, at=now - ago)
