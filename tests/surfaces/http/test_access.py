"""API keys and OIDC tokens."""

from __future__ import annotations

import datetime as dt
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from bestfix.surfaces.http import Access


def test_without_a_key_nothing_is_answered_but_whether_it_lives(keyed):
    client, ada, _ = keyed
    for path in ("/v1/history", "/v1/connections", "/v1/catalog", "/metrics"):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
        assert client.get(path, headers=ada).status_code == 200
    assert client.get("/healthz").status_code == client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    "key", ["", "x", "Basic YTpi", "Bearer ", "Bearer bestfix_", "Bearer bestfix_0_x", "Bearer a.b"]
)
def test_a_key_that_is_none_is_refused(keyed, key):
    assert keyed[0].get("/v1/history", headers={"Authorization": key}).status_code == 401


def test_a_key_with_another_secret_and_one_taken_back_are_refused(keyed):
    client, ada, _ = keyed
    assert client.get("/v1/history", headers={"Authorization": ada["Authorization"][:-1] + "!"}).status_code == 401
    store = client.app.state.service.store
    [mine] = [key for key in store.all_keys() if key.user == "ada"]
    assert store.drop_key(mine.id)
    assert client.get("/v1/history", headers=ada).status_code == 401


@pytest.fixture(scope="module")
def signer():
    """A private key."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def issuer(signer):
    """The address of an issuer that tells where its keys are, and gives them."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            public = {
                **json.loads(RSAAlgorithm.to_jwk(signer.public_key())),
                "kid": "one",
                "use": "sig",
                "alg": "RS256",
            }
            keys = {"keys": [public]}
            document = keys if self.path == "/keys" else {"issuer": address, "jwks_uri": f"{address}/keys"}
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(document).encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield address
    server.shutdown()
    server.server_close()


def token(signer, issuer, algorithm="RS256", **changes) -> dict[str, str]:
    claims = {"iss": issuer, "aud": "bestfix", "sub": "ada", "exp": dt.datetime.now(dt.UTC) + dt.timedelta(minutes=5)}
    claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return {"Authorization": f"Bearer {jwt.encode(claims, signer, algorithm, headers={'kid': 'one'})}"}


def test_a_token_of_the_issuer_for_us_is_taken(serve, signer, issuer):
    client = serve(access=Access(issuer=issuer, audience="bestfix"))
    assert client.get("/v1/history", headers=token(signer, issuer)).status_code == 200
    assert client.get("/v1/history").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"iss": "http://evil.example"},
        {"exp": 1_000_000_000},
        {"exp": None},
        {"sub": None},
        {"aud": None},
    ],
)
def test_a_token_for_others_of_others_or_out_of_time_is_refused(serve, signer, issuer, changes):
    client = serve(access=Access(issuer=issuer, audience="bestfix"))
    assert client.get("/v1/history", headers=token(signer, issuer, **changes)).status_code == 401


def test_a_token_signed_by_somebody_else_or_with_a_public_key_is_refused(serve, issuer):
    client = serve(access=Access(issuer=issuer, audience="bestfix"))
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert client.get("/v1/history", headers=token(other, issuer)).status_code == 401
    assert client.get("/v1/history", headers=token("k" * 64, issuer, "HS256")).status_code == 401
    unsigned = jwt.encode({"iss": issuer, "aud": "bestfix", "sub": "ada"}, None, "none")
    assert client.get("/v1/history", headers={"Authorization": f"Bearer {unsigned}"}).status_code == 401
