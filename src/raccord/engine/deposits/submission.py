"""From an invoice to the fields of `soumettre`, mode DEPOT_PDF_API (specifications/saisie.md §4). Makes no call."""

from decimal import Decimal

from choruspro.enumerations import ModeDepot, ModePaiement, TypeFacture, TypeTva
from choruspro.models.factures_depot import (
    LignePosteSoumettreInput,
    LigneTvaSoumettreInput,
    PieceJointeComplentaireSoumettreInput,
    SoumettreFactureCadreDeFacturation,
    SoumettreFactureDestinataire,
    SoumettreFactureFournisseur,
    SoumettreFactureMontantTotal,
    SoumettreFactureParam,
    SoumettreFacturePieceJointePrincipale,
    SoumettreFactureReferences,
)
from raccord.checks.by_fields import CADRES, DEFAULT_CADRE, is_exempt, validator_of
from raccord.domain.invoice import Invoice, Line

_MEANS = {
    **dict.fromkeys(("30", "31", "42", "57", "58"), ModePaiement.VIREMENT),
    **dict.fromkeys(("49", "59"), ModePaiement.PRELEVEMENT),
    "20": ModePaiement.CHEQUE,
    "10": ModePaiement.ESPECE,
    "97": ModePaiement.REPORT,
}
"""UNTDID 4461 (BT-81) to Chorus Pro's list; anything else is AUTRE."""
_ON_PAYMENT = "72"
"""BT-8: VAT is due when the invoice is paid."""
_QUANTITY_STEP = Decimal("0.0001")
_NOTHING = Decimal(0)
_COMMENT_MAX = 2000


def submission(
    invoice: Invoice,
    *,
    supplier: int,
    piece: int,
    joined: list[PieceJointeComplentaireSoumettreInput],
    exemption: str = "",
) -> SoumettreFactureParam:
    """The request: `supplier` is its `idStructureCPP`, `piece` the main PDF, `exemption` a code of the platform's."""
    return SoumettreFactureParam(
        modeDepot=ModeDepot.DEPOT_PDF_API,
        numeroFactureSaisi=invoice.number,
        dateFacture=invoice.issue_date,
        destinataire=SoumettreFactureDestinataire(
            codeDestinataire=str(invoice.recipient_siret or ""), codeServiceExecutant=invoice.service or None
        ),
        fournisseur=SoumettreFactureFournisseur(idFournisseur=supplier),
        cadreDeFacturation=_cadre(invoice),
        references=_references(invoice, exemption),
        lignePoste=_lines(invoice),
        ligneTva=_taxes(invoice) or None,
        montantTotal=_totals(invoice),
        pieceJointePrincipale=SoumettreFacturePieceJointePrincipale(
            pieceJointePrincipaleDesignation="Facture", pieceJointePrincipaleId=piece
        ),
        pieceJointeComplementaire=joined or None,
        commentaire="\n".join(note.text for note in invoice.notes)[:_COMMENT_MAX] or None,
    )


def vat_kind(invoice: Invoice) -> str:
    """The VAT regime that the invoice shows."""
    if is_exempt(invoice):
        return TypeTva.EXONERATION
    if not (invoice.totals.vat or _NOTHING):
        return TypeTva.SANS_TVA
    return TypeTva.TVA_SUR_ENCAISSEMENT if invoice.tax_point_code == _ON_PAYMENT else TypeTva.TVA_SUR_DEBIT


def _cadre(invoice: Invoice) -> SoumettreFactureCadreDeFacturation:
    validator = validator_of(invoice)
    return SoumettreFactureCadreDeFacturation(
        codeCadreFacturation=CADRES[invoice.cadre or DEFAULT_CADRE],
        codeStructureValideur=str(validator) if validator else None,
    )


def _references(invoice: Invoice, exemption: str) -> SoumettreFactureReferences:
    means = invoice.payment_means[0].code if invoice.payment_means else ""
    return SoumettreFactureReferences(
        deviseFacture=invoice.currency,
        typeFacture=TypeFacture.AVOIR if invoice.is_credit_note else TypeFacture.FACTURE,
        typeTva=vat_kind(invoice),
        motifExonerationTva=exemption or None,
        modePaiement=_MEANS.get(means, ModePaiement.AUTRE),
        numeroMarche=invoice.contract or None,
        numeroBonCommande=invoice.commitment or None,
        numeroFactureOrigine=invoice.preceding[0].number[:20] if invoice.preceding else None,
    )


def _taxes(invoice: Invoice) -> list[LigneTvaSoumettreInput]:
    if vat_kind(invoice) == TypeTva.SANS_TVA:
        return []
    return [
        LigneTvaSoumettreInput(
            ligneTvaTauxManuel=line.rate or _NOTHING,
            ligneTvaMontantBaseHtParTaux=line.base,
            ligneTvaMontantTvaParTaux=line.amount or _NOTHING,
        )
        for line in invoice.vat
    ]


def _totals(invoice: Invoice) -> SoumettreFactureMontantTotal:
    totals = invoice.totals
    return SoumettreFactureMontantTotal(
        montantHtTotal=totals.net,
        montantTVA=totals.vat or _NOTHING,
        montantTtcTotal=totals.gross,
        montantAPayer=totals.payable,
    )


def _lines(invoice: Invoice) -> list[LignePosteSoumettreInput] | None:
    """The lines, all or none: in this mode they are optional, and the PDF shows what a field cannot say."""
    told = [_line(rank, line) for rank, line in enumerate(invoice.lines, 1)]
    whole = [line for line in told if line is not None]
    return whole if whole and len(whole) == len(told) else None


def _line(rank: int, line: Line) -> LignePosteSoumettreInput | None:
    quantity, price, per = line.quantity, line.price.net, line.price.base_quantity or Decimal(1)
    if quantity is None or price is None or line.net is None or not line.item.name:
        return None
    if quantity != quantity.quantize(_QUANTITY_STEP) or per != 1:
        return None
    discount = quantity * price - line.net
    if discount < 0:  # a charge on the line: no field says it
        return None
    return LignePosteSoumettreInput(
        lignePosteNumero=rank,
        lignePosteReference=line.item.seller_id[:50] or None,
        lignePosteDenomination=line.item.name[:255],
        lignePosteQuantite=quantity,
        lignePosteUnite=line.unit or None,
        lignePosteMontantUnitaireHT=price,
        lignePosteMontantRemiseHT=discount or None,
        lignePosteTauxTvaManuel=line.vat_rate or _NOTHING,
    )
