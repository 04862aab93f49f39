"""The pivot is read as the plain invoice, whatever its version; the files inside come out safely or not at all."""

from __future__ import annotations

import base64
import io
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.formats import ReadError, pivot
from raccord.formats.pivot_files import SMALL, opened, safe_name
from raccord.formats.render import render_pdf

UNIT = """
<CPPFacturePivotUnitaire NumOrdre="1">
 <Fournisseur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>45251785100010</Identifiant>
  <RaisonSociale>Bâti-Œuvre</RaisonSociale><CodePays>FR</CodePays>
  <ReferenceBancaire Type="IBAN"><Compte>FR7630001007941234567890185</Compte><Etablissement/>
   <RaisonSocialeEncaisseur>Bâti-Œuvre</RaisonSocialeEncaisseur></ReferenceBancaire><ModeEmission>flux</ModeEmission>
 </Fournisseur>
 <Debiteur><TypeIdentifiant>1</TypeIdentifiant><Identifiant>12345678200051</Identifiant><Nom>Commune</Nom>
  <CodeService>VOIRIE</CodeService><NomService>Service voirie</NomService></Debiteur>
 <DonneesFacture><Id>F-2026-17</Id>{more}<Type>{kind}</Type><Cadre>A1</Cadre>
  <DateEmissionFacture>2026-03-02</DateEmissionFacture><DateLivraison>2026-02-27</DateLivraison>
  <ModePaiement><Code>30</Code><Libelle>Virement</Libelle></ModePaiement><DateReception>2026-03-03</DateReception>
  <Devise>EUR</Devise>
  <Montants><MontantHT>1234.50</MontantHT><MontantTTC>1481.40</MontantTTC><MontantNetAPayer>1481.40</MontantNetAPayer>
  </Montants><TVAs><TVA><Taux>20</Taux><BaseHt>1234.50</BaseHt><MontantTVA>246.90</MontantTVA></TVA></TVAs>
  <Engagement><NumeroMarche>M-9</NumeroMarche><NumeroEngagement>EJ-0042</NumeroEngagement></Engagement>
  <Lignes><Ligne><ReferenceProduit>Enrobé à chaud</ReferenceProduit><PrixUnitaire>123.45</PrixUnitaire>
   <Quantite>10</Quantite><MontantHT>1234.50</MontantHT><TauxTVA>20</TauxTVA></Ligne></Lignes>
 </DonneesFacture>{files}
</CPPFacturePivotUnitaire>"""


def _unit(files: str = "", kind: str = "380", more: str = "") -> str:
    return UNIT.format(files=files, kind=kind, more=more)


def _whole(*units: str, namespace: str = "") -> bytes:
    space = f' xmlns="{namespace}"' if namespace else ""
    body = "".join(units)
    return f"<CPPFacturePivot{space}><CPPFactures>{body}</CPPFactures></CPPFacturePivot>".encode()


def _pj(name: str, data: bytes, category: str, kind: str = "01", origin: str = "") -> str:
    return (
        f"<PJ><Contenu>{base64.b64encode(data).decode()}</Contenu><NomPJ>{name}</NomPJ>"
        + (f"<NomPJOrigine>{origin}</NomPJOrigine>" if origin else "")
        + f"<CategoriePJ>{category}</CategoriePJ><TypePJ>{kind}</TypePJ></PJ>"
    )


