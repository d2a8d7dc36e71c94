"""The forms of a reviewer."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, ValidationError
from wtforms.validators import InputRequired

from training.accounts.names import fold
from training.auth import signed_in
from training.forms import BaseForm, line, text


class ApproveForm(BaseForm):
    """Answer for a version."""

    function = line(
        _l("Your function"),
        longest=120,
        description=_l(
            "It is printed on certificates, for example: Gender adviser, Ministry of Defence. "
            "Leave out your name."
        ),
    )
    read = BooleanField(
        _l("I have read every lesson and question, in both languages"),
        [InputRequired(_l("Please read everything first, then tick this."))],
    )

    def validate_function(self, field: Any) -> None:
        """Refuse one's own name: certificates would carry it, and they never change."""
        if fold(signed_in().printed_name) in fold(field.data):
            raise ValidationError(_l("Leave out your name: every certificate would show it."))


class WithdrawForm(BaseForm):
    """Take an approval back."""

    reason = text(_l("Why is it withdrawn?"), longest=300, render_kw={"rows": 3})
