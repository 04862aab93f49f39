"""The file behind the save button of the recap page (specifications/seeds/README.md S2-72).

Text: UTF-8 without byte order mark, lines ended by a line feed, one `Label : value` per line with exactly one
ordinary space on each side of the colon. The value runs to the end of the line, byte for byte: a password may
begin with a hyphen, hold colons or end with anything but a line feed. Lines, in this order:

    Chorus Pro - Informations de connexion de l'utilisateur technique
    Identifiant : TECH_21690001800019@cpp2017.fr
    Mot de passe : -shvun)en7jks0P
    Structure : 21690001800019 - COMMUNE DE VAL-FICTIF
    Date : 20/12/2016 09:29:56

PDF: the same lines, one text object per line, in a font whose characters can be copied.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO

from chorus_simulator.portal import words

TITLE = "Chorus Pro - Informations de connexion de l'utilisateur technique"


@dataclass(frozen=True)
class Saved:
    """What the button saves."""

    login: str
    password: str = field(repr=False)
    structure: str
    designation: str
    at: datetime | None

    def lines(self) -> list[str]:
        """The file's lines, in the order of the portal's own button (technical-accounts.md §3)."""
        return [
            TITLE,
            f"Identifiant : {self.login}",
            f"Mot de passe : {self.password}",
            f"Structure : {self.structure} - {self.designation}",
            f"Date : {words.stamp(self.at)}",
        ]


def as_text(saved: Saved) -> bytes:
    """The file in UTF-8, one thing per line; the password as it is, byte for byte."""
    return "".join(f"{line}\n" for line in saved.lines()).encode()


def as_pdf(saved: Saved) -> bytes:
    """One A4 page. Characters outside Windows-1252 become question marks: no generated password has any."""
    import pikepdf

    shown = "\n".join(f"{_literal(line)} Tj T*" for line in saved.lines())
    content = f"BT /F1 11 Tf 20 TL 56 780 Td\n{shown}\nET".encode("cp1252", "replace")
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font,
        Subtype=pikepdf.Name.Type1,
        BaseFont=pikepdf.Name.Courier,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )
    page = pdf.add_blank_page(page_size=(595, 842))
    page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
    page.Contents = pdf.make_stream(content)
    written = BytesIO()
    pdf.save(written)
    return written.getvalue()


def _literal(line: str) -> str:
    """A string of PDF: only the backslash and the brackets need care."""
    escaped = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
    return f"({escaped})"
