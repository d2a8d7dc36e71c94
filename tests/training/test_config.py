"""Settings: a half configured installation does not start, and says what to do."""

import os
from pathlib import Path

import pytest

from training import config
from training.config import ConfigurationError

KEY = "k" * 32


def load(data: Path, **environment: str) -> config.Settings:
    """Read settings as they would be with this environment, which has a key."""
    return config.load({"TRAINING_DATA": str(data), "TRAINING_SECRET_KEY": KEY} | environment)


def test_nothing_but_a_key_is_needed(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path}/training.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.demonstration, settings.proxies, settings.fast_hashing) == (False, 0, False)


@pytest.mark.parametrize(
    ("environment", "remedy"),
    [
        ({"TRAINING_SECRET_KEY": ""}, "training init"),
        ({"TRAINING_SECRET_KEY": "k" * 31}, "training init"),
        ({"TRAINING_PORT": "http"}, "TRAINING_PORT must be a whole number"),
        ({"TRAINING_METRICS_PORT": "x"}, "TRAINING_METRICS_PORT must be a whole number"),
        ({"TRAINING_PORT": ""}, "TRAINING_PORT must be a whole number"),
        ({"TRAINING_PROXIES": "-1"}, "TRAINING_PROXIES must be a whole number"),
        ({"TRAINING_BASE_URL": "http://training.example"}, "proxy with TLS"),
        ({"TRAINING_HOST": "0.0.0.0"}, "proxy with TLS"),
        (
            {"TRAINING_HOST": "0.0.0.0", "TRAINING_BASE_URL": "http://127.0.0.1:8000"},
            "TRAINING_HOST is 0.0.0.0",
        ),
        ({"TRAINING_DATABASE_URL": ""}, "no address of a database"),
        ({"TRAINING_DATABASE_URL": "mysql://root:secret@db/x"}, "or unset it"),
        ({"TRAINING_DATABASE_URL": "postgres://db/x"}, "postgresql://USER"),
        ({"TRAINING_DATABASE_URL": "postgresql://db:port/x"}, "postgresql://USER"),
        ({"TRAINING_DATABASE_URL": "/srv/training.db"}, "sqlite:////FOLDER/FILE"),
        ({"TRAINING_BASE_URL": "training.example"}, "proxy with TLS"),
        (
            {"TRAINING_DEMO": "1", "TRAINING_BASE_URL": "https://training.example"},
            "unset TRAINING_DEMO",
        ),
        (
            {
                "TRAINING_DEMO": "1",
                "TRAINING_HOST": "0.0.0.0",
                "TRAINING_BASE_URL": "http://localhost:8000",
            },
            "unset TRAINING_DEMO",
        ),
    ],
)
def test_a_wrong_setting_is_refused_with_its_remedy(
    environment: dict[str, str], remedy: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match=remedy):
        load(tmp_path, **environment)


@pytest.mark.parametrize(
    "environment",
    [
        {"TRAINING_BASE_URL": "https://training.example"},
        {"TRAINING_HOST": "0.0.0.0", "TRAINING_BASE_URL": "https://training.example"},
        {"TRAINING_BASE_URL": "http://localhost:8000", "TRAINING_DEMO": "1"},
        {"TRAINING_HOST": "::1", "TRAINING_BASE_URL": "http://[::1]:8000", "TRAINING_DEMO": "1"},
    ],
)
def test_tls_elsewhere_and_plain_http_on_the_machine_itself_are_accepted(
    environment: dict[str, str], tmp_path: Path
) -> None:
    load(tmp_path, **environment)


def test_a_password_in_a_wrong_address_is_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as refused:
        load(tmp_path, TRAINING_DATABASE_URL="mysql://root:secret@db/x")
    assert "secret" not in str(refused.value)


SENDER = {"TRAINING_MAIL_FROM": "training@office.example"}


@pytest.mark.parametrize(
    "environment",
    [
        {"TRAINING_SMTP_URL": "smtp://mail.example"},
        SENDER,
        {"TRAINING_SMTP_URL": "smtp://mail.example", "TRAINING_MAIL_FROM": "Office <a@b.example>"},
        {"TRAINING_SMTP_URL": "smtp://mail.example", "TRAINING_MAIL_FROM": "a@b.example\nBcc: x@y"},
    ],
)
def test_half_configured_mail_is_refused(environment: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="half configured"):
        load(tmp_path, **environment)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example/path",
        "smtp://mail.example?tls=maybe",
        "smtp://mail.example?more=1",
        "smtp://mail.example?tls",
        "smtp://user@mail.example",
        "smtp://mail.example?tls=none",
        "smtps://mail.example?tls=none",
    ],
)
def test_a_mail_server_that_cannot_be_used_is_refused_and_no_password_repeated(
    url: str, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="TRAINING_SMTP_URL must be") as caught:
        load(tmp_path, TRAINING_SMTP_URL=url, **SENDER)
    assert "mail.example" not in str(caught.value)


def test_a_mail_server_is_read_with_its_user_and_its_way_of_tls(tmp_path: Path) -> None:
    assert load(tmp_path).mail_server is None
    assert not load(tmp_path).mail_is_on
    found = load(tmp_path, TRAINING_SMTP_URL="smtp://u%40x:p%2Fw@mail.example", **SENDER)
    assert found.mail_is_on
    assert found.mail_server == config.MailServer(
        "mail.example", 587, "training@office.example", "u@x", "p/w", "starttls"
    )
    for url, port, tls in (
        ("smtps://mail.example", 465, "tls"),
        ("smtp://127.0.0.1:25?tls=none", 25, "none"),
    ):
        server = load(tmp_path, TRAINING_SMTP_URL=url, **SENDER).mail_server
        assert server is not None
        assert (server.port, server.tls) == (port, tls)


def test_a_created_key_is_read_back_and_made_once(tmp_path: Path) -> None:
    path = config.create_secret(tmp_path / "new")
    key = path.read_text(encoding="ascii")
    assert path.stat().st_mode & 0o777 == 0o600
    assert load(tmp_path / "new", TRAINING_SECRET_KEY="").secret_key == key
    config.create_secret(tmp_path / "new")
    assert path.read_text(encoding="ascii") == key


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    config.create_secret(tmp_path).chmod(mode)
    with pytest.raises(ConfigurationError, match="chmod 600"):
        load(tmp_path, TRAINING_SECRET_KEY="")


def test_no_key_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="training init"):
        load(tmp_path, TRAINING_SECRET_KEY="")


def test_the_queue_has_a_file_of_its_own(tmp_path: Path) -> None:
    settings = load(tmp_path)
    assert settings.queue_path.name == "queue.db"
    assert os.fspath(settings.queue_path) not in settings.database_url
