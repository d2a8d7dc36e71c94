"""The form of sending a roster in."""

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from training import clock, db
from training.auth import signed_in
from training.forms import line
from training.imports.forms import UploadForm
from training.rosters import places

ROTATION = "r"


class RosterForm(UploadForm):
    """Send a roster in, and say where it sends people."""

    where = SelectField(
        _l("Mission and rotation"), [DataRequired(_l("Choose a mission first."))], default=""
    )
    new_rotation = line(
        _l("Or the name of a new rotation of that mission"), needed=False, longest=80
    )

    def choices(self) -> dict[str, str]:
        """Return mission and rotation, and the day on which the roster was sent in."""
        mission, _, rotation = self.where.data.partition(ROTATION)
        name = self.new_rotation.data or ""
        found = places.chosen(db.session(), int(mission), 0 if name else int(rotation or 0), name)
        return found | {"today": clock.day_at(clock.now(), signed_in().time_zone).isoformat()}


def roster_form() -> RosterForm:
    """Return the form with the missions and rotations of this moment."""
    form = RosterForm()
    form.file.label.text = _l("Roster")
    form.file.description = _l("XLSX or CSV, at most 5 MB and 2,000 rows.")
    form.where.choices = [SelectChoice("", _l("Choose a mission"))]
    for mission, rotations in places.every(db.session()):
        form.where.choices.append(SelectChoice(f"{mission.id}", mission.name))
        form.where.choices += [
            SelectChoice(f"{mission.id}{ROTATION}{rotation.id}", f"{mission.name}: {rotation.name}")
            for rotation in rotations
        ]
    if not form.is_submitted():
        form.where.data = request.args.get("where", "")
    return form
