"""How a mail is named on pages: what it is, how far it has come, and what can be done."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from training import i18n
from training.mail.models import MailState, OutboxMail, Refusal
from training.mail.sending import kinds

# What happened, and what to do about it.
REFUSALS = {
    Refusal.NO_ADDRESS: (
        _l("No e-mail address is on record."),
        _l("Have the address entered and send it again, or print a start card."),
    ),
    Refusal.ADDRESS: (
        _l("The address does not take mail."),
        _l("Have the address corrected and send it again, or print a start card."),
    ),
    Refusal.CONTENT: (
        _l("The mail server does not pass it on."),
        _l("Tell your administrator the number, or print a start card."),
    ),
    Refusal.SILENCE: (
        _l("It was tried for three days."),
        _l("Send it again when mail works, or print a start card."),
    ),
}


def name(mail: OutboxMail) -> str:
    """Return what a kind of mail is called."""
    kind = kinds().get(mail.kind)
    return str(kind.label) if kind else _("Mail")


def reason(mail: OutboxMail) -> tuple[str, str]:
    """Return why a mail did not arrive, and what to do."""
    happened, remedy = REFUSALS[mail.refusal or Refusal.SILENCE]
    number = f" ({mail.smtp_code})" if mail.smtp_code else ""
    return f"{happened}{number}", str(remedy)


def state(mail: OutboxMail) -> str:
    """Return how far a mail has come."""
    when = i18n.moment(mail.finished_at or mail.queued_at)
    if mail.state is MailState.SENT:
        return _("Handed over on %(moment)s", moment=when)
    if mail.state is MailState.REFUSED:
        return _("Did not arrive: %(reason)s", reason=reason(mail)[0])
    if mail.state is MailState.DROPPED:
        return _("Not needed any more")
    return _("Waiting since %(moment)s", moment=when)
