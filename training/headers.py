"""What every response says to the browser about what it may do with the page."""

from flask import Flask, Response, abort, current_app, request

from training.addresses import RowId

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "manifest-src 'self'"
)
LARGEST_REQUEST = 1024 * 1024
LARGEST_FORM = 256 * 1024
A_YEAR = 31_536_000


def init_app(app: Flask) -> None:
    """Bound what comes in and mark what goes out."""
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_REQUEST
    app.config["MAX_FORM_MEMORY_SIZE"] = LARGEST_FORM
    app.url_map.converters["int"] = RowId
    app.before_request(_bound)
    app.before_request(_refuse_nul)
    app.after_request(_mark)


def _bound() -> None:
    # A view that takes files says how large a request it takes, before anything reads it.
    view = current_app.view_functions.get(request.endpoint or "")
    largest: int | None = getattr(view, "largest_request", None)
    if largest is not None:
        request.max_content_length = largest


def _refuse_nul() -> None:
    # PostgreSQL cannot store or compare it. Forms refuse it beside the field.
    if "\0" in request.path or any("\0" in value for _, value in request.args.items(multi=True)):
        abort(404)


def _mark(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(self), geolocation=(), microphone=()"
    if request.is_secure:
        headers["Strict-Transport-Security"] = f"max-age={A_YEAR}; includeSubDomains"
    if request.endpoint != "static" and "Cache-Control" not in headers:
        # A shared computer must not show the last person's page with its back button.
        headers["Cache-Control"] = "no-store"
    return response
