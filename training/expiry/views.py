"""The page of those whose records will be removed soon, for who can prevent it."""

from typing import Any

from flask import Blueprint, render_template, request, url_for

from training import clock, db
from training.accounts.listing import row
from training.accounts.models import Person
from training.accounts.services import PAGE
from training.addresses import row_id
from training.auth import requires, signed_in
from training.expiry import services
from training.expiry.rule import NOTICE
from training.permissions import Permission

bp = Blueprint("expiry", __name__)


@bp.get("/people/ending")
@requires(Permission.READ_RECORDS)
def listed() -> str:
    """List whose records will be removed soon, the soonest first."""
    viewer, after = signed_in().viewer, request.args.get("after", type=row_id)
    with db.transaction() as session:
        found = services.listed(session, viewer, after, at=clock.now())
    page, more = found[:PAGE], len(found) > PAGE
    opens = viewer.may(Permission.MANAGE_PEOPLE)
    return render_template(
        "expiry/listed.html",
        people=[_row(person, opens=opens) for person in page],
        days=NOTICE.days,
        next_url=url_for("expiry.listed", after=page[-1].id) if more else None,
    )


def _row(person: Person, *, opens: bool) -> dict[str, Any]:
    url = url_for("people.person", person_id=person.id) if opens else None
    return row(person) | {"remove_on": person.remove_on, "url": url}
