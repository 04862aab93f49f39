"""UN/CEFACT Cross Industry Invoice (D16B and D22B): the XML of Factur-X and of ``IN_DP_E1_CII_16B``.

``read`` takes the bytes of a CII file, ``write`` gives them back. What one writes, the other reads equal.
"""

from __future__ import annotations

from raccord.formats.cii_reader import ROOT, read, read_root
from raccord.formats.cii_writer import write

__all__ = ["ROOT", "read", "read_root", "write"]
