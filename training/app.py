"""The application factory: settings, parts, and the refusal of views that are open by mistake."""

from importlib import import_module
from typing import Any

from flask import Flask
from flask_wtf import CSRFProtect
from huey import Huey
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from training import (
    auth,
    config,
    db,
    guide,
    headers,
    health,
    home,
    i18n,
    jobs,
    pages,
    static_files,
)
from training.orm import make_engine
from training.places import TEMPLATES

# Named, not imported: `training` lies below the features and must not know them.
FEATURES = (
    "training.accounts.part",
    "training.imports.part",
    "training.missions.part",
    "training.rosters.part",
    "training.upkeep.part",
    "training.mail.part",
    "training.kept.part",
    "training.merging.part",
    "training.expiry.part",
    "modules.catalogue.part",
    "modules.glossary.part",
    "modules.assignments.part",
    "modules.learning.part",
    "modules.requirements.part",
    "modules.remarks.part",
    "modules.approval.part",
    "quizzes.bank.part",
    "quizzes.attempts.part",
    "quizzes.progress.part",
    "certificates.register.part",
    "certificates.verification.part",
    "certificates.records.part",
    "certificates.readiness.part",
)


def create_app(
    settings: config.Settings | None = None,
    *,
    engine: Engine | None = None,
    queue: Huey | None = None,
    **options: Any,
) -> Flask:
    """Create the application. It opens no connection and changes nothing by being made."""
    settings = settings or config.load()
    app = Flask("training", template_folder=str(TEMPLATES))
    app.extensions["settings"] = settings
    app.config.from_mapping(_flask_settings(settings), **options)
    db.init_app(app, engine or make_engine(settings.database_url))
    pages.init_app(app)  # First, so that every refusal has a reference.
    headers.init_app(app)
    CSRFProtect(app)
    for part in (i18n, auth, static_files, home, guide, health):
        part.init_app(app)
    for name in FEATURES:
        import_module(name).init_app(app)
    jobs.init_app(app, queue or jobs.make_queue(settings))
    auth.check_views(app)
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count
        )
    return app


def _flask_settings(settings: config.Settings) -> dict[str, Any]:
    return {
        "SECRET_KEY": settings.secret_key,
        # __Host- binds the cookie to this host, this path and TLS (RFC 6265bis, 4.1.3.2).
        "SESSION_COOKIE_NAME": "__Host-training",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        # Ships and long tests: a token lives as long as its session.
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
    }
