"""/api/v1/connections/{id}/validations: what waits for the holder of a contract, and his decisions."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from litestar import Response, Router, get, post
from litestar.params import FromPath, FromQuery, JSONBody, QueryParameter

from raccord.api.auth import processes, reads
from raccord.api.documents import attached
from raccord.api.given import ApiRequest, PathText, TheGateway
from raccord.domain.validation import Decision, NewDecision
from raccord.engine.receptions.validators import ToValidate


class DecisionInput(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Accept, or refuse with a `motif` of Chorus Pro (`MONTANT_ERR`, `ERR_VALIDEUR`...) and a comment."""

    id_facture: int
    accepted: bool
    motif: str = ""
    comment: str = ""


class DecisionView(msgspec.Struct, frozen=True):
    """A decision on its way: `state` is waiting, sending, uncertain, done or refused (`answer` then says why)."""

    id: str
    connection_id: str
    id_facture: int
    number: str
    supplier_name: str
    rank: int
    accepted: bool
    motif: str
    comment: str
    state: str
    answer: str
    author: str
    created_at: datetime

    @classmethod
    def of(cls, one: Decision) -> "DecisionView":
        """The view of this decision."""
        names = [name for name in cls.__struct_fields__ if name != "state"]
        return cls(state=one.state.value, **{name: getattr(one, name) for name in names})


class ToValidateView(msgspec.Struct, frozen=True):
    """An invoice that waits; `tacit_on`: the day from which silence is agreement, in `days_left` days."""

    id_facture: int
    number: str
    issue_date: date | None
    deposit_date: date | None
    supplier_siret: str
    supplier_name: str
    recipient_name: str
    commitment: str
    market: str
    amount_total: str | None
    currency: str
    status: str
    rank: int
    tacit_on: date | None
    days_left: int | None
    decision: DecisionView | None

    @classmethod
    def of(cls, one: ToValidate) -> "ToValidateView":
        """The view of this invoice."""
        names = [name for name in cls.__struct_fields__ if name not in ("amount_total", "decision")]
        return cls(
            amount_total=None if one.amount_total is None else str(one.amount_total),
            decision=DecisionView.of(one.decision) if one.decision else None,
            **{name: getattr(one, name) for name in names},
        )


@get("/connections/{connection_id:str}/validations", sync_to_thread=True, guards=[reads])
def waiting(gateway: TheGateway, connection_id: PathText) -> list[ToValidateView]:
    """What waits for a decision, read from Chorus Pro now, the most urgent first."""
    return [ToValidateView.of(one) for one in gateway.validators.waiting(connection_id)]


@get("/connections/{connection_id:str}/validations/{id_facture:int}/document", sync_to_thread=True, guards=[reads])
def document(
    gateway: TheGateway, connection_id: PathText, id_facture: FromPath[int], *, attachments: FromQuery[bool] = False
) -> Response[bytes]:
    """The PDF of an invoice that waits; `attachments=true`: a ZIP with what is joined to it, if anything."""
    name, data = gateway.validators.document(connection_id, id_facture, attachments=attachments)
    return attached(data, name, "application/zip" if name.endswith(".zip") else "application/pdf")


@post("/connections/{connection_id:str}/validations", sync_to_thread=True, guards=[processes], status_code=202)
def decide(
    request: ApiRequest, gateway: TheGateway, connection_id: PathText, data: JSONBody[DecisionInput]
) -> DecisionView:
    """Accept or refuse. 202: kept and on its way; ask again until `state` is `done` or `refused`."""
    asked = NewDecision(
        connection_id, data.id_facture, data.accepted, data.motif, data.comment, request.user.actor, "api"
    )
    return DecisionView.of(gateway.validators.decide(asked))


@get("/validations", sync_to_thread=True, guards=[reads])
def decisions(gateway: TheGateway, limit: Annotated[int, QueryParameter(ge=1, le=1000)] = 50) -> list[DecisionView]:
    """The last decisions, newest first."""
    return [DecisionView.of(one) for one in gateway.validators.decisions(limit=limit)]


@get("/validations/{decision_id:str}", sync_to_thread=True, guards=[reads])
def decision(gateway: TheGateway, decision_id: PathText) -> DecisionView:
    """A decision as it stands."""
    return DecisionView.of(gateway.validators.decision(decision_id))


router = Router(path="/", tags=["Factures à valider"], route_handlers=[waiting, document, decide, decisions, decision])
