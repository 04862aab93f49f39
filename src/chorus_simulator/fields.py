"""Reading the fields of a request as tolerantly as the platform does, and no more.

Superfluous fields are ignored, numbers may come as strings, booleans as empty strings (api/conventions.md §1,
quirks.md AD); a value that cannot be what it should raises a 400 with the name of the field.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from chorus_simulator.clock import PARIS
from chorus_simulator.operations import Body, Call
from chorus_simulator.refusals import Refusal, malformed

MAXIMUM_INT64 = 2**63 - 1
DIGITS = 19


def text(body: Body, name: str, maximum: int | None = None) -> str:
    """A string, empty when absent or null; a number is read as its digits."""
    value = body.get(name)
    if value is None:
        return ""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        raise malformed(f"Le champ {name} doit être une chaîne de caractères.")
    if maximum is not None and len(value) > maximum:
        raise malformed(f"Le champ {name} dépasse {maximum} caractères.")
    return value


def required(body: Body, name: str, maximum: int | None = None) -> str:
    """A text that must be there and not blank, refused with 400 otherwise, or when longer than `maximum`."""
    value = text(body, name, maximum)
    if not value.strip():
        raise malformed(f"Le champ {name} est obligatoire.")
    return value


def number(body: Body, name: str) -> int | None:
    """An int64, None when absent, null or empty."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.strip().lstrip("-").isdecimal() and len(value) <= DIGITS + 1:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > MAXIMUM_INT64:
        raise malformed(f"Le champ {name} doit être un nombre entier.")
    return value


def needed_number(body: Body, name: str) -> int:
    """An integer that must be there, written as a number or as digits. Refused with 400 otherwise."""
    value = number(body, name)
    if value is None:
        raise malformed(f"Le champ {name} est obligatoire.")
    return value


def amount(body: Body, name: str) -> Decimal | None:
    """An exact amount, from a JSON number or a string of digits."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise malformed(f"Le champ {name} doit être un nombre.")
    try:
        read = Decimal(value)
    except InvalidOperation:
        raise malformed(f"Le champ {name} doit être un nombre.") from None
    if not read.is_finite() or read.adjusted() > DIGITS:
        raise malformed(f"Le champ {name} doit être un nombre de 19 chiffres au plus.")
    return read


def boolean(body: Body, name: str) -> bool | None:
    """True, False, or None when absent, null or empty (simulator-decisions.md §4); `"true"` reads True. Else 400."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if not isinstance(value, bool):
        raise malformed(f"Le champ {name} doit être un booléen.")
    return value


def record(body: Body, *names: str) -> Body:
    """The object under the first of these names that is there; an empty one when none is."""
    for name in names:
        value = body.get(name)
        if value is None or value == "":
            continue
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            raise malformed(f"Le champ {name} doit être un objet.")
        return value
    return {}


def listed(body: Body, name: str) -> list[Any]:
    """A list; a single value counts for a list of one (`statutCourant` comes both ways, quirks.md 17)."""
    value = body.get(name)
    if value is None or value == "":
        return []
    return value if isinstance(value, list) else [value]


def records(body: Body, name: str) -> list[Body]:
    """A list of objects, empty when absent. Refused with 400 when an element is anything else."""
    values = listed(body, name)
    if not all(isinstance(value, dict) for value in values):
        raise malformed(f"Le champ {name} doit être une liste d'objets.")
    return values


def choice(call: Call, body: Body, name: str, values: Collection[str], *, needed: bool = False) -> str:
    """One value of an enumeration; unknown ones are refused as the switch `enumeration_inconnue` says."""
    value = required(body, name) if needed else text(body, name)
    if value and value not in values:
        raise bad_enumeration(call, name, value)
    return value


def choices(call: Call, body: Body, name: str, values: Collection[str]) -> list[str]:
    """The values of a list, blanks left out. Refuses the first that is not among `values`."""
    found = [value for value in listed(body, name) if value not in (None, "")]
    for value in found:
        if value not in values:
            raise bad_enumeration(call, name, value)
    return found


def bad_enumeration(call: Call, name: str, value: object, switch: str = "enumeration_inconnue") -> Refusal:
    """A value outside its list: 400, or 200 with 20000, as `switch` says; at most 80 characters of it are shown."""
    status = int(call.world.switches.number(switch))
    shown = str(value)[:80]
    return Refusal(
        20000 if status == 200 else 400, f"La valeur « {shown} » n'est pas admise pour le champ {name}.", http=status
    )


def moment(body: Body, name: str, *, end: bool = False) -> datetime | None:
    """A criterion of date in one of the forms of api/conventions.md §4. A bare day counts from its first second
    in Paris, or to its last when `end`."""
    value = body.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise malformed(f"Le champ {name} doit être une date.")
    try:
        read = datetime.fromisoformat(value.strip())
    except ValueError:
        raise malformed(f"Le champ {name} n'est pas une date reconnue.") from None
    try:
        if len(value.strip()) <= len("2026-11-21"):
            read = datetime.combine(read.date(), time.max if end else time.min)
        elif end and not read.microsecond:
            read += timedelta(seconds=1, microseconds=-1)
        return (read if read.tzinfo else read.replace(tzinfo=PARIS)).astimezone(UTC)
    except (OverflowError, ValueError):
        raise malformed(f"Le champ {name} est hors des dates possibles.") from None
