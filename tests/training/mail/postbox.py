"""A real mail server for tests, which takes, refuses or drops as it is told."""

import email
import email.policy
import socket
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"


class Postbox:
    """Takes mail at a port of its own while it is open."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind((HOST, 0))
            self.port = free.getsockname()[1]
        self.letters: list[EmailMessage] = []
        self.receivers: list[str] = []
        self.refusals: dict[str, str] = {}
        self.drops = 0  # How often it drops the line after all was said.
        self.keeps_dropped = False
        self.content_answer = "250 OK"
        self.sender_answer = "250 OK"
        self.running: Controller | None = None

    def open(self) -> None:
        """Begin to answer."""
        self.running = Controller(self, hostname=HOST, port=self.port)
        self.running.start()

    def close(self) -> None:
        """Stop answering."""
        if self.running is not None:
            self.running.stop()
            self.running = None

    async def handle_MAIL(  # noqa: N802 - the name aiosmtpd calls it by
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a sender or refuse it."""
        if self.sender_answer == "250 OK":
            envelope.mail_from = address
        return self.sender_answer

    async def handle_RCPT(  # noqa: N802 - the name aiosmtpd calls it by
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a receiver or refuse it."""
        if refusal := self.refusals.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - as above
        """Take a message, or drop the line instead of saying so."""
        if self.content_answer != "250 OK":
            return self.content_answer
        if self.drops:
            self.drops -= 1
            if self.keeps_dropped:
                self._keep(envelope)
            server.transport.close()
            return "451 gone"
        self._keep(envelope)
        return "250 OK"

    def _keep(self, envelope: Any) -> None:
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.receivers += envelope.rcpt_tos
