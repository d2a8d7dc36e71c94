"""People who leave an organisation, and who return; in the caller's transaction."""

from datetime import datetime

from sqlalchemy.orm import Session

from training import audit
from training.accounts import sessions
from training.accounts.models import Person
from training.accounts.services import managed, refuse_merged
from training.errors import Forbidden
from training.permissions import Viewer


def leave(session: Session, viewer: Viewer, person_id: int, *, at: datetime) -> Person:
    """Close somebody's access at once; all that was earned stays. Again changes nothing."""
    person = managed(session, viewer, person_id, lock=True)
    if person.id == viewer.person_id:
        raise Forbidden("You cannot say that you have left. Ask another administrator.")
    if person.is_active:
        person.is_active, person.left_at = False, at
        # A code or a form on its way must not be a door that stays open.
        person.start_code_hash = person.start_code_expires_at = None
        sessions.end_all(session, person.id, at=at)
        _record(session, viewer, "person.left", person, at)
    return person


def come_back(session: Session, viewer: Viewer, person_id: int, *, at: datetime) -> Person:
    """Open the access of somebody who had left, as it was."""
    person = managed(session, viewer, person_id, lock=True)
    if person.id == viewer.person_id:
        raise Forbidden("You cannot change your own access.")
    refuse_merged(person)
    if not person.is_active:
        person.is_active, person.left_at = True, None
        _record(session, viewer, "person.returned", person, at)
    return person


def _record(session: Session, viewer: Viewer, action: str, person: Person, at: datetime) -> None:
    audit.record(session, action, "person", person.id, actor_id=viewer.person_id, at=at)
