"""What a monitoring system asks: how requests go, and how far the background work is.

The server's processes count into files of one folder, which a thread of their parent adds up and
hands out on a port of its own. Numbers only: no ids, no addresses, nobody's name.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from flask import Flask, Response, g, has_request_context, request, request_finished
from flask import request_started as begun
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

# The library asks for the folder while it is imported, so this stands before it.
FOLDER = tempfile.mkdtemp(prefix="training-metrics-")
os.environ["PROMETHEUS_MULTIPROC_DIR"] = FOLDER

from prometheus_client import (  # noqa: E402 - see above
    CollectorRegistry,
    Counter,
    Histogram,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily  # noqa: E402
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402

from training import clock, db, health  # noqa: E402
from training.config import Settings  # noqa: E402
from training.parts import registered  # noqa: E402

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
# A feature stands for all its addresses: an address may hold what is nobody's business.
FEATURE = ("feature",)
REQUESTS = Counter("training_requests", "Requests answered", ("feature", "status"))
SECONDS = Histogram("training_request_seconds", "Time to answer", FEATURE, buckets=BUCKETS)
STATEMENTS = Counter("training_statements", "Statements asked of the database", FEATURE)


def watch(app: Flask) -> None:
    """Count the requests of the processes that are forked from now on."""
    begun.connect(_begin, app)
    request_finished.connect(_end, app)
    event.listen(app.extensions["engine"], "before_cursor_execute", _count)


def _begin(_app: Flask, **_: Any) -> None:
    g.begun, g.statements = time.perf_counter(), 0


def _count(*_: Any) -> None:
    if has_request_context() and "statements" in g:
        g.statements += 1


def _end(_app: Flask, response: Response, **_: Any) -> None:
    feature = request.blueprint or request.endpoint or "none"
    REQUESTS.labels(feature, str(response.status_code)).inc()
    SECONDS.labels(feature).observe(time.perf_counter() - g.begun)
    STATEMENTS.labels(feature).inc(g.statements)


def offer(app: Flask, settings: Settings) -> None:
    """Hand the numbers out; to be called in the parent of the server's processes."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(BackgroundWork(app))
    start_http_server(settings.metrics_port or 0, settings.metrics_host, registry)


def forget() -> None:
    """Remove the files of a server that ends."""
    shutil.rmtree(FOLDER, ignore_errors=True)


class BackgroundWork:
    """How far the background work is, read when somebody asks."""

    def __init__(self, app: Flask) -> None:
        """Keep the application, whose parts know their own work."""
        self._app = app

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name nothing beforehand: it would be read while the server starts."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Return a number for each thing that waits."""
        with self._app.app_context():
            for name, value in self._numbers().items():
                yield GaugeMetricFamily(f"training_{name}", name.replace("_", " "), value)

    def _numbers(self) -> dict[str, float]:
        now, found = clock.now(), {"database_up": 1.0}
        if (beat := health.last_beat()) is not None:
            found["worker_silent_seconds"] = (now - beat).total_seconds()
        try:
            for part in registered():
                found |= part.numbers(db.session(), now) if part.numbers else {}
        except DBAPIError:
            found["database_up"] = 0.0
        return found
