"""Exports: exactly what is filtered."""

import csv
import io
import zipfile
from datetime import UTC, datetime

from tests.pages import Browser
from tests.quizzes.progress.conftest import SOON, Learners


def test_the_export_holds_exactly_what_is_filtered_in_the_same_order(
    page: Browser, learners: Learners
) -> None:
    learners.new("Bea", due_on=None)
    learners.new("=HYPERLINK(1)")
    learners.done()
    answer = page.get("/progress/export.csv?state=not_started&sort=name", buffered=True)
    assert answer.headers["Content-Disposition"] == "attachment; filename=progress.csv"
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows[1:]] == ["'=HYPERLINK(1)", "Bea"]
    assert [row[5] for row in rows[1:]] == [SOON.isoformat(), ""]
    assert {row[6] for row in rows[1:]} == {"Not started"}
    book = page.get("/progress/export.xlsx?state=done", buffered=True)
    sheet = zipfile.ZipFile(io.BytesIO(book.data)).read("xl/worksheets/sheet1.xml").decode()
    assert "Dora Done" in sheet
    assert "Bea" not in sheet


def test_days_are_those_where_the_organisation_is(page: Browser, learners: Learners) -> None:
    late_in_the_evening = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assignment = learners.new(assigned_at=late_in_the_evening)
    learners.make.read_all(assignment, at=late_in_the_evening)
    answer = page.get("/progress/export.csv", buffered=True)
    row = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[1]
    assert row[8:10] == ["2026-11-21", "2026-11-21"]
    assert "21 November 2026" in page.get("/progress/").text
