"""From the bytes of an answer to its type: strictly first, and with the platform's known liberties when that fails.

Liberties seen in the field (specifications/quirks.md §1): null for a list, one object where a list is declared and the
reverse, digits printed as numbers, empty strings for booleans, base64 folded in lines.
"""

from __future__ import annotations

import json
import threading
import types
from collections.abc import Hashable
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin

import msgspec

from choruspro.base import Enumeration, Instant, Jour, Retour, decoding_hook, unreadable_texts

__all__ = ["decode"]

Ans = TypeVar("Ans")


def decode(kind: type[Ans], body: bytes) -> Ans:
    """Read `body` as `kind`. Raises msgspec.DecodeError when it is not JSON or cannot be that answer."""
    with unreadable_texts() as unreadable:
        if get_origin(kind) is dict:  # an answer without a type of ours: only its amounts need care
            return cast("Ans", _exact_json(body))
        try:
            answer: Ans = _decoder(cast("Hashable", kind)).decode(body)
        except msgspec.ValidationError:
            unreadable.clear()
            answer = _lenient(kind, body)
    if unreadable and isinstance(answer, Retour):
        msgspec.structs.force_setattr(answer, "illisibles", tuple(unreadable))
    return answer


_building = threading.Lock()
"""msgspec reads a type at its first use, and the whole process falls when a second thread uses it meanwhile."""


@lru_cache(maxsize=256)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    with _building:
        return msgspec.json.Decoder(kind, dec_hook=decoding_hook)


def _lenient(kind: Any, body: bytes) -> Any:
    return msgspec.convert(_adapt(_exact_json(body), kind), kind, dec_hook=decoding_hook)


def _exact_json(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error


def _adapt(value: Any, kind: Any) -> Any:
    """Bring `value` to what `kind` declares, wherever one of the known liberties explains the difference."""
    bare = _without_none(kind)
    if get_origin(bare) is list:
        return _as_list(value, get_args(bare)[0])
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return _as_object(value, bare)
    return _as_scalar(value, bare)


def _as_list(value: Any, item: Any) -> Any:
    if value is None or value == "":
        return []
    rows = value if isinstance(value, list) else [value]
    return [_adapt(row, item) for row in rows]


def _as_object(value: Any, kind: type[msgspec.Struct]) -> Any:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return None if value == "" else value
    known = _fields(kind)
    return {name: _adapt(part, known[name]) for name, part in value.items() if name in known}


def _as_scalar(value: Any, kind: Any) -> Any:  # noqa: PLR0911 (one line per liberty reads better than nesting)
    if value is None or kind is Any:
        return value
    if kind in (Jour, Instant):
        return value if isinstance(value, str) else str(value)
    if kind is bool:
        return _as_bool(value)
    if kind in (int, Decimal):
        return _as_number(value, kind)
    if kind is bytes:
        return "".join(value.split()) if isinstance(value, str) else value
    wants_text = isinstance(kind, type) and issubclass(kind, (str, Enumeration))
    if wants_text and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return str(value)
    return value


def _as_bool(value: Any) -> Any:
    if value == "":
        return None
    words = {"true": True, "oui": True, "false": False, "non": False}
    return words.get(value.strip().lower(), value) if isinstance(value, str) else value


def _as_number(value: Any, kind: type[int] | type[Decimal]) -> Any:
    if isinstance(value, str):
        text = value.strip()
        value = None if text == "" else Decimal(text) if _is_decimal(text) else value
    whole = isinstance(value, Decimal) and value.is_finite() and value == value.to_integral_value()
    return int(value) if kind is int and whole else value


def _is_decimal(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


@lru_cache(maxsize=512)
def _fields(kind: type[msgspec.Struct]) -> dict[str, Any]:
    return {field.encode_name: field.type for field in msgspec.structs.fields(kind)}


def _without_none(kind: Any) -> Any:
    if get_origin(kind) not in (Union, types.UnionType):
        return kind
    rest = [part for part in get_args(kind) if part is not type(None)]
    return rest[0] if len(rest) == 1 else kind
