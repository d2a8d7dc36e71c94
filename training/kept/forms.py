"""The forms of what is kept: sex, asking for a correction, answering such a request."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from training.forms import BaseForm, text
from training.kept.models import About, Outcome, Sex

LONGEST = 500
SEXES = {
    Sex.WOMAN: _l("Woman"),
    Sex.MAN: _l("Man"),
    Sex.ANOTHER: _l("Another"),
}
SUBJECTS = {
    About.DETAILS: _l("Who I am: name, number, unit"),
    About.TRAINING: _l("My training: what I read, did or completed"),
    About.CERTIFICATE: _l("A certificate of mine"),
}
OUTCOMES = {Outcome.DONE: _l("Done"), Outcome.REFUSED: _l("Refused, with a reason")}
NEEDED = _l("Please choose one.")


class SexForm(BaseForm):
    """What somebody says about themselves for the statistics, or rather does not."""

    sex = RadioField(
        _l("Sex"),
        [InputRequired(NEEDED)],
        choices=[
            *(SelectChoice(sex.value, label) for sex, label in SEXES.items()),
            SelectChoice("none", _l("I would rather not say")),
        ],
    )

    def chosen(self) -> Sex | None:
        """Return what was chosen; None for rather not saying."""
        return None if self.sex.data == "none" else Sex(self.sex.data)


class CorrectionForm(BaseForm):
    """What is wrong, and what should be there."""

    token = HiddenField(validators=[InputRequired(), Length(max=64)])
    about = RadioField(
        _l("What is it about?"),
        [InputRequired(NEEDED)],
        choices=[SelectChoice(key.value, label) for key, label in SUBJECTS.items()],
    )
    wrong = text(_l("What is wrong"), longest=LONGEST, render_kw={"rows": 3})
    should_be = text(_l("What should be there"), longest=LONGEST, render_kw={"rows": 3})


class AnswerForm(BaseForm):
    """What became of a request."""

    outcome = RadioField(
        _l("What became of it?"),
        [InputRequired(NEEDED)],
        choices=[SelectChoice(key.value, label) for key, label in OUTCOMES.items()],
    )
    answer = text(
        _l("Your answer"),
        longest=LONGEST,
        needed=False,
        description=_l("The person reads it. A refusal needs its reason."),
        render_kw={"rows": 3},
    )

    def values(self) -> tuple[Outcome, Any]:
        """Return the outcome with the words to it."""
        return Outcome(self.outcome.data), self.answer.data or ""
