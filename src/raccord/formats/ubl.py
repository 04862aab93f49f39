"""UBL 2.1, Invoice and CreditNote: the XML of ``IN_DP_E1_UBL_INVOICE``.

``read`` takes the bytes of a UBL file, ``write`` gives them back. What one writes, the other reads equal.
"""

from __future__ import annotations

from raccord.formats.ubl_names import CREDIT_NOTE_ROOT, INVOICE_ROOT
from raccord.formats.ubl_reader import read, read_root
from raccord.formats.ubl_writer import write

__all__ = ["CREDIT_NOTE_ROOT", "INVOICE_ROOT", "read", "read_root", "write"]
