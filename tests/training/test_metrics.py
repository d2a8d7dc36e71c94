"""The numbers for monitoring, asked of a real server with several processes."""

import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.conftest import Databases
from tests.factories import NOW, Factory
from tools.bench.databases import Database
from tools.bench.installation import Installation, free_port
from training import jobs
from training.mail import services as outbox
from training.mail.services import Wish
from training.orm import make_engine

PATIENCE = 30


@dataclass
class Running:
    """A server whose metrics can be asked."""

    place: Installation
    port: int

    def get(self, path: str) -> int:
        """Open a page on a connection of its own, so that any process may answer."""
        request = urllib.request.Request(f"{self.place.base_url}{path}")
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code

    def metrics(self) -> str:
        """Return what the port says."""
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics") as answer:
            return str(answer.read().decode())


@pytest.fixture
def running(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Running]:
    """Serve an empty installation with metrics."""
    port = free_port()
    with databases.copy("taught") as url:
        place = Installation(Database("any", url, tmp_path))
        settings = place.environment | {"TRAINING_METRICS_PORT": str(port), "TMPDIR": str(tmp_path)}
        place.prepare()
        monkeypatch.setattr(place.server, "_environment", settings)
        place.server.start()
        try:
            place.wait_ready()
            yield Running(place, port)
        finally:
            place.stop()


def values(text: str) -> dict[str, float]:
    """Return the numbers by what stands before them."""
    lines = (line.rpartition(" ") for line in text.splitlines() if not line.startswith("#"))
    return {name: float(number) for name, _, number in lines}


@pytest.mark.slow
def test_a_port_of_its_own_tells_numbers_of_all_processes_and_of_nobody(running: Running) -> None:
    for _ in range(12):
        assert running.get("/sign-in") == 200
    assert running.get("/no/such/page/secret-7") == 404
    jobs.beat(running.place.data)
    engine = make_engine(running.place.database.url)
    with Session(engine.execution_options(write=True)) as session:
        person = Factory(session).person(email="robin@x.example", printed_name="Robin Vos")
        outbox.queue(session, "assigned", [Wish(person.id, "1", {})], at=NOW)
        session.commit()
    engine.dispose()
    text = running.metrics()
    found = values(text)
    assert found['training_requests_total{feature="accounts",status="200"}'] == 12
    assert found['training_requests_total{feature="none",status="404"}'] == 1
    assert found['training_request_seconds_count{feature="accounts"}'] >= 12
    assert 'training_statements_total{feature="accounts"}' in found
    assert 0 <= found["training_worker_silent_seconds"] < PATIENCE
    assert found["training_mail_waiting_seconds"] != 0
    assert found["training_documents_waiting"] == found["training_documents_blocked"] == 0
    assert found["training_jobs_waiting"] == 0
    assert found["training_database_up"] == 1
    for secret in ("secret-7", "Robin", "robin", "/sign-in"):
        assert secret not in text
    assert running.get("/metrics") == 404, "the public port says nothing of it"
