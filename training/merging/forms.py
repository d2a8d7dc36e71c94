"""Finding the other record of a person."""

from flask_babel import lazy_gettext as _l

from training.forms import BaseForm, line


class OtherForm(BaseForm):
    """Who it is as well."""

    q = line(_l("Name, user name or number"), longest=80)
