"""Handing messages to a mail server, and what its answers mean."""

import re
import smtplib
import ssl
from email.message import EmailMessage

from training.config import MailServer
from training.mail.models import Refusal

PATIENCE = 60  # Seconds without an answer before the line is given up.
PERMANENT = 500
# Enhanced codes of an address or mailbox that does not take mail (RFC 3463).
OF_THE_ADDRESS = re.compile(rb"5\.[12]\.")
ENHANCED = re.compile(rb"\d\.\d+\.\d+")
ABOUT_MAILBOXES = {550, 551, 553}


class Refused(Exception):
    """The mail server will never take this."""

    def __init__(self, refusal: Refusal, code: int | None = None) -> None:
        """Keep why, and the code of the answer."""
        super().__init__(code)
        self.refusal = refusal
        self.code = code


class TryLater(Exception):
    """It was not taken now; `code` is the answer, if there was one."""

    def __init__(self, code: int | None = None) -> None:
        """Keep the code of the answer."""
        super().__init__(code)
        self.code = code


class Unreachable(TryLater):
    """There is no mail server, or it does not let us in: no other mail gets through either."""


class Smtp:
    """A line to the mail server, opened with the first message and again when it broke."""

    def __init__(self, server: MailServer) -> None:
        """Remember where; nothing is opened yet."""
        self.sender = server.sender
        self._server = server
        self._line: smtplib.SMTP | None = None

    def close(self) -> None:
        """Take leave, if anything was said."""
        if self._line is not None:
            try:
                self._line.quit()
            except OSError:
                self._hang_up()

    def send(self, message: EmailMessage, address: str) -> None:
        """Hand over one message. Raises `Refused`, `TryLater` or `Unreachable`."""
        line = self._line or self._call()
        try:
            line.send_message(message, self.sender, [address])
        except smtplib.SMTPRecipientsRefused as error:
            raise self._answered(*error.recipients[address]) from error
        except smtplib.SMTPDataError as error:
            raise self._answered(error.smtp_code, error.smtp_error, address=False) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused(Refusal.ADDRESS) from error
        except OSError as error:  # Parent of everything smtplib raises.
            self._hang_up()
            raise TryLater(getattr(error, "smtp_code", None)) from error

    def _call(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        try:
            if server.tls == "tls":
                self._line = smtplib.SMTP_SSL(
                    server.host, server.port, timeout=PATIENCE, context=context
                )
            else:
                self._line = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
            if server.tls == "starttls":
                self._line.starttls(context=context)
            if server.user:
                self._line.login(server.user, server.password)
        except OSError as error:
            self._hang_up()
            raise Unreachable(getattr(error, "smtp_code", None)) from error
        return self._line

    def _answered(
        self, code: int, words: bytes | str, *, address: bool = True
    ) -> Refused | TryLater:
        if code < PERMANENT:
            self._hang_up()
            return TryLater(code)
        wrong = address and _is_address(code, words)
        return Refused(Refusal.ADDRESS if wrong else Refusal.CONTENT, code)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _is_address(code: int, words: bytes | str) -> bool:
    # A receiver may also be refused because of us, e.g. 550 5.7.1: then no address is wrong.
    said = words.encode() if isinstance(words, str) else words
    if ENHANCED.match(said):
        return OF_THE_ADDRESS.match(said) is not None
    return code in ABOUT_MAILBOXES
