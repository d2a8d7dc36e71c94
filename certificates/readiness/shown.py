"""Readiness as pages and files show it: counts, bars, rows, reasons and remedies."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from certificates.readiness import remedies
from certificates.readiness.assessing import Assessed, Finding, Going
from certificates.readiness.judging import Reason, State
from certificates.readiness.services import counted
from certificates.readiness.wording import BADGES, STATES, reason
from training import i18n
from training.accounts.forms import CATEGORIES
from training.accounts.models import Category
from training.missions.labels import FUNCTIONS, by_value
from training.missions.models import Function
from training.permissions import Viewer

NOTABLE = {Reason.REFRESHER, Reason.MET_LATE}
NAMED = by_value(FUNCTIONS)


def states(people: Sequence[Assessed]) -> list[dict[str, Any]]:
    """Return how many people stand how, and their share as the length of a bar."""
    return shares(counted(people))


def shares(counts: Mapping[State, int]) -> list[dict[str, Any]]:
    """Return counts with their share, and where in a bar of all of them it begins."""
    total, found, begins = sum(counts.values()) or 1, [], 0.0
    for state, number in counts.items():
        share = round(100 * number / total, 1)
        found.append({"badge": BADGES[state], "people": number, "share": share, "begins": begins})
        begins += share
    return found


def groups(people: Sequence[Assessed]) -> list[dict[str, Any]]:
    """Return the counts of each category and each function that somebody has."""
    named: list[tuple[str, list[Assessed]]] = [
        (str(CATEGORIES[c]), [a for a in people if a.going.post.category == c.value])
        for c in Category
    ]
    named += [
        (str(label), [a for a in people if f.value in a.going.post.functions])
        for f, label in FUNCTIONS.items()
    ]
    return [
        {"label": label, "people": len(those), "states": states(those)}
        for label, those in named
        if those
    ]


def ahead(people: Iterable[Assessed], day: date) -> dict[str, int]:
    """Return how many still have to leave, and how many of them will not be ready then."""
    leaving = [each for each in people if each.going.starts_on > day]
    unready = sum(each.at_departure < State.WAIVED for each in leaving)
    return {"leaving": len(leaving), "unready": unready}


def composition(people: Iterable[Assessed], vacant: Iterable[Going]) -> list[dict[str, Any]]:
    """Return how many posts on gender there are, and how many are filled and trained."""
    people, vacant = list(people), list(vacant)
    found = []
    for function in (Function.GENDER_ADVISER, Function.GENDER_FOCAL_POINT):
        filled = [each for each in people if function.value in each.going.post.functions]
        free = sum(function.value in each.post.functions for each in vacant)
        trained = sum(each.trained for each in filled)
        found.append(
            {
                "label": FUNCTIONS[function],
                "posts": len(filled) + free,
                "filled": len(filled),
                "trained": trained,
            }
        )
    return found


def row(viewer: Viewer, each: Assessed, names: Mapping[int, str], day: date) -> dict[str, Any]:
    """Return one person of the list, with what there is to say and to do."""
    going = each.going
    return {
        "id": going.deployment_id,
        "name": going.name,
        "unit": going.unit,
        "mission": going.mission,
        "starts_on": going.starts_on,
        "ends_on": going.ends_on,
        "badge": BADGES[each.state],
        "url": url_for("readiness.deployment", deployment_id=going.deployment_id),
        "findings": list(_alike(viewer, each, names, day)),
    }


def _alike(
    viewer: Viewer, each: Assessed, names: Mapping[int, str], day: date
) -> Iterator[dict[str, Any]]:
    """Return what is to be said of somebody, once for all that stands alike."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for finding in each.findings:
        if not _notable(finding):
            continue
        said = _finding(viewer, each.going, finding, names, day)
        key = (said["reason"], said["asked"], *(said["remedy"] or {}).values())
        found.setdefault(key, []).append(said)
    required = sum(finding.counts for finding in each.findings)
    for alike in found.values():
        joined = " · ".join(said["name"] for said in alike)
        yield alike[0] | {"name": _("All training") if 1 < required == len(alike) else joined}


def _notable(finding: Finding) -> bool:
    said = not finding.verdict.trained or finding.verdict.reason in NOTABLE
    return finding.counts and said


def details(
    viewer: Viewer, each: Assessed, names: Mapping[int, str], day: date
) -> list[dict[str, Any]]:
    """Return every requirement of one deployment that says something about the person."""
    return [
        _finding(viewer, each.going, finding, names, day) | {"badge": BADGES[finding.verdict.state]}
        for finding in each.findings
        if finding.counts
    ]


def _finding(
    viewer: Viewer, going: Going, finding: Finding, names: Mapping[int, str], day: date
) -> dict[str, Any]:
    remedy = (
        None if going.person_id == viewer.person_id else remedies.remedy(viewer, going, finding)
    )
    asked = finding.waiver is not None and not finding.waiver.granted
    return {
        "name": names[finding.required.id],
        "reason": reason(finding, going.starts_on, day),
        "asked": asked,
        "remedy": {"label": remedy[0], "url": remedy[1]} if remedy else None,
        "waive_url": remedies.waive(viewer, going, finding),
    }


def head() -> list[str]:
    """Return the head of the file."""
    return [
        _("Name"),
        _("Unit"),
        _("Mission"),
        _("Category"),
        _("Functions"),
        _("First day"),
        _("Last day"),
        _("State"),
        _("On the day of departure"),
        _("Trained"),
        _("Why"),
    ]


def cells(each: Assessed, names: Mapping[int, str], day: date) -> list[Any]:
    """Return one person as a row of the file."""
    going = each.going
    functions = [str(NAMED[name]) for name in going.post.functions if name in NAMED]
    why = [
        " ".join((_("%(label)s:", label=names[f.required.id]), reason(f, going.starts_on, day)))
        for f in each.findings
        if _notable(f)
    ]
    return [
        going.name,
        going.unit,
        going.mission,
        str(CATEGORIES[Category(going.post.category)]),
        ", ".join(functions),
        going.starts_on,
        going.ends_on,
        str(STATES[each.state]),
        str(STATES[each.at_departure]),
        _("Yes") if each.trained else _("No"),
        " · ".join(why),
    ]


def mark(name: str, moment: Any, day: date) -> str:
    """Return who had this made, when, and for which day."""
    return _(
        "Readiness on %(day)s, made for %(name)s on %(moment)s",
        day=i18n.day(day),
        name=name,
        moment=i18n.moment(moment),
    )
