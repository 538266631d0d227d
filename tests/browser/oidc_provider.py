"""An OpenID Connect provider on this machine: OpenID Connect Core 1.0 and Discovery 1.0, as far as a code flow needs.

Everything that a client has to get right is checked, and everything that was refused is written down.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

_LASTS_S = 60


@dataclass
class Provider:
    """A running provider with one client; ``people`` are the subjects that may sign in."""

    client_id: str
    client_secret: str
    people: tuple[str, ...]
    redirect_uri: str = ""
    """The only one that is registered."""
    refused: list[str] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    forging: bool = False
    """Tokens are signed with another key than the one that is made known."""
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
    )

    def start(self) -> Provider:
        """Answer, on a port of this machine."""
        provider = self

        class Handler(_Handler):
            asked = provider

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Answer no more."""
        self._server.shutdown()
        self._server.server_close()

    @property
    def issuer(self) -> str:
        """Its address, and the claim ``iss`` of its tokens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def metadata_url(self) -> str:
        """Where it says how it is spoken to."""
        return f"{self.issuer}/.well-known/openid-configuration"

    def metadata(self) -> dict[str, object]:
        """What Discovery 1.0, section 3, requires."""
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/jwks",
            "end_session_endpoint": f"{self.issuer}/logout",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self) -> dict[str, object]:
        """The public half of what tokens are signed with."""
        return dict(KeySet([self._key]).as_dict(private=False))

    def grant(self, subject: str, asked: dict[str, str]) -> str:
        """A code for somebody who has signed in, once and for a minute."""
        code = secrets.token_urlsafe(24)
        self._codes[code] = {**asked, "sub": subject, "until": str(time.time() + _LASTS_S)}
        return code

    def token(self, said: dict[str, str], authorization: str) -> dict[str, object]:
        """The tokens for a code (Core 1.0, section 3.1.3); PermissionError if anything is not as it was agreed."""
        client_id, client_secret = said.get("client_id", ""), said.get("client_secret", "")
        if authorization.startswith("Basic "):
            client_id, _, client_secret = base64.b64decode(authorization[6:]).decode().partition(":")
        granted = self._codes.pop(said.get("code", ""), None)
        _require((client_id, client_secret) == (self.client_id, self.client_secret), "invalid_client")
        _require(said.get("grant_type") == "authorization_code", "unsupported_grant_type")
        _require(granted is not None and float(granted["until"]) > time.time(), "invalid_grant: code")
        _require(said.get("redirect_uri") == granted["redirect_uri"], "invalid_grant: redirect_uri")
        if granted.get("code_challenge"):
            digest = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
            right = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
            _require(right == granted["code_challenge"], "invalid_grant: code_verifier")
        now = int(time.time())
        claims = {
            "iss": self.issuer, "sub": granted["sub"], "aud": client_id, "iat": now, "exp": now + 300,
            **({"nonce": granted["nonce"]} if granted.get("nonce") else {}),
        }  # fmt: skip
        return {
            "access_token": secrets.token_urlsafe(24),
            "token_type": "Bearer",
            "expires_in": 300,
            "id_token": jwt.encode({"alg": "RS256", "kid": "one"}, claims, _new_key() if self.forging else self._key),
        }


class _Handler(BaseHTTPRequestHandler):
    asked: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        said = {name: values[0] for name, values in parse_qs(parts.query).items()}
        self.asked.answered.append(parts.path)
        if parts.path == "/.well-known/openid-configuration":
            self._json(self.asked.metadata())
        elif parts.path == "/jwks":
            self._json(self.asked.keys())
        elif parts.path == "/authorize":
            self._ask(said)
        elif parts.path == "/logout":
            self._send(303, headers={"Location": self._back(said.get("post_logout_redirect_uri", ""))})
        else:
            self._send(404)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        said = {name: values[0] for name, values in parse_qs(content).items()}
        self.asked.answered.append(urlsplit(self.path).path)
        if self.path == "/token":
            try:
                tokens = self.asked.token(said, self.headers.get("Authorization", ""))
            except PermissionError as fault:
                self.asked.refused.append(str(fault))
                self._json({"error": str(fault).partition(":")[0]}, 400)
            else:
                self._json(tokens)
        elif self.path == "/signed-in" and said.get("who") in self.asked.people:
            asked = {name: value for name, value in said.items() if name != "who"}
            back = urlencode({"code": self.asked.grant(said["who"], asked), "state": said["state"]})
            self._send(303, headers={"Location": f"{self._back(said['redirect_uri'])}?{back}"})
        else:
            self._send(403)

    def _ask(self, said: dict[str, str]) -> None:
        """Who it is, if the client is ours and asks for what there is (Core 1.0, section 3.1.2)."""
        wrong = [
            name
            for name, right in {
                "client_id": said.get("client_id") == self.asked.client_id,
                "redirect_uri": said.get("redirect_uri") == self.asked.redirect_uri,
                "response_type": said.get("response_type") == "code",
                "scope": "openid" in said.get("scope", "").split(),
                "state": bool(said.get("state")),
                "nonce": bool(said.get("nonce")),
            }.items()
            if not right
        ]
        if wrong:
            self.asked.refused.append(", ".join(wrong))
            self._send(400, f"<p>refused: {html.escape(', '.join(wrong))}</p>")
            return
        hidden = "".join(
            f"<input type='hidden' name='{html.escape(name)}' value='{html.escape(value)}'>"
            for name, value in said.items()
        )
        buttons = "".join(
            f"<button name='who' value='{html.escape(who)}'>Sign in as {html.escape(who)}</button>"
            for who in self.asked.people
        )
        self._send(200, f"<form method='post' action='/signed-in'>{hidden}{buttons}</form>")

    def _back(self, address: str) -> str:
        return address if address == self.asked.redirect_uri else "/"

    def _json(self, content: dict[str, object], status: int = 200) -> None:
        self._send(status, json.dumps(content), "application/json", {"Cache-Control": "no-store"})

    def _send(
        self, status: int, body: str = "", kind: str = "text/html; charset=utf-8", headers: dict[str, str] | None = None
    ) -> None:
        content = body.encode()
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


def _require(right: bool, fault: str) -> None:
    if not right:
        raise PermissionError(fault)
