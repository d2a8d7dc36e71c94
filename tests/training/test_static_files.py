"""Style sheets and scripts: small on the wire, kept by browsers, new after an upgrade."""

import gzip
import re

from modules.catalogue.models import Course
from tests.conftest import Browsers


def address(browser: Browsers) -> str:
    """Return the address of the style sheet as a page names it."""
    found = re.search(
        r'href="(/static/training\.css\?v=[0-9a-f]{12})"', browser(None).get("/verify").text
    )
    assert found is not None
    return found[1]


def test_a_page_names_the_digest_of_each_static_file(browser: Browsers, course: Course) -> None:
    assert address(browser)


def test_a_static_file_is_compressed_for_those_who_take_it(
    browser: Browsers, course: Course
) -> None:
    page, path = browser(None), address(browser)
    plain = page.get(path)
    small = page.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(small.data) == plain.data
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in small.headers["Vary"]
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "immutable" in small.headers["Cache-Control"]


def test_a_static_file_that_is_known_is_not_sent_again(browser: Browsers, course: Course) -> None:
    page, path = browser(None), address(browser)
    tag = page.get(path).headers["ETag"]
    assert page.get(path, expect=304, headers={"If-None-Match": tag}).data == b""


def test_no_other_file_can_be_reached(browser: Browsers, course: Course) -> None:
    for odd in ("nothing.css", "../app.py", "%2e%2e/app.py", "sub/training.css"):
        browser(None).get(f"/static/{odd}", expect=404)


def test_the_icon_is_found_where_browsers_look_for_it(browser: Browsers, course: Course) -> None:
    icon = browser(None).get("/favicon.ico", expect=302).headers["Location"]
    assert browser(None).get(icon).mimetype == "image/svg+xml"
