"""Sessions in a signed cookie, of which an answer that caches may keep knows nothing: it is the same for everybody."""

from flask import Flask
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response


class Sessions(SecureCookieSessionInterface):
    """Flask's own, but for what it says of public answers."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Write the cookie if there is something to write.

        Flask-Login looks into the session after every request, which alone would make an answer vary by cookie.
        """
        if response.cache_control.public and not session.modified:
            return
        super().save_session(app, session, response)  # type: ignore[arg-type] # a Response is one of werkzeug's
