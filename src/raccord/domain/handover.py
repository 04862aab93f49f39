"""How received invoices are handed over by a folder: the layouts, and ready-made profiles by a name.

Profiles are named after what lies in the folder, not after software: no vendor publishes what theirs takes in
(specifications/users.md §2), and nothing is invented here.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

SHEET = "facture.json"


class Layout(StrEnum):
    """How an invoice lies on the disk, by the word of the setting (`layouts.py` writes them)."""

    FOLDER = "facture"
    SIDE_BY_SIDE = "structure"
    PAIR = "paire"
    PIVOT = "pivot"
    ZIP = "zip"
    DAILY_ZIP = "zip-jour"

    def mark(self, target: Path) -> Path:
        """The file that says that the invoice (or the ZIP) of that path is whole."""
        if self is Layout.FOLDER:
            return target / SHEET
        suffix = {Layout.SIDE_BY_SIDE: ".json", Layout.PAIR: ".xml", Layout.PIVOT: ".xml"}.get(self, ".zip")
        return target.with_name(f"{target.name}{suffix}")


class Taking(StrEnum):
    """How the software shows that it took an invoice, by the word of the setting.

    By moving its mark to `traitees/`; or, with `ERASED`, by erasing it as well.
    """

    MOVED = "deplacement"
    ERASED = "effacement"

    @property
    def sentence(self) -> str:
        """What the software is to do, on the screens."""
        return _TAKINGS[self]


_TAKINGS = {
    Taking.MOVED: "Le logiciel déplace dans « traitees/ » ce qu’il a pris.",
    Taking.ERASED: "Le logiciel efface ce qu’il a pris, ou le déplace dans « traitees/ ».",
}


@dataclass(frozen=True)
class Profile:
    """`sentence`: for which software; `example`: what lies in `recues/`."""

    name: str
    sentence: str
    layout: Layout
    template: str
    example: tuple[str, ...]
    taking: Taking = Taking.MOVED


_INVOICE = "F-118_4021"
_SIRET = "21970999400017"
PROFILES: dict[str, Profile] = {
    one.name: one
    for one in (
        Profile(
            "dossier", "Un dossier par facture, avec ses documents et sa fiche JSON.",
            Layout.FOLDER, "{siret}/{numero}_{id_facture}",
            (f"{_SIRET}/{_INVOICE}/pivot_4021.xml", f"{_SIRET}/{_INVOICE}/F-118.pdf",
             f"{_SIRET}/{_INVOICE}/facture.json"),
        ),
        Profile(
            "service", "Un dossier par service : chaque service ne voit que le sien, par les droits du partage.",
            Layout.FOLDER, "{siret}/{service}/{date}_{numero}_{id_facture}",
            (f"{_SIRET}/VOIRIE/2026-11-20_{_INVOICE}/facture.json",),
        ),
        Profile(
            "fournisseur", "Un dossier par fournisseur, pour une gestion de documents.",
            Layout.FOLDER, "{fournisseur}/{numero}_{id_facture}",
            (f"Batiment-Exemple/{_INVOICE}/facture.json",),
        ),
        Profile(
            "plat", "Tout dans un seul dossier, les documents d’une facture commencent par le même nom.",
            Layout.SIDE_BY_SIDE, "{siret}_{numero}_{id_facture}",
            (f"{_SIRET}_{_INVOICE}_F-118.pdf", f"{_SIRET}_{_INVOICE}_pivot_4021.xml", f"{_SIRET}_{_INVOICE}.json"),
        ),
        Profile(
            "paire", "Un XML (le pivot de Chorus Pro) et un PDF de même nom, pour un logiciel qui lit des paires.",
            Layout.PAIR, "{siret}_{numero}_{id_facture}",
            (f"{_SIRET}_{_INVOICE}.pdf", f"{_SIRET}_{_INVOICE}_PJ1.pdf", f"{_SIRET}_{_INVOICE}.xml"), Taking.ERASED,
        ),
        Profile(
            "pivot", "Le pivot seul, tel que le portail le donne : il contient le PDF et les pièces jointes.",
            Layout.PIVOT, "{siret}_{numero}_{id_facture}",
            (f"{_SIRET}_{_INVOICE}.xml",), Taking.ERASED,
        ),
        Profile(
            "zip", "Un ZIP par facture, avec ses documents et sa fiche.",
            Layout.ZIP, "{siret}_{numero}_{id_facture}",
            (f"{_SIRET}_{_INVOICE}.zip",), Taking.ERASED,
        ),
        Profile(
            "zip-jour", "Un ZIP par jour, posé le lendemain, pour une reprise quotidienne ; 500 factures au plus.",
            Layout.DAILY_ZIP, "{siret}_{numero}_{id_facture}",
            ("factures_2026-11-20_118.zip",), Taking.ERASED,
        ),
    )
}  # fmt: skip
