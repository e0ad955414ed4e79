"""The headers of every answer, errors and style sheets included."""

from flask import Flask, request
from werkzeug.wrappers import Response

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Same origin and not none: behind https Flask-WTF holds a form's Referer against our own address.
    "Referrer-Policy": "same-origin",
}
A_YEAR = "max-age=31536000; includeSubDomains"


def send(app: Flask, *, https: bool) -> None:
    """Put them on every answer of this application."""
    always = ALWAYS | ({"Strict-Transport-Security": A_YEAR} if https else {})

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in always.items():
            response.headers.setdefault(name, value)
        # What may be kept says so itself; an error never: what is missing now may open the next second.
        kept = request.endpoint == "static" or response.cache_control.public
        if not kept or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        return response
