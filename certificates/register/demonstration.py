"""Whose name is confirmed in the demonstration; the worker makes the documents."""

from datetime import datetime, timedelta

from certificates.register import reading, services
from training import db
from training.accounts import demonstration
from training.accounts.invented import Stage

# The hour in which somebody takes the test is over by then.
AFTER_THE_TEST = timedelta(minutes=40)


def demonstrate(now: datetime) -> None:
    """Confirm the names of those with a certificate, in English and in their own language."""
    with db.transaction() as session:
        if not demonstration.first_time(session, "register", at=now):
            return
        for someone, person in demonstration.people(session):
            if someone.stage is not Stage.CERTIFIED:
                continue
            at = someone.last_at(now) + AFTER_THE_TEST
            for held in reading.all_of(session, person.id):
                number = held.certificate.id
                services.confirm_name(
                    session, person.id, number, person.printed_name, person.native_name, at=at
                )
                services.request_document(session, person.id, number, person.language, at=at)
