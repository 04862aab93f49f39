"""What is deposited is taken at once and judged later, by Chorus Pro's own rules (flux.md)."""

import base64
import io
import re
import tarfile

import pytest

FIRM, TOWN, HOSPITAL, STATE = "45251785100010", "21970999400017", "26970888200019", "11000201100044"
DUPLICATE = "Vous avez déjà déposé une demande de paiement avec ce numéro de facture pour cette structure"


def reasons(api, data, **fields):
    """The sentences against a deposited invoice, none when it is integrated."""
    numero = api.deposit(data, **fields)
    api.simulator.control.clock(advance=1)
    report = api.report(numero)
    found = [error["libelleErreurDP"] for error in report.get("listeErreurDP", [])]
    found += [error["libelleErreur"] for error in report.get("listeErreurTechnique", [])]
    assert report["etatCourantDepotFlux"] == ("IN_REJETE" if found else "IN_INTEGRE")
    return found


def test_the_number_and_the_first_state_are_those_of_the_samples(api, invoices):
    numero = api.deposit(invoices.cii())
    assert re.fullmatch(r"CPP0011106\d{15}", numero)
    report = api.report(numero)
    assert report["etatCourantDepotFlux"] == "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP"
    assert report["codeInterfaceDepotFlux"] == "FSO1106A"
    assert report["nomFichier"] == f"FSO1106A_CPP001_{numero}"
    assert report["dateDepotFlux"] == "2026-11-23T12:00:00.000+01:00"
    assert "listeErreurDP" not in report
    assert "numeroFluxDepot" not in report


def test_the_states_come_in_order_with_the_time(api, invoices):
    numero = api.deposit(invoices.cii())
    seen = [api.report(numero)["etatCourantDepotFlux"]]
    for _ in range(4):
        api.simulator.control.clock(advance=0.1)
        seen.append(api.report(numero)["etatCourantDepotFlux"])
    assert seen == [
        "IN_DEPOT_PORTAIL_EN_ATTENTE_TRAITEMENT_SE_CPP",
        "IN_RECU",
        "IN_TRAITE_SE_CPP",
        "IN_EN_COURS_TRAITEMENT_CPP",
        "IN_INTEGRE",
    ]


def test_an_integrated_flux_gives_an_invoice_to_its_recipient(api, invoices):
    number = api.integrated(invoices.cii(numero="F-1"))
    assert api.history(number) == ["DEPOSEE", "MISE_A_DISPOSITION"]
    received = api.call("factures/v1/rechercher/recipiendaire", {}, TOWN).json["listeFactures"]
    assert [(row["idFacture"], row["numeroFacture"], row["montantTTC"]) for row in received] == [(number, "F-1", 120.0)]


def test_amounts_are_written_exactly(api, invoices):
    api.integrated(invoices.cii(ht="0.10", tva="0.02", ttc="0.12"))
    answer = api.call("factures/v1/rechercher/recipiendaire", {}, TOWN)
    assert b'"montantHT":0.10,' in answer.content


def test_ubl_and_a_body_that_receives_by_edi(api, invoices):
    data = invoices.ubl(acheteur="22970777300013", service="BATIMENTS")
    number = api.integrated(data, syntaxe="IN_DP_E1_UBL_INVOICE")
    assert api.history(number) == ["DEPOSEE", "EN_COURS_ACHEMINEMENT", "MISE_A_DISPOSITION"]


def test_the_same_file_twice_makes_two_numbers_and_one_invoice(api, invoices):
    data = invoices.cii()
    first, second = api.deposit(data), api.deposit(data)
    assert first != second
    api.simulator.control.clock(advance=1)
    assert api.report(first)["etatCourantDepotFlux"] == "IN_INTEGRE"
    report = api.report(second)
    assert report["etatCourantDepotFlux"] == "IN_REJETE"
    assert [error["libelleErreurDP"] for error in report["listeErreurDP"]] == [DUPLICATE]
    assert len(api.simulator.control.factures()) == 1


def test_the_number_may_serve_again_another_year_or_for_another_supplier(api, invoices):
    assert reasons(api, invoices.cii(numero="N-1")) == []
    assert reasons(api, invoices.cii(numero="N-1", jour="20251231")) == []
    assert reasons(api, invoices.cii(numero="N-1", vendeur="53210987600015")) == []
    assert reasons(api, invoices.cii(numero="N-1")) == [DUPLICATE]


