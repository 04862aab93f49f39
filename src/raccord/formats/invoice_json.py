"""The invoice as JSON: for software that has data and no XML. The fields are those of ``domain.invoice``.

Amounts are JSON numbers or strings and stay the exact decimals that were written; days are ``YYYY-MM-DD``;
the bytes of an attachment are base64. Totals may be left out: they are then computed from the lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from raccord.domain import invoice as model
from raccord.domain.invoice import Invoice, Totals
from raccord.formats.problems import ReadError
from raccord.formats.terms import comments
from raccord.formats.totals import computed

_decoder = msgspec.json.Decoder(Invoice)
_encoder = msgspec.json.Encoder(decimal_format="number", enc_hook=str)  # checked identifiers are strings
_exact_decoder = msgspec.json.Decoder(float_hook=Decimal)


def read(data: bytes) -> Invoice:
    """The invoice that ``data`` describes, totals computed when it gives none.

    Raises :class:`ReadError`: CP-JSON-01 not JSON, CP-JSON-02 a field missing or of the wrong kind,
    CP-JSON-03 a field that does not exist (a slip in its name would otherwise lose it in silence).
    """
    try:
        invoice = _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise _wrong_field(str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:  # the last: nested a thousand times
        raise _not_json() from error
    unknown = next(_unknown(msgspec.json.decode(data), msgspec.to_builtins(invoice), "$"), None)
    if unknown:
        raise _unknown_field(unknown)
    return computed(invoice) if invoice.totals == Totals() else invoice


def write(invoice: Invoice, *, indent: int = 2) -> bytes:
    """``invoice`` as JSON, what is empty left out; :func:`read` gives it back equal."""
    whole = _exact_decoder.decode(_encoder.encode(invoice))
    return msgspec.json.format(_encoder.encode(_pruned(whole)), indent=indent)


def _pruned(value: Any) -> Any:
    if isinstance(value, dict):
        items = {name: _pruned(entry) for name, entry in value.items()}
        return {name: entry for name, entry in items.items() if entry not in (None, "", []) or name == "content"}
    return [_pruned(entry) for entry in value] if isinstance(value, list) else value


def _unknown(given: Any, known: Any, path: str) -> Iterator[str]:
    """Paths of ``given`` that the model did not take."""
    if isinstance(given, dict) and isinstance(known, dict):
        for name, entry in given.items():
            if name not in known:
                yield f"{path}.{name}"
            else:
                yield from _unknown(entry, known[name], f"{path}.{name}")
    elif isinstance(given, list) and isinstance(known, list | tuple):
        for position, (left, right) in enumerate(zip(given, known, strict=False)):
            yield from _unknown(left, right, f"{path}[{position}]")


def _not_json() -> ReadError:
    return ReadError(
        "CP-JSON-01",
        "Ces données ne sont pas du JSON lisible.",
        "Vérifiez les virgules, les guillemets et l’encodage UTF-8.",
        sentence_en="The data are not readable JSON.",
    )


def _wrong_field(message: str) -> ReadError:
    where = re.search(r"at `(\$[^`]*)`", message)
    missing = re.search(r"missing required field `([^`]+)`", message)
    path = where.group(1) if where else "$"
    if missing:
        sentence = f"Le champ « {missing.group(1)} » manque ({path})."
    else:
        sentence = f"Le champ {path} n’a pas la forme attendue ({message.split(' - ', maxsplit=1)[0][:120]})."
    return ReadError(
        "CP-JSON-02",
        sentence,
        "Comparez avec le schéma facture.schema.json.",
        path=path,
        sentence_en=message[:200],
    )


def _unknown_field(path: str) -> ReadError:
    return ReadError(
        "CP-JSON-03",
        f"Le champ {path} n’existe pas : son contenu serait perdu.",
        "Corrigez son nom d’après le schéma facture.schema.json.",
        path=path,
        sentence_en=f"Unknown field {path}.",
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of the entry, each field described by its business term."""
    result = msgspec.json.schema(Invoice)
    for name, definition in result.get("$defs", {}).items():
        terms = comments(getattr(model, name))
        for field, description in definition.get("properties", {}).items():
            _accept_numbers(description)
            if field in terms:
                description["description"] = terms[field]
        definition["additionalProperties"] = False
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Facture", **result}


def _accept_numbers(definition: dict[str, Any]) -> None:
    """A decimal may be written as a number or as a string."""
    for candidate in (definition, *definition.get("anyOf", [])):
        if candidate.get("format") == "decimal":
            candidate["type"] = ["number", "string"]
