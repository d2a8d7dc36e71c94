"""Every answer that verification gives, on the day of whoever issued the certificate."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from certificates.register.models import Certificate, Withdrawal
from certificates.verification.services import verify
from modules.catalogue.models import Course
from modules.learning.models import Completion
from tests.certificates.register.test_register import earn
from tests.certificates.verification.conftest import NAME
from tests.certificates.verification.test_verification import ask
from tests.conftest import Browsers
from tests.factories import NOW, TODAY, Factory
from training.accounts.models import Organisation, Person

DAY = timedelta(days=1)
PARTS = "Parts that can expire sooner than the whole"


def test_a_replaced_certificate_says_that_a_corrected_one_took_its_place(
    app: Flask,
    certificate: Certificate,
    browser: Browsers,
    make: Factory,
    course: Course,
    session: Session,
) -> None:
    person = session.get_one(Person, certificate.person_id)
    corrected = earn(app, make, course, session, person, cycle=2)
    values = {"reason": "marriage", "withdrawn_at": NOW, "replaced_by_id": corrected.id}
    session.add(Withdrawal(certificate_id=certificate.id, **values))
    session.commit()
    shown = ask(browser(None), certificate.number, certificate.code)
    assert 'class="verdict replaced"' in shown
    assert "A corrected certificate took its place. Ask for the new one." in shown
    assert "marriage" not in shown
    assert corrected.number not in shown
    assert 'class="verdict valid"' in ask(browser(None), corrected.number)


def _withdrawn(session: Session, one: Certificate) -> None:
    session.add(Withdrawal(certificate_id=one.id, reason="fraud", withdrawn_at=NOW))


def _annulled(session: Session, one: Certificate) -> None:
    session.get_one(Completion, one.completion_id).annulled_on = TODAY


def _unconfirmed(_session: Session, one: Certificate) -> None:
    one.issued_at = one.holder_name = None


def _untouched(_session: Session, _one: Certificate) -> None:
    pass


@pytest.mark.parametrize(
    ("change", "after", "state", "part"),
    [
        (_withdrawn, 0, "withdrawn", "Withdrawn"),
        (_annulled, 0, "withdrawn", "Withdrawn"),
        (_unconfirmed, 0, "making", "Being made"),
        (_untouched, -1, "notready", "Not valid yet"),
        (_untouched, 0, "valid", "Valid"),
        (_untouched, 730, "valid", "Expired"),
        (_untouched, 3650, "expired", "Expired"),
    ],
)
def test_its_components_are_shown_whatever_the_whole_is_worth(
    change: Callable[[Session, Certificate], None],
    after: int,
    state: str,
    part: str,
    certificate: Certificate,
    browser: Browsers,
    session: Session,
) -> None:
    change(session, certificate)
    session.commit()
    shown = ask(browser(None), certificate.number, on=(TODAY + after * DAY).isoformat())
    assert f'class="verdict {state}"' in shown
    row = shown.partition(PARTS)[2].partition("</table>")[0]
    assert "Conduct" in row
    assert part in row


@pytest.mark.parametrize("with_code", [True, False])
def test_a_part_of_the_training_says_what_it_contains_and_never_that_it_counts(
    with_code: bool,  # noqa: FBT001 - two ways to ask
    certificate: Certificate,
    browser: Browsers,
) -> None:
    shown = ask(browser(None), certificate.number, certificate.code if with_code else "")
    assert "This certificate contains only: " in shown
    assert certificate.module_titles[0]["en"] in shown
    assert "for a part of the training only" in shown
    assert "it counts on this day" not in shown


def test_a_whole_certificate_counts(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    certificate.partial = certificate.demonstration = False
    session.commit()
    shown = ask(browser(None), certificate.number)
    assert "It is ours and it counts on this day." in shown
    assert "contains only" not in shown
    assert "DEMONSTRATION" not in shown


def test_a_certificate_of_the_demonstration_says_so(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    for partial in (True, False):
        certificate.partial = partial
        session.commit()
        for code in ("", certificate.code):
            shown = ask(browser(None), certificate.number, code)
            assert "DEMONSTRATION" in shown
            assert "it counts on this day" not in shown


def test_without_a_day_it_is_today_where_the_issuing_organisation_is(
    certificate: Certificate, session: Session
) -> None:
    late = datetime.combine(certificate.valid_until, datetime.min.time(), UTC) + DAY / 2
    for zone, day in (("Pacific/Auckland", 1), ("Europe/Amsterdam", 0)):
        here = update(Organisation).where(Organisation.id == certificate.organisation_id)
        session.execute(here.values(time_zone=zone))
        session.commit()
        finding = verify(session, certificate.number, "", None, at=late)
        assert finding is not None
        assert finding.day == certificate.valid_until + day * DAY
        assert finding.state.value == ("expired" if day else "valid")


def test_a_certificate_outlives_the_organisation_it_names(
    certificate: Certificate, browser: Browsers, session: Session
) -> None:
    session.execute(update(Certificate).values(organisation_id=None))
    session.commit()
    assert NAME.split()[0] in ask(browser(None), certificate.number, certificate.code)