def test_a_refused_flux_leaves_the_number_free_and_a_rejected_invoice_does_not(api, invoices):
    assert reasons(api, invoices.cii(numero="N-2", service="INCONNU")) != []
    number = api.integrated(invoices.cii(numero="N-2"))
    body = {"idFacture": number, "nouveauStatut": "REJETEE", "motif": "erreur"}
    assert api.call("factures/v1/traiter/recue", body, TOWN).code == 0
    assert reasons(api, invoices.cii(numero="N-2")) == [DUPLICATE]


PAYMENT = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeSettlement"
AGREEMENT = "FichierXml.SupplyChainTradeTransaction.ApplicableHeaderTradeAgreement"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"paiement": ""}, f"L'element {PAYMENT}.SpecifiedTradeSettlementPaymentMeans.TypeCode.value est obligatoire."),
        ({"paiement": "74"}, "n'est pas autorise"),
        ({"iban": ""}, "IBANID.value est obligatoire"),
        ({"numero": "123456789012345678901"}, "depasse 20 caracteres"),
        ({"numero": "20261123"}, "date du jour"),
        ({"numero": "F 1"}, "caractere non autorise"),
        ({"vendeur": "452517851"}, "n'est pas reference dans notre systeme"),
        ({"vendeur": "99999999999999"}, "L'identifiant fournisseur de la demande de paiement (balise :"),
        ({"acheteur": "99999999999999"}, "L'identifiant destinataire"),
        ({"acheteur": FIRM, "service": ""}, "n'est pas une structure publique"),
        ({"service": "ANCIEN"}, "Le code service de la structure publique destinataire est inconnu ou inactif"),
        ({"service": "FACTURES_PUBLIQUES"}, "reserve aux entites publiques"),
        (
            {"service": "ECOLES", "engagement": ""},
            "BuyerOrderReferencedDocument.IssuerAssignedID.value) est obligatoire",
        ),
        (
            {"acheteur": STATE, "service": ""},
            f"L'engagement juridique ({AGREEMENT}.BuyerReference.value) est obligatoire",
        ),
        ({"acheteur": STATE, "service": "SFACETAT", "engagement": ""}, "IssuerAssignedID.value) est obligatoire"),
        ({"acheteur": HOSPITAL, "service": "", "engagement": ""}, "BuyerReference.value) est obligatoire"),
        ({"engagement": "E" * 51}, "depasse 50 caracteres"),
        ({"ttc": "125.00"}, "incoherents"),
        ({"ttc": ""}, "GrandTotalAmount.value est obligatoire"),
        ({"cadre": "Z9"}, "n'est pas compris entre A1 et A25"),
        ({"type": "751"}, "type de facture"),
        ({"devise": ""}, "InvoiceCurrencyCode.value est obligatoire"),
        ({"jour": "hier"}, "IssueDateTime.DateTimeString.value est obligatoire"),
    ],
)
def test_each_rule_refuses_with_its_sentence(api, invoices, changes, sentence):
    found = reasons(api, invoices.cii(**changes))
    assert any(sentence in reason for reason in found), found


@pytest.mark.parametrize(
    "changes",
    [
        {"cadre": ""},
        {"cadre": "S1"},
        {"type": "381", "paiement": ""},
        {"acheteur": HOSPITAL, "service": "", "engagement": "EJ"},
        {"acheteur": HOSPITAL, "service": "PHARMACIE", "engagement": ""},
        {"acheteur": "12345678200051", "service": "", "engagement": ""},
        {"ttc": "120.01"},
    ],
)
def test_what_chorus_takes_is_taken(api, invoices, changes):
    assert reasons(api, invoices.cii(**changes)) == []


def test_an_afnor_cadre_is_refused_when_the_switch_is_off(api, invoices):
    api.simulator.control.switch(cadre_afnor=False)
    assert "A1 et A25" in reasons(api, invoices.cii(cadre="S1"))[0]


def test_an_inactive_supplier_or_recipient_is_refused(api, invoices):
    api.simulator.control.structure(FIRM, statut="INACTIVE")
    assert "fournisseur" in reasons(api, invoices.cii())[0]
    api.simulator.control.structure(FIRM, statut="ACTIVE")
    api.simulator.control.structure(TOWN, statut="INACTIVE")
    assert "destinataire" in reasons(api, invoices.cii())[0]


