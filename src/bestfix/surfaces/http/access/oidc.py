"""Bearer tokens of an OIDC issuer: signature, issuer, audience and times are checked, the keys are fetched and kept."""

from __future__ import annotations

import json
import urllib.request
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

__all__ = ["Issuer"]

_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA")
"""Asymmetric ones alone: a key that everybody can read must not be one that signs."""
_SECONDS = 5


@dataclass
class Issuer:
    """An OIDC issuer.

    Attributes:
        url: how the issuer calls itself.
        audience: what its tokens must be for.
        key_set: where its keys are; empty for what its discovery document says.
    """

    url: str
    audience: str
    key_set: str = ""
    _leeway: int = field(default=30, repr=False)

    def user(self, token: str) -> str | None:
        """Return whose token this is, `None` when it is not good; it may fetch the issuer's keys."""
        import jwt

        try:
            key = self._keys.get_signing_key_from_jwt(token)
            claims = jwt.decode(
                token,
                key,
                algorithms=list(_ALGORITHMS),
                issuer=self.url,
                audience=self.audience,
                leeway=self._leeway,
                options={"require": ["exp", "iss", "aud", "sub"]},
            )
        except (jwt.PyJWTError, OSError, ValueError):
            return None
        return f"oidc:{claims['sub']}"

    @cached_property
    def _keys(self) -> Any:
        from jwt import PyJWKClient

        return PyJWKClient(self.key_set or self._discovered(), cache_keys=True, lifespan=600, timeout=_SECONDS)

    def _discovered(self) -> str:
        """Return where the issuer says that its keys are."""
        address = self.url.rstrip("/") + "/.well-known/openid-configuration"
        if not address.startswith(("https://", "http://127.0.0.1:", "http://localhost:")):
            raise ValueError("an issuer is asked over https alone")
        with urllib.request.urlopen(address, timeout=_SECONDS) as answer:  # noqa: S310 - the address begins with https or names this machine
            document = json.loads(answer.read(1 << 20))
        if document.get("issuer") != self.url:
            raise ValueError("the discovery document is another issuer's")
        return str(document["jwks_uri"])
