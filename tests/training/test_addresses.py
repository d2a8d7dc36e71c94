"""Addresses: ways that stay on this site, and numbers that a row can have."""

import pytest

from tests.conftest import Browsers
from tests.training.conftest import embedded
from training.addresses import LARGEST_ID, local, row_id


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "https:evil.example",
        "//evil.example/",
        "////evil.example/",
        "/\\evil.example/",
        "\\\\evil.example/",
        "/\t/evil.example/",
        "\n//evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "//[",
        "",
    ],
)
def test_an_address_elsewhere_is_never_local(address: str) -> None:
    assert local(address) is None


@pytest.mark.parametrize("address", ["/", "/learn/7/", "/learn/7/?in=nl", "/people/?q=%C3%A9"])
def test_an_address_on_this_site_stays_as_it_is(address: str) -> None:
    assert local(address) == address


@embedded
@pytest.mark.parametrize("address", ["/\\evil.example/", "//evil.example", "//[", "/people/?q=a"])
def test_choosing_a_language_leads_back_and_never_to_another_site(
    address: str, browser: Browsers
) -> None:
    answer = browser(None).post("/language", {"language": "nl", "next": address})
    assert answer.location == (local(address) or "/")
    assert 'lang="nl"' in browser(None).get("/sign-in", headers={"Accept-Language": "nl"}).text


@pytest.mark.parametrize("text", ["", "x", "1.5", "-1", str(LARGEST_ID + 1), "9" * 30])
def test_what_no_row_can_have_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"invalid literal|no row"):
        row_id(text)


def test_the_largest_number_a_row_can_have_is_one() -> None:
    assert row_id(str(LARGEST_ID)) == LARGEST_ID
