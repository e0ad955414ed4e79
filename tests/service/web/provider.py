"""A small OpenID provider over real HTTP: it signs with a real key, and lies where a test tells it to."""

import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.common.encoding import to_unicode, urlsafe_b64encode
from joserfc import jwt
from joserfc.jwk import RSAKey
from joserfc.jws import JWSRegistry

CLIENT, SECRET = "dateline", "a secret that both know"


@dataclass
class Provider:
    """What it says; `claims` replace those it would say, `key` and `algorithm` are what it signs with."""

    issuer: str = ""
    email: str = "ada@rivers.example"
    claims: dict[str, Any] = field(default_factory=dict)
    claimed_issuer: str = ""
    algorithm: str = "RS256"
    published: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    signing: RSAKey | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def consent(self, address: str) -> str:
        """What a browser sent to us gets back: the address with code and state to which it returns."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{urlsplit(asked['redirect_uri']).path}?code={code}&state={asked['state']}"

    def token(self, form: dict[str, str]) -> dict[str, str]:
        """The answer to a code: once, and to whoever asked for it first (RFC 7636, 4.6)."""
        asked = self.codes.pop(form["code"])
        challenge = to_unicode(urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest())).rstrip("=")
        assert challenge == asked["code_challenge"]
        return {"access_token": "unused", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])}

    def metadata(self) -> dict[str, object]:
        return {
            "issuer": self.claimed_issuer or self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        told = {"iss": self.issuer, "aud": CLIENT, "sub": "ada-at-home", "iat": now, "exp": now + 300, "nonce": nonce}
        told |= {"email": self.email, "email_verified": True, "name": "Ada Officer"} | self.claims
        header = {"alg": self.algorithm, "kid": "one"}
        if self.algorithm == "none":
            parts = (json.dumps(part).encode() for part in (header, told))
            return ".".join(to_unicode(urlsafe_b64encode(part)).rstrip("=") for part in parts) + "."
        registry = JWSRegistry(algorithms=[self.algorithm])
        return jwt.encode(header, told, self.signing or self.published, registry=registry)


@contextmanager
def provider() -> Iterator[Provider]:
    """One that answers while this lasts."""
    found = Provider()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            keys = {"keys": [found.published.as_dict(private=False)]}
            self._say(found.metadata() if "well-known" in self.path else keys)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self._say(found.token({name: values[0] for name, values in form.items()}))

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's signature
            pass

        def _say(self, told: object) -> None:
            body = json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    found.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
