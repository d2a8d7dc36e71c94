"""What people hold, and whose access somebody may give anew: as a decision and as a query."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, true

from training.accounts.models import Person, RoleGrant
from training.clock import day_at
from training.errors import spoken
from training.permissions import Grant, Permission, Viewer, current

OWN = spoken("You cannot reset your own access. Ask another administrator.")
BEYOND = spoken("This person has a role. Only an administrator of theirs can give them access.")


def held(rows: Iterable[RoleGrant], at: datetime, zone: str) -> tuple[Grant, ...]:
    """Return what is held at a moment; a last day counts where the person's organisation is."""
    grants = (Grant(row.role, row.organisation_id, row.ends_on, row.unit_id) for row in rows)
    return current(grants, day_at(at, zone))


def refusal(viewer: Viewer, person_id: int, grants: Iterable[Grant]) -> str | None:
    """Say why a viewer may not give access to a person in scope who holds these roles."""
    if viewer.person_id == person_id:
        return OWN
    managed = viewer.organisations(Permission.MANAGE_PEOPLE)
    # Who gives access can take it: a trainer must not become an administrator that way.
    within = managed is None or all(grant.organisation_id in managed for grant in grants)
    return None if within else BEYOND


def reachable(viewer: Viewer, on: date) -> ColumnElement[bool]:
    """Return the condition under which `refusal` has nothing to say."""
    managed = viewer.organisations(Permission.MANAGE_PEOPLE)
    others = Person.id != viewer.person_id
    if managed is None:
        return others & true()
    beyond = exists().where(
        RoleGrant.person_id == Person.id,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
        or_(RoleGrant.organisation_id.is_(None), RoleGrant.organisation_id.not_in(managed)),
    )
    return others & ~beyond
