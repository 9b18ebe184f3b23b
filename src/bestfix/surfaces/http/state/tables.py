"""The tables of the service."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, DateTime, Float, Index, Integer, LargeBinary, MetaData, String, Table, Text

__all__ = ["connections", "history", "keys", "metadata"]

metadata = MetaData()

keys = Table(
    "service_keys",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("user", String(200), nullable=False),
    Column("digest", LargeBinary(32), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
)
connections = Table(
    "service_connections",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("user", String(200), nullable=False, index=True),
    Column("name", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("shown", Text, nullable=False),
    Column("target", LargeBinary, nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
)
history = Table(
    "service_history",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(32), nullable=False, unique=True),
    Column("user", String(200), nullable=False),
    Column("connection", String(32), nullable=False),
    Column("code", Text, nullable=False),
    Column("started", DateTime(timezone=True), nullable=False),
    Column("seconds", Float, nullable=False),
    Column("rows", Integer),
    Column("error", Text, nullable=False, default=""),
    Column("wrote", Boolean, nullable=False, default=False),
    Index("service_history_of_user", "user", "number"),
)
