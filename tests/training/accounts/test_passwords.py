"""What may be chosen as a password, and start codes."""

import pytest

from training.accounts import passwords

ABOUT = ("robin.devries", "Robin de Vries")


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "iloveyou2026",
        "qwertyuiop",
        "aaaaaaaaaaaaaaaa",
        "2026-11-24",
        "robin de vries",
        "Robin de Vries 1987",
        "vries_robin_2026",
        "robinrobinrobin",
        "ROBIN.DEVRIES",
    ],
)
def test_what_is_common_or_made_of_a_persons_own_names_is_weak(password: str) -> None:
    assert passwords.is_weak(password, ABOUT)


@pytest.mark.parametrize(
    "password", ["granite kettle sails under moss", "robin granite kettle sails", "x9$kQ2!mZp7w"]
)
def test_what_is_hard_to_guess_without_a_persons_own_names_is_strong(password: str) -> None:
    assert not passwords.is_weak(password, ABOUT)


def test_a_person_of_whom_nothing_is_known_may_choose_as_well() -> None:
    assert passwords.is_weak("password123", ())
    assert not passwords.is_weak("granite kettle sails under moss", ("", "X"))


def test_the_setting_is_the_one_owasp_gives_for_argon2id() -> None:
    assert passwords.hash_secret("anything").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize("stored", [None, "", "unknown", "$argon2id$broken"])
def test_nothing_matches_what_is_not_a_hash(stored: str | None) -> None:
    assert not passwords.verify(stored, "anything")


def test_start_codes_are_random_and_read_well_aloud() -> None:
    codes = {passwords.start_code() for _ in range(50)}
    assert len(codes) == 50
    for code in codes:
        assert passwords.plain_code(code) == code
        assert set(code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ-")


def test_letters_that_look_alike_are_read_as_meant() -> None:
    assert passwords.plain_code("oil0-1234-5678") == "0110-1234-5678"
