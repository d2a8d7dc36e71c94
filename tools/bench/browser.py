"""A browser without a screen: cookies, forms and tokens, over the wire or within the process."""

import http.client
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from flask import Flask

TIMEOUT = 30
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
BOUNDARY = b"a-line-that-no-list-holds"
PART = b"Content-Disposition: form-data; "
Fields = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    @property
    def text(self) -> str:
        """Return the page."""
        return self.body.decode("utf-8")

    @property
    def location(self) -> str:
        """Return where it points on, or nothing."""
        return self.header("location")

    def header(self, name: str) -> str:
        """Return a header, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name), "")

    @property
    def size(self) -> int:
        """Return the bytes on the wire: status line, headers and body."""
        lines = sum(len(name) + len(value) + 4 for name, value in self.headers)
        return len("HTTP/1.1 200 OK\r\n\r\n") + lines + len(self.body)


Transport = Callable[[str, str, Mapping[str, str], bytes | None], Answer]


class Wire:
    """One kept-open connection to a server on this machine."""

    def __init__(self, port: int, *, patient: bool = True) -> None:
        """Remember where to; a patient one connects again where the server had closed."""
        self._patient = patient
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)

    def __call__(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send one request; whatever fails closes the connection."""
        kept = self._patient and self._connection.sock is not None
        try:
            return self._send(method, path, headers, body)
        except ConnectionError:
            if not kept:
                raise
            # Servers close what they kept open for a while; browsers connect again, too.
            return self._send(method, path, headers, body)

    def _send(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        try:
            self._connection.request(method, path, body, dict(headers))
            found = self._connection.getresponse()
            return Answer(found.status, found.getheaders(), found.read())
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Close the connection; the next request opens another."""
        self._connection.close()


class Inside:
    """The application in this process, without a server."""

    def __init__(self, app: Flask) -> None:
        """Take a client that keeps no cookies, for the browser does."""
        self._client = app.test_client(use_cookies=False)

    def __call__(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Handle one request."""
        with self._client.open(path, method=method, headers=dict(headers), data=body) as found:
            return Answer(found.status_code, list(found.headers.items()), found.get_data())


@dataclass
class Browser:
    """What one person has open: a way to the server, a cookie, and the last form's token."""

    transport: Transport
    cookie: str = ""
    token: str = ""
    sizes: list[int] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        """Open a page."""
        return self._noted(self.transport("GET", path, self._headers(), None))

    def post(self, path: str, fields: Fields = (), *, script: bool = False) -> Answer:
        """Send a form with the token of the last page, as a page does or as its script does."""
        body = urlencode([("csrf_token", self.token), *fields]).encode()
        headers = self._headers() | {"Content-Type": "application/x-www-form-urlencoded"}
        if script:
            headers["Accept"] = "application/json"
        return self._noted(self.transport("POST", path, headers, body))

    def upload(self, path: str, fields: Fields, data: bytes) -> Answer:
        """Send a form with one file."""
        sent = [("csrf_token", self.token), *fields]
        parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in sent]
        parts.append(b'name="file"; filename="list"\r\n\r\n' + data)
        body = b"".join(b"--%s\r\n%s%s\r\n" % (BOUNDARY, PART, part) for part in parts)
        kind = f"multipart/form-data; boundary={BOUNDARY.decode()}"
        headers = self._headers() | {"Content-Type": kind}
        return self._noted(self.transport("POST", path, headers, body + b"--%s--" % BOUNDARY))

    def _headers(self) -> dict[str, str]:
        headers = {"Accept": "text/html", "Accept-Language": "en", "Accept-Encoding": "gzip"}
        return headers | ({"Cookie": self.cookie} if self.cookie else {})

    def _noted(self, answer: Answer) -> Answer:
        self.sizes.append(answer.size)
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                self.cookie = value.partition(";")[0]
        if found := TOKEN.search(answer.body.decode("utf-8", "replace")):
            self.token = unescape(found[1])
        return answer
