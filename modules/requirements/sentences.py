"""A rule as plain sentences, each whole, so that every language can build it in its own way."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _

from modules.requirements.labels import COMPONENTS, EXTERNAL, NARROWING
from modules.requirements.validity import Span
from modules.requirements.values import Values


@dataclass(frozen=True)
class Names:
    """What courses and missions are called, by their ids, in the language of the page."""

    courses: Mapping[int, str]
    missions: Mapping[int, str]


def main(values: Values, names: Names) -> str:
    """Return what is asked of whom, and by when, in one sentence."""
    days: int = values["due_days_before"]
    parts = {"what": what(values, names), "who": _who(values, names)}
    if Span(values["span"]) is Span.TOUR:
        return ngettext(
            "“%(what)s” is required for %(who)s. It must be finished %(num)s day before "
            "departure, and count through the whole tour.",
            "“%(what)s” is required for %(who)s. It must be finished %(num)s days before "
            "departure, and count through the whole tour.",
            days,
            **parts,
        )
    return ngettext(
        "“%(what)s” is required for %(who)s. It must be finished %(num)s day before "
        "departure, and count on the first day.",
        "“%(what)s” is required for %(who)s. It must be finished %(num)s days before "
        "departure, and count on the first day.",
        days,
        **parts,
    )


def further(values: Values, names: Names) -> list[str]:
    """Return what else the rule says, each in a sentence of its own."""
    said = []
    age: int | None = values["max_age_days"]
    if age:
        said.append(
            ngettext(
                "On the first day it may be at most %(num)s day old.",
                "On the first day it may be at most %(num)s days old.",
                age,
            )
        )
    if values["equivalents"]:
        others = [_equivalent(subject, old, names) for subject, old in values["equivalents"]]
        said.append(_("Instead counts: %(list)s.", list=_list(others)))
    said.append(_("A waiver is possible.") if values["waivable"] else _("No waiver is possible."))
    return said


def what(values: Values, names: Names) -> str:
    """Return what is asked: a course, a part of it, or the mission module."""
    if values["course_id"] is None:
        title = _("The mission module of their mission")
    else:
        title = names.courses.get(values["course_id"], _("A course that is no longer taught"))
    component = values["component"]
    if component is None:
        return title
    part = COMPONENTS.get(component, component)
    return _("%(part)s, part of %(title)s", part=part, title=title)


def _who(values: Values, names: Names) -> str:
    only = [
        _("%(label)s: %(list)s", label=label, list=_list([str(called[v]) for v in values[name]]))
        for name, label, called in NARROWING
        if values[name]
    ]
    if values["mission_id"]:
        name = names.missions.get(values["mission_id"], "")
        only.append(_("%(label)s: %(list)s", label=_("Mission"), list=name))
    if not only:
        return _("everybody who goes on a mission")
    return _("everybody who goes on a mission (%(only)s)", only="; ".join(only))


def _equivalent(subject: Any, age: int | None, names: Names) -> str:
    title = names.courses.get(subject) if isinstance(subject, int) else EXTERNAL[subject]
    if not age:
        return str(title)
    return ngettext(
        "%(title)s, at most %(num)s day old",
        "%(title)s, at most %(num)s days old",
        age,
        title=title,
    )


def _list(items: list[str]) -> str:
    return format_list(items, style="or", locale=get_locale() or "en")
