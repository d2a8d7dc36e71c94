"""What every response says to the browser about what it may do with the page."""

from flask import Flask, Response, request

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
    app.after_request(_mark)


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
