"""Giving start codes in a request; the views of cards and of the administrator's desk share it."""

import secrets
from collections.abc import Sequence

from training import clock, db
from training.accounts import entry, letting_in, sign_in_throttle, start_mail, throttle
from training.accounts.code_forms import CodeForm
from training.accounts.code_requests import Given, Holder, Request
from training.auth import signed_in
from training.errors import Invalid


def new_token() -> str:
    """Return a token for a form that asks for codes."""
    return secrets.token_urlsafe(24)


def request_for(token: str | None) -> Request:
    """Return the request of the signed-in person; a form without a token gets a new one."""
    return Request(signed_in().viewer, token or new_token(), entry.key(), clock.now())


def reset(person_id: int) -> Given:
    """Give one person a new start code, and let nobody wait for their account any longer."""
    form, me = CodeForm(), signed_in()
    if not form.validate():
        raise Invalid("token", "Reload the page and send it again.")
    asked = request_for(form.token.data)
    found = letting_in.person_to_let_in(db.session(), me.viewer, person_id, at=asked.at)
    holder = Holder(found.id, found.printed_name, found.user_name, found.language)
    given = asked.given(holder)
    with db.transaction() as session:
        letting_in.reset(session, asked, given, me.printed_name)
        sign_in_throttle.release(session, entry.account(holder.user_name), at=asked.at)
        throttle.forgive(session, entry.second_step_key(holder.id), at=asked.at)
    return given


def cards(
    asked: Request, people: Sequence[Holder], unit_id: int | None, *, by_mail: bool = False
) -> list[Given]:
    """Give codes to people not yet in, on cards or by mail; hashed before the transaction."""
    given = [asked.given(holder) for holder in people]
    with db.transaction() as session:
        kept = letting_in.give_cards(session, asked, given, unit_id, by_mail=by_mail)
        if by_mail:
            start_mail.queue(session, asked, kept)
    return kept
