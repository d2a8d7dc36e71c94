"""What the parts of a rule are called."""

from flask_babel import lazy_gettext as _l

from modules.requirements.validity import Span
from training.accounts.forms import CATEGORIES
from training.accounts.models import RankBand
from training.missions.models import Framework, Function

FRAMEWORKS = {
    Framework.UN.value: _l("UN"),
    Framework.EU.value: _l("EU"),
    Framework.NATO.value: _l("NATO"),
    Framework.OSCE.value: _l("OSCE"),
    Framework.NATIONAL.value: _l("National"),
    Framework.OTHER.value: _l("Other"),
}
SERVICES = {category.value: label for category, label in CATEGORIES.items()}
FUNCTIONS = {
    Function.LEADERSHIP.value: _l("Leadership"),
    Function.DECISION_MAKER.value: _l("Decision maker"),
    Function.COMMUNITY_FACING.value: _l("Community-facing"),
    Function.GENDER_ADVISER.value: _l("Gender adviser"),
    Function.GENDER_FOCAL_POINT.value: _l("Gender focal point"),
}
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
