"""The wire's documents as types of the service: read by the wire's own reader, described in the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from bestfix.core import Applicability
from bestfix.core.document import encoded
from bestfix.surfaces import wire

__all__ = ["FixRequest", "Wire", "named_as_on_the_wire"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixRequest(wire.Request):
    """A failure that someone asks the service about: the wire's request, which may name a connection.

    Attributes:
        connection: the id of the connection that a query failed on; it is bound there, and `catalog` is read there.
    """

    connection: str = ""


@dataclass(frozen=True, slots=True)
class Wire:
    """Marks, in `Annotated`, a body as a document of the wire.

    Attributes:
        kind: the dataclass that the document holds.
    """

    kind: type

    def __get_pydantic_core_schema__(self, _: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        form = handler.generate_schema(self.kind)
        return core_schema.no_info_plain_validator_function(self._read, json_schema_input_schema=form)

    def _read(self, document: object) -> object:
        if isinstance(document, bytes):
            raise wire.WireError("send JSON, with Content-Type: application/json")
        return wire.decoded(self.kind, document)


def named_as_on_the_wire(openapi: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document in which members of enumerations are called what the wire calls them."""
    schemas = openapi.get("components", {}).get("schemas", {})
    if "Applicability" in schemas:
        members = [encoded(member) for member in Applicability]
        schemas["Applicability"] = {**schemas["Applicability"], "type": "string", "enum": members}
    return openapi
