"""The administrator's desk: people, their start codes and their roles."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms.fields.choices import SelectChoice

from training import clock, db
from training.accounts import giving, roles, second_factor, services
from training.accounts.forms import CATEGORIES, ROLES, GrantForm, PersonForm, SearchForm
from training.accounts.listing import row
from training.accounts.models import Person
from training.accounts.moving import movements
from training.accounts.unit_tree import paths
from training.addresses import row_id
from training.auth import requires, signed_in
from training.errors import Invalid
from training.i18n import LANGUAGES
from training.parts import Panel, registered
from training.permissions import Permission, Role

bp = Blueprint("people", __name__, url_prefix="/people")
MANAGE = Permission.MANAGE_PEOPLE


@bp.route("/", methods=["GET", "POST"])
@requires(MANAGE)
def people() -> ResponseReturnValue:
    """List the people one manages, by name. No address holds what is searched for."""
    form = SearchForm()
    search = (form.q.data or "") if form.validate_on_submit() else ""
    after = request.values.get("after", type=row_id)
    found = services.people(db.session(), signed_in().viewer, search, after)
    page, more = found[: services.PAGE], len(found) > services.PAGE
    shown = render_template(
        "accounts/people.html",
        people=[_row(person) for person in page],
        form=form,
        next_url=url_for("people.people", after=page[-1].id) if more else None,
        searched={"q": search} if search else {},
        new_url=url_for("people.new_person"),
        import_url=url_for("imports.start"),
        arrive_url=url_for("moving.arrive"),
    )
    return shown, 422 if form.errors else 200


def _row(person: Person) -> dict[str, Any]:
    return row(person) | {"url": url_for("people.person", person_id=person.id)}


@bp.route("/new", methods=["GET", "POST"])
@requires(MANAGE)
def new_person() -> ResponseReturnValue:
    """Add a person; their start code is made on the next page."""
    form = _person_form(None)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                person = services.create_person(
                    session, signed_in().viewer, form.values(), at=clock.now()
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("%(name)s has been added.", name=person.printed_name))
            return redirect(url_for("people.person", person_id=person.id), 303)
    return _form_page(form, _("Add a person"))


@bp.route("/<int:person_id>/edit", methods=["GET", "POST"])
@requires(MANAGE)
def edit_person(person_id: int) -> ResponseReturnValue:
    """Change what is recorded of a person."""
    subject = services.managed(db.session(), signed_in().viewer, person_id)
    form = _person_form(subject)
    if form.validate_on_submit():
        try:
            with db.transaction() as session:
                services.change_person(
                    session, signed_in().viewer, person_id, form.values(), at=clock.now()
                )
        except Invalid as error:
            form.refuse(error, _(str(error)))
        else:
            flash(_("The changes are saved."))
            return redirect(url_for("people.person", person_id=person_id), 303)
    return _form_page(form, _("Change what is recorded"))


def _person_form(subject: Person | None) -> PersonForm:
    form = PersonForm(obj=subject)
    organisation = subject.organisation_id if subject else signed_in().viewer.organisation_id
    units = services.units(db.session(), organisation)
    choices = [SelectChoice("0", _("None")), *(SelectChoice(str(u.id), u.name) for u in units)]
    form.unit_id.choices = choices
    if subject and request.method == "GET":
        form.category.data = subject.category.value
        form.unit_id.data = subject.unit_id or 0
    return form


def _form_page(form: PersonForm, heading: str) -> ResponseReturnValue:
    page = render_template("accounts/person_form.html", form=form, heading=heading)
    return page, 422 if form.errors else 200


@bp.get("/<int:person_id>")
@requires(MANAGE)
def person(person_id: int) -> str:
    """Show one person, with what each feature has to say of them."""
    return _person_page(person_id, GrantForm(), code=None)


def _person_page(person_id: int, grant_form: GrantForm, *, code: str | None) -> str:
    subject = services.managed(db.session(), signed_in().viewer, person_id)
    units = _offer_units(grant_form, subject)
    return render_template(
        "accounts/person.html",
        subject=_subject(subject),
        grants=[
            {
                "role_label": ROLES[grant.role],
                "scope": units.get(grant.unit_id or 0, subject.organisation.name),
                "ends_on": grant.ends_on,
                "revoke_url": url_for("people.revoke_role", person_id=person_id, grant_id=grant.id),
            }
            for grant in roles.grants_of(db.session(), person_id)
        ],
        grant_form=grant_form,
        edit_url=url_for("people.edit_person", person_id=person_id),
        code=code,
        code_url=url_for("people.start_code", person_id=person_id),
        code_token=giving.new_token(),
        second_step_url=url_for("people.reset_second_step", person_id=person_id)
        if second_factor.is_set_up(db.session(), person_id)
        else None,
        movement=movements(subject),
        grant_url=url_for("people.grant_role", person_id=person_id),
        panels=_panels(person_id),
    )


def _offer_units(form: GrantForm, subject: Person) -> dict[int, str]:
    """Offer the units of the person's organisation, and return each with the way to it."""
    found = paths(services.units(db.session(), subject.organisation_id))
    form.offer(found)
    return dict(found)


def _subject(subject: Person) -> dict[str, Any]:
    return _row(subject) | {
        "native_name": subject.native_name,
        "rank": subject.rank,
        "category": CATEGORIES[subject.category],
        "language": LANGUAGES[subject.language],
        "email": subject.email,
        "organisation_name": subject.organisation.name,
    }


def _panels(person_id: int) -> list[Panel]:
    viewer = signed_in().viewer
    shown = (p.panel(db.session(), viewer, person_id) for p in registered() if p.panel)
    return [panel for panel in shown if panel is not None]


@bp.post("/<int:person_id>/start-code")
@requires(MANAGE)
def start_code(person_id: int) -> str:
    """Make a new start code and show it this once."""
    given = giving.reset(person_id)
    return _person_page(person_id, GrantForm(formdata=None), code=given.code)


@bp.post("/<int:person_id>/second-step/reset")
@requires(MANAGE)
def reset_second_step(person_id: int) -> ResponseReturnValue:
    """Let a person who lost their authenticator set up another one."""
    me = signed_in()
    with db.transaction() as session:
        second_factor.reset(session, me.viewer, person_id, me.printed_name, at=clock.now())
    flash(_("The second step can be set up anew at the next sign-in."))
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/<int:person_id>/roles")
@requires(MANAGE)
def grant_role(person_id: int) -> ResponseReturnValue:
    """Give a role until a day, or without an end."""
    form = GrantForm()
    _offer_units(form, services.managed(db.session(), signed_in().viewer, person_id))
    if not form.validate():
        return _person_page(person_id, form, code=None), 422
    with db.transaction() as session:
        roles.grant_role(
            session,
            signed_in().viewer,
            person_id,
            Role(form.role.data),
            form.ends_on.data,
            at=clock.now(),
            unit_id=form.unit_id.data,
        )
    return redirect(url_for("people.person", person_id=person_id), 303)


@bp.post("/<int:person_id>/roles/<int:grant_id>/revoke")
@requires(MANAGE)
def revoke_role(person_id: int, grant_id: int) -> ResponseReturnValue:
    """Take a role away."""
    with db.transaction() as session:
        roles.revoke_role(session, signed_in().viewer, person_id, grant_id, at=clock.now())
    return redirect(url_for("people.person", person_id=person_id), 303)
