"""How deployments and their changes are written on pages and in files."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from training import i18n
from training.accounts.forms import CATEGORIES
from training.accounts.models import Category, Person, Unit
from training.clock import day_at
from training.missions.labels import FUNCTIONS
from training.missions.meanwhile import Both
from training.missions.models import Deployment, DeploymentChange, Function, Rotation

LABELS = {
    "person_id": _l("Who"),
    "rotation_id": _l("Rotation"),
    "unit_id": _l("Unit"),
    "post": _l("Post"),
    "category": _l("Category"),
    "functions": _l("Functions"),
    "starts_on": _l("First day"),
    "ends_on": _l("Last day"),
    "cancelled": _l("Cancelled"),
}
NAMED: Mapping[str, Any] = {
    "person_id": (Person.id, Person.printed_name),
    "rotation_id": (Rotation.id, Rotation.name),
    "unit_id": (Unit.id, Unit.name),
}
NOTHING = "\N{EN DASH}"


def shared(deployment: Deployment) -> dict[str, Any]:
    """Return what the planners of another organisation see of a deployment by mandate."""
    return {
        "name": deployment.person.printed_name if deployment.person else _("Vacant post"),
        "post": deployment.post,
        "category": str(CATEGORIES[deployment.category]),
        "functions": functions(deployment.functions),
        "starts_on": i18n.day(deployment.starts_on),
        "ends_on": i18n.day(deployment.ends_on),
    }


def row(deployment: Deployment) -> dict[str, Any]:
    """Return what a list and a page say of a deployment; its person and places are loaded."""
    return shared(deployment) | {
        "unit": deployment.unit.name if deployment.unit else "",
        "rotation": deployment.rotation.name if deployment.rotation else "",
        "cancelled": deployment.cancelled_at is not None,
        "url": url_for("deployments.deployment", deployment_id=deployment.id),
    }


def functions(values: Sequence[str]) -> str:
    """Return functions in words, in their own order."""
    return ", ".join(
        str(label) for function, label in FUNCTIONS.items() if function.value in values
    )


def head() -> list[str]:
    """Return the first line of a file of deployments."""
    return [
        _("Name"),
        _("Personnel number"),
        _("Post"),
        _("Unit"),
        _("Category"),
        _("Functions"),
        _("Rotation"),
        _("First day"),
        _("Last day"),
        _("Cancelled on"),
    ]


def cells(found: Sequence[Deployment], zone: str) -> Iterator[list[Any]]:
    """Return a line of the file for each deployment."""
    for one in found:
        yield [
            one.person.printed_name if one.person else _("Vacant post"),
            one.person.personnel_number if one.person else None,
            one.post,
            one.unit.name if one.unit else None,
            str(CATEGORIES[one.category]),
            functions(one.functions),
            one.rotation.name if one.rotation else None,
            one.starts_on,
            one.ends_on,
            day_at(one.cancelled_at, zone) if one.cancelled_at else None,
        ]


def history(session: Session, changes: Sequence[DeploymentChange]) -> list[dict[str, Any]]:
    """Return what was changed when, by whom and why, in words."""
    names = _names(session, changes)
    return [
        {
            "at": change.changed_at,
            "by": names["person_id"].get(change.changed_by_id or 0, _("The platform")),
            # That of an import is a sentence of ours; an empty one would translate to much more.
            "reason": change.reason and _(change.reason),
            "fields": [
                {
                    "label": LABELS[key],
                    "before": said(key, change.before.get(key), names),
                    "after": said(key, change.after[key], names),
                }
                for key in LABELS
                if key in change.after and change.before
            ],
        }
        for change in changes
    ]


def meanwhile(session: Session, found: Sequence[Both]) -> list[dict[str, str]]:
    """Return both values of each field that two people changed."""
    values = {"before": {b.field: _raw(b.field, b.now) for b in found}}
    values["after"] = {b.field: _raw(b.field, b.sent) for b in found}
    names = _names(session, [DeploymentChange(**values)])
    return [
        {
            "label": str(LABELS[b.field]),
            "now": said(b.field, values["before"][b.field], names),
            "yours": said(b.field, values["after"][b.field], names),
        }
        for b in found
    ]


def said(key: str, value: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    """Return one value of a field in words."""
    if key == "cancelled":
        return _("Yes") if value else _("No")
    if value in (None, "", []):
        return _("Vacant post") if key == "person_id" else NOTHING
    if key in names:
        return names[key].get(value, NOTHING)
    if key in {"starts_on", "ends_on"}:
        return i18n.day(date.fromisoformat(value))
    if key == "category":
        return str(CATEGORIES[Category(value)])
    return functions(value) if key == "functions" else str(value)


def _raw(key: str, value: str) -> Any:
    if key in NAMED:
        return int(value) if value else None
    return [f.value for f in Function if f.value in value.split()] if key == "functions" else value


def _names(session: Session, changes: Sequence[DeploymentChange]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {}
    for key, (id_, name) in NAMED.items():
        ids = {values.get(key) for c in changes for values in (c.before, c.after)}
        if key == "person_id":
            ids |= {change.changed_by_id for change in changes}
        rows = session.execute(select(id_, name).where(id_.in_(ids - {None})))
        found[key] = {row[0]: row[1] for row in rows}
    return found
