"""The rows that were set aside: one by one, or all at once when none needs anything."""

import re

from sqlalchemy import select

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.imports.lists import CSV, plan
from training.accounts.models import Organisation
from training.audit import AuditEvent
from training.imports.models import SetAside
from training.permissions import Role

LIST = (CSV + ";N1;;\n;N2;;\n").encode()


def set_aside(page: Browser, data: bytes = LIST) -> str:
    """Import a list of which every row has a problem, and return the page before it is closed."""
    where = plan(page, data)
    page.post(f"{where}/rows", {"choice": "problems:aside"})
    text = page.get(where).text
    page.post(f"{where}/apply")
    return text


def test_a_list_of_which_every_row_is_set_aside_is_not_called_ready(page: Browser) -> None:
    text = set_aside(page)
    assert "Ready to import" not in text
    assert "Nothing to import" in text


def test_all_rows_are_dismissed_at_once_after_a_confirmation(page: Browser, make: Factory) -> None:
    set_aside(page)
    shown = page.get("/imports/aside").text
    assert "Dismiss all 2 rows" in shown
    upto = re.search(r'name="upto" value="(\d+)"', shown)
    assert upto is not None
    assert "Please tick this first." in page.post("/imports/aside", {"upto": upto[1]}, 422).text
    set_aside(page, (CSV + ";N3;;\n").encode())
    for _twice in range(2):
        page.post("/imports/aside", {"upto": upto[1], "sure": "y"})
    assert [row.cells["personnel_number"] for row in make.rows(select(SetAside))] == ["N3"]
    dismissed = select(AuditEvent).where(AuditEvent.action == "import_rows.dismissed")
    assert [event.detail for event in make.rows(dismissed)] == [{"rows": 2}]


def test_rows_of_another_organisation_stay(
    page: Browser, home: Organisation, make: Factory, browser: Browsers
) -> None:
    set_aside(page)
    stranger = browser(make.person(Role.ADMINISTRATOR, organisation=make.organisation()))
    stranger.post("/imports/aside", {"upto": "999", "sure": "y"})
    assert len(make.rows(select(SetAside))) == 2
