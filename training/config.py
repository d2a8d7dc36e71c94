"""Settings, read once from TRAINING_*; a half configured application does not start."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

BACKENDS = {"sqlite", "postgresql", "postgresql+psycopg"}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
SMALLEST_KEY = 32
# How a mail server is spoken to, with its usual port.
MAIL_PORTS = {"smtp": 587, "smtps": 465}


class ConfigurationError(Exception):
    """A setting is missing or wrong; the message says what to do."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed over, and how."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: str = "starttls"  # Or: tls (from the first byte), none (on the machine itself only).


@dataclass(frozen=True)
class Settings:
    """Everything an installation can choose."""

    data: Path
    database_url: str
    secret_key: str
    base_url: str
    host: str = "127.0.0.1"
    port: int = 8000
    demonstration: bool = False
    proxies: int = 0
    curriculum: Path | None = None
    fast_hashing: bool = False
    mail_server: MailServer | None = None
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = None

    @property
    def mail_is_on(self) -> bool:
        """Tell whether mail goes anywhere; the demonstration has a mailbox of its own."""
        return self.demonstration or self.mail_server is not None

    @property
    def queue_path(self) -> Path:
        """Return the file of the embedded queue; no other library ever opens it."""
        return self.data / "queue.db"

    @property
    def embedded(self) -> bool:
        """Tell whether the database is SQLite."""
        return self.database_url.startswith("sqlite")


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings. Raises `ConfigurationError` naming the setting and the remedy."""
    data = data_folder(environment)
    host = environment.get("TRAINING_HOST", "127.0.0.1")
    port = _number(environment, "TRAINING_PORT", 8000)
    settings = Settings(
        data=data,
        database_url=_database_url(environment, data),
        secret_key=_secret(environment, data),
        base_url=environment.get("TRAINING_BASE_URL", f"http://{host}:{port}").rstrip("/"),
        host=host,
        port=port,
        demonstration=environment.get("TRAINING_DEMO", "0") == "1",
        proxies=_number(environment, "TRAINING_PROXIES", 0),
        curriculum=Path(folder) if (folder := environment.get("TRAINING_CURRICULUM")) else None,
        mail_server=_mail_server(environment),
        metrics_host=environment.get("TRAINING_METRICS_HOST", "127.0.0.1"),
        metrics_port=_number(environment, "TRAINING_METRICS_PORT", 0) or None,
    )
    _refuse_plain_http(settings)
    return settings


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of everything an installation keeps."""
    return Path(environment.get("TRAINING_DATA", "var")).resolve()


def create_secret(data: Path) -> Path:
    """Write a new secret key, readable by its owner alone, unless there is one."""
    path = data / "secret.key"
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path


def _database_url(environment: Mapping[str, str], data: Path) -> str:
    url = environment.get("TRAINING_DATABASE_URL", f"sqlite:///{data}/training.db")
    try:
        known = make_url(url).drivername in BACKENDS
    except (ArgumentError, ValueError):
        known = False
    if not known:
        # The value itself may hold a password.
        msg = (
            "TRAINING_DATABASE_URL is no address of a database this platform can use. Set it to "
            "sqlite:////FOLDER/FILE or postgresql://USER:PASSWORD@HOST/NAME, or unset it."
        )
        raise ConfigurationError(msg)
    return url


def _secret(environment: Mapping[str, str], data: Path) -> str:
    value = environment.get("TRAINING_SECRET_KEY", "")
    path = data / "secret.key"
    if not value and path.exists():
        if path.stat().st_mode & 0o077:
            msg = f"{path} can be read by others. Run: chmod 600 {path}"
            raise ConfigurationError(msg)
        value = path.read_text(encoding="ascii").strip()
    if len(value) < SMALLEST_KEY:
        msg = "There is no secret key. Run: training init (or set TRAINING_SECRET_KEY)."
        raise ConfigurationError(msg)
    return value


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal():
        msg = f"{name} must be a whole number, not {text!r}."
        raise ConfigurationError(msg)
    return int(text)


def _refuse_plain_http(settings: Settings) -> None:
    # Browsers drop __Host- cookies on plain http anywhere but on the machine itself.
    address = urlsplit(settings.base_url)
    if settings.demonstration and not {address.hostname, settings.host} <= LOOPBACK:
        msg = "The demonstration runs on the machine itself only: unset TRAINING_DEMO."
        raise ConfigurationError(msg)
    if address.scheme == "https":
        return
    if address.hostname not in LOOPBACK:
        msg = (
            f"TRAINING_BASE_URL is {settings.base_url}: signing in does not work over plain http. "
            "Put a proxy with TLS in front and set TRAINING_BASE_URL to its https address."
        )
        raise ConfigurationError(msg)
    if settings.host not in LOOPBACK:
        msg = (
            f"TRAINING_HOST is {settings.host}: pages sent without TLS may not leave this machine. "
            "Unset it, or set TRAINING_BASE_URL to the https address of a proxy with TLS in front."
        )
        raise ConfigurationError(msg)


def _mail_server(environment: Mapping[str, str]) -> MailServer | None:
    url, sender = (environment.get(f"TRAINING_{name}", "") for name in ("SMTP_URL", "MAIL_FROM"))
    if not url and not sender:
        return None
    if not url or not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", sender, re.ASCII):
        msg = (
            "Mail is half configured: set TRAINING_SMTP_URL to the mail server and "
            "TRAINING_MAIL_FROM to the bare address it sends from, or neither."
        )
        raise ConfigurationError(msg)
    try:
        return _read_mail_server(urlsplit(url), sender)
    except ValueError as error:
        # The address may hold a password, so it is not repeated.
        msg = (
            "TRAINING_SMTP_URL must be smtp://user:password@host:587 or "
            f"smtps://user:password@host:465: {error}"
        )
        raise ConfigurationError(msg) from error


def _read_mail_server(url: SplitResult, sender: str) -> MailServer:
    default = "tls" if url.scheme == "smtps" else "starttls"
    options = {"tls": default} | dict(parse_qsl(url.query, strict_parsing=bool(url.query)))
    tls = options.pop("tls")
    allowed = {"smtps": ("tls",), "smtp": ("starttls", "none")}.get(url.scheme, ())
    if not url.hostname or url.path.strip("/") or options or tls not in allowed:
        raise ValueError("it cannot be read.")
    if bool(url.username) != bool(url.password):
        raise ValueError("user and password go together.")
    if tls == "none" and url.hostname not in LOOPBACK:
        raise ValueError("without TLS mail goes to the machine itself only.")
    return MailServer(
        host=url.hostname,
        port=url.port or MAIL_PORTS[url.scheme],
        sender=sender,
        user=unquote(url.username or ""),
        password=unquote(url.password or ""),
        tls=tls,
    )
