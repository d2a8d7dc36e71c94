"""The form of verifying."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField
from wtforms.validators import Optional

from training.forms import BaseForm, line


class VerifyForm(BaseForm):
    """Ask about a certificate. It changes nothing, so it needs no token and sets no cookie."""

    class Meta(BaseForm.Meta):
        """Leave the token out."""

        csrf = False

    number = line(_l("Certificate number"), longest=40)
    code = line(
        _l("Verification code"),
        needed=False,
        longest=60,
        description=_l("With the code you also see whose certificate it is."),
    )
    on = DateField(
        _l("Valid on"),
        [Optional()],
        description=_l("Leave this empty for today, or give the first day of the mission."),
    )
