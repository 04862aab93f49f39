"""Chorus Pro's rejection labels, said to a person: the field's French name, and what to do.

The platform answers with XML paths, accents stripped, cut at about 200 characters (`specifications/flux.md
§5`). Only the path tells a missing service code from a missing engagement: the label says « engagement
juridique » of both (`quirks.md §1`, row 36). The official list is not public: what is not recognised here is
shown as it came, never folded into something known.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from raccord.domain.faults import Fault, Severity

RULE_SET = "chorus-pro"
_SOURCE_LIMIT = 200


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of the platform: the clue in its path, its business term, its French name with article, the
    cure.
    """

    clue: str
    code: str
    bt: str
    name: str
    cure: str


_FIELDS = (
    _Field(
        "PaymentMeans.TypeCode",
        "REJ-PAY-01",
        "BT-81",
        "le mode de paiement",
        "Indiquez le code du mode de paiement : 30 pour un virement, 49 pour un prélèvement, 20 pour un chèque.",
    ),
    _Field(
        "PaymentMeans.PaymentMeansCode",
        "REJ-PAY-01",
        "BT-81",
        "le mode de paiement",
        "Indiquez le code du mode de paiement : 30 pour un virement, 49 pour un prélèvement, 20 pour un chèque.",
    ),
    _Field("IBANID", "REJ-PAY-02", "BT-84", "l’IBAN", "Ajoutez l’IBAN du compte à créditer."),
    _Field("PayeeFinancialAccount", "REJ-PAY-02", "BT-84", "l’IBAN", "Ajoutez l’IBAN du compte à créditer."),
    _Field(
        "BuyerReference",
        "REJ-SERV-01",
        "BT-10",
        "le code service",
        "Recopiez le code service du bon de commande, ou choisissez-le dans l’annuaire.",
    ),
    _Field(
        "BuyerOrderReferencedDocument",
        "REJ-ENG-01",
        "BT-13",
        "le numéro d’engagement",
        "Recopiez le numéro d’engagement juridique du bon de commande.",
    ),
    _Field(
        "OrderReference",
        "REJ-ENG-01",
        "BT-13",
        "le numéro d’engagement",
        "Recopiez le numéro d’engagement juridique du bon de commande.",
    ),
    _Field("ContractReferencedDocument", "REJ-MAR-01", "BT-12", "le numéro de marché", "Recopiez le numéro de marché."),
    _Field("ContractDocumentReference", "REJ-MAR-01", "BT-12", "le numéro de marché", "Recopiez le numéro de marché."),
    _Field(
        "AttachmentBinaryObject",
        "REJ-PJ-01",
        "BT-125",
        "le contenu d’une pièce jointe",
        "Joignez le fichier annoncé, ou retirez son annonce.",
    ),
    _Field(
        "EmbeddedDocumentBinaryObject",
        "REJ-PJ-01",
        "BT-125",
        "le contenu d’une pièce jointe",
        "Joignez le fichier annoncé, ou retirez son annonce.",
    ),
    _Field(
        "AccountingSupplierParty.Party.PartyIdentification",
        "REJ-SIRET-01",
        "BT-29",
        "le SIRET du fournisseur",
        "Vérifiez les 14 chiffres de votre SIRET, et que cet établissement est actif dans Chorus Pro.",
    ),
    _Field(
        "SellerTradeParty",
        "REJ-SIRET-01",
        "BT-29",
        "le SIRET du fournisseur",
        "Vérifiez les 14 chiffres de votre SIRET, et que cet établissement est actif dans Chorus Pro.",
    ),
    _Field(
        "AccountingCustomerParty.Party.PartyIdentification",
        "REJ-SIRET-02",
        "BT-46",
        "le SIRET du destinataire",
        "Vérifiez le SIRET du destinataire sur le bon de commande.",
    ),
    _Field(
        "BuyerTradeParty",
        "REJ-SIRET-02",
        "BT-46",
        "le SIRET du destinataire",
        "Vérifiez le SIRET du destinataire sur le bon de commande.",
    ),
    _Field(
        "BusinessProcessSpecifiedDocumentContextParameter",
        "REJ-CAD-01",
        "BT-23",
        "le cadre de facturation",
        "Indiquez A1 (fournisseur), A2 (déjà payée), A9 (sous-traitant) ou A12 (cotraitant).",
    ),
    _Field(
        "ProfileID",
        "REJ-CAD-01",
        "BT-23",
        "le cadre de facturation",
        "Indiquez A1 (fournisseur), A2 (déjà payée), A9 (sous-traitant) ou A12 (cotraitant).",
    ),
    _Field("InvoiceCurrencyCode", "REJ-DEV-01", "BT-5", "la devise", "Indiquez EUR."),
    _Field("DocumentCurrencyCode", "REJ-DEV-01", "BT-5", "la devise", "Indiquez EUR."),
    _Field("IssueDate", "REJ-DATE-01", "BT-2", "la date de la facture", "Indiquez la date de la facture."),
    _Field(
        "ExchangedDocument.ID",
        "REJ-NUM-01",
        "BT-1",
        "le numéro de facture",
        "Indiquez un numéro de 20 caractères au plus.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A label without a path, recognised by its words (accents and case apart)."""

    words: re.Pattern[str]
    code: str
    bt: str
    sentence: str
    cure: str


_SENTENCES = (
    _Sentence(
        re.compile(r"deja depose une demande de paiement avec ce numero"),
        "REJ-NUM-02",
        "BT-1",
        "Cette facture est déjà dans Chorus Pro : ce numéro a déjà servi pour ce fournisseur cette année.",
        "Ne la renvoyez pas : suivez la facture trouvée. Si elle a été rejetée, émettez-la sous un nouveau numéro.",
    ),
    _Sentence(
        re.compile(r"identifiant fournisseur .*n'est pas reference"),
        "REJ-SIRET-01",
        "BT-29",
        "Le SIRET du fournisseur n’est pas connu de Chorus Pro.",
        "Vérifiez les 14 chiffres de votre SIRET, et que cet établissement est actif dans Chorus Pro.",
    ),
    _Sentence(
        re.compile(r"code service de la structure publique (destinataire|emettrice) est inconnu ou inactif"),
        "REJ-SERV-02",
        "BT-10",
        "Le service indiqué est inconnu ou fermé.",
        "Choisissez un service actif dans l’annuaire, ou demandez-le à l’acheteur.",
    ),
    _Sentence(
        re.compile(r"(destinataire|recipient).*(inconnu|inactif|inactive|n'existe pas|not found)"),
        "REJ-DEST-01",
        "BT-46",
        "Le destinataire est inconnu de Chorus Pro ou n’y est plus actif.",
        "Vérifiez le SIRET du destinataire sur le bon de commande.",
    ),
    _Sentence(
        re.compile(r"attachment.*unknown type|piece jointe.*type.*(inconnu|n'existe pas)"),
        "REJ-PJ-02",
        "BT-125",
        "Une pièce jointe est d’un type que Chorus Pro ne connaît pas.",
        "Convertissez-la en PDF et joignez-la de nouveau.",
    ),
    _Sentence(
        re.compile(r"(header synthesis|consistency checks).*not (correct|valid)|montants?.*(incoheren|ne correspond)"),
        "REJ-MNT-01",
        "BG-22",
        "Les montants ne s’additionnent pas.",
        "Recalculez les totaux et la TVA de chaque taux, au centime.",
    ),
    _Sentence(
        re.compile(r"could not be analyzed|n'a pas pu etre analyse"),
        "REJ-PDF-01",
        "",
        "Chorus Pro n’a pas pu lire ce fichier.",
        "Déposez un PDF texte, sans mot de passe, ou une facture Factur-X.",
    ),
    _Sentence(
        re.compile(r"\bg1\.02\b|cadre de facturation.*(incorrect|invalide|autorise|inconnu)"),
        "REJ-CAD-01",
        "BT-23",
        "Le cadre de facturation n’est pas admis.",
        "Indiquez A1 (fournisseur), A2 (déjà payée), A9 (sous-traitant) ou A12 (cotraitant).",
    ),
    _Sentence(
        re.compile(r"\bg1\.05\b|numero de (la )?facture.*20 caracteres"),
        "REJ-NUM-01",
        "BT-1",
        "Le numéro de facture est trop long ou mal formé.",
        "Utilisez 20 caractères au plus : lettres, chiffres, - _ / +.",
    ),
    _Sentence(
        re.compile(r"\bs2\.05\b|mode de (paiement|reglement).*(autorise|incorrect|invalide|avoir)"),
        "REJ-PAY-03",
        "BT-81",
        "Le mode de paiement n’est pas admis : il est obligatoire sur une facture et interdit sur un avoir.",
        "Corrigez le mode de paiement.",
    ),
)
_COMPULSORY = re.compile(r"est obligatoire|is (mandatory|required)", re.IGNORECASE)


def translate(libelle: str) -> Fault:
    """One label of a detailed report, as a fault for the person who must correct the invoice. Never raises."""
    text = " ".join(libelle.split())[: _SOURCE_LIMIT * 3]
    return _by_sentence(text) or _by_field(text) or _unknown(text)


def _plain(text: str) -> str:
    """Without accents nor case, typographic apostrophes made straight: the platform strips them at its whim."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


def _by_sentence(text: str) -> Fault | None:
    plain = _plain(text)
    for entry in _SENTENCES:
        if entry.words.search(plain):
            return _fault(entry.code, entry.bt, entry.sentence, entry.cure, text)
    return None


def _by_field(text: str) -> Fault | None:
    bare = text.replace(".value", "")
    for field in _FIELDS:
        if field.clue.lower() in bare.lower():
            if _COMPULSORY.search(text):
                sentence = f"Il manque {field.name} : Chorus Pro l’exige pour cette facture."
            else:
                sentence = f"Chorus Pro refuse {field.name}."
            return _fault(field.code, field.bt, sentence, field.cure, text)
    return None


def _unknown(text: str) -> Fault:
    if _COMPULSORY.search(text) and (found := re.search(r"([A-Za-z]+(?:\.[A-Za-z]+)+)", text)):
        name = found.group(1).removesuffix(".value").rpartition(".")[2]
        sentence = f"Il manque un élément obligatoire ({name}) : Chorus Pro refuse la facture."
        return _fault("REJ-XML-01", "", sentence, "Signalez-le à l’éditeur de votre logiciel, avec ce message.", text)
    return _fault(
        "REJ-INCONNU",
        "",
        f"Chorus Pro a répondu : « {text} ».",
        "Ce message n’est pas connu de Raccord : transmettez-le au support de Chorus Pro si besoin.",
        text,
    )


def _fault(code: str, bt: str, sentence: str, cure: str, original: str) -> Fault:
    return Fault(
        code=code,
        severity=Severity.ERROR,
        path=_path_in(original),
        sentence=sentence,
        cure=cure,
        rule_set=RULE_SET,
        sentence_en=original,
        bt=bt,
    )


def _path_in(text: str) -> str:
    found = re.search(r"[A-Za-z]+(?:\.[A-Za-z]+)+", text)
    return found.group(0).removesuffix(".value") if found else ""
