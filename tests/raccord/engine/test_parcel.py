"""A parcel holds invoices of one syntax, within the limits, under names that Chorus Pro takes."""

from __future__ import annotations

import io
import tarfile
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from raccord.domain.deposit import Deposit, DepositState
from raccord.engine.deposits import parcel

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
FIRST = Deposit(
    id="d0", connection_id="c1", state=DepositState.READY, filename="F-0.xml", syntaxe_flux="IN_DP_E1_CII_16B",
    sha256="0" * 64, size=100, number="F-0", issue_date=NOON.date(), supplier_siret="00000000100019", supplier_name="",
    recipient_siret="00000000200017", recipient_name="", service_code="", commitment="", type_code="380", cadre="A1",
    currency="EUR", amount_due=None, amount_total=None, faults=(), platform_status="", platform_status_at=None,
    platform_comment="", id_facture=None, flux_id="", numero_flux="", author="", source="",
    created_at=NOON, updated_at=NOON,
)  # fmt: skip


def _deposits(*sizes: int, syntax: str = FIRST.syntaxe_flux) -> list[tuple[Deposit, bool]]:
    return [
        (replace(FIRST, id=f"d{rank}", filename=f"F-{rank}.xml", size=size, syntaxe_flux=syntax), False)
        for rank, size in enumerate(sizes)
    ]


def test_one_syntax_travels_at_a_time() -> None:
    another = [(replace(FIRST, id="z", size=1, supplier_siret="45251785100010"), False)]
    ready = [*_deposits(1, 1), *_deposits(1, syntax="IN_DP_E1_UBL_INVOICE"), *another]
    assert [d.id for d in parcel.choose(ready, max_bytes=100, max_invoices=100)] == ["d0", "d1", "z"]


@given(st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from("xy"), st.booleans(), st.integers(1, 60)), min_size=1))
def test_the_invoices_of_a_supplier_leave_in_order(drawn: list[tuple[str, str, bool, int]]) -> None:
    """Whatever their syntaxes, weights and solitude: flux after flux, each supplier's rank only grows."""
    waiting = [
        (replace(FIRST, id=f"{rank:03d}", supplier_siret=supplier, syntaxe_flux=syntax, size=size), alone)
        for rank, (supplier, syntax, alone, size) in enumerate(drawn)
    ]
    left: list[Deposit] = []
    while waiting:
        chosen = parcel.choose(waiting, max_bytes=100, max_invoices=3)
        assert chosen
        left += chosen
        waiting = [one for one in waiting if one[0] not in chosen]
    for supplier in "AB":
        mine = [deposit.id for deposit in left if deposit.supplier_siret == supplier]
        assert mine == sorted(mine)


def test_who_must_travel_alone_does() -> None:
    ready = _deposits(1, 1, 1)
    ready[0] = (ready[0][0], True)
    assert [d.id for d in parcel.choose(ready, max_bytes=100, max_invoices=100)] == ["d0"]
    ready = _deposits(1, 1, 1)
    ready[1] = (ready[1][0], True)
    assert [d.id for d in parcel.choose(ready, max_bytes=100, max_invoices=100)] == ["d0"]


@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(1, 10), st.integers(50, 200))
def test_the_limits_are_kept_and_the_first_always_leaves(sizes: list[int], most: int, weight: int) -> None:
    ready = _deposits(*sizes)
    chosen = parcel.choose(ready, max_bytes=weight, max_invoices=most)
    assert chosen[0] == ready[0][0]
    assert len(chosen) <= most
    assert sum(deposit.size for deposit in chosen) <= weight


def test_a_single_invoice_travels_as_it_is() -> None:
    made = parcel.pack([(FIRST, b"<xml/>")], "flux-1")
    assert (made.filename, made.data) == ("F-0.xml", b"<xml/>")


def test_several_travel_as_a_tar_that_gives_each_back() -> None:
    same_name = [(replace(FIRST, filename="facture.xml"), f"<n>{n}</n>".encode()) for n in range(3)]
    made = parcel.pack(same_name, "0123-4567")
    assert made.filename == "raccord_0123-4567.tar.gz".replace("-", "") or made.filename.endswith(".tar.gz")
    with tarfile.open(fileobj=io.BytesIO(made.data)) as archive:
        names = archive.getnames()
        assert len(set(names)) == 3
        assert [archive.extractfile(name).read() for name in names] == [data for _, data in same_name]  # type: ignore[union-attr]  # all files
    assert parcel.pack(same_name, "0123-4567") == made


@given(st.text(max_size=120))
def test_a_file_name_is_always_one_that_chorus_pro_takes(name: str) -> None:
    safe = parcel.safe_name(name)
    assert 0 < len(safe) <= 50
    assert not set(safe) & set('%$!&/\\:;«»"#@ ')
