"""Rules over the whole house: who may ask for what, and no part that nobody uses.

THE ACCESS TABLE below names every endpoint, everybody who may ask for it, and what they get.
"""

import pkgutil
import re
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, url_for
from werkzeug.test import TestResponse

import certificates
import modules
import quizzes
import training
from modules.catalogue.models import Course
from tests import world
from tests.factories import Factory
from tests.pages import Browser, Page
from training.headers import POLICY
from training.places import TEMPLATES

ROOT = Path(__file__).parent.parent
PACKAGES = (training, modules, quizzes, certificates)
WHO = (
    "nobody",
    "deployee",
    "trainer",
    "hr",
    "administrator",
    "stranger",
    # A row may leave these out: they get what somebody gets whose role has no part in it.
    "author",
    "reviewer",
    "commander",
)
PUBLIC = (200, 200, 200, 200, 200, 200)
EVERYBODY = (303, 200, 200, 200, 200, 200)
HOLDER = (303, 200, 404, 404, 404, 404)
HOLDER_SENDS = (303, 303, 404, 404, 404, 404)
HOLDER_IS_LED_ON = (303, 302, 404, 404, 404, 404)
DESK = (303, 403, 403, 403, 200, 404)
LETS_IN = (303, 403, 200, 403, 200, 200)
OWN_DESK = (303, 403, 403, 403, 200, 200)
DESK_SENDS = (303, 403, 403, 403, 303, 404)
PLANS = (303, 403, 200, 403, 200, 200)
PLANS_OWN = (303, 403, 200, 403, 200, 404)
LEADS = (303, 403, 200, 403, 200, 403)
READINESS = (303, 403, 200, 200, 200, 200, 403, 403, 200)
PLANS_SENDS = (303, 403, 303, 403, 303, 404)
CONTENT = (303, 403, 403, 403, 403, 403, 200, 200)

