"""What the rules in force ask of people, given their deployments and what they hold."""

from collections.abc import Mapping, Sequence
from functools import partial

from sqlalchemy.orm import Session

from modules.requirements import held, tours
from modules.requirements.asked import Asked, in_force
from modules.requirements.tours import Going, Taught
from modules.requirements.validity import Held
from modules.requirements.wants import Want, by_course, want

# What is asked of each person, by course.
Wants = Mapping[int, Mapping[int, Sequence[Want]]]


def of_all(session: Session, found: Sequence[Going]) -> Wants:
    """Return what all rules in force ask on these deployments."""
    asked = in_force(session, {each.organisation_id for each in found})
    if not asked:
        return {}
    taught = tours.taught(session)
    holds = held.of_people(session, sorted({each.person_id for each in found}))
    wants: dict[int, list[Want]] = {}
    for each in found:
        theirs = holds.get(each.person_id, ())
        wanted = [one(rule, each, theirs, taught) for rule in asked.get(each.organisation_id, ())]
        wants.setdefault(each.person_id, []).extend(w for w in wanted if w is not None)
    return {person_id: by_course(theirs) for person_id, theirs in wants.items()}


def one(asked: Asked, going: Going, holds: Sequence[Held], taught: Taught) -> Want | None:
    """Return what a rule asks of somebody on a deployment, if it is about them and is taught."""
    rule = asked.rule(taught.mission_modules, going.post.mission_id)
    if rule is None or not asked.who.includes(going.post):
        return None
    course = taught.courses.get(int(rule.accepted[0].subject))
    if course is None:
        return None
    new = partial(tours.fresh, course, going.today, going.tour.deployment_id)
    return want(rule, asked.due_days_before, going.tour, holds, new, going.today)
