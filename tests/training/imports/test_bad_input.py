"""What nobody should send to the pages of an import, and whose imports one may see."""

import secrets
from typing import Any

import pytest
from sqlalchemy import select

from tests.conftest import Browsers
from tests.factories import Factory
from tests.pages import Browser
from tests.training.imports.lists import CSV, map_columns, plan, send
from training.accounts.models import Person
from training.imports.models import Upload, UploadState
from training.permissions import Role

LIST = f"{CSV}Jan Jansen;A1;sgt;\n".encode()
STRANGE = ["", "x", "-1", "0", "99999999999999999999", "1:2:3", "\u202e", "\0", "a" * 5000]


def test_imports_of_another_organisation_do_not_exist(
    page: Browser, make: Factory, browser: Browsers
) -> None:
    where = plan(page, LIST)
    stranger = browser(make.person(Role.ADMINISTRATOR))
    for path in (where, f"{where}/columns"):
        stranger.get(path, expect=404)
    for path in ("/columns", "/rows", "/apply", "/discard"):
        stranger.post(where + path, {"choice": "2:aside"}, expect=404)
    assert where not in stranger.get("/imports/").text
    (upload,) = make.rows(select(Upload))
    assert (upload.state, upload.decisions) == (UploadState.OPEN, {})


@pytest.mark.parametrize("role", [None, Role.TRAINER, Role.HR])
def test_only_administrators_import(
    role: Role | None, page: Browser, make: Factory, browser: Browsers
) -> None:
    where = plan(page, LIST)
    other = browser(make.person(role))
    for path in ("/imports/", "/imports/aside", where, f"{where}/columns"):
        other.get(path, expect=403)
    for path in (
        "/imports/",
        "/imports/aside/1",
        *(where + p for p in ("/columns", "/rows", "/apply", "/discard")),
    ):
        other.post(path, expect=403)


def test_a_file_that_cannot_be_read_is_refused_beside_its_field(page: Browser) -> None:
    text = send(page, b"%PDF-1.7", expect=422).text
    assert "This is a PDF" in text
    assert 'id="file-error"' in text


def test_no_file_and_no_token_are_refused(page: Browser) -> None:
    assert "Choose a file first." in page.post("/imports/", {}, expect=422).text
    assert "open the page again" in send(page, LIST, expect=422, token="x").text


def test_a_file_beyond_what_a_request_may_hold_is_too_much(
    page: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page.app.view_functions["imports.upload"], "largest_request", 2_000)
    send(page, b"a;b\n" * 1_000, expect=413)


def test_a_list_larger_than_any_other_request_is_taken(page: Browser) -> None:
    page.app.config["MAX_CONTENT_LENGTH"] = 2_000
    send(page, LIST + b"Jan Jansen;A1;sgt;" + b" " * 4_000 + b"\n")
    page.post("/imports/", {"token": "x" * 4_000}, expect=422)
    page.post("/sign-in", {"user_name": "x" * 4_000}, expect=413)


@pytest.mark.parametrize("value", STRANGE)
def test_strange_values_never_break_a_page(value: str, page: Browser) -> None:
    where = str(send(page, LIST).location)
    for fields in ({"column0": value}, {"sheet": value}, {"category": value}):
        answer = page.client.post(
            where,
            data={"csrf_token": page.token, "column0": "name"} | fields,
            base_url="https://localhost",
        )
        assert answer.status_code in {303, 422, 404}
    at = str(map_columns(page, where).location)
    for path, name in (("/rows", "choice"), ("/rows", "show")):
        fields = {"csrf_token": page.token, "choice": "2:aside"} | {name: value}
        answer = page.client.post(at + path, data=fields, base_url="https://localhost")
        assert answer.status_code in {303, 422}
    query: dict[str, Any] = {"show": value, "after": value, "sheet": value}
    for path in (at, where, "/imports/aside"):
        answer = page.client.get(path, query_string=query, base_url="https://localhost")
        assert answer.status_code in {200, 302, 404}


def test_a_mapping_without_a_name_or_with_a_double_is_refused(page: Browser) -> None:
    where = str(send(page, LIST).location)
    assert "which column holds the name" in map_columns(page, where, 422, column0="").text
    assert "hold the same" in map_columns(page, where, 422, column1="name").text


def test_a_form_for_a_list_that_is_gone_says_so(page: Browser) -> None:
    where = plan(page, LIST)
    page.post(f"{where}/discard")
    assert "older than a day" in page.post(f"{where}/apply", expect=404).text


def test_cells_that_look_like_markup_or_formulas_are_only_text(
    page: Browser, make: Factory
) -> None:
    rows = "<b>Jan</b> =1+1;A1;=cmd|x;\n'\"><script>x;A2;;\n"
    where = plan(page, (CSV + rows).encode())
    text = page.get(where).text
    assert "<b>Jan" not in text
    assert "<script>x" not in text
    assert make.rows(select(Person).where(Person.personnel_number == "A1")) == []


@pytest.mark.parametrize("count", [1, 300])
def test_the_pages_take_seven_statements_at_any_number_of_rows(
    count: int, page: Browser, statements: list[str]
) -> None:
    rows = "".join(f"Robin {'x' * (n % 50 + 1)} Rij;N{n};;Onbekend\n" for n in range(count))
    where = plan(page, (CSV + rows).encode())
    page.post(f"{where}/rows", {"choice": "problems:aside"})
    page.post(f"{where}/apply")
    again = plan(page, (CSV + rows).encode())
    for path in ("/imports/", "/imports/aside", again, f"{again}/columns"):
        page.get(path)
        statements.clear()
        page.get(path)
        assert len([s for s in statements if "BEGIN" not in s]) <= 7, path


def test_a_token_is_one_imports_whoever_sends_it(
    page: Browser, make: Factory, browser: Browsers
) -> None:
    token = secrets.token_urlsafe(16)
    send(page, LIST, token=token)
    send(browser(make.person(Role.ADMINISTRATOR)), LIST, token=token, expect=404)
