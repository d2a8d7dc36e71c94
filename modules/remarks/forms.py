"""The form of a remark, and those of the authors."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from modules.remarks.answering import Filter
from modules.remarks.models import Kind, State, Subject
from training.forms import BaseForm, text

LONGEST = 300
KINDS = {
    Kind.WRONG: _l("Wrong: this is not correct"),
    Kind.OUTDATED: _l("Outdated: this was correct once"),
    Kind.UNCLEAR: _l("Unclear: I do not understand this"),
    Kind.OFFENSIVE: _l("Offensive: this hurts or insults people"),
}
KIND_WORDS = {
    Kind.WRONG: _l("Wrong"),
    Kind.OUTDATED: _l("Outdated"),
    Kind.UNCLEAR: _l("Unclear"),
    Kind.OFFENSIVE: _l("Offensive"),
}
STATES = {
    State.OPEN: _l("Open"),
    State.ANSWERED: _l("Answered"),
    State.DISMISSED: _l("Not taken up"),
}
SUBJECTS = {Subject.LESSON: _l("Lessons"), Subject.QUESTION: _l("Questions")}
NEEDED = _l("Please choose one.")
ALL = "all"


def _choices(labels: Any) -> list[SelectChoice]:
    return [SelectChoice(member.value, label) for member, label in labels.items()]


class RemarkForm(BaseForm):
    """Say what is wrong with a text."""

    kind = RadioField(
        _l("What is wrong?"), choices=_choices(KINDS), validators=[InputRequired(NEEDED)]
    )
    text = text(
        _l("Your remark"),
        longest=LONGEST,
        description=_l(
            "At most 300 characters. Quote the words you mean. Do not name anybody, and do not "
            "describe an incident."
        ),
        render_kw={"rows": 4, "maxlength": LONGEST},
    )


class AnswerForm(BaseForm):
    """Answer a remark, or say why it is not taken up."""

    state = RadioField(
        _l("What do you do with it?"),
        choices=[
            SelectChoice(State.ANSWERED.value, _l("Answer: it is right, or it helps us")),
            SelectChoice(State.DISMISSED.value, _l("Do not take it up")),
        ],
        validators=[InputRequired(NEEDED)],
    )
    answer = text(
        _l("Your answer"),
        longest=LONGEST,
        description=_l("The person who sent the remark reads this."),
        render_kw={"rows": 4, "maxlength": LONGEST},
    )
    erase = BooleanField(
        _l("Remove the words of the remark: they name somebody or describe an incident")
    )


class FilterForm(BaseForm):
    """Which remarks are shown."""

    state = SelectField(
        _l("State"), choices=[*_choices(STATES), SelectChoice(ALL, _l("All"))], default="open"
    )
    subject = SelectField(
        _l("About"), choices=[SelectChoice(ALL, _l("All")), *_choices(SUBJECTS)], default=ALL
    )
    kind = SelectField(
        _l("Kind"), choices=[SelectChoice(ALL, _l("All")), *_choices(KIND_WORDS)], default=ALL
    )

    def wanted(self) -> Filter:
        """Return the filter; what the address spells wrongly filters nothing."""
        return Filter(
            _member(State, self.state.data),
            _member(Subject, self.subject.data),
            _member(Kind, self.kind.data),
        )

    def query(self, **more: Any) -> dict[str, Any]:
        """Return the filter as the query of an address."""
        return {field.name: field.data for field in self if field.name != "csrf_token"} | more


def _member(members: Any, value: str | None) -> Any:
    return next((member for member in members if member.value == value), None)
