"""Style sheets, scripts and icons: read once, compressed once, addressed by what they hold.

Pages are not compressed here: they carry secrets beside what a stranger may choose (BREACH).
"""

import gzip
import hashlib
import mimetypes
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from training.auth import public

COMPRESSIBLE = ("text/", "application/javascript", "image/svg+xml")
A_YEAR = 31_536_000


class File(NamedTuple):
    """A static file with everything its responses say."""

    plain: bytes
    compressed: bytes | None
    media_type: str
    digest: str


def init_app(app: Flask) -> None:
    """Serve static files from memory and give each address the digest of its file."""
    files = {path.name: _read(path) for path in Path(app.static_folder or "").iterdir()}
    app.extensions["static_files"] = files
    app.view_functions["static"] = public(_serve)
    app.add_url_rule("/favicon.ico", "favicon", public(_favicon))
    app.url_defaults(_address)


@cache
def _read(path: Path) -> File:
    data = path.read_bytes()
    media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    worth_it = media_type.startswith(COMPRESSIBLE)
    # The time is left out, so that the same file has the same bytes on every server.
    compressed = gzip.compress(data, mtime=0) if worth_it else None
    return File(data, compressed, media_type, hashlib.sha256(data).hexdigest()[:12])


def _address(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static":
        file = current_app.extensions["static_files"].get(values.get("filename"))
        if file is not None:
            values["v"] = file.digest


def _favicon() -> ResponseReturnValue:
    # Browsers ask for it beside files and answers that are no page and name no icon.
    return redirect(url_for("static", filename="favicon.svg"))


def _serve(filename: str) -> Response:
    file: File | None = current_app.extensions["static_files"].get(filename)
    if file is None:
        abort(404)
    small = file.compressed is not None and request.accept_encodings["gzip"] > 0
    response = Response(file.compressed if small else file.plain, mimetype=file.media_type)
    if small:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    response.set_etag(f"{file.digest}-{'gzip' if small else 'plain'}")
    response.make_conditional(request)
    return response
