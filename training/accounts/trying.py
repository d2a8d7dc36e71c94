"""One try to get in, by a form or by a link: delayed where it was guessed, compared, begun."""

from dataclasses import dataclass

from training import clock, db
from training.accounts import access, codes, entry, passwords, sign_in_throttle
from training.accounts.sign_in_throttle import Try


@dataclass(frozen=True)
class Answer:
    """A token when somebody is in, else the seconds to wait, or neither: refused."""

    token: str | None = None
    wait: int = 0

    @property
    def status(self) -> int:
        """Return the status of a page that says so."""
        return 429 if self.wait else 422


def enter(user_name: str, typed: str, *, own_device: bool = False) -> Answer:
    """Try a password or code for a user name, whether there is such a person or not."""
    tried = entry.a_try(user_name)
    with db.transaction() as session:
        wait = sign_in_throttle.take(session, tried, at=clock.now())
    if wait:
        return Answer(wait=wait)
    found = _recognise(user_name, typed)
    token = _begin(found, tried, own_device=own_device) if found else None
    if token is None:
        with db.transaction() as session:
            sign_in_throttle.failed(session, tried, at=clock.now())
    return Answer(token)


def _recognise(user_name: str, typed: str) -> access.Credentials | None:
    found = access.credentials(db.session(), user_name, at=clock.now())
    if found and found.by_code:
        return found if codes.matches(entry.key(), found.person_id, found.stored, typed) else None
    matched = passwords.verify(found.stored if found else None, typed)
    return found if matched else None


def _begin(found: access.Credentials, tried: Try, *, own_device: bool) -> str | None:
    with db.transaction() as session:
        if not access.still_holds(session, found):
            return None
        sign_in_throttle.succeeded(session, tried, at=clock.now())
        return entry.begin(session, found.person_id, own_device=own_device)