# "stranger" is the administrator of another organisation. What is asked for belongs to the
# deployee. 303 is the way to the sign-in for nobody, and "done, go on" for all others.
TABLE: dict[str, tuple[int, ...]] = {
    "GET static": PUBLIC,
    "GET favicon": (302, 302, 302, 302, 302, 302),
    "GET learning.picture": PUBLIC,
    "GET health.live": PUBLIC,
    "GET health.ready": (503, 503, 503, 503, 503, 503),
    "GET verification.verify": PUBLIC,
    "POST verification.check": PUBLIC,
    "GET verification.scanned": PUBLIC,
    "GET accounts.sign_in": (200, 302, 302, 302, 302, 302),
    "POST accounts.try_sign_in": (422, 422, 422, 422, 422, 422),
    "POST accounts.demo_sign_in": (404, 404, 404, 404, 404, 404),
    "POST accounts.language": (303, 303, 303, 303, 303, 303),
    "GET guide.show": PUBLIC,
    "GET home.home": EVERYBODY,
    "GET accounts.choose_password": EVERYBODY,
    "POST accounts.choose_password": (303, 422, 422, 422, 422, 422),
    "GET accounts.continue_held": (303, 302, 302, 302, 302, 302),
    "GET learning.contents": HOLDER,
    "GET learning.lesson": HOLDER,
    "POST learning.tick": HOLDER_SENDS,
    "GET attempts.start": HOLDER_IS_LED_ON,
    "POST attempts.begin": HOLDER_SENDS,
    "GET attempts.resume": HOLDER_IS_LED_ON,
    "GET attempts.question": HOLDER,
    "POST attempts.save": HOLDER_SENDS,
    "GET attempts.overview": HOLDER,
    "GET attempts.conduct_lesson": HOLDER_IS_LED_ON,
    "POST attempts.read_again": HOLDER_SENDS,
    "GET results.result": HOLDER_IS_LED_ON,
    "POST attempts.submit": HOLDER_SENDS,
    "GET register.show": HOLDER,
    "GET register.confirm": HOLDER_IS_LED_ON,
    "POST register.confirm_name": HOLDER_SENDS,
    "POST register.want": HOLDER_SENDS,
    "GET register.download": HOLDER,
    "GET register.blocked": (303, 403, 403, 200, 200, 200),
    "POST register.again": (303, 403, 403, 303, 303, 404),
    # It was wanted once more just before, so it is not blocked.
    "POST register.back": (303, 403, 403, 409, 409, 404),
    "GET assignments.assign": (303, 403, 200, 403, 200, 200),
    "GET readiness.board": READINESS,
    "GET readiness.paper": READINESS,
    "GET readiness.development": READINESS,
    "GET readiness.export": READINESS,
    "GET readiness.deployment": (303, 403, 200, 200, 200, 404, 403, 403, 200),
    "GET waivers.listed": (303, 403, 200, 200, 200, 200),
    "GET waivers.ask": (303, 403, 200, 200, 200, 404),
    "POST waivers.ask": (303, 403, 422, 422, 422, 404),
    "GET waivers.waiver": (303, 403, 200, 200, 200, 404),
    "POST waivers.grant": (303, 403, 303, 303, 303, 404),
    "POST waivers.refuse": (303, 403, 409, 409, 409, 404),  # It was granted just before.
    "POST waivers.end": (303, 403, 303, 303, 303, 404),
    "GET requirements.rules": (303, 403, 200, 403, 200, 200),
    "POST requirements.standard": (303, 403, 303, 403, 303, 303),
    "GET requirements.new": (303, 403, 200, 403, 200, 200),
    "POST requirements.new": (303, 403, 422, 403, 422, 422),
    "GET requirements.rule": (303, 403, 200, 403, 200, 404),
    "POST requirements.rule": (303, 403, 422, 403, 422, 404),
    "POST requirements.retire": (303, 403, 303, 403, 303, 404),
    "GET second_step.ask": (303, 303, 303, 303, 303, 303),
    "POST second_step.enter": (303, 303, 303, 303, 303, 303),
    "POST second_step.set_up": (303, 303, 303, 303, 303, 303),
    "POST second_step.recovery_codes": (303, 404, 404, 404, 404, 404),
    "GET where.signed_in_at": EVERYBODY,
    "POST where.end": (303, 303, 404, 404, 404, 404),
    "POST where.end_others": (303, 303, 303, 303, 303, 303),
    "POST where.dismiss": (303, 303, 303, 303, 303, 303),
    "GET cards.people": LETS_IN,
    "GET cards.square": LETS_IN,
    "POST cards.find": LETS_IN,
    "POST cards.make": (303, 403, 200, 403, 200, 200),
    "POST cards.one": (303, 403, 403, 403, 200, 404),
    "POST cards.mail": (303, 403, 303, 403, 303, 303),
    "GET start.start": PUBLIC,
    "POST start.begin": (422, 422, 422, 422, 422, 422),
    "GET mail.not_arrived": LETS_IN,
    "POST mail.decide": (303, 403, 303, 403, 303, 404),
    "GET mail.demonstration_mailbox": PUBLIC,
    "POST assignments.give": (303, 403, 422, 403, 422, 422),
    "GET progress.progress": (303, 403, 200, 200, 200, 200),
    "POST progress.progress": (303, 403, 200, 200, 200, 200),
    "POST progress.export": (303, 403, 200, 200, 200, 200),
    "GET progress.export": (303, 403, 200, 200, 200, 200),
    "POST acts.extend": (303, 403, 422, 403, 422, 422),
    "POST acts.choose": (303, 403, 422, 403, 422, 422),
    "POST acts.undo": (303, 403, 404, 403, 404, 404),
    "GET talks.talk": (303, 403, 409, 404, 409, 404),
    "POST talks.talk": (303, 403, 409, 404, 409, 404),
    "POST results.ask": (303, 409, 404, 404, 404, 404),
    "GET people.people": (303, 403, 403, 403, 200, 200),
    "POST people.people": (303, 403, 403, 403, 200, 200),
    "GET people.new_person": (303, 403, 403, 403, 200, 200),
    "POST people.new_person": (303, 403, 403, 403, 422, 422),
    "GET people.person": DESK,
    "GET people.edit_person": DESK,
    "POST people.edit_person": (303, 403, 403, 403, 422, 404),
    "POST people.start_code": DESK,
    "POST people.reset_second_step": DESK_SENDS,
    "POST people.grant_role": DESK_SENDS,
    "POST people.revoke_role": DESK_SENDS,
    "GET history.mine": EVERYBODY,
    "GET expiry.listed": (303, 403, 403, 200, 200, 200),
    "GET records.search": (303, 403, 403, 200, 200, 200),
    "POST records.find": (303, 403, 403, 422, 422, 422),
    "GET records.record": (303, 403, 403, 200, 200, 404),
    "POST records.record": (303, 403, 403, 200, 200, 404),
    "POST records.export_record": (303, 403, 403, 200, 200, 404),
    "GET records.document": (303, 403, 403, 200, 200, 404),
    "GET records.completions": (303, 403, 403, 200, 200, 200),
    "GET records.export": (303, 403, 403, 200, 200, 200),
    "GET kept.mine": EVERYBODY,
    "POST kept.as_json": EVERYBODY,
    "POST kept.want": (303, 303, 303, 303, 303, 303),
    "GET kept.download": HOLDER,
    "GET kept.sex": EVERYBODY,
    "POST kept.sex": (303, 422, 422, 422, 422, 422),
    "GET kept.correction": EVERYBODY,
    "POST kept.correction": (303, 422, 422, 422, 422, 422),
    "GET corrections.requests": (303, 403, 403, 200, 200, 200),
    "GET corrections.answer": (303, 403, 403, 200, 200, 404),
    "POST corrections.answer": (303, 403, 403, 422, 422, 404),
    "GET upkeep.running": (303, 403, 403, 403, 200, 200),
    "GET imports.start": OWN_DESK,
    "POST imports.upload": (303, 403, 403, 403, 422, 422),
    "GET imports.columns": DESK,
    "POST imports.choose_columns": (303, 403, 403, 403, 422, 404),
    "GET imports.show": DESK,
    "POST imports.decide": DESK_SENDS,
    "POST imports.apply": DESK_SENDS,
    "POST imports.discard": (303, 403, 403, 403, 422, 404),  # It has been applied by then.
    "GET imports.rows_aside": OWN_DESK,
    "POST imports.close_row": DESK_SENDS,
    "POST imports.dismiss_all": (303, 403, 403, 403, 303, 303),
    "GET rosters.start": LETS_IN,
    "POST rosters.upload": (303, 403, 422, 403, 422, 422),
    "GET rosters.columns": PLANS_OWN,
    "POST rosters.choose_columns": (303, 403, 422, 403, 422, 404),
    "GET rosters.show": PLANS_OWN,
    "POST rosters.decide": PLANS_SENDS,
    "POST rosters.apply": PLANS_SENDS,
    "POST rosters.discard": (303, 403, 422, 403, 422, 404),  # It has been applied by then.
    "GET rosters.rows_aside": LETS_IN,
    "POST rosters.close_row": PLANS_SENDS,
    "POST rosters.dismiss_all": (303, 403, 303, 403, 303, 303),
    "GET organisation.details": OWN_DESK,
    "POST organisation.details": (303, 403, 403, 403, 303, 303),
    "GET organisation.tree": OWN_DESK,
    "POST organisation.tree": (303, 403, 403, 403, 422, 422),
    "GET organisation.unit": DESK,
    "POST organisation.unit": (303, 403, 403, 403, 422, 404),
    "POST organisation.remove_unit": DESK_SENDS,
    "GET missions.listed": PLANS,
    "GET missions.new": PLANS,
    "POST missions.new": (303, 403, 422, 403, 422, 422),
    "GET missions.mission": PLANS,
    "GET missions.edit": LEADS,
    "POST missions.edit": (303, 403, 422, 403, 422, 403),
    # It asks for a mission, which no path names.
    "GET deploying.new": (303, 403, 404, 403, 404, 404),
    "POST deploying.new": (303, 403, 404, 403, 404, 404),
    "GET deployments.deployment": PLANS_OWN,
    "GET deploying.change": PLANS_OWN,
    "POST deploying.change": (303, 403, 422, 403, 422, 404),
    "POST deployments.cancel": (303, 403, 422, 403, 422, 404),
    "GET deployments.export": PLANS,
    "GET pocket.show": EVERYBODY,
    "POST pocket.want": (303, 303, 303, 303, 303, 303),
    "GET pocket.download": (303, 404, 404, 404, 404, 404),  # No worker has made it.
    "GET rotations.new": LEADS,
    "POST rotations.new": (303, 403, 422, 403, 422, 403),
    "GET rotations.rotation": PLANS,
    "GET rotations.edit": LEADS,
    "POST rotations.edit": (303, 403, 422, 403, 422, 403),
    # Who leads the mission gives itself no mandate.
    "POST rotations.mandate": (303, 403, 403, 403, 403, 303),
    "POST rotations.revoke": (303, 403, 303, 403, 303, 303),
    "GET rotations.names": (303, 403, 200, 403, 200, 404),
    "GET moving.leaving_page": DESK,
    "POST moving.leave": DESK_SENDS,
    "POST moving.come_back": DESK_SENDS,
    "POST moving.release": DESK,
    "GET moving.arrive": OWN_DESK,
    "POST moving.arrive": (303, 403, 403, 403, 422, 422),
    "GET merging.find": DESK,
    "POST merging.find": (303, 403, 403, 403, 422, 404),
    "GET merging.compare": DESK,
    "POST merging.merge": (303, 403, 403, 403, 409, 404),  # The record that would go has a role.
    "GET merging.ask_undo": DESK,
    "POST merging.undo": DESK_SENDS,
    "GET remarks.on_lesson": HOLDER,
    "POST remarks.on_lesson": (303, 422, 404, 404, 404, 404),
    "GET question_remarks.remark": HOLDER,
    "POST question_remarks.remark": (303, 422, 404, 404, 404, 404),
    "GET question_remarks.remark_on_lesson": HOLDER,
    "POST question_remarks.remark_on_lesson": (303, 422, 404, 404, 404, 404),
    "GET remarks.mine": EVERYBODY,
    "GET remarks.listed": CONTENT,
    "GET remarks.export": CONTENT,
    "GET remarks.remark": CONTENT,
    "POST remarks.remark": (303, 403, 403, 403, 403, 403, 422, 422),
    "GET approval.versions": CONTENT,
    "GET approval.version": CONTENT,
    "GET approval.lesson": CONTENT,
    "GET approval.questions": CONTENT,
    "POST approval.approve": (303, 403, 403, 403, 403, 403, 403, 422),
    "POST approval.withdraw": (303, 403, 403, 403, 403, 403, 403, 422),
    "GET glossary.words": EVERYBODY,
    "POST accounts.sign_out": (303, 303, 303, 303, 303, 303),
}
FIELDS = {
    "cards.mail": {"unit_id": "0", "token": "another-token-of-a-form"},
    "cards.make": {"unit_id": "0", "token": "a-token-of-the-form"},
    "accounts.language": {"language": "en"},
    "imports.close_row": {"end": "done"},
    "imports.dismiss_all": {"upto": "0", "sure": "y"},
    "imports.decide": {"choice": "2:aside"},
    "rosters.close_row": {"end": "done"},
    "rosters.dismiss_all": {"upto": "0", "sure": "y"},
    "rosters.decide": {"choice": "2:aside"},
    "organisation.details": {
        "keep_superseded_days": "90",
        "keep_answers_months": "24",
        "keep_records_years": "7",
    },
    "people.grant_role": {"role": "trainer"},
    "rotations.mandate": {"ends_on": "2999-01-01"},
    "verification.check": {"number": "AAAA-AAAA"},
}
TRUSTED = {"_macros/parts.html"}
RUN_BY_ALEMBIC = {"training.migrations.env"}


