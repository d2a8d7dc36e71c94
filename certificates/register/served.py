"""A document as it is sent to whoever may have it."""

from flask import Response, request


def pdf(number: str, language: str, digest: str, data: bytes, *, inline: bool = False) -> Response:
    """Return a document exactly as it was issued; its file name names nobody."""
    response = Response(data, mimetype="application/pdf")
    way = "inline" if inline else "attachment"
    name = f"certificate-{number}-{language}.pdf"
    response.headers["Content-Disposition"] = f'{way}; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(digest)
    response.make_conditional(request)
    return response
