"""Chorus Pro's own minimal XML (`IN_DP_E2_CPP_FACTURE_MIN`), with its PDF inside.

Its schema is not public in the material at hand: the element names are those of the pivot, which the same
platform wrote (specifications/recipient.md §3); namespaces are ignored. A guess, listed in COVERAGE.md.
"""

from __future__ import annotations

import base64
import binascii

from lxml import etree

from chorus_simulator.documents.document import Attached, Document, Party, day_of, decimal_of
from chorus_simulator.model import LigneTva

CHEMINS = {
    "numero": "CPPFacture.DonneesFacture.Id.value",
    "date": "CPPFacture.DonneesFacture.DateEmissionFacture.value",
    "type": "CPPFacture.DonneesFacture.Type.value",
    "cadre": "CPPFacture.DonneesFacture.Cadre.value",
    "fournisseur": "CPPFacture.Fournisseur.Identifiant.value",
    "destinataire": "CPPFacture.Debiteur.Identifiant.value",
    "service": "CPPFacture.Debiteur.CodeService.value",
    "engagement": "CPPFacture.DonneesFacture.Engagement.NumeroEngagement.value",
    "marche": "CPPFacture.DonneesFacture.Engagement.NumeroMarche.value",
    "devise": "CPPFacture.DonneesFacture.Devise.value",
    "paiement": "CPPFacture.DonneesFacture.ModePaiement.Code.value",
    "iban": "CPPFacture.Fournisseur.ReferenceBancaire.Compte.value",
    "ht": "CPPFacture.DonneesFacture.Montants.MontantHT.value",
    "ttc": "CPPFacture.DonneesFacture.Montants.MontantTTC.value",
    "a_payer": "CPPFacture.DonneesFacture.Montants.MontantNetAPayer.value",
    "piece": "CPPFacture.PJ.Contenu.value",
}


def is_cpp(root: etree._Element) -> bool:
    """Whether this root is that of the platform's own syntax, whatever its namespace."""
    return etree.QName(root).localname.startswith("CPPFacture")


def read(root: etree._Element, *, lignes: bool = False) -> Document:  # noqa: ARG001  # the minimal file has no lines
    """The invoice, empty where the file says nothing: `rules` judges, not this. This minimal file has no lines."""
    document = Document("CPP", CHEMINS)
    donnees = _find(root, "DonneesFacture")
    document.fournisseur = Party(
        _text(root, "Fournisseur", "Identifiant"), nom=_text(root, "Fournisseur", "RaisonSociale")
    )
    document.destinataire = Party(_text(root, "Debiteur", "Identifiant"), nom=_text(root, "Debiteur", "Nom"))
    document.service = _text(root, "Debiteur", "CodeService")
    document.iban = _text(root, "ReferenceBancaire", "Compte")
    if donnees is None:
        return document
    document.numero = _text(donnees, "Id")
    document.jour = day_of(_text(donnees, "DateEmissionFacture"))
    document.type_code = _text(donnees, "Type")
    document.cadre = _text(donnees, "Cadre")
    document.devise = _text(donnees, "Devise")
    document.paiement = _text(donnees, "ModePaiement", "Code")
    document.engagement = _text(donnees, "NumeroEngagement")
    document.marche = _text(donnees, "NumeroMarche")
    document.origine = _text(donnees, "IdFactureOrigine")
    document.ht = decimal_of(_text(donnees, "MontantHT"))
    document.ttc = decimal_of(_text(donnees, "MontantTTC"))
    document.a_payer = decimal_of(_text(donnees, "MontantNetAPayer"))
    _taxes(document, donnees)
    document.attaches = [_attached(piece) for piece in root.iterfind(".//{*}PJ")]
    return document


def _taxes(document: Document, donnees: etree._Element) -> None:
    for tax in donnees.iterfind(".//{*}TVA"):
        rate, base, amount = (decimal_of(_text(tax, name)) for name in ("Taux", "BaseHt", "MontantTVA"))
        if rate is not None and base is not None and amount is not None:
            document.tvas.append(LigneTva(rate, base, amount))
    if document.ht is not None and document.ttc is not None:
        document.tva = document.ttc - document.ht


def _attached(piece: etree._Element) -> Attached:
    try:
        data: bytes | None = base64.b64decode("".join(_text(piece, "Contenu").split()), validate=True)
    except (binascii.Error, ValueError):
        data = None
    return Attached(_text(piece, "NomPJ"), _text(piece, "MimeTypePJ"), data or None, _text(piece, "TypePJ") == "01")


def _find(node: etree._Element, name: str) -> etree._Element | None:
    return node.find(f".//{{*}}{name}")


def _text(node: etree._Element, *names: str) -> str:
    found: etree._Element | None = node
    for name in names:
        found = _find(found, name) if found is not None else None
    return (found.text or "").strip() if found is not None else ""
