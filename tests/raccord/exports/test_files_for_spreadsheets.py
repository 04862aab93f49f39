"""What a spreadsheet opens: French columns, exact amounts, no formula, balanced entries."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from raccord.domain.reception import Family, Reception, ReceptionState
from raccord.exports import Accounts, Entry, PivotAmounts, Table, entry_table, reception_table, write_csv, write_xlsx

NOW = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


def reception(**changes: Any) -> Reception:
    facts: dict[str, Any] = {
        "id": "r-1", "connection_id": "c1", "structure_id": "s1", "state": ReceptionState.STORED,
        "family": Family.FACTURE, "id_facture": 1001, "number": "F-1", "issue_date": date(2026, 3, 1),
        "deposit_date": date(2026, 3, 2), "supplier_siret": "45251785100010", "supplier_name": "Bâtiment Exemple",
        "recipient_siret": "12345678200051", "service_code": "VOIRIE", "service_name": "Voirie", "commitment": "EJ1",
        "market": "", "type_code": "FACTURE", "currency": "EUR", "amount_total": Decimal("1234.50"),
        "amount_due": Decimal("1234.50"), "platform_status": "MISE_A_DISPOSITION", "platform_status_at": NOW,
        "platform_comment": "", "documents": (), "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return Reception(**(facts | changes))


def read_csv(table: Table, **more: str) -> list[list[str]]:
    data = b"".join(write_csv(table, **more))
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_amounts_have_a_comma_dates_are_french_and_hours_of_paris() -> None:
    headers, row = read_csv(reception_table([(reception(), None)]))
    facts = dict(zip(headers, row, strict=True))
    assert facts["Montant TTC"] == "1234,50"
    assert (facts["Date de facture"], facts["Statut depuis le"]) == ("01/03/2026", "02/07/2026 00:30")
    assert facts["Statut Chorus Pro"] == "Mise à disposition du destinataire"
    assert read_csv(reception_table([(reception(), None)]), decimal=".")[1][headers.index("Montant TTC")] == "1234.50"


@pytest.mark.parametrize("text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "\r=1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    rows = read_csv(reception_table([(reception(supplier_name=text), None)]))
    assert rows[1][5].startswith("'")
    sheet = load_workbook(io.BytesIO(write_xlsx(reception_table([(reception(supplier_name=text), None)])))).active
    assert sheet.cell(2, 6).data_type == "s"
    assert sheet.cell(2, 6).value.startswith("'")


def test_a_workbook_holds_true_amounts_and_true_dates() -> None:
    sheet = load_workbook(io.BytesIO(write_xlsx(reception_table([(reception(), None)])))).active
    facts = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert Decimal(str(facts["Montant TTC"].value)) == Decimal("1234.50")
    assert facts["Date de facture"].value.date() == date(2026, 3, 1)
    assert facts["Date de facture"].is_date
    assert facts["Identifiant fournisseur"].value == "45251785100010"


def test_an_invoice_gives_three_balanced_lines() -> None:
    amounts = PivotAmounts(Decimal("1028.75"), Decimal("1234.50"))
    table = entry_table([Entry(reception(), amounts, date(2026, 4, 1))])
    headers, *rows = read_csv(table)
    column = {name: headers.index(name) for name in headers}
    assert [(row[column["Compte"]], row[column["Débit"]], row[column["Crédit"]]) for row in rows] == [
        ("606000", "1028,75", ""),
        ("445660", "205,75", ""),
        ("401000", "", "1234,50"),
    ]
    assert rows[2][column["Tiers"]] == "45251785100010"
    assert {row[column["Échéance"]] for row in rows} == {"01/04/2026"}


def test_without_the_untaxed_amount_nothing_is_guessed() -> None:
    table = entry_table([Entry(reception(), PivotAmounts(None, None), None)])
    rows = list(table.rows)
    assert [row[6] or row[7] for row in rows] == [Decimal("1234.50")] * 2
    assert "TVA non ventilée" in str(rows[0][5])


AMOUNTS = st.decimals(Decimal("-1e7"), Decimal("1e7"), places=2)


@given(AMOUNTS, st.none() | AMOUNTS, st.sampled_from(["FACTURE", "AVOIR"]), st.sampled_from(["", "445660"]))
def test_entries_are_balanced_and_never_negative(whole: Decimal, untaxed: Decimal | None, kind: str, vat: str) -> None:
    entry = Entry(reception(type_code=kind), PivotAmounts(untaxed, whole), None, Accounts(vat=vat))
    rows = list(entry_table([entry]).rows)
    debits = sum(((row[6] or Decimal(0)) for row in rows), Decimal(0))  # type: ignore[misc]  # amounts by construction
    credits = sum(((row[7] or Decimal(0)) for row in rows), Decimal(0))  # type: ignore[misc]  # amounts by construction
    assert debits == credits
    assert all(not row[6] or row[6] > 0 for row in rows)  # type: ignore[operator]  # amounts by construction
    assert bool(rows) == bool(whole)


@given(st.text())
def test_any_text_survives_a_csv(text: str) -> None:
    rows = read_csv(Table("t", ["a", "b"], [[text.replace("\x00", ""), 1]]))
    assert len(rows) == 2
    assert rows[1][1] == "1"
    shown = rows[1][0].removeprefix("'")
    assert not rows[1][0].lstrip().startswith(("=", "+", "@"))
    assert all(char in text for char in shown)
