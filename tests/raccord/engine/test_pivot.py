"""The pivot gives back each invoice and its files, original bytes first, whatever wraps them."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from raccord.engine.receptions import pivot


def _zip(name: str, data: bytes) -> bytes:
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr(name, data)
    return raw.getvalue()


def _pj(kind: str, name: str, data: bytes) -> str:
    return (
        f"<PJ><Contenu>{base64.b64encode(data).decode()}</Contenu><NomPJ>{name}</NomPJ>"
        f"<TypePJ>{kind}</TypePJ><MimeTypePJ>application/pdf</MimeTypePJ></PJ>"
    )


def _pivot(*invoices: tuple[int | None, str, str]) -> bytes:
    parts = "".join(
        f"<CPPFacturePivotUnitaire NumOrdre='1'><DonneesFacture><Id>{number}</Id>"
        + (f"<IdCPRO>{known}</IdCPRO>" if known else "")
        + f"</DonneesFacture>{files}</CPPFacturePivotUnitaire>"
        for known, number, files in invoices
    )
    return f"<CPPFacturePivot xmlns='urn:cpp'><CPPFactures>{parts}</CPPFactures></CPPFacturePivot>".encode()


def test_the_original_comes_first_with_its_very_bytes() -> None:
    data = _pivot((17, "F-1", _pj("01", "facture.pdf", b"%PDF original") + _pj("02", "plan.pdf", b"%PDF plan")))
    (invoice,) = pivot.read(data)
    assert (invoice.id_facture, invoice.number) == (17, "F-1")
    assert [(f.kind, f.name, f.data) for f in invoice.files] == [
        ("original", "facture.pdf", b"%PDF original"),
        ("attachment", "plan.pdf", b"%PDF plan"),
    ]


def test_a_zip_of_one_file_is_opened_and_a_zip_meant_to_be_one_is_kept() -> None:
    inside = _zip("autre-nom.pdf", b"%PDF original")
    data = _pivot((1, "F-1", _pj("01", "facture.pdf", inside) + _pj("02", "dossier.zip", inside)))
    (invoice,) = pivot.read(data)
    assert [f.data for f in invoice.files] == [b"%PDF original", inside]


def test_each_invoice_keeps_its_own_part() -> None:
    first, second = pivot.read(_pivot((1, "F-1", _pj("01", "a.xml", b"A")), (None, "F-2", _pj("01", "b.xml", b"B"))))
    assert (first.number, second.number, second.id_facture) == ("F-1", "F-2", None)
    assert b"F-2" not in first.xml


@pytest.mark.parametrize("data", [b"", b"<a>", b"{}", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;"])
def test_what_is_no_pivot_is_said(data: bytes) -> None:
    with pytest.raises(pivot.PivotError):
        list(pivot.read(data))


@given(st.binary(max_size=2000), st.sampled_from(["facture.xml", "facture.pdf", "lot.zip", "sans-extension"]))
def test_any_bytes_travel_unchanged_unless_they_are_the_zip_of_one_file(content: bytes, name: str) -> None:
    (invoice,) = pivot.read(_pivot((1, "F-1", _pj("01", name, content))))
    assert [f.data for f in invoice.files] == ([content] if content else [])
