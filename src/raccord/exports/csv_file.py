"""CSV as French spreadsheets open it by a double click: UTF-8 with BOM, `;`, CRLF, decimal comma by default."""

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from raccord.exports.tables import Table, Value, harmless, in_paris

_PIECE = 500


def write_csv(table: Table, *, decimal: str = ",") -> Iterator[bytes]:
    """The file, piece after piece; `decimal` is `,` or `.`."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";", lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow(table.headers)
    for rank, row in enumerate(table.rows, 1):
        writer.writerow([_text(value, decimal) for value in row])
        if rank % _PIECE == 0:
            yield _drain(buffer)
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return data


def _text(value: Value, decimal: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f").replace(".", decimal)
    if isinstance(value, datetime):
        return f"{in_paris(value):%d/%m/%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return harmless(value) if isinstance(value, str) else str(value)
