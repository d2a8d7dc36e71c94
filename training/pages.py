"""What every page has around it, and the pages for when something goes wrong."""

import logging
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from training import db, installation
from training.accounts.sessions import SignedIn
from training.auth import may_send_again, sent_fields
from training.errors import DomainError
from training.parts import Link, registered

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    """Give templates their surroundings and errors their pages."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters["unbroken"] = _unbroken
    app.jinja_env.globals["url_for"] = _address
    app.extensions["addresses"] = {}
    app.context_processor(_surroundings)
    app.before_request(_number)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unexpected)


def _unbroken(title: str) -> str:
    # A word such as pre-deployment is not torn apart where it is large.
    return title.replace("-", "\N{NON-BREAKING HYPHEN}")


def _number() -> None:
    g.reference = uuid4().hex[:12]


def _surroundings() -> dict[str, Any]:
    person = current_user._get_current_object() if current_user else None  # noqa: SLF001
    signed_in = isinstance(person, SignedIn)
    return {
        "person": person if signed_in else None,
        "navigation": _navigation(person) if isinstance(person, SignedIn) else [],
        "demonstration": installation.settings().demonstration,
        "here": _here(),
    }


def _address(endpoint: str, **values: Any) -> str:
    if values and endpoint != "static":
        return url_for(endpoint, **values)
    # Around every page stand the same few, so each is put together once.
    known: dict[Any, str] = current_app.extensions["addresses"]
    key = (request.script_root, endpoint, *values.items())
    if key not in known:
        known[key] = url_for(endpoint, **values)
    return known[key]


def _here() -> str:
    if request.method == "GET" and request.url_rule is not None:
        return request.full_path.rstrip("?")
    # What answers a form may have an address that takes forms only: nobody can be led back there.
    adapter = current_app.create_url_adapter(request)
    if adapter is not None and adapter.test(method="GET"):
        return request.full_path.rstrip("?")
    return url_for("home.home")


def _navigation(person: SignedIn) -> list[Link]:
    if person.must_choose_password or person.must_pass_second_step:
        return []  # Nothing opens before.
    return [
        link
        for part in registered()
        for link in part.navigation
        if link.permission is None or person.viewer.may(link.permission)
    ]


def _page(status: int, heading: str, message: str, remedy: str = "") -> ResponseReturnValue:
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error=message), status
    page = render_template(
        "errors/error.html",
        heading=heading,
        message=message,
        remedy=remedy or _("Go back and try again, or start from your first page."),
        home_url=url_for("home.home"),
        reference=g.get("reference", ""),
    )
    return page, status


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 - redirects are raised too
        return error
    heading, message, *remedy = {
        400: (_("This could not be understood"), _("What your browser sent makes no sense here.")),
        403: (_("You may not open this page"), _("Your role does not include it.")),
        404: (_("There is no such page"), _("It may have been moved, or it is not yours to see.")),
        405: (_("There is no such page"), _("This address only takes what a form sends.")),
        413: (
            _("That is too much"),
            _("What you sent is larger than this page accepts."),
            _("Go back and send less. A list of people may be 5 MB at most."),
        ),
    }.get(status, (_("This did not work"), _("The request could not be handled.")))
    return _page(status, heading, message, *remedy)


def _expired(error: CSRFError) -> ResponseReturnValue:
    json = request.accept_mimetypes.best == "application/json"
    if json or not may_send_again():
        return _page(error.code or 400, *_how_to_send_it())
    page = render_template(
        "accounts/continue_held.html",
        action=request.full_path.rstrip("?"),
        fields=sent_fields(),
        expired=True,
    )
    return page, 400


def _how_to_send_it() -> tuple[str, ...]:
    view = current_app.view_functions.get(request.endpoint or "")
    if current_user.is_authenticated or getattr(view, "permission", None) is None:
        return _("This page had expired"), _("Reload the page and send it again.")
    # Reloading sends the same form, which is then offered to whoever has signed in.
    return (
        _("You are signed out"),
        _("What you sent was not saved."),
        _("Sign in in another window. Then come back here, reload this page and send it again."),
    )


def _refused(error: DomainError) -> ResponseReturnValue:
    return _page(error.status, _("This cannot be done"), _(str(error)))


def _database(error: DBAPIError) -> ResponseReturnValue:
    log.error("database: %s", type(error.orig).__name__, exc_info=error)
    db.session().rollback()
    if "_login_user" not in g:  # Who it is cannot be found out either, nor be asked again.
        g._login_user = AnonymousUserMixin()  # noqa: SLF001 - where Flask-Login keeps its answer
    return _page(
        503,
        _("The platform cannot reach its data"),
        _("Nothing was saved by this request. What was saved before is safe."),
        _("Wait a minute, go back and send it again. If it stays so, tell your administrator."),
    )


def _unexpected(error: Exception) -> ResponseReturnValue:
    log.error("unexpected", exc_info=error)
    return _page(
        500,
        _("Something went wrong on our side"),
        _("The fault has been written down under the reference below."),
    )
