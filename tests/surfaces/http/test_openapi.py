"""The OpenAPI document tells the truth: schemathesis asks whatever it allows, and more."""

from __future__ import annotations

from contextlib import closing

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from bestfix.surfaces.http import Access
from bestfix.surfaces.http.state.sealed import Secret
from bestfix.surfaces.http.state.store import Store

ROUTES = 16
BOUNDED = settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.filterwarnings("ignore")
def test_every_route_does_what_its_description_says(listening, home):
    with closing(Store("", home, Secret.of("", home), remembered=10)) as store:
        key = {"Authorization": f"Bearer {store.new_key('ada')}"}
    port = listening(access=Access(keys=True))
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{port}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    assert len(operations) >= ROUTES
    for operation in operations:

        @BOUNDED
        @given(case=operation.as_strategy())
        def asked(case) -> None:
            case.call_and_validate(headers=key, excluded_checks=[positive_data_acceptance])

        asked()


def test_the_examples_are_answered_with_a_fix(client):
    body = client.get("/openapi.json").json()["paths"]["/v1/fix"]["post"]["requestBody"]
    examples = body["content"]["application/json"]["examples"]
    assert {name: client.post("/v1/fix", json=one["value"]).json()["code"] for name, one in examples.items()} == {
        "query": "SELECT name FROM customers",
        "cell": "total = sum(prices)",
    }


def test_every_document_has_its_description(client):
    document = client.get("/openapi.json").json()
    bare = [
        (path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if not operation.get("summary")
    ]
    assert bare == []
    assert document["components"]["schemas"]["Applicability"]["enum"] == ["display-only", "unsafe", "safe"]
