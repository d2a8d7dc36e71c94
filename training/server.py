"""The application server: gunicorn with threads, the application loaded once and shared."""

import gc
from importlib import import_module
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from huey.consumer import Consumer

from training.config import Settings

WORKERS = 2
THREADS = 4
SECONDS = 30


class Server(BaseApplication):
    """Gunicorn, configured from our settings alone."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        """Keep the application, which the workers share after the fork."""
        self.flask = app
        self.settings = settings
        self.metrics: Any = None
        if settings.metrics_port is not None:
            # Loaded only here: it prepares the counting for processes that are forked.
            self.metrics = import_module("training.metrics")
            self.metrics.watch(app)
        super().__init__()

    def load_config(self) -> None:
        """Set what gunicorn needs to know."""
        options = {
            "bind": f"{self.settings.host}:{self.settings.port}",
            "workers": WORKERS,
            "threads": THREADS,
            "worker_class": "gthread",
            "preload_app": True,
            "timeout": SECONDS,
            "graceful_timeout": SECONDS,
            "forwarded_allow_ips": "127.0.0.1",
            "post_fork": self._own_connections,
            "when_ready": self._offer_metrics,
            "on_exit": self._forget_metrics,
            # A path may hold a verification code, so no line per request is written.
            "accesslog": None,
            "loglevel": "warning",
            "control_socket_disable": True,
        }
        for name, value in options.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the application."""
        return self.flask

    def _own_connections(self, _server: Any, _worker: Any) -> None:
        # A connection of the parent must not be used, nor closed, by a child.
        self.flask.extensions["engine"].dispose(close=False)

    def _offer_metrics(self, _server: Any) -> None:
        if self.metrics is not None:
            self.metrics.offer(self.flask, self.settings)

    def _forget_metrics(self, _server: Any) -> None:
        if self.metrics is not None:
            self.metrics.forget()


def serve(app: Flask, settings: Settings) -> None:
    """Serve until the process is told to stop."""
    # What is loaded before the fork stays: a collector that walks through it would unshare it.
    server = Server(app, settings)
    gc.collect()
    gc.freeze()
    server.run()


def work(app: Flask) -> None:
    """Run jobs until the process is told to stop."""
    consumer = Consumer(app.extensions["queue"], workers=1, periodic=True, check_worker_health=True)
    consumer.run()
