"""The wheel: what is in it, and that it runs where there is nothing of this checkout."""

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from tests.certificates.register.test_document import DATA as CERTIFICATE

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
TRAINING = [sys.executable, "-m", "training.cli"]
DRAW = """
import pickle, sys
from pathlib import Path
from certificates.register.document import render
certificate = pickle.loads(Path(sys.argv[1]).read_bytes())
Path(sys.argv[2]).write_bytes(render(certificate, "en"))
"""
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
    where = run(
        [sys.executable, "-c", "import training; print(training.__file__)"], tmp_path, **place
    )
    assert Path(where.strip()).is_relative_to(installed)
    run([*TRAINING, "init"], tmp_path, **place)
    who = ["--organisation", "Tarsa Desk", "--user-name", "karin", "--name", "Karin Oldenhof"]
    assert "Start code for karin" in run([*TRAINING, "create-admin", *who], tmp_path, **place)
    assert "Every record agrees." in run([*TRAINING, "check"], tmp_path, **place)
    site = f"http://127.0.0.1:{port}"
    with running([*TRAINING, "serve"], tmp_path, place) as server:
        wait_until(lambda: answers(f"{site}/livez"), server)
        assert 'lang="nl"' in get(f"{site}/sign-in", "nl")
        assert "Inloggen" in get(f"{site}/sign-in", "nl")
        assert "Sign in" in get(f"{site}/sign-in", "en")
        assert ":root" in get(f"{site}/static/training.css")


def test_the_wheel_works_in_the_background_and_draws_a_certificate(
    installed: Path, tmp_path: Path
) -> None:
    data, paper = tmp_path / "data", tmp_path / "paper.pdf"
    place = {"PYTHONPATH": str(installed), "TRAINING_DATA": str(data)}
    run([*TRAINING, "init"], tmp_path, **place)
    with running([*TRAINING, "worker"], tmp_path, place) as worker:
        wait_until((data / "worker.beat").exists, worker)
    (tmp_path / "certificate").write_bytes(pickle.dumps(CERTIFICATE))
    run([sys.executable, "-c", DRAW, str(tmp_path / "certificate"), str(paper)], tmp_path, **place)
    (page,) = PdfReader(paper).pages
    assert CERTIFICATE.holder_name in page.extract_text()
    fonts = {str(font["/BaseFont"]).rpartition("+")[2] for font in fonts_of(page)}
    assert all(font.startswith("Noto") for font in fonts), "it has fonts.conf of its own"


def fonts_of(page: Any) -> list[Any]:
    """Return the fonts that a page is set in."""
    return [font.get_object() for font in page["/Resources"]["/Font"].get_object().values()]


@contextmanager
def running(
    command: list[str], folder: Path, place: dict[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process for as long as it is needed; it ends when it is told to."""
    told = folder / f"{command[-1]}.log"
    with told.open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=clean() | place, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=60) in {0, -signal.SIGTERM}, told.read_text()


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Wait until something is true, as long as the process lives."""
    for _ in range(600):
        assert process.poll() is None, "the process has ended"
        if true():
            return
        time.sleep(0.1)
    raise AssertionError("it never became true")


def answers(address: str) -> bool:
    """Tell whether there is a page at an address."""
    try:
        get(address)
    except urllib.error.URLError:
        return False
    return True


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
