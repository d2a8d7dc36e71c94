"""Signed-in browsers, made without the form: a session row and the cookie that goes with it."""

from collections.abc import Iterable
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from training import clock, db
from training.accounts import sessions


def cookies(app: Flask, people: Iterable[int]) -> dict[int, str]:
    """Sign people in, all in one transaction, and return the cookie of each."""
    name = app.config["SESSION_COOKIE_NAME"]
    interface = app.session_interface
    signer = (
        interface.get_signing_serializer(app)
        if isinstance(interface, SecureCookieSessionInterface)
        else None
    )
    if signer is None:
        raise RuntimeError("the application has no key to sign cookies with")

    def signed(token: str) -> str:
        kept: dict[str, Any] = {"_user_id": token, "_fresh": True, "csrf_token": "token"}
        return f"{name}={signer.dumps(kept)}"

    with app.app_context(), db.transaction() as session:
        now = clock.now()
        return {
            person: signed(
                sessions.begin(session, person, own_device=True, second_step=True, at=now)
            )
            for person in people
        }


def form_token(app: Flask) -> str:
    """Return the token that forms carry for the cookies made here."""
    signer = URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="wtf-csrf-token")
    return str(signer.dumps("token"))
