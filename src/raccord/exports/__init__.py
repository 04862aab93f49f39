"""Exports for spreadsheets and accounting software: French columns, CSV and XLSX, no formula ever.

A table is headers and rows of plain values; `write_csv` and `write_xlsx` write any table. Rows are read one by one.
"""

from raccord.domain.entries import Accounts
from raccord.exports.csv_file import write_csv
from raccord.exports.entries import Entry, PivotAmounts, entry_table
from raccord.exports.invoices import deposit_table, reception_table
from raccord.exports.tables import Table, Value
from raccord.exports.xlsx_file import write_xlsx

__all__ = [
    "Accounts",
    "Entry",
    "PivotAmounts",
    "Table",
    "Value",
    "deposit_table",
    "entry_table",
    "reception_table",
    "write_csv",
    "write_xlsx",
]
