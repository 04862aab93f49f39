"""Chorus Pro's rejection labels become the field's French name and what to do (specifications/flux.md §5)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.checks.platform_errors import translate

CII = "FichierXml.SupplyChainTradeTransaction"
LABELS = [
    (
        f"L'element {CII}.ApplicableHeaderTradeSettlement.SpecifiedTradeSettlementPaymentMeans.TypeCode.value est "
        "obligatoire.",
        "REJ-PAY-01",
        "BT-81",
        "mode de paiement",
    ),
    (
        f"L'engagement juridique ({CII}.ApplicableHeaderTradeAgreement.BuyerReference.value) est obligatoire",
        "REJ-SERV-01",
        "BT-10",
        "code service",
    ),
    (
        f"L'engagement juridique ({CII}.ApplicableHeaderTradeAgreement.BuyerOrderReferencedDocument"
        ".IssuerAssignedID.value) est obligatoire",
        "REJ-ENG-01",
        "BT-13",
        "numéro d’engagement",
    ),
    (
        "L'identifiant fournisseur de la demande de paiement (balise : AccountingSupplierParty.Party."
        "PartyIdentification.ID.value) n'est pas reference dans notre systeme.",
        "REJ-SIRET-01",
        "BT-29",
        "SIRET du fournisseur",
    ),
    (
        "Vous avez déjà déposé une demande de paiement avec ce numéro de facture pour cette structure",
        "REJ-NUM-02",
        "BT-1",
        "déjà",
    ),
    (
        "Le code service de la structure publique destinataire est inconnu ou inactif dans Chorus Pro",
        "REJ-SERV-02",
        "BT-10",
        "service",
    ),
    (
        "L'element AdditionalReferencedDocument.AttachmentBinaryObject est obligatoire",
        "REJ-PJ-01",
        "BT-125",
        "pièce jointe",
    ),
    ("This invoice could not be analyzed by the Chorus Pro system", "REJ-PDF-01", "", "lire"),
    ("Header synthesis is not correct", "REJ-MNT-01", "BG-22", "additionnent"),
]


@pytest.mark.parametrize(("label", "code", "bt", "words"), LABELS)
def test_a_known_label_names_its_field(label: str, code: str, bt: str, words: str) -> None:
    fault = translate(label)
    assert (fault.code, fault.bt) == (code, bt)
    assert words in fault.sentence
    assert fault.cure
    assert fault.sentence_en == " ".join(label.split()), "the platform's own words are kept"


@pytest.mark.parametrize(("label", "code", "bt", "words"), LABELS)
def test_accents_do_not_matter(label: str, code: str, bt: str, words: str) -> None:
    stripped = (
        label.translate(str.maketrans("éèêàùç’", "eeeauc'")).upper().replace("EST OBLIGATOIRE", "est obligatoire")
    )
    assert translate(stripped).code == code


def test_the_path_alone_tells_service_from_engagement() -> None:
    """Both labels say « engagement juridique » (quirks.md §1, row 36)."""
    assert translate(LABELS[1][0]).bt != translate(LABELS[2][0]).bt


def test_an_unknown_compulsory_element_is_named_as_it_came() -> None:
    fault = translate("L'element FichierXml.Nouveau.Champ.value est obligatoire.")
    assert fault.code == "REJ-XML-01"
    assert "Champ" in fault.sentence


def test_an_unknown_label_is_shown_as_it_came() -> None:
    fault = translate("Quelque chose de neuf")
    assert fault.code == "REJ-INCONNU"
    assert "Quelque chose de neuf" in fault.sentence


@given(st.text(max_size=400))
def test_no_label_stops_the_follow_up(label: str) -> None:
    fault = translate(label)
    assert fault.code.startswith("REJ-")
    assert fault.is_error
