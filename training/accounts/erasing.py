"""The years of a person are over: how they got in goes, and everything that names them."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from training.accounts.models import (
    HeldForm,
    Person,
    RecoveryCode,
    RoleGrant,
    SecondFactor,
    SignInSession,
    Transfer,
)
from training.expiry import rows

OWNERS = (
    HeldForm.person_id,
    RecoveryCode.person_id,
    RoleGrant.person_id,
    SecondFactor.person_id,
    SignInSession.person_id,
    Transfer.person_id,
)
# In place of a name, where a list still says who did something for somebody else.
NAME = "removed"
EMPTY = (
    "unit_id",
    "personnel_number",
    "native_name",
    "rank",
    "email",
    "password_hash",
    "start_code_hash",
    "start_code_expires_at",
    "left_at",
    "confirmed_name",
    "access_reset_by",
    "access_reset_at",
    "merged_into_id",
    "last_signed_in_on",
    "remove_on",
)


def erase(session: Session, person_id: int, at: datetime) -> None:
    """Leave of a person a row that says nothing, so that what points at it still holds.

    What they did for others, and the sealed events, name them by its number only.
    """
    rows.erase(session, person_id, *OWNERS)
    person = session.get_one(Person, person_id)
    for name in EMPTY:
        setattr(person, name, None)
    person.printed_name = person.sort_name = NAME
    # No user name begins so, and nobody finds it.
    person.user_name, person.search_tokens = f"#{person_id}", ""
    person.language, person.is_active, person.removed_at = "en", False, at
    session.flush()


def left(session: Session) -> list[str]:
    """Return a sentence for each person removed who still has a name, or a way in."""
    named = or_(
        Person.printed_name != NAME,
        Person.sort_name != NAME,
        Person.search_tokens != "",
        Person.is_active,
        *(getattr(Person, name).is_not(None) for name in EMPTY),
    )
    query = select(Person.id).where(Person.removed_at.is_not(None), named)
    told = session.scalars(query.order_by(Person.id))
    return [
        *rows.left(session, *OWNERS),
        *(f"Person {i} was removed and can still be recognised." for i in told),
    ]
