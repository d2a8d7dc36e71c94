"""Getting people in: start cards to print, codes by mail, and a new code in the room."""

from collections.abc import Sequence
from typing import Any

import segno
from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms.fields.choices import SelectChoice

from training import clock, db, installation, jobs
from training.accounts import card_sheets, giving, not_yet_in, services, waiting_units
from training.accounts.code_forms import CardsForm, LetInForm
from training.accounts.code_requests import Given
from training.accounts.listing import row
from training.accounts.models import Person
from training.addresses import row_id
from training.auth import requires, signed_in
from training.permissions import Permission

LET_IN = Permission.LET_IN
MAIL = "mail"  # The job of the outbox.

bp = Blueprint("cards", __name__, url_prefix="/start-cards")


@bp.get("/")
@requires(LET_IN)
def people() -> str:
    """List those who are not yet in, with a button for each, and offer cards for all of them."""
    return _page(CardsForm(formdata=None), LetInForm(formdata=None))


@bp.post("/find")
@requires(LET_IN)
def find() -> ResponseReturnValue:
    """Find people to let in. Names are sent by the form, so that no address holds one."""
    search = LetInForm()
    usable = search.validate()
    return _page(CardsForm(formdata=None), search, usable=usable), 200 if usable else 422


@bp.post("/")
@requires(LET_IN)
def make() -> ResponseReturnValue:
    """Make start cards and show them, ready to print, this once."""
    form, found = _sent()
    if not form.validate():
        return _page(form, LetInForm(formdata=None)), 422
    given, more = _give(form, found)
    return card_sheets.page(given, more=more)


@bp.post("/mail")
@requires(LET_IN)
def mail() -> ResponseReturnValue:
    """Send start codes by mail to those who have an address."""
    if not installation.settings().mail_is_on:
        abort(404)
    form, found = _sent()
    if not form.validate():
        return _page(form, LetInForm(formdata=None)), 422
    given, more = _give(form, found, by_mail=True)
    jobs.wake(MAIL)
    _say(len(given), more=more)
    return redirect(url_for("cards.people"), 303)


def _sent() -> tuple[CardsForm, Sequence[waiting_units.Waiting]]:
    form = CardsForm()
    found, everybody = waiting_units.waiting(db.session(), signed_in().viewer, _today())
    _fill(form, found, everybody)
    return form, found


def _give(
    form: CardsForm, found: Sequence[waiting_units.Waiting], *, by_mail: bool = False
) -> tuple[list[Given], bool]:
    unit = next((unit for unit in found if unit.id == form.unit_id.data), None)
    asked = giving.request_for(form.token.data)
    waiting, more = not_yet_in.for_cards(
        db.session(),
        asked,
        unit.below if unit else (),
        anew=form.anew.data,
        by_mail=by_mail,
        on=_today(),
    )
    return giving.cards(asked, waiting, unit.id if unit else None, by_mail=by_mail), more


def _say(number: int, *, more: bool) -> None:
    if not number:
        flash(_("Nobody here has an e-mail address and no code yet. Print cards instead."))
        return
    flash(
        ngettext(
            "One start code is on its way by mail.",
            "%(num)s start codes are on their way by mail.",
            number,
        )
    )
    if more:
        flash(_("There are more people than fit one round. Send the rest in the same way."))


@bp.post("/people/<int:person_id>")
@requires(LET_IN)
def one(person_id: int) -> ResponseReturnValue:
    """Give one person a new start code, on a card, in the room."""
    return card_sheets.page([giving.reset(person_id)], more=False)


@bp.get("/address.svg")
@requires(LET_IN)
def square() -> Response:
    """Return the address of the sign-in as a square to scan: the same on every card."""
    address = installation.settings().base_url
    drawn = segno.make(f"{address}/sign-in", error="m").svg_inline(border=0, dark="#1b2430")
    # Standing alone, a drawing says what it is.
    alone = drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Response(alone, mimetype="image/svg+xml")


def _today() -> Any:
    return clock.day_at(clock.now(), signed_in().time_zone)


def _page(form: CardsForm, search: LetInForm, *, usable: bool = False) -> str:
    words, only = (search.q.data or "", search.only.data) if usable else ("", "")
    found = not_yet_in.people(
        db.session(),
        signed_in().viewer,
        words,
        waiting=only != "all",
        after=request.values.get("after", type=row_id),
        on=_today(),
    )
    page, more = found[: services.PAGE], len(found) > services.PAGE
    if not form.unit_id.choices:
        _fill(form, *waiting_units.waiting(db.session(), signed_in().viewer, _today()))
    # What lists everybody not yet in is asked for again by its address alone.
    here = "cards.find" if words or only else "cards.people"
    return render_template(
        "accounts/start_cards.html",
        form=form,
        search=search,
        people=[_row(person) for person in page],
        code_token=giving.new_token(),
        mail_url=url_for("cards.mail") if installation.settings().mail_is_on else None,
        next_url=url_for(here, after=page[-1].id) if more else None,
        searched={"q": words, "only": only} if words or only else {},
    )


def _row(person: Person) -> dict[str, Any]:
    until = person.start_code_expires_at
    good = person.password_hash is None and until is not None and until > clock.now()
    return row(person) | {
        "is_in": person.password_hash is not None,
        "until": clock.day_at(until, signed_in().time_zone) if good and until else None,
        "code_url": url_for("cards.one", person_id=person.id),
    }


def _fill(form: CardsForm, found: Sequence[waiting_units.Waiting], everybody: int) -> None:
    all_of_them = _("Everybody not yet in (%(number)s)", number=everybody)
    form.unit_id.choices = [
        SelectChoice("0", all_of_them),
        *(SelectChoice(str(unit.id), f"{unit.name} ({unit.people})") for unit in found),
    ]
    if not form.token.data:
        form.token.data = giving.new_token()
