"""The business terms of the model’s fields, read from the comments that stand beside them.

The comment is the one place where a field’s number is written; the JSON Schema and the reports of loss quote it.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import fields, is_dataclass
from functools import cache
from typing import get_args, get_type_hints

from raccord.domain.invoice import Address, Contact, Invoice, LineExtended, Party

_FIELD = re.compile(r"^    (\w+): [^#\n]+#\s*(.+)$", re.MULTILINE)
_NUMBER = re.compile(r"EXT-FR-FE-(?:BG-)?\d+|B[TG]-\d+(?:-\d)?")
_ONLY = re.compile(rf"(?:{_NUMBER.pattern})(?!\d|-|, (?:B[TG]|EXT))")
"""A comment that opens with one number and no list: the term is that one, wherever its class stands."""
_STEP = re.compile(r"\w+")
_ITS_OWN = (LineExtended.__module__,)
"""Inside ``extended``, the norm’s classes serve for other terms than the norm’s: their numbers do not hold there."""
_SHARED = (Party, Address, Contact)
"""Classes whose comments give the numbers of the seller, then of the buyer."""


@cache
def comments(of: type) -> dict[str, str]:
    """Each field of a class of the model and what its comment says."""
    return dict(_FIELD.findall(inspect.getsource(of)))


def term_of(path: str) -> str:
    """The number of the business term at a path of ``Invoice`` (``delivery.name`` -> BT-70), else that of its group;
    ``""`` when it has none: the terms of Factur-X EXTENDED have none that lasts.
    """
    of: type | None = Invoice
    found = ""
    names = [step for step in _STEP.findall(path) if not step.isdigit()]
    for rank, name in enumerate(names):
        if of is None:
            break
        if rank == 0 or of.__module__ in _ITS_OWN or (names[0] != "extended" and "extended" not in names[:rank]):
            found = _number(comments(of).get(name, ""), of, names[0]) or found
        of = _class_of(of, name)
    return found


def _number(comment: str, of: type, owner: str) -> str:
    if of in _SHARED:
        numbers = _NUMBER.findall(comment) if _NUMBER.match(comment) else []
        rank = {"seller": 0, "buyer": 1}.get(owner, len(numbers))
        return numbers[rank] if len(numbers) > rank else ""
    only = _ONLY.match(comment)
    return only.group() if only else ""


@cache
def _class_of(of: type, name: str) -> type | None:
    if name not in {field.name for field in fields(of)}:
        return None
    pending = [get_type_hints(of)[name]]
    while pending:
        kind = pending.pop()
        if is_dataclass(kind) and isinstance(kind, type):
            return kind
        pending.extend(get_args(kind))
    return None