def _zip(*files: tuple[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return raw.getvalue()


@pytest.mark.parametrize("namespace", ["", "cpp:pivot:V1_20", "urn:cpp:xsd:pivot:V2_02"])
def test_every_term_of_the_pivot_is_read_in_any_version(namespace: str) -> None:
    invoice = pivot.read(_whole(_unit(), namespace=namespace))
    assert (invoice.number, invoice.issue_date, invoice.type_code) == ("F-2026-17", date(2026, 3, 2), "380")
    assert (invoice.seller.name, invoice.supplier_siret) == ("Bâti-Œuvre", "45251785100010")
    assert (invoice.recipient_siret, invoice.service) == ("12345678200051", "VOIRIE")
    assert (invoice.contract, invoice.commitment, invoice.cadre) == ("M-9", "EJ-0042", "A1")
    assert (invoice.totals.net, invoice.totals.vat, invoice.payable) == tuple(
        map(Decimal, ("1234.50", "246.90", "1481.40"))
    )
    assert invoice.delivery is not None
    assert invoice.delivery.day == date(2026, 2, 27)
    (line,) = invoice.lines
    assert (line.item.name, line.price.net, line.quantity) == ("Enrobé à chaud", Decimal("123.45"), Decimal(10))
    (means,) = invoice.payment_means
    assert means.account is not None
    assert means.account.iban == "FR7630001007941234567890185"


def test_the_part_of_one_invoice_is_read_without_its_envelope() -> None:
    assert pivot.read(_unit().encode()).number == "F-2026-17"


def test_a_credit_note_says_what_it_is_about() -> None:
    note = pivot.read(_whole(_unit(kind="381", more="<IdFactureOrigine>F-2025-99</IdFactureOrigine>")))
    assert note.is_credit_note
    assert note.preceding[0].number == "F-2025-99"


def test_a_european_supplier_is_known_by_its_vat_number() -> None:
    unit = _unit().replace("<TypeIdentifiant>1</TypeIdentifiant><Identifiant>45251785100010",
                           "<TypeIdentifiant>2</TypeIdentifiant><Identifiant>DE123456789", 1)  # fmt: skip
    invoice = pivot.read(_whole(unit))
    assert invoice.seller.vat_number == "DE123456789"
    assert invoice.seller.identifiers == ()


def test_every_pivot_can_be_drawn() -> None:
    assert render_pdf(pivot.read(_whole(_unit()))).startswith(b"%PDF")


@pytest.mark.parametrize("category", ["Facture_UBL_AFNOR", "Facture_CII _AFNOR", "Facture_CII_AFNOR",
                                      "FACTURE_FACTUR-X_AFNOR"])  # fmt: skip
def test_the_documents_of_2026_are_told_apart(category: str) -> None:
    files = _pj("facture.xml", b"<Invoice/>", category) + _pj("lisible.pdf", b"%PDF-1.7", "Facture PDF", "02")
    main, copy = pivot.pieces(_whole(_unit(files)))
    assert main.main
    assert main.is_structured
    assert not main.is_readable_copy
    assert (copy.is_readable_copy, copy.data) == (True, b"%PDF-1.7")


def test_a_zip_under_another_name_is_opened_and_no_name_carries_a_path() -> None:
    packed = _zip(("../../../etc/passwd", b"<Invoice/>"))
    files = _pj("facture.xml", packed, "Facture_UBL_AFNOR", origin="..\\..\\windows\\facture.xml")
    (piece,) = pivot.pieces(_whole(_unit(files)))
    assert (piece.name, piece.data) == ("facture.xml", b"<Invoice/>")


@pytest.mark.parametrize(
    ("name", "inner", "shown"),
    [
        ("devis.docx", "0001.docx", "devis.docx"),
        ("metre.xlsx", "piece", "metre.xlsx"),
        ("PJ_4800001_2", "Bordereau signé.pdf", "PJ_4800001_2.pdf"),
        ("PJ_4800001_3", "../../x.y/sans", "PJ_4800001_3"),
        ("plans.zip", "PLANS.ZIP", "plans.zip"),
    ],
)
def test_what_the_platform_zipped_opens_under_its_own_name(name: str, inner: str, shown: str) -> None:
    """A text of an office program is a ZIP of many files: wrapped in another, no program would open it."""
    genuine = _zip(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
    assert opened(name, _zip((inner, genuine))) == (shown, genuine)
    (piece,) = pivot.pieces(_whole(_unit(_pj(name, _zip((inner, genuine)), "Document annexe"))))
    assert (piece.name, piece.data) == (shown, genuine)
    assert opened(name, genuine) == (name, genuine), "what came plain is left alone"


def test_a_bomb_stays_packed() -> None:
    bomb = _zip(("facture.xml", bytes(SMALL + 1_000_000)))
    assert len(bomb) < 100_000
    assert opened("facture.xml", bomb)[1] == bomb


def test_what_is_no_single_file_stays_as_it_came() -> None:
    two = _zip(("a", b"A"), ("b", b"B"))
    assert opened("facture.xml", two)[1] == two
    assert opened("dossier.zip", _zip(("a", b"A")))[1] == _zip(("a", b"A"))
    damaged = _zip(("a", b"A" * 1000))[:-30]
    assert opened("facture.xml", damaged)[1] == damaged


def test_a_lying_size_gives_no_more_than_it_announced() -> None:
    packed = bytearray(_zip(("facture.xml", b"A" * 5000)))
    place = packed.rfind((5000).to_bytes(4, "little"))
    packed[place : place + 4] = (10).to_bytes(4, "little")
    assert len(opened("facture.xml", bytes(packed))[1]) <= len(packed)


@given(st.text(max_size=300))
def test_a_name_is_one_safe_word_of_a_path(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert len(safe) <= 220
    assert "/" not in safe
    assert "\\" not in safe
    assert safe not in (".", "..")
    assert not any(ord(char) < 32 for char in safe)


def test_a_name_that_turns_itself_over_is_shown_as_it_is() -> None:
    assert safe_name("facture\u202efdp.exe") == "facturefdp.exe"


def test_a_pivot_with_a_doctype_is_refused() -> None:
    hostile = b'<!DOCTYPE a [<!ENTITY x "y">]>' + _whole(_unit())
    with pytest.raises(ReadError, match="DOCTYPE"):
        pivot.read(hostile)


@pytest.mark.parametrize("cut", [50, 900, -10])
def test_a_cut_pivot_says_so(cut: int) -> None:
    with pytest.raises(ReadError) as refusal:
        pivot.read(_whole(_unit())[:cut])
    assert refusal.value.code == "CP-XML-01"


@given(st.binary(max_size=400))
def test_any_bytes_end_in_a_sentence(data: bytes) -> None:
    with pytest.raises(ReadError):
        pivot.read(data)


_HEAVY = """
import resource, sys
from raccord.formats import pivot
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
count = sum(1 for _ in pivot.read_all(data))
print(count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024 / len(data))
"""


def test_a_heavy_pivot_is_read_one_invoice_at_a_time() -> None:
    big = base64.b64encode(bytes(6_000_000)).decode()
    files = f"<PJ><Contenu>{big}</Contenu><NomPJ>plan.pdf</NomPJ><TypePJ>02</TypePJ></PJ>"
    data = _whole(*(_unit(files) for _ in range(8)))
    child = subprocess.run([sys.executable, "-c", _HEAVY], input=data, capture_output=True, check=True)
    count, share = child.stdout.split()
    assert int(count) == 8
    assert float(share) < 0.6  # of the weight of the file, beside the file itself
