"""What the domain refuses, each with a message for the person who asked."""

from dataclasses import dataclass


def spoken(sentence: str) -> str:
    """Mark a sentence for the catalogue of translations; it is translated where it is shown."""
    return sentence


class DomainError(Exception):
    """Parent of every refusal; the message is shown, translated, to the person."""

    status = 409


class NotFound(DomainError):
    """Nothing of that id lies within what the person may see."""

    status = 404


class Forbidden(DomainError):
    """The person may not do this, at all or to their own record."""

    status = 403


class Invalid(DomainError):
    """One value cannot be accepted; `field` names the form field it came from."""

    status = 422

    def __init__(self, field: str, message: str) -> None:
        """Keep the field beside its message."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, order=True)
class Problem:
    """What keeps a file of the curriculum from being published, and what to do about it."""

    file: str
    line: int
    message: str
    remedy: str

    def __str__(self) -> str:
        """Return it as a compiler would print it."""
        return f"{self.file}:{self.line}: {self.message} {self.remedy}"
