"""A small OpenID provider on loopback, which logs in at once whomever the test names."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

from chatwoot_assets_tests.http_servers import QuietHandler, http_server

CLIENT_ID, CLIENT_SECRET = "dashboard", "open-sesame"


@dataclass
class Provider:
    """A running provider.

    Attributes:
        address: Its address.
        person: The claims of the next person who logs in.
    """

    address: str
    person: dict[str, Any] = field(default_factory=dict)


@contextmanager
def provider() -> Iterator[Provider]:
    """Serve a provider until the block ends."""
    key = RSAKey.generate_key(2048, parameters={"kid": "test", "use": "sig", "alg": "RS256"})
    codes: dict[str, tuple[dict[str, Any], str]] = {}  # the claims and the PKCE challenge of each code

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(url.query).items()}
            if url.path == "/.well-known/openid-configuration":
                self._answer(
                    {
                        "issuer": running.address,
                        "authorization_endpoint": f"{running.address}/authorize",
                        "token_endpoint": f"{running.address}/token",
                        "jwks_uri": f"{running.address}/keys",
                        "code_challenge_methods_supported": ["S256"],
                        "id_token_signing_alg_values_supported": ["RS256"],
                    }
                )
            elif url.path == "/keys":
                self._answer({"keys": [key.as_dict(private=False)]})
            elif url.path == "/authorize":
                assert query["client_id"] == CLIENT_ID
                code, now = secrets.token_urlsafe(16), int(time.time())
                claims = {
                    "iss": running.address, "aud": CLIENT_ID, "sub": running.person["email"], "iat": now,
                    "exp": now + 300, "nonce": query["nonce"], **running.person,
                }  # fmt: skip
                codes[code] = claims, query["code_challenge"]
                self.send_response(302)
                answer = urlencode({"code": code, "state": query["state"]})
                self.send_header("Location", f"{query['redirect_uri']}?{answer}")
                self.end_headers()
            else:
                self.send_error(404)

        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            credentials = base64.b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
            claims, challenge = codes.pop(form["code"][0])
            digest = hashlib.sha256(form["code_verifier"][0].encode()).digest()
            is_right = base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == challenge
            if self.headers["Authorization"] != f"Basic {credentials}" or not is_right:
                self.send_error(401)
                return
            token = jwt.encode({"alg": "RS256", "kid": "test"}, claims, key)
            self._answer({"access_token": "x", "token_type": "Bearer", "expires_in": 300, "id_token": token})

        def _answer(self, value: object) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    with http_server(Handler) as port:
        running = Provider(f"http://127.0.0.1:{port}")
        yield running