def attachment(name, content, kind="916"):
    tag = "ram:AttachmentBinaryObject"
    binary = f'<{tag} mimeCode="application/pdf" filename="{name}">{content}</{tag}>'
    return (
        f"<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>{name}</ram:IssuerAssignedID>"
        f"<ram:TypeCode>{kind}</ram:TypeCode>{binary if content is not None else ''}</ram:AdditionalReferencedDocument>"
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", None, "AttachmentBinaryObject.value est obligatoire"),
        ("a.pdf", "", "est vide"),
        ("a.pdf", "%%%", "est obligatoire"),
        ("a.exe", "QUJD", "n'est pas autorisee"),
        ("n" * 47 + ".pdf", "QUJD", "depasse 50 caracteres"),
    ],
)
def test_attachments_are_looked_at(api, invoices, name, content, sentence):
    found = reasons(api, invoices.cii(pieces=attachment(name, content)))
    assert any(sentence in reason for reason in found), found


def archive(*files):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for rank, data in enumerate(files):
            member = tarfile.TarInfo(f"facture{rank}.xml")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


def test_a_lot_is_integrated_whole(api, invoices):
    numero = api.deposit(archive(*(invoices.cii(numero=f"L-{n}") for n in range(25))), name="lot.tar.gz")
    api.simulator.control.clock(advance=1)
    assert api.report(numero)["etatCourantDepotFlux"] == "IN_INTEGRE"
    assert sorted(row["numeroFacture"] for row in api.of_flux(numero)) == sorted(f"L-{n}" for n in range(25))


def test_a_lot_with_a_bad_invoice_is_integrated_in_part(api, invoices):
    lot = archive(invoices.cii(numero="P-1"), invoices.cii(numero="P-2", service="INCONNU"), invoices.cii(numero="P-3"))
    numero = api.deposit(lot, name="lot.tar.gz")
    api.simulator.control.clock(advance=1)
    report = api.report(numero)
    assert report["etatCourantDepotFlux"] == "IN_INTEGRE_PARTIEL"
    assert [(e["numeroDP"], e["identifiantFournisseur"]) for e in report["listeErreurDP"]] == [("P-2", FIRM)]
    assert {row["numeroFacture"] for row in api.of_flux(numero)} == {"P-1", "P-3"}


