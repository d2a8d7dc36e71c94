"""What tests share: databases on both engines, the application, a browser that checks pages."""

import gc
import socket
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from flask import Flask
from huey import MemoryHuey
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Engine, event, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from modules.catalogue.models import Course
from tests.databases import PostgreSQL, Sqlite, quick_folder
from tests.editions import cut_down
from tests.factories import Factory
from tests.pages import Browser
from training import jobs, publishing
from training.accounts.models import Person
from training.app import create_app
from training.config import Settings
from training.migrations import schema
from training.orm import make_engine

# How long a machine takes says nothing about a rule.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("untimed")

COMPILED = ("_parts", "_trace", "_converters", "_build", "_build_unknown", "arguments")
Databases = Sqlite | PostgreSQL
SERVERS: dict[str, Callable[[Path], Databases]] = {"sqlite": Sqlite, "postgresql": PostgreSQL}


def settings_for(url: str, data: Path, **values: object) -> Settings:
    """Return the settings of a test installation."""
    chosen = {
        "data": data,
        "database_url": url,
        "secret_key": "a secret key for tests, long enough",
        "base_url": "https://localhost",
        "demonstration": True,
        "fast_hashing": True,
    } | values
    return Settings(**chosen)  # type: ignore[arg-type]


@pytest.fixture(scope="session", autouse=True)
def rarely_collected() -> Iterator[None]:
    """Look for garbage rarely, and never among the modules: that was a sixth of all the time."""
    gc.collect()
    gc.freeze()
    before = gc.get_threshold()
    gc.set_threshold(20_000, 20, 20)
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.fixture(scope="session", autouse=True)
def compiled_addresses() -> Iterator[None]:
    """Keep what werkzeug compiles of an address: it is most of making an application anew."""
    compiled = Rule.compile
    kept: dict[object, dict[str, Any]] = {}

    def remembered(rule: Rule) -> None:
        key = (rule.rule, str(rule.defaults))
        if key not in kept:
            compiled(rule)
            kept[key] = {name: getattr(rule, name) for name in COMPILED}
        vars(rule).update(kept[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", remembered)
        yield


@pytest.fixture(scope="session")
def curriculum(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the curriculum of the tests: the module on conduct alone, as a course 0.1.0.

    A further module must not change what the tests of a rule count.
    """
    folder = tmp_path_factory.mktemp("curriculum")
    cut_down(folder)
    return folder


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def databases(request: pytest.FixtureRequest, curriculum: Path) -> Iterator[Databases]:
    """Return the templates: `empty` has the schema, `taught` the core course as well."""
    with quick_folder() as folder:
        found = SERVERS[request.param](folder)
        _make_templates(found, folder, curriculum)
        yield found
        found.close()


def _make_templates(found: Databases, folder: Path, curriculum: Path) -> None:

    def fill(url: str, *, taught: bool) -> None:
        engine = make_engine(url)
        schema.upgrade(engine)
        if taught:
            settings = settings_for(url, folder, curriculum=curriculum)
            app = create_app(settings, engine=engine, queue=MemoryHuey())
            with app.app_context():
                publishing.publish()
        engine.dispose()

    found.make_template("empty", lambda url: fill(url, taught=False))
    found.make_template("taught", lambda url: fill(url, taught=True))


@pytest.fixture
def database_url(databases: Databases, request: pytest.FixtureRequest) -> Iterator[str]:
    """Return the address of a database of the test's own; with `course` it has the core course."""
    taught = {"course", "assignment"} & set(request.fixturenames)
    with databases.copy("taught" if taught else "empty") as url:
        yield url


@pytest.fixture(scope="session")
def compiled_statements(databases: Databases) -> Engine:
    """Return the engine whose dialect, and what it compiles, those of all tests share.

    Compiling each statement anew in each test took a sixth of all the time.
    """
    with databases.copy("empty") as url:
        engine = make_engine(url, query_cache_size=10_000)
        engine.connect().close()  # The dialect asks the server what it can do.
        engine.dispose()
    return engine


@pytest.fixture
def engine(database_url: str, compiled_statements: Engine) -> Iterator[Engine]:
    """Return the engine that application and test share."""
    engine = make_engine(database_url, durable=False)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _hurry)
    engine.dialect = compiled_statements.dialect
    engine._compiled_cache = compiled_statements._compiled_cache
    yield engine
    engine.dispose()


def _hurry(connection: Any, _record: object) -> None:
    # Tests do not survive a power cut, and waiting for the disk took a tenth of their time.
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture
def settings(database_url: str, tmp_path: Path, curriculum: Path) -> Settings:
    """Return the settings of the application under test."""
    return settings_for(database_url, tmp_path, curriculum=curriculum)


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Return the templates compiled so far: compiling them costs more than most tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(settings: Settings, engine: Engine, compiled_templates: FileSystemBytecodeCache) -> Flask:
    """Return the application, with a queue in memory that nobody empties."""
    app = create_app(settings, engine=engine, queue=MemoryHuey(), TESTING=True)
    app.jinja_env.bytecode_cache = compiled_templates
    return app


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return a session of the test's own, apart from those of its requests."""
    with Session(engine.execution_options(write=True), expire_on_commit=False) as session:
        yield session


@pytest.fixture
def make(session: Session) -> Factory:
    """Return the maker of committed rows."""
    return Factory(session)


@pytest.fixture
def course(session: Session) -> Course:
    """Return the published core course."""
    course = session.scalars(select(Course)).one()
    session.commit()
    return course


Browsers = Callable[[Person | None], Browser]


@pytest.fixture
def browser(app: Flask) -> Browsers:
    """Return what opens a browser for a person, or for nobody."""
    return partial(Browser, app)


Worker = Callable[[], None]


@pytest.fixture
def worker(app: Flask) -> Worker:
    """Return what does all that waits for the worker."""

    def work() -> None:
        with app.app_context():
            jobs.run_all()

    return work


@pytest.fixture
def statements(engine: Engine) -> list[str]:
    """Return a list which every statement of the application is added to."""
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    return seen


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.socket.connect

    def connect(self: socket.socket, address: object) -> None:
        local = isinstance(address, str | bytes) or address[0] in {"127.0.0.1", "::1", "localhost"}  # type: ignore[index]
        assert local, f"a test may not connect to {address}"
        real(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", connect)
