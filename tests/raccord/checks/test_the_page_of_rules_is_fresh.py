"""The reference pages made from the code are those of the code, and every rule is on them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema

from raccord.checks import catalogue
from raccord.formats import invoice_json
from raccord.formats.sample import make_invoice

ROOT = Path(__file__).resolve().parents[3]


def test_the_pages_are_those_of_the_code() -> None:
    script = ROOT / "scripts" / "reference_rules.py"
    done = subprocess.run([sys.executable, str(script), "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_rule_has_a_row() -> None:
    page = (ROOT / "docs" / "reference" / "regles.md").read_text(encoding="utf-8")
    assert [entry.code for entry in catalogue() if f"| `{entry.code}` | {entry.title} |" not in page] == []


def test_what_we_write_satisfies_the_schema_that_we_publish() -> None:
    schema = json.loads((ROOT / "docs" / "reference" / "facture.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    for invoice in (make_invoice(1), make_invoice(2, type_code="381")):
        assert [error.message for error in validator.iter_errors(json.loads(invoice_json.write(invoice)))] == []
    assert list(validator.iter_errors({"number": "1", "nummer": "2"}))