@pytest.mark.parametrize(
    ("data", "syntaxe"),
    [
        (b"pas du XML", "IN_DP_E1_CII_16B"),
        (b"<a/>", "IN_DP_E1_CII_16B"),
        (b"%PDF-1.4 presque", "IN_DP_E2_CII_FACTURX"),
        (b"<a/>", "IN_DP_E2_CII_FACTURX"),
        (b"\x1f\x8b presque une archive", "IN_DP_E1_CII_16B"),
        (b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>", "IN_DP_E1_UBL_INVOICE"),
        (b"\x00\xff\x00", "IN_DP_E2_CPP_FACTURE_MIN"),
    ],
)
def test_a_file_that_is_no_invoice_is_a_technical_error(api, data, syntaxe):
    numero = api.deposit(data, syntaxe)
    api.simulator.control.clock(advance=1)
    report = api.report(numero)
    assert report["etatCourantDepotFlux"] == "IN_REJETE"
    assert "listeErreurDP" not in report
    (error,) = report["listeErreurTechnique"]
    assert error["libelleErreur"]


def test_the_wrong_syntax_for_the_content_is_a_technical_error(api, invoices):
    (sentence,) = reasons(api, invoices.ubl(), syntaxe="IN_DP_E1_CII_16B")
    assert "syntaxe annoncée" in sentence


@pytest.mark.parametrize("syntaxe", ["IN_DP_E2_FACTURX", "IN_DP_E1_UBL_201", "IN_DP_E1_PES_FACTURE", ""])
def test_a_syntax_that_is_none_is_refused_at_once(api, syntaxe):
    body = {"fichierFlux": "QQ==", "nomFichier": "a.xml", "syntaxeFlux": syntaxe}
    answer = api.call("factures/v1/deposer/flux", body)
    assert (answer.status, answer.code) == (400, 400)


@pytest.mark.parametrize("name", ["a/b.xml", 'a"b.xml', "a#b.xml", "a" * 201, "", None])
def test_file_names_obey_the_caution(api, name):
    body = {"fichierFlux": "QQ==", "nomFichier": name, "syntaxeFlux": "IN_DP_E1_CII_16B"}
    assert api.call("factures/v1/deposer/flux", body).status == 400


@pytest.mark.parametrize("fichier", ["", None, "n'est pas du base64", "QQ", 12, ["QQ=="]])
def test_the_file_must_be_base64(api, fichier):
    body = {"fichierFlux": fichier, "nomFichier": "a.xml", "syntaxeFlux": "IN_DP_E1_CII_16B"}
    assert api.call("factures/v1/deposer/flux", body).status == 400


def test_a_flux_beyond_thirty_megabytes_is_20001(api):
    api.simulator.control.switch(flux_mo=1)
    body = {
        "fichierFlux": base64.b64encode(b" " * (1024 * 1024 + 1)).decode(),
        "nomFichier": "a.xml",
        "syntaxeFlux": "IN_DP_E1_CII_16B",
    }
    answer = api.call("factures/v1/deposer/flux", body)
    assert (answer.status, answer.code) == (200, 20001)
    assert "GDP_MSG_11.022" in answer.json["libelle"]


def test_an_unknown_flux_and_another_firm_s_flux_are_the_same(api, invoices):
    numero = api.deposit(invoices.cii())
    assert api.report("CPP0011106000000000000001")["codeRetour"] == 20000
    assert api.report(numero, siret="53210987600015")["codeRetour"] == 20000


def test_an_operator_deposits_for_a_supplier_that_is_not_its_own(api, invoices):
    operator = "53210987600015"
    numero = api.deposit(invoices.cii(), siret=operator)
    api.simulator.control.clock(advance=1)
    assert api.report(numero, operator)["etatCourantDepotFlux"] == "IN_INTEGRE"
    assert len(api.of_flux(numero, operator)) == 1
    assert len(api.of_flux(numero, FIRM)) == 1


def test_the_report_exists_as_a_pdf(api, invoices):
    numero = api.deposit(invoices.cii())
    answer = api.call("transverses/v1/consulterCR", {"numeroFluxDepot": numero, "dateDepot": "2026-11-23"})
    assert base64.b64decode(answer.json["fichierCR"]).startswith(b"%PDF")
    assert answer.json["numeroFluxDepot"] == numero


def test_labels_are_cut_and_may_lose_their_accents(api, invoices):
    api.simulator.control.switch(libelle_longueur=30, libelle_sans_accent=True)
    api.integrated(invoices.cii(numero="C-1"))
    assert reasons(api, invoices.cii(numero="C-1")) == ["Vous avez deja depose une demande d"[:30]]


def test_a_delayed_and_a_stuck_flux(api, invoices):
    api.simulator.control.fault("delayed_integration", seconds=3600)
    slow = api.deposit(invoices.cii())
    api.simulator.control.fault("internal_state", state="IN_INCIDENTE")
    stuck = api.deposit(invoices.cii())
    api.simulator.control.clock(advance=3599)
    assert api.report(slow)["etatCourantDepotFlux"] == "IN_EN_COURS_TRAITEMENT_CPP"
    assert api.report(stuck)["etatCourantDepotFlux"] == "IN_INCIDENTE"
    api.simulator.control.clock(advance=2)
    api._token = ""
    assert api.report(slow)["etatCourantDepotFlux"] == "IN_INTEGRE"


@pytest.mark.samples
@pytest.mark.parametrize(
    ("file", "syntaxe"),
    [
        ("mutants/cii-ok-standard.xml", "IN_DP_E1_CII_16B"),
        ("mutants/cii-ok-exempt.xml", "IN_DP_E1_CII_16B"),
        ("mutants/ubl-ok-standard.xml", "IN_DP_E1_UBL_INVOICE"),
        ("mutants/ubl-ok-credit-note.xml", "IN_DP_E1_UBL_INVOICE"),
        ("pdf-cases/pdf-ok-weasyprint.pdf", "IN_DP_E2_CII_FACTURX"),
        ("pdf-cases/pdf-ok-credit-note.pdf", "IN_DP_E2_CII_FACTURX"),
        ("big/ubl_1000.xml", "IN_DP_E1_UBL_INVOICE"),
    ],
)
def test_the_public_samples_find_their_parties(api, samples, file, syntaxe):
    path = samples / file
    assert reasons(api, path.read_bytes(), syntaxe=syntaxe, name=path.name, siret=FIRM) == []
