"""A browser's way through the import of a roster, and what came of it."""

import io
import secrets
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.test import TestResponse

from tests.factories import Factory
from tests.pages import Browser
from tests.training.imports.lists import map_columns
from training.missions.models import Deployment, DeploymentChange, Mission, Rotation

HEAD = "Naam;Pers.nr;Eenheid;Functie;Vertrek;Terugkeer\n"
JAN = "Jan Jansen;A1;;Chauffeur;2027-03-01;2027-09-05\n"
PIET = "Piet de Vries;A2;;Groepscommandant;1-3-2027;5-9-2027\n"


def send(
    page: Browser, data: bytes, to: Mission | Rotation, expect: int = 303, **fields: Any
) -> TestResponse:
    """Send a roster in for a mission or a rotation."""
    place = f"{to.mission_id}r{to.id}" if isinstance(to, Rotation) else str(to.id)
    sent = {
        "token": secrets.token_urlsafe(16),
        "file": (io.BytesIO(data), "list.bin"),
        "where": place,
    }
    return page.post("/rosters/", sent | fields, expect)


def plan(page: Browser, text: str | bytes, where: Mission | Rotation, **fields: Any) -> str:
    """Send a roster, say yes to its columns, and return the address of the dry run."""
    data = text.encode() if isinstance(text, str) else text
    new = {"new_rotation": fields.pop("new_rotation", "")}
    columns = str(send(page, data, where, **new).location)
    return str(map_columns(page, columns, **fields).location)


def take(page: Browser, text: str | bytes, where: Mission | Rotation, **fields: Any) -> str:
    """Plan a roster and say yes."""
    address = plan(page, text, where, **fields)
    page.post(f"{address}/apply")
    assert "has been imported" in page.get(address).text
    return address


def deployed(make: Factory) -> dict[str, Deployment]:
    """Return the deployments that were not cancelled by the number of their person, or post."""
    query = select(Deployment).where(Deployment.cancelled_at.is_(None)).order_by(Deployment.id)
    options = joinedload(Deployment.person), joinedload(Deployment.unit)
    return {
        (row.person.personnel_number or "" if row.person else row.post): row
        for row in make.rows(query.options(*options))
    }


def changes(make: Factory) -> list[DeploymentChange]:
    """Return everything that was ever changed of a deployment."""
    return make.rows(select(DeploymentChange).order_by(DeploymentChange.id))