def expected(who: str, row: tuple[int, ...]) -> int:
    """Return what somebody gets; a role that plays no part is refused, or finds nothing."""
    column = WHO.index(who)
    if column < len(row):
        return row[column]
    return 403 if row[WHO.index("deployee")] == 403 else row[WHO.index("trainer")]


def endpoints(app: Flask) -> set[str]:
    """Return every endpoint with each method it answers to."""
    return {
        f"{method} {rule.endpoint}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def ask(page: Browser, key: str, values: dict[str, Any]) -> TestResponse:
    """Ask for an endpoint with the values that its address takes."""
    method, endpoint = key.split()
    rule = next(page.app.url_map.iter_rules(endpoint))
    # Two blueprints may have the same addresses of different things.
    own = {name: f"{endpoint.split('.')[0]}.{name}" for name in rule.arguments}
    with page.app.test_request_context():
        path = url_for(endpoint, **{n: values.get(own[n], values.get(n)) for n in own})
    data = FIELDS.get(endpoint, {}) | {"csrf_token": page.token} if method == "POST" else None
    answer = page.client.open(path, method=method, base_url="https://localhost", data=data)
    answer.close()
    return answer


@pytest.mark.parametrize("who", WHO)
def test_everybody_gets_what_the_access_table_says(
    who: str, app: Flask, make: Factory, course: Course
) -> None:
    built = world.build(make, course)
    page = Browser(app, built.people[who])
    wrong = []
    for key, row in TABLE.items():
        answer = ask(page, key, built.values)
        if answer.status_code != expected(who, row):
            wrong.append((key, expected(who, row), answer.status_code))
        assert answer.headers["Content-Security-Policy"] == POLICY, key
        if answer.mimetype == "text/html" and not 300 <= answer.status_code < 400:
            Page(answer.text).check()
    assert not wrong


def test_the_access_table_names_every_endpoint_and_no_other(app: Flask) -> None:
    assert set(TABLE) == endpoints(app)


def test_only_the_public_verification_takes_a_form_without_a_token(app: Flask) -> None:
    exempt = app.extensions["csrf"]._exempt_views
    assert exempt <= {"certificates.verification.views.check"}
    assert not app.extensions["csrf"]._exempt_blueprints


def templates() -> dict[str, str]:
    """Return every template by the name it is asked for with."""
    found = (path for path in TEMPLATES.rglob("*") if path.is_file())
    return {path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8") for path in found}


def code() -> str:
    """Return all the code of the four packages."""
    folders = [Path(next(iter(package.__path__))) for package in PACKAGES]
    return "\n".join(path.read_text("utf-8") for f in folders for path in f.rglob("*.py"))


def test_every_template_is_used() -> None:
    everything = templates()
    asked = "\n".join([code(), *everything.values()])
    used = set(re.findall(r"""["']([\w/]+\.(?:html|css|txt))["']""", asked))
    assert {name.removeprefix("documents/") for name in everything} - used == set()


def test_every_template_that_is_asked_for_exists_and_parses(app: Flask) -> None:
    everything = templates()
    asked = re.findall(r"""render_template\(\s*["']([^"']+)["']""", code())
    for text in everything.values():
        asked += re.findall(r"""(?:extends|include|from|import) ["']([^"']+)["']""", text)
    assert set(asked) <= set(everything)
    for name, text in everything.items():
        app.jinja_env.parse(text, filename=name)


def test_a_colon_after_a_label_is_written_as_the_language_of_the_page_has_it() -> None:
    # French puts a space before it.
    colon = re.compile(r"\}\}(?:</\w+>)?:[ <]")
    found = [name for name, text in templates().items() if colon.search(text)]
    assert [name for name in found if name.endswith(".html")] == []


def test_markup_is_trusted_only_where_it_was_cleaned_when_it_was_published() -> None:
    trusting = re.compile(r"\|\s*safe\b|Markup\(|autoescape\s+false")
    found = {name for name, text in templates().items() if trusting.search(text)}
    assert found == TRUSTED
    assert not re.search(r"\bMarkup\(|render_template_string", code())


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.__name__))
def test_every_module_can_be_imported(package: object) -> None:
    path, name = package.__path__, package.__name__  # type: ignore[attr-defined]
    found = [module.name for module in pkgutil.walk_packages(path, f"{name}.")]
    for module in set(found) - RUN_BY_ALEMBIC:
        import_module(module)
    assert len(found) > 5
