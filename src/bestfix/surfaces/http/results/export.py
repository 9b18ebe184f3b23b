"""A result as a file, chunk by chunk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from bestfix.surfaces.http.results.spool import Spool
from bestfix.surfaces.http.results.values import Json

__all__ = ["csv_of", "parquet_of"]


def csv_of(spool: Spool) -> Iterator[bytes]:
    """Yield a result as CSV in UTF-8, its header first; NULL is an empty field, an empty text `""`.

    Raises:
        Exception: what the driver raises.
    """
    yield _line([column.name for column in spool.columns]).encode()
    for rows in spool.chunks():
        yield "".join(map(_line, rows)).encode()


def _line(values: Iterable[Json]) -> str:
    return ",".join(map(_field, values)) + "\r\n"


def _field(value: Json) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if not text or any(mark in text for mark in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def parquet_of(spool: Spool) -> Iterator[bytes]:
    """Yield a result as Parquet; a column's type is that of all its values, text where they have several.

    The whole result is fetched first, for its types stand in the file's schema.

    Raises:
        Exception: what the driver raises.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from bestfix.surfaces.http.results.arrow import array_of, arrow_type

    spool.fetch(spool.most)
    types = [arrow_type(kinds) for kinds in spool.kinds]
    schema = pa.schema(list(zip(_unique([column.name for column in spool.columns]), types, strict=True)))
    sink = _Sink()
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for rows in spool.chunks():
            columns = zip(*rows, strict=True)
            arrays = [array_of(values, kind) for values, kind in zip(columns, types, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))
            yield sink.taken()
    yield sink.taken()


def _unique(names: Sequence[str]) -> list[str]:
    """Return names that differ: a second `id` is called `id_2`."""
    found: dict[str, None] = {}
    for name in names:
        number, free = 1, name
        while free in found:
            number += 1
            free = f"{name}_{number}"
        found[free] = None
    return list(found)


class _Sink:
    """A file that only grows, whose bytes are taken out as they come."""

    closed = False

    def __init__(self) -> None:
        self._held = bytearray()
        self._written = 0

    def write(self, data: bytes) -> int:
        """Take bytes in."""
        self._held += data
        self._written += len(data)
        return len(data)

    def tell(self) -> int:
        """Return how many bytes came."""
        return self._written

    def flush(self) -> None:
        """Do nothing: whatever came can be taken."""

    def taken(self) -> bytes:
        """Return the bytes that came since the last time."""
        data = bytes(self._held)
        self._held.clear()
        return data
