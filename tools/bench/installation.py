"""An installation in a folder of its own, whose server and worker are real processes."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from flask import Flask
from huey import MemoryHuey

from tools.bench.databases import Database
from training import config, jobs, publishing
from training.app import create_app
from training.migrations import schema

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60  # Seconds, because other work may keep the machine busy.
GENTLE = 10


class Program:
    """A process of ours with its children, in a group of its own that can be killed as one."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        """Say what runs; `start` runs it."""
        self._command = command
        self._environment = environment
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """Return the number of the process."""
        if self._running is None:
            raise RuntimeError("the program does not run")
        return self._running.pid

    @property
    def ended(self) -> bool:
        """Tell whether it ended by itself, or was never started."""
        return self._running is None or self._running.poll() is not None

    def start(self) -> None:
        """Start it; what it says is added to the log."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 - our own command
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """End it and its children at once, as a power cut would."""
        if self._running is not None:
            self._signal(signal.SIGKILL)
            self._running.wait()
            self._running = None

    def stop(self) -> None:
        """Ask it to end, and kill what does not listen."""
        if self._running is not None:
            self._signal(signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                self._running.wait(GENTLE)
        self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self._running is not None:
            # Its group outlives it as long as a child of it lives.
            with suppress(ProcessLookupError):
                os.killpg(self._running.pid, number)


class Installation:
    """A data folder, a database, a port, and the programs that work with them."""

    def __init__(self, database: Database) -> None:
        """Choose a free port; nothing is written yet."""
        self.database = database
        self.data = database.folder
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.server = self.program("-m", "training.cli", "serve")
        self.worker = self.program("-m", "training.cli", "worker")

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings of every program, and nothing of the caller's own settings."""
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": os.environ.get("HOME", "/"),
            "LANG": "C.UTF-8",
            "TRAINING_DATA": str(self.data),
            "TRAINING_DATABASE_URL": self.database.url,
            "TRAINING_PORT": str(self.port),
            "TRAINING_BASE_URL": self.base_url,
            # Only the demonstration issues certificates for content nobody has approved.
            "TRAINING_DEMO": "1",
        }

    @property
    def log(self) -> Path:
        """Return what the programs said."""
        return self.data / "programs.log"

    def program(self, *arguments: str) -> Program:
        """Return a program of this installation, not started."""
        return Program([sys.executable, *arguments], self.environment, self.log)

    def prepare(self) -> None:
        """Make key, schema and queue, and publish the curriculum; what is there stays."""
        config.create_secret(self.data)
        jobs.make_queue(self.settings(), create=True)
        app = self.app()
        schema.upgrade(app.extensions["engine"])
        with app.app_context():
            publishing.publish()
        app.extensions["engine"].dispose()

    def settings(self) -> config.Settings:
        """Return the settings as the programs read them."""
        return config.load(self.environment)

    def app(self) -> Flask:
        """Return the application in this process, with a queue that nobody empties."""
        return create_app(self.settings(), queue=MemoryHuey())

    def wait_ready(self) -> None:
        """Wait until the server answers. Raises `RuntimeError` when it has ended instead."""
        end = time.monotonic() + PATIENCE
        while not answers(self.port):
            if self.server.ended or time.monotonic() > end:
                raise RuntimeError(f"the server does not answer:\n{self.said()}")
            time.sleep(0.02)

    def said(self) -> str:
        """Return the last of what the programs said."""
        text = self.log.read_text(encoding="utf-8") if self.log.exists() else ""
        return text[-3000:]

    def stop(self) -> None:
        """End both programs."""
        self.server.stop()
        self.worker.stop()


def answers(port: int) -> bool:
    """Tell whether a server answers on this port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/livez")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Return a port of the loopback address that nobody uses now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
