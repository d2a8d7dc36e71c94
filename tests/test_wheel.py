"""The wheel: what is in it, and that it runs where there is nothing of this checkout."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZipFile

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
NEEDED = {
    "training/templates/base.html",
    "training/templates/documents/certificate.css",
    "training/static/training.css",
    "training/static/icons.svg",
    "training/translations/nl/LC_MESSAGES/messages.mo",
    "training/translations/fr/LC_MESSAGES/messages.mo",
    "training/migrations/env.py",
    "training/migrations/script.py.mako",
    "training/migrations/versions/0001_first_house.py",
    "modules/curriculum/core/course.toml",
    "modules/curriculum/core/06-conduct/module.toml",
    "modules/curriculum/core/06-conduct/questions.toml",
    "modules/curriculum/core/06-conduct/10-power-and-consent.nl.md",
    "modules/curriculum/core/06-conduct/reporting-lines.en.svg",
    "training/fonts.conf",
}
TOP = {"training", "modules", "quizzes", "certificates"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release is built, translations included."""
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "tools.translations", "compile"], ROOT)
    build = ["-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    run([sys.executable, *build], ROOT)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it into a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    offline = ["--no-deps", "--no-index", "--disable-pip-version-check", "-q"]
    run([sys.executable, "-m", "pip", "install", *offline, "--target", str(folder), str(wheel)])
    return folder


def run(command: list[str], folder: Path | None = None, **environment: str) -> str:
    """Run a command, and fail with all it said when it fails."""
    done = subprocess.run(
        command,
        check=False,
        cwd=folder,
        env=clean() | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}"
    return done.stdout


def clean() -> dict[str, str]:
    """Return an environment that points neither at this checkout nor at an installation."""
    ours = ("PYTHON", "TRAINING_")
    return {key: value for key, value in os.environ.items() if not key.startswith(ours)}


def test_the_wheel_holds_everything_it_needs_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert names >= NEEDED, NEEDED - names
    tops = {name.split("/", maxsplit=1)[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == TOP
    assert not [name for name in names if "/tests/" in name or "__pycache__" in name]


def test_the_wheel_sets_up_an_installation_and_serves_it(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    place = {
        "PYTHONPATH": str(installed),
        "TRAINING_DATA": str(tmp_path / "data"),
        "TRAINING_PORT": str(port),
    }
    training = [sys.executable, "-m", "training.cli"]
    where = run(
        [sys.executable, "-c", "import training; print(training.__file__)"], tmp_path, **place
    )
    assert Path(where.strip()).is_relative_to(installed)
    run([*training, "init"], tmp_path, **place)
    who = ["--organisation", "Tarsa Desk", "--user-name", "karin", "--name", "Karin Oldenhof"]
    assert "Start code for karin" in run([*training, "create-admin", *who], tmp_path, **place)
    assert "Every record agrees." in run([*training, "check"], tmp_path, **place)
    with served([*training, "serve"], tmp_path, port, place) as site:
        assert 'lang="nl"' in get(f"{site}/sign-in", "nl")
        assert "Inloggen" in get(f"{site}/sign-in", "nl")
        assert "Sign in" in get(f"{site}/sign-in", "en")
        assert ":root" in get(f"{site}/static/training.css")


@contextmanager
def served(command: list[str], folder: Path, port: int, place: dict[str, str]) -> Iterator[str]:
    """Serve for as long as it is needed."""
    site = f"http://127.0.0.1:{port}"
    with (folder / "serve.log").open("w") as log:
        server = subprocess.Popen(
            command, cwd=folder, env=clean() | place, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            wait_for(f"{site}/livez", server)
            yield site
        finally:
            server.send_signal(signal.SIGTERM)
            assert server.wait(timeout=60) == 0, (folder / "serve.log").read_text()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until a page answers, as long as the server lives."""
    for _ in range(600):
        assert server.poll() is None, "the server has ended"
        try:
            get(address)
        except urllib.error.URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"{address} does not answer")


def get(address: str, language: str = "en") -> str:
    """Return a page."""
    request = urllib.request.Request(address, headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
