"""Échéances: what is late and why, by service and by party, the delays of payment; the exports of the lists."""

from datetime import date

from litestar import Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Stream, Template

from raccord.domain.deadlines import BodyKind
from raccord.domain.errors import RaccordError
from raccord.engine.exporting import ExportQuery
from raccord.engine.gateway import Gateway
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import configures, reads
from raccord.web.render import PageRequest, actor_of, go, page

_SHOWN = 200


@get("/echeances", sync_to_thread=True, guards=[reads])
def deadlines(request: PageRequest, gateway: TheGateway, cote: QueryText = "", organisme: QueryText = "") -> Template:
    """The board of what was sent, or of what was received (`cote=receptions`); `organisme`: whose period to choose."""
    return _board(request, gateway, cote, organisme)


def _board(request: PageRequest, gateway: Gateway, side: str, body: str = "", **errors: str) -> Template:
    received = side == "receptions"
    boards = gateway.boards
    return page(
        request,
        gateway,
        "deadlines.html",
        status=400 if errors else 200,
        errors=errors,
        received=received,
        board=boards.receptions(lines=_SHOWN) if received else boards.deposits(lines=_SHOWN),
        delays=boards.delays_of_receptions() if received else boards.delays_of_deposits(),
        shown=_SHOWN,
        kinds=[(kind.value, kind.label) for kind in BodyKind],
        chosen=boards.kinds(),
        body=body,
    )


@post("/echeances/organismes", sync_to_thread=True, guards=[configures], status_code=303)
def choose_kind(request: PageRequest, gateway: TheGateway, form: TheForm) -> Redirect | Template:
    """Choose the payment period of a public body."""
    try:
        gateway.boards.set_kind(form.text("siret"), form.text("nature"), actor_of(request))
    except RaccordError as refusal:
        return _board(request, gateway, "", form.text("siret"), siret=refusal.words)
    return go("/echeances", "enregistre")


@get("/exports/{subject:str}", sync_to_thread=True, guards=[reads])
def export(
    *,
    gateway: TheGateway,
    subject: PathText,
    format: QueryText = "csv",  # the word of the address
    du: FromQuery[date | None] = None,
    au: FromQuery[date | None] = None,
    decimales: QueryText = "virgule",
    structure: QueryText = "",
) -> Stream:
    """A list as a file for a spreadsheet."""
    made = gateway.exports.make(ExportQuery(subject, format, du, au, structure_id=structure, decimal=decimales))
    return Stream(
        made.pieces, media_type=made.mime, headers={"Content-Disposition": f'attachment; filename="{made.name}"'}
    )


router = Router(path="/", route_handlers=[deadlines, choose_kind, export])
