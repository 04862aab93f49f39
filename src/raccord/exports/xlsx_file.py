"""XLSX: amounts and dates are real ones, text is always text, rows are written as they come."""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from raccord.exports.tables import Table, Value, harmless, in_paris

_MOST_ROWS = 1_048_575
"""Rows of a sheet, under its headers."""


def write_xlsx(table: Table) -> bytes:
    """The whole file. Beyond the rows of one sheet, another sheet follows."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = _sheet(book, table, 1)
    for rank, row in enumerate(table.rows):
        if rank and rank % _MOST_ROWS == 0:
            sheet = _sheet(book, table, rank // _MOST_ROWS + 1)
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _sheet(book: Any, table: Table, rank: int) -> Any:
    sheet = book.create_sheet(f"{table.title[:25]} {rank}" if rank > 1 else table.title[:31])
    sheet.freeze_panes = "A2"
    for column in range(len(table.headers)):
        sheet.column_dimensions[_letter(column)].width = max(12, min(40, len(table.headers[column]) + 4))
    sheet.append([_cell(sheet, header, bold=True) for header in table.headers])
    return sheet


def _cell(sheet: Any, value: Value, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if isinstance(value, str) and not bold:
        return harmless(value)  # never begins with "=": openpyxl writes it as text
    cell: Any
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, harmless(value))
    elif isinstance(value, datetime):
        cell = WriteOnlyCell(sheet, in_paris(value))
        cell.number_format = "dd/mm/yyyy hh:mm"
    elif not isinstance(value, Decimal | date):
        return value
    else:
        cell = WriteOnlyCell(sheet, value)
        if isinstance(value, Decimal):
            cell.number_format = "#,##0.00"
        else:
            cell.number_format = "dd/mm/yyyy"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _letter(column: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(column + 1))
