"""The filters of the inbox: read from an address, or from the form that acts on everything that they leave."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from raccord.engine.gateway import Gateway
from raccord.engine.receptions.statuses import MOST_AT_ONCE
from raccord.store.receptions import ReceptionQuery
from raccord.web.forms import Form

_ASKED = ("texte", "statut", "structure", "service", "fournisseur", "attribuee", "du", "au", "retard")


def asked_of(params: Mapping[str, str]) -> dict[str, str]:
    """The filters among the parameters of an address."""
    return {name: params.get(name, "").strip() for name in _ASKED}


def address_of(query: str) -> str:
    """The inbox under these filters; whatever else a form holds is left out."""
    kept = {name: value for name, value in asked_of(dict(parse_qsl(query))).items() if value}
    return f"/receptions?{urlencode(kept)}" if kept else "/receptions"


def listed(gateway: Gateway, query: str) -> list[str]:
    """Every reception that these filters leave, on whatever page; one more than may be treated at once, no further."""
    wanted, ids, after = chosen_by(gateway, asked_of(dict(parse_qsl(query)))).query, list[str](), ""
    while len(ids) <= MOST_AT_ONCE:
        page = gateway.inbox.search(wanted, after=after)
        ids += [reception.id for reception in page.items]
        after = page.next
        if not after:
            break
    return ids[: MOST_AT_ONCE + 1]


@dataclass(frozen=True)
class Chosen:
    """The query of these filters, and what of them could not be read."""

    query: ReceptionQuery
    errors: dict[str, str]


def chosen_by(gateway: Gateway, asked: Mapping[str, str]) -> Chosen:
    """Read the filters; a date that is not one filters nothing."""
    days, errors = Form(asked).days("du", "au")
    query = ReceptionQuery(
        structure_id=asked["structure"],
        text=asked["texte"],
        platform_status=asked["statut"],
        service=asked["service"],
        supplier_siret="".join(asked["fournisseur"].split()),
        assignee=asked["attribuee"],
        since=days["du"],
        until=days["au"],
        late_on=gateway.boards.today if asked["retard"] else None,
    )
    return Chosen(query, errors)
