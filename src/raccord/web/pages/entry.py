"""Dépôts > Saisir les données d’un PDF: the PDF in view, its few figures read by Chorus Pro, corrected by a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from litestar import Response, Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.deposit import NewDeposit, Road
from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.faults import Fault, has_errors, of_refusal
from raccord.engine.deposits import carriers
from raccord.engine.deposits.drafts import Draft, Recognised
from raccord.engine.gateway import Gateway
from raccord.formats import invoice_json
from raccord.formats.summary import Summary, invoice_of
from raccord.web.documents import shown
from raccord.web.forms import Form
from raccord.web.given import QueryText, TheForm, TheGateway
from raccord.web.guards import deposits as may_deposit
from raccord.web.render import PageRequest, actor_of, go, page
from raccord.web.typed_invoice import BLANK, FIELDS, RATES, TypedInvoice, public_name, suggestions

_PLACE = "/depots/saisie"


@dataclass(frozen=True)
class _Sheet:
    """What the form shows: the texts typed, those that Chorus Pro read, what is wrong, the PDF on the desk."""

    typed: Mapping[str, str]
    read: frozenset[str] = frozenset()
    reading: Recognised | None = None
    errors: Mapping[str, str] | None = None
    faults: tuple[Fault, ...] = ()
    draft: Draft | None = None


@get(_PLACE, sync_to_thread=True, guards=[may_deposit])
def blank(request: PageRequest, gateway: TheGateway) -> Template:
    """The form, with today's date."""
    return _form(request, gateway, _Sheet(BLANK | {"date": _today(gateway)}))


def _today(gateway: Gateway) -> str:
    return gateway.clock().date().isoformat()


def _form(request: PageRequest, gateway: Gateway, sheet: _Sheet, status: int = 200) -> Template:
    facts = {
        "typed": sheet.typed, "read": sheet.read, "reading": sheet.reading, "errors": sheet.errors or {},
        "faults": sheet.faults, "draft": sheet.draft, "connections": gateway.outbox.senders(), "ranks": RATES,
        "suppliers": [(siret, f"{label} ({siret})") for siret, label in _suppliers(gateway).items()],
    }  # fmt: skip
    return page(request, gateway, "entry.html", status=status, **facts)


def _suppliers(gateway: Gateway) -> dict[str, str]:
    """The names of the suppliers that our connections serve, by SIRET."""
    senders = gateway.outbox.senders()
    known = [one for connection in senders for one in gateway.connections.structures(connection.id)]
    return {one.siret: one.label for one in known if one.is_supplier}


@post(f"{_PLACE}/lire", sync_to_thread=True, guards=[may_deposit], status_code=200)
def read_it(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """Lay the PDF beside the form and have Chorus Pro read it; what the person has typed already stays."""
    typed, draft = _typed(form), None
    try:
        draft = _draft(gateway, form, actor_of(request))
        if draft is None:
            raise Invalid("FICHIER_ABSENT", "Aucun PDF n’a été choisi.", "Choisissez le PDF de la facture.")
        through = form.text("connexion") or carriers.first(gateway.outbox.senders()).id  # any of them can read
        draft, reading = gateway.drafts.recognise(actor_of(request), draft, through)
    except RaccordError as refusal:
        return _form(request, gateway, _Sheet(typed, faults=(of_refusal(refusal),), draft=draft), status=400)
    found = suggestions(reading, _suppliers(gateway))
    if name := public_name(gateway, reading.recipient):
        found["nom_destinataire"] = name
    untouched = BLANK | {"date": _today(gateway)}
    taken = {name: text for name, text in found.items() if typed[name] in ("", untouched[name])}
    return _form(request, gateway, _Sheet(typed | taken, frozenset(taken), reading, draft=draft))


@get(f"{_PLACE}/pdf", sync_to_thread=True, guards=[may_deposit])
def draft_pdf(request: PageRequest, gateway: TheGateway, brouillon: QueryText = "") -> Response[bytes]:
    """The PDF on the desk, for the person who laid it there."""
    draft, data = gateway.drafts.open(actor_of(request), brouillon)
    return shown(data, draft.filename)


@post(_PLACE, sync_to_thread=True, guards=[may_deposit], status_code=200)
def enter(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template | Redirect:
    """Check what was typed; without error it is a deposit, otherwise the form comes back with its PDF."""
    typed, draft = _typed(form), None
    fields = TypedInvoice(form, gateway, _suppliers(gateway))
    summary = fields.summary()
    try:
        draft = _draft(gateway, form, actor_of(request))
        if draft is None:
            fields.errors["pdf"] = "Choisissez le PDF de la facture."
        if draft is None or summary is None:
            return _form(request, gateway, _Sheet(typed, errors=fields.errors, draft=draft), status=400)
        new = _new_deposit(request, gateway, form, summary, draft)
        faults = gateway.outbox.examine(new).faults
        if has_errors(faults):
            return _form(request, gateway, _Sheet(typed, faults=faults, draft=draft), status=400)
        return go(f"/depots/{gateway.outbox.accept(new).deposit.id}", "depose")
    except RaccordError as refusal:
        sheet = _Sheet(typed, errors=fields.errors, faults=(of_refusal(refusal),), draft=draft)
        return _form(request, gateway, sheet, status=400)


def _new_deposit(request: PageRequest, gateway: Gateway, form: Form, summary: Summary, draft: Draft) -> NewDeposit:
    _, data = gateway.drafts.open(actor_of(request), draft.token)
    new = NewDeposit(
        form.text("connexion"), data, draft.filename, author=actor_of(request), source="web",
        road=Road.FIELDS if form.text("voie") == Road.FIELDS.value else Road.FACTURX,
        terms=invoice_json.write(invoice_of(summary)),
    )  # fmt: skip
    connection = gateway.outbox.carrier(new)
    return replace(
        new, connection_id=connection.id, piece=draft.piece if draft.connection_id == connection.id else None
    )


def _typed(form: Form) -> dict[str, str]:
    return {name: form.text(name) for name in FIELDS}


def _draft(gateway: Gateway, form: Form, owner: str) -> Draft | None:
    """The PDF just chosen, else the one on the desk, None without either. Raises `Invalid`."""
    files = form.files("pdf")
    if files:
        return gateway.drafts.keep(owner, files[0].name, files[0].data)
    return gateway.drafts.open(owner, form.text("brouillon"))[0] if form.text("brouillon") else None


router = Router(path="/", route_handlers=[blank, read_it, draft_pdf, enter])
