"""Requests that may be larger than others: those that bring a file, by whoever is signed in."""

from flask import Flask, request, session

LARGEST = {"imports.give": 20_500_000}
"""Bytes by endpoint; the file itself is measured by whoever reads it."""


def allow(app: Flask) -> None:
    """Raise the bound of these requests before anything of them is read."""

    @app.before_request
    def _raise() -> None:
        if request.endpoint in LARGEST and "_user_id" in session:
            request.max_content_length = LARGEST[request.endpoint]
