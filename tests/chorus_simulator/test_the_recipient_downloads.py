"""Pivot, PDF, ZIP: what a public body fetches, and the flag that fetching sets (recipient.md §3)."""

import base64
import io
import zipfile

import pikepdf
import pytest
from lxml import etree

FIRM, TOWN = "45251785100010", "21970999400017"


def download(api, numbers, kind="PIVOT", siret=TOWN, others="NON"):
    body = {
        "format": kind,
        "avecPiecesJointesComplementaires": others,
        "listeFacture": [{"idFacture": number} for number in numbers],
    }
    answer = api.call("factures/v1/telecharger/groupe", body, siret)
    assert answer.status == 200, answer.content
    return base64.b64decode(answer.json["fichierResultat"])


def flags(api):
    rows = api.call("factures/v1/rechercher/recipiendaire", {}, TOWN).json["listeFactures"]
    return {row["idFacture"]: row["factureTelechargeeParDestinataire"] for row in rows}


def attachment(name="plan.txt"):
    return (
        f"<ram:AdditionalReferencedDocument><ram:IssuerAssignedID>p</ram:IssuerAssignedID><ram:TypeCode>916</ram:TypeCode>"
        f'<ram:AttachmentBinaryObject mimeCode="text/plain" filename="{name}">cGxhbg==</ram:AttachmentBinaryObject>'
        f"</ram:AdditionalReferencedDocument>"
    )


def test_the_pivot_carries_the_original_byte_for_byte(api, invoices):
    data = invoices.cii(numero="P-1", pieces=attachment())
    number = api.integrated(data)
    root = etree.fromstring(download(api, [number]))
    assert root.tag == "CPPFacturePivot"
    (unit,) = root.findall("CPPFactures/CPPFacturePivotUnitaire")
    assert unit.findtext("DonneesFacture/Id") == "P-1"
    assert unit.findtext("DonneesFacture/IdCPRO") == str(number)
    assert unit.findtext("DonneesFacture/Montants/MontantTTC") == "120.00"
    assert unit.findtext("Debiteur/CodeService") == "SERV-TECH"
    assert unit.findtext("DonneesFacture/Engagement/NumeroEngagement") == "EJ-1"
    assert unit.findtext("Fournisseur/ReferenceBancaire/Compte") == "FR7630006000011234567890189"
    pieces = {piece.findtext("TypePJ"): piece for piece in unit.findall("PJ")}
    assert base64.b64decode(pieces["01"].findtext("Contenu")) == data
    assert base64.b64decode(pieces["02"].findtext("Contenu")) == b"plan"
    assert [v.findtext("CodeStatut") for v in unit.findall("CycleDeValidation/ValidationUnitaire")] == ["01", "03"]
    assert unit.findtext("DonneesFacture/Lignes/Ligne/Quantite") == "2"


def test_the_content_may_be_a_zip_with_another_name_inside(api, invoices):
    api.simulator.control.switch(pivot_en_zip=True)
    data = invoices.cii()
    root = etree.fromstring(download(api, [api.integrated(data)]))
    content = base64.b64decode(root.findtext(".//PJ/Contenu"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (name,) = archive.namelist()
        assert name != root.findtext(".//PJ/NomPJ")
        assert archive.read(name) == data


def test_several_invoices_come_in_one_pivot(api, invoices):
    numbers = [api.integrated(invoices.cii()) for _ in range(3)]
    root = etree.fromstring(download(api, numbers))
    assert root.find("CPPFactures").get("Compteur") == "3"
    assert [int(u.findtext("DonneesFacture/IdCPRO")) for u in root.iter("CPPFacturePivotUnitaire")] == numbers


def test_fetching_sets_the_flag_for_the_recipient_only(api, invoices):
    first, second = api.integrated(invoices.cii()), api.integrated(invoices.cii())
    download(api, [first], siret=FIRM)
    assert flags(api) == {first: False, second: False}
    download(api, [first])
    assert flags(api) == {first: True, second: False}
    body = {"factureTelechargeeParDestinataire": False}
    rows = api.call("factures/v1/rechercher/recipiendaire", body, TOWN).json["listeFactures"]
    assert [row["idFacture"] for row in rows] == [second]


def test_the_flag_is_set_even_if_the_answer_is_lost(api, invoices):
    number = api.integrated(invoices.cii())
    api.simulator.control.fault("reset", "*/telecharger/groupe", when="after")
    with pytest.raises(Exception, match=r"."):
        download(api, [number])
    assert flags(api) == {number: True}


def test_a_fault_before_the_work_leaves_the_flag(api, invoices):
    number = api.integrated(invoices.cii())
    api.simulator.control.fault("reset", "*/telecharger/groupe", when="before")
    with pytest.raises(Exception, match=r"."):
        download(api, [number])
    assert flags(api) == {number: False}


def test_pdf_shapes(api, invoices):
    first = api.integrated(invoices.cii(numero="A/1", pieces=attachment()))
    second = api.integrated(invoices.cii(numero="B-2"))
    one = download(api, [first], "PDF")
    with pikepdf.open(io.BytesIO(one)) as pdf:
        assert len(pdf.pages) == 1
    with zipfile.ZipFile(io.BytesIO(download(api, [first], "PDF", others="OUI"))) as archive:
        assert sorted(archive.namelist()) == ["A_1.pdf", "plan.txt"]
    with zipfile.ZipFile(io.BytesIO(download(api, [first, second], "PDF"))) as archive:
        assert sorted(archive.namelist()) == ["A_1/A_1.pdf", "B-2/B-2.pdf"]


@pytest.mark.samples
def test_a_factur_x_is_its_own_readable_copy(api, samples):
    path = samples / "pdf-cases" / "pdf-ok-weasyprint.pdf"
    number = api.integrated(path.read_bytes(), syntaxe="IN_DP_E2_CII_FACTURX", name=path.name)
    assert download(api, [number], "PDF", siret=FIRM) == path.read_bytes()


def test_beyond_the_size_of_a_billing_file_the_answer_is_413(api, invoices):
    number = api.integrated(invoices.cii())
    api.simulator.control.switch(telechargement_mo=0)
    body = {"format": "PIVOT", "listeFacture": [{"idFacture": number}]}
    assert api.call("factures/v1/telecharger/groupe", body, TOWN).status == 413
    assert flags(api) == {number: False}


def test_another_body_s_invoice_is_not_given(api, invoices):
    number = api.integrated(invoices.cii())
    body = {"format": "PIVOT", "listeFacture": [{"idFacture": number}]}
    assert api.call("factures/v1/telecharger/groupe", body, "26970888200019").code == 20001
    assert api.call("factures/v1/telecharger/groupe", {**body, "format": "XML"}, TOWN).status == 400
    assert api.call("factures/v1/telecharger/groupe", {**body, "listeFacture": []}, TOWN).status == 400
