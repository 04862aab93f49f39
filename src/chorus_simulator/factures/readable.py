"""The original of an invoice and its readable copy: given by the supplier, else drawn by the platform."""

from __future__ import annotations

from chorus_simulator.documents import container
from chorus_simulator.model import Blob, Facture, PieceJointe
from chorus_simulator.pdf import text_pdf
from chorus_simulator.world import World


def original_of(world: World, facture: Facture) -> tuple[PieceJointe, bytes]:
    """The main file as it was deposited; for an invoice typed in, the copy that the platform draws."""
    main = next((piece for piece in facture.pieces if piece.type_pj == "01"), None)
    if main is not None:
        return main, world.spool.read(main.blob)
    return _drawn(world, facture)


def pdf_of(world: World, facture: Facture) -> tuple[str, bytes]:
    """(name, bytes) of the main PDF: the original when it is one, a PDF given beside it, or a drawing."""
    for piece in facture.pieces:
        if piece.extension == "pdf":
            content = world.spool.read(piece.blob)
            if content.startswith(container.PDF):
                return piece.nom, content
    piece, content = _drawn(world, facture)
    return piece.nom, content


def _drawn(world: World, facture: Facture) -> tuple[PieceJointe, bytes]:
    supplier, recipient = world.structures[facture.idFournisseur], world.structures[facture.idDestinataire]
    content = text_pdf(
        [
            "Simulateur de Chorus Pro : ceci n'est pas un document officiel",
            "",
            f"{'Avoir' if facture.typeFacture == 'AVOIR' else 'Facture'} {facture.numero}",
            f"du {facture.dateFacture:%d/%m/%Y}",
            f"Fournisseur : {supplier.designation} ({supplier.identifiant})",
            f"Destinataire : {recipient.designation} ({recipient.identifiant})",
            f"Service : {facture.codeService or '-'}   Engagement : {facture.numeroBonCommande or '-'}",
            "",
            *[f"TVA {tax.taux} % sur {tax.base} : {tax.montant}" for tax in facture.tvas],
            f"Total HT : {facture.montantHT} {facture.devise}",
            f"Total TTC : {facture.montantTTC} {facture.devise}",
            f"Net à payer : {facture.montantAPayer} {facture.devise}",
        ]
    )
    name = f"{facture.numero.replace('/', '_')}.pdf"
    return PieceJointe(facture.id, name, "application/pdf", Blob(0, len(content)), "01"), content
