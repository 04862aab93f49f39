"""Whatever Chorus Pro sends, a person can read it and a word finds it, from the moment it is stored."""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from raccord.domain.connection import Structure
from raccord.domain.identifiers import Siret
from raccord.domain.reception import Document, Reception
from raccord.engine.gateway import Gateway
from raccord.engine.receptions import pivot as downloads
from raccord.engine.receptions.words import words_of
from raccord.formats import facturx
from raccord.formats.sample import SampleSyntax, make_invoice, write_sample
from raccord.store import receptions
from raccord.store.receptions import ReceptionQuery

TOWN = "21970999400017"


@pytest.fixture
def received(gateway: Gateway, commune: Structure, bench: Any, diary: Any) -> Callable[..., Reception]:
    """Have the simulator send the town one invoice, and fetch it."""
    gateway.inbox.begin("s1", diary() - timedelta(days=30), "bob@val-fictif.fr")

    def receive(**more: Any) -> Reception:
        bench.control("POST", "/factures", destinataire=TOWN, **more)
        for _ in range(5):
            diary.passes(minutes=20)
            gateway.jobs.run_due()
        return gateway.inbox.since(0, limit=1000)[-1][1]

    return receive


def _kept(gateway: Gateway, reception: Reception, *files: tuple[str, str, bytes]) -> Reception:
    """The same reception with other documents, as another sender would have made them."""
    from raccord.store.tables.core import documents

    rows = [Document(kind, name, "application/xml", gateway.archive.put(data), len(data)) for kind, name, data in files]
    with gateway.store.begin() as conn:
        conn.execute(documents.delete().where(documents.c.reception_id == reception.id))
        for one in rows:
            conn.execute(documents.insert().values(reception_id=reception.id, kind=one.kind, name=one.name,
                                                   mime=one.mime, sha256=one.sha256, size=one.size))  # fmt: skip
        return receptions.get(conn, reception.id)


def _unit(category: str, name: str, data: bytes, kind: str = "02") -> bytes:
    return (
        "<CPPFacturePivotUnitaire><Fournisseur><RaisonSociale>Bâti-Œuvre</RaisonSociale></Fournisseur>"
        "<DonneesFacture><Id>F-1</Id></DonneesFacture>"
        f"<PJ><Contenu>{base64.b64encode(data).decode()}</Contenu><NomPJ>{name}</NomPJ>"
        f"<CategoriePJ>{category}</CategoriePJ><TypePJ>{kind}</TypePJ></PJ></CPPFacturePivotUnitaire>"
    ).encode()


def _sample(syntax: str) -> bytes:
    invoice = make_invoice(4, number="F-1", supplier=Siret.parse("45251785100010"), recipient=Siret.parse(TOWN))
    return write_sample(invoice, SampleSyntax(syntax))


def test_what_chorus_pro_sends_can_be_read_and_found(gateway: Gateway, received: Callable[..., Reception]) -> None:
    reception = received(numero="FAC-2026-0042", engagement="EJ-777", montantHT="1234.50")
    assert gateway.reading.readable(reception.id).data.startswith(b"%PDF")
    assert gateway.reading.invoice(reception.id).number == "FAC-2026-0042"
    for text in ("fac-2026-0042", "ej-777", "1481,40", "1 234,50", reception.supplier_name.split()[0]):
        assert [one.id for one in gateway.finder.search(text).items] == [reception.id], text
        assert [one.id for one in gateway.inbox.search(ReceptionQuery(text=text)).items] == [reception.id]
    assert gateway.finder.search("introuvable").items == ()


def test_the_supplier_s_own_pdf_is_shown_as_it_is(gateway: Gateway, received: Callable[..., Reception]) -> None:
    data = _sample("facturx")
    reception = _kept(gateway, received(), ("original", "facture.pdf", data))
    found = gateway.reading.readable(reception.id)
    assert (found.data, found.drawn) == (data, False)
    assert gateway.reading.invoice(reception.id) == facturx.read(data)


def test_the_readable_copy_of_2026_is_preferred_to_a_drawing(
    gateway: Gateway, received: Callable[..., Reception]
) -> None:
    unit = _unit("Facture PDF", "PJ01.pdf", b"%PDF-1.7 la copie")
    reception = _kept(gateway, received(), ("pivot", "pivot.xml", unit), ("original", "f.xml", _sample("ubl")))
    found = gateway.reading.readable(reception.id)
    assert (found.data, found.name, found.drawn) == (b"%PDF-1.7 la copie", "PJ01.pdf", False)


@pytest.mark.parametrize("syntax", ["cii", "ubl"])
def test_a_structured_original_is_drawn(gateway: Gateway, received: Callable[..., Reception], syntax: str) -> None:
    reception = _kept(gateway, received(), ("original", "facture.xml", _sample(syntax)))
    found = gateway.reading.readable(reception.id)
    assert found.drawn
    assert found.data.startswith(b"%PDF")
    assert len(gateway.reading.invoice(reception.id).lines) == 3


def test_an_image_is_drawn_from_the_pivot(gateway: Gateway, received: Callable[..., Reception]) -> None:
    unit = _unit("Document annexe", "plan.pdf", b"%PDF un plan n'est pas la facture")
    reception = _kept(gateway, received(), ("pivot", "pivot.xml", unit), ("original", "scan.jpg", b"\xff\xd8 image"))
    assert gateway.reading.invoice(reception.id).seller.name == "Bâti-Œuvre"
    assert gateway.reading.readable(reception.id).drawn


def test_even_an_unreadable_reception_has_its_page(gateway: Gateway, received: Callable[..., Reception]) -> None:
    reception = _kept(
        gateway, received(numero="F-9"), ("pivot", "p.xml", b"<casse"), ("original", "x.bin", b"\x00\x01")
    )
    found = gateway.reading.readable(reception.id)
    assert (found.drawn, found.name) == (True, "F-9.pdf")
    assert gateway.reading.invoice(reception.id).payable == reception.amount_due


def test_words_come_from_the_original_and_from_the_pivot_whatever_is_broken() -> None:
    file = downloads.PivotFile("original", "f.xml", "application/xml", _sample("cii"))
    (invoice,) = downloads.read(_unit("x", "f.xml", b"x", "01"))
    both = words_of(replace(invoice, files=(file,)))
    assert "oeuvre" in both
    line = make_invoice(4, number="F-1").lines[0].item.name.split()[0].lower()
    assert any(line.startswith(word[:3]) for word in both)
    assert words_of(downloads.PivotInvoice(1, "F-1", b"<casse", ())) == ()


def test_a_text_filter_turns_its_pages_without_loss(gateway: Gateway, received: Callable[..., Reception]) -> None:
    for _ in range(7):
        received()
    query, seen, after = ReceptionQuery(text="sim", structure_id="s1"), [], ""
    while True:
        page = gateway.inbox.search(query, after=after, limit=3)
        seen += [one.number for one in page.items]
        after = page.next
        if not after:
            break
    everything = [one.number for one in gateway.inbox.search(ReceptionQuery()).items]
    assert len(seen) == len(set(seen)) == 7
    assert sorted(seen) == sorted(everything)
    assert gateway.inbox.search(ReceptionQuery(text="sim", platform_status="REJETEE")).items == ()
