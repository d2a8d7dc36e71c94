"""Who may do what: roles, what each allows, and over whom. No web, no database."""

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


class Role(enum.Enum):
    """What a person does on the platform besides their own training."""

    TRAINER = "trainer"
    HR = "hr"
    AUTHOR = "author"
    REVIEWER = "reviewer"
    COMMANDER = "commander"
    ADMINISTRATOR = "administrator"


class Permission(enum.Enum):
    """One thing a view may ask for."""

    LEARN = "learn"
    MANAGE_PEOPLE = "manage_people"
    LET_IN = "let_in"
    ASSIGN = "assign"
    FOLLOW = "follow"  # See how far people have come.
    UNLOCK = "unlock"
    READ_DOCUMENTS = "read_documents"
    READ_RECORDS = "read_records"
    AUTHOR_CONTENT = "author_content"  # See what is taught, and answer remarks about it.
    REVIEW_CONTENT = "review_content"  # Approve what is taught.
    SEE_RUNNING = "see_running"
    PLAN = "plan"  # Missions, and who goes when.
    SET_REQUIREMENTS = "set_requirements"
    SEE_READINESS = "see_readiness"
    CREDIT = "credit"  # Record what was learned elsewhere than here.
    WAIVE = "waive"


# Everybody can be a deployee, whatever else they do.
EVERYBODY = frozenset({Permission.LEARN})

ALLOWS: dict[Role, frozenset[Permission]] = {
    Role.TRAINER: frozenset(
        {
            Permission.LET_IN,
            Permission.ASSIGN,
            Permission.FOLLOW,
            Permission.UNLOCK,
            Permission.PLAN,
            Permission.SET_REQUIREMENTS,
            Permission.SEE_READINESS,
            Permission.CREDIT,
            Permission.WAIVE,
        }
    ),
    Role.HR: frozenset(
        {
            Permission.READ_DOCUMENTS,
            Permission.READ_RECORDS,
            Permission.FOLLOW,
            Permission.UNLOCK,
            Permission.SEE_READINESS,
            Permission.CREDIT,
            Permission.WAIVE,
        }
    ),
    Role.COMMANDER: frozenset({Permission.SEE_READINESS}),
    Role.AUTHOR: frozenset({Permission.AUTHOR_CONTENT}),
    Role.REVIEWER: frozenset({Permission.AUTHOR_CONTENT, Permission.REVIEW_CONTENT}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_PEOPLE,
            Permission.LET_IN,
            Permission.ASSIGN,
            Permission.FOLLOW,
            Permission.UNLOCK,
            Permission.READ_DOCUMENTS,
            Permission.READ_RECORDS,
            Permission.SEE_RUNNING,
            Permission.PLAN,
            Permission.SET_REQUIREMENTS,
            Permission.SEE_READINESS,
            Permission.CREDIT,
            Permission.WAIVE,
        }
    ),
}

# Held for one unit and all within it.
OF_A_UNIT = frozenset({Role.COMMANDER})


@dataclass(frozen=True)
class Grant:
    """A role within an organisation (none: the whole platform) up to and including a day.

    With a unit it reaches no further than that unit and what is within it.
    """

    role: Role
    organisation_id: int | None
    ends_on: date | None = None
    unit_id: int | None = None


@dataclass(frozen=True)
class Viewer:
    """The person who asks, and what they hold today."""

    person_id: int
    organisation_id: int
    grants: tuple[Grant, ...] = ()

    def may(self, permission: Permission) -> bool:
        """Tell whether any grant, or being a person at all, allows it."""
        return permission in EVERYBODY or any(permission in ALLOWS[g.role] for g in self.grants)

    def organisations(self, permission: Permission) -> frozenset[int] | None:
        """Return the organisations in all of which it is allowed; None means all of them."""
        allowing = [g for g in self._allowing(permission) if g.role not in OF_A_UNIT]
        if any(grant.organisation_id is None for grant in allowing):
            return None
        return frozenset(g.organisation_id for g in allowing if g.organisation_id is not None)

    def units(self, permission: Permission) -> frozenset[int]:
        """Return the units, each with all within it, in which alone it is allowed."""
        allowing = [g for g in self._allowing(permission) if g.role in OF_A_UNIT]
        return frozenset(g.unit_id for g in allowing if g.unit_id is not None)

    def _allowing(self, permission: Permission) -> list[Grant]:
        return [grant for grant in self.grants if permission in ALLOWS[grant.role]]


def current(grants: Iterable[Grant], on: date) -> tuple[Grant, ...]:
    """Return the grants that have not ended; the last day counts."""
    return tuple(g for g in grants if g.ends_on is None or g.ends_on >= on)
