"""What the parts of a rule are called."""

from flask_babel import lazy_gettext as _l

from modules.requirements.validity import Span
from training.accounts.forms import CATEGORIES
from training.accounts.models import RankBand
from training.missions import labels

FRAMEWORKS = labels.by_value(labels.FRAMEWORKS)
SERVICES = labels.by_value(CATEGORIES)
FUNCTIONS = labels.by_value(labels.FUNCTIONS)
RANK_BANDS = {
    RankBand.JUNIOR.value: _l("Junior: soldier, constable, assistant"),
    RankBand.MIDDLE.value: _l("Middle: non-commissioned officer, sergeant, staff"),
    RankBand.OFFICER.value: _l("Officer: officer, inspector, professional staff"),
    RankBand.SENIOR.value: _l("Senior: field or general officer, commissioner, head"),
}
SPANS = {
    Span.START.value: _l("On the first day of the deployment"),
    Span.TOUR.value: _l("Through the whole tour"),
}
COMPONENTS = {"conduct": _l("Conduct")}
EXTERNAL = {
    "core": _l("External certificate: core course"),
    "lead": _l("External certificate: leadership"),
    "genad": _l("External certificate: gender adviser"),
    "gfp": _l("External certificate: gender focal point"),
    "conduct": _l("External certificate: conduct"),
}
# In the order of the form, each with what it is called in a sentence.
NARROWING = (
    ("frameworks", _l("Mission framework"), FRAMEWORKS),
    ("categories", _l("Category"), SERVICES),
    ("functions", _l("Function"), FUNCTIONS),
    ("rank_bands", _l("Rank band"), RANK_BANDS),
)
