"""A request for start codes: whoever sends the same one twice gets the same codes. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from training.accounts import codes
from training.permissions import Viewer


class Holder(NamedTuple):
    """What a card says of a person, apart from the session that a transaction begins anew."""

    id: int
    printed_name: str
    user_name: str
    language: str


@dataclass(frozen=True)
class Given:
    """A start code for a person, and the hash under which it is kept."""

    person: Holder
    code: str
    hashed: str


@dataclass(frozen=True)
class Request:
    """One request for start codes: who asks for it, and the token its form carried."""

    viewer: Viewer
    token: str
    key: str
    at: datetime

    @property
    def token_hash(self) -> str:
        """Return what this request is remembered by."""
        return codes.token_hash(self.key, self.viewer.person_id, self.token)

    def given(self, person: Holder) -> Given:
        """Return the code of a person in this request."""
        code = codes.start_code(self.key, self.token, person.id)
        return Given(person, code, codes.start_code_hash(self.key, person.id, code))
