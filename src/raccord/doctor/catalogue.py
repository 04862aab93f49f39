"""The catalogue of causes, by code: `cause("TEC-01")`. Codes are for life; the words are those of diagnosis.md."""

from collections.abc import Mapping
from types import MappingProxyType

from raccord.doctor.causes import account, deposits, following, gateway, recipients
from raccord.domain.errors import NotFound
from raccord.domain.verdict import Cause

_ENTRIES = (
    *gateway.CAUSES,
    *account.CAUSES,
    *recipients.CAUSES,
    *deposits.CAUSES,
    *following.CAUSES,
)

CATALOGUE: Mapping[str, Cause] = MappingProxyType({entry.code: entry for entry in _ENTRIES})


def cause(code: str) -> Cause:
    """One cause. Raises `NotFound` CAUSE_INCONNUE."""
    try:
        return CATALOGUE[code]
    except KeyError:
        raise NotFound("CAUSE_INCONNUE", f"Le catalogue des pannes n’a pas d’entrée {code}.") from None
