"""Dépôts > Saisir les données d’un PDF: the few figures of an invoice typed beside the PDF that shows them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from litestar import Router, get, post
from litestar.response import Redirect, Template

from raccord.domain.deposit import NewDeposit, Road
from raccord.domain.errors import RaccordError
from raccord.domain.faults import Fault, Severity, has_errors
from raccord.domain.identifiers import InvalidIdentifier, Siret
from raccord.engine.gateway import Gateway
from raccord.formats import invoice_json
from raccord.formats.summary import Share, Summary, invoice_of
from raccord.web.forms import Form
from raccord.web.given import TheForm, TheGateway
from raccord.web.guards import deposits as may_deposit
from raccord.web.pages.deposits import chosen, senders
from raccord.web.render import PageRequest, actor_of, go, page

_PLACE = "/depots/saisie"
_RATES = (1, 2, 3)
_FIELDS = (
    "nature", "cadre", "numero", "date", "echeance", "fournisseur", "nom_fournisseur", "destinataire",
    "nom_destinataire", "service", "engagement", "marche", "iban", "origine", "valideur", "voie", "connexion", "motif",
    *(f"{name}_{rank}" for rank in _RATES for name in ("montant", "taux")),
)  # fmt: skip
_BLANK = dict.fromkeys(_FIELDS, "") | {"taux_1": "20"}
_WANTED = "Cette donnée est nécessaire : recopiez-la du PDF."
_BAD_SIRET = "Un SIRET compte 14 chiffres. Recopiez-le du PDF ou de l’annuaire."
_BAD_DAY = "Cette date n’est pas lisible. Saisissez-la sous la forme JJ/MM/AAAA."
_BAD_AMOUNT = "Ce montant n’est pas lisible. Saisissez par exemple 1234,56."


@get(_PLACE, sync_to_thread=True, guards=[may_deposit])
def blank(request: PageRequest, gateway: TheGateway) -> Template:
    """The form, with today's date."""
    return _form(request, gateway, typed=_BLANK | {"date": gateway.clock().date().isoformat()})


def _form(request: PageRequest, gateway: Gateway, status: int = 200, **facts: Any) -> Template:
    connections = senders(gateway)
    suppliers = [one for connection in connections for one in gateway.connections.structures(connection.id)]
    shared = {
        "errors": {}, "faults": (), "connections": connections, "ranks": _RATES,
        "suppliers": [(one.siret, f"{one.label} ({one.siret})") for one in suppliers if one.is_supplier],
    }  # fmt: skip
    return page(request, gateway, "entry.html", status=status, **(shared | facts))


@post(_PLACE, sync_to_thread=True, guards=[may_deposit], status_code=200)
def enter(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template | Redirect:
    """Check what was typed; without error it is a deposit, otherwise nothing is kept and the form comes back."""
    typed = {name: form.text(name) for name in _FIELDS}
    reader = _Reader(form, gateway)
    summary, files = reader.summary(), form.files("pdf")
    if not files:
        reader.errors["pdf"] = "Choisissez le PDF de la facture."
    if summary is None or reader.errors:
        return _form(request, gateway, status=400, typed=typed, errors=reader.errors)
    try:
        connection = chosen(senders(gateway), form.text("connexion"))
        road = Road.FIELDS if form.text("voie") == Road.FIELDS.value else Road.FACTURX
        new = NewDeposit(
            connection.id, files[0].data, files[0].name, author=actor_of(request), source="web", road=road,
            terms=invoice_json.write(invoice_of(summary)),
        )  # fmt: skip
        faults = gateway.outbox.examine(new).faults
        if has_errors(faults):
            return _form(request, gateway, status=400, typed=typed, faults=faults)
        return go(f"/depots/{gateway.outbox.accept(new).deposit.id}", "depose")
    except RaccordError as refusal:
        return _form(request, gateway, status=400, typed=typed, faults=(_as_fault(refusal),))


class _Reader:
    """Reads the fields, and remembers what is wrong with each."""

    def __init__(self, form: Form, gateway: Gateway) -> None:
        self._form, self._gateway = form, gateway
        self.errors: dict[str, str] = {}

    def summary(self) -> Summary | None:
        """What was typed, None when something is missing; then `errors` says what."""
        form = self._form
        number, day = self._text("numero"), self._day("date", needed=True)
        supplier, recipient = self._siret("fournisseur"), self._siret("destinataire")
        shares, due = self._shares(), self._day("echeance")
        validator = self._siret("valideur") if form.text("valideur") else None
        if self.errors or day is None or supplier is None or recipient is None:
            return None
        return Summary(
            number=number,
            issue_date=day,
            supplier=supplier,
            supplier_name=form.text("nom_fournisseur") or self._known_name(supplier),
            recipient=recipient,
            recipient_name=form.text("nom_destinataire") or self._public_name(recipient),
            shares=shares,
            due_date=due,
            type_code="381" if form.text("nature") == "avoir" else "380",
            cadre=form.text("cadre") or "A1",
            service=form.text("service"),
            commitment=form.text("engagement"),
            contract=form.text("marche"),
            iban=form.text("iban"),
            preceding=form.text("origine"),
            validator=validator,
        )

    def _text(self, name: str) -> str:
        if not self._form.text(name):
            self.errors[name] = _WANTED
        return self._form.text(name)

    def _day(self, name: str, *, needed: bool = False) -> date | None:
        day = self._read(name, self._form.day, _BAD_DAY)
        if needed and day is None:
            self.errors.setdefault(name, _WANTED)
        return day

    def _siret(self, name: str) -> Siret | None:
        try:
            return Siret.parse(self._form.text(name).replace(" ", ""))
        except InvalidIdentifier:
            self.errors[name] = _BAD_SIRET
            return None

    def _read(self, name: str, reading: Callable[[str], date | None], sentence: str) -> date | None:
        try:
            return reading(name)
        except ValueError:
            self.errors[name] = sentence
            return None

    def _shares(self) -> tuple[Share, ...]:
        found = [self._share(rank) for rank in _RATES if self._form.text(f"montant_{rank}")]
        if not found:
            self.errors["montant_1"] = _WANTED
        return tuple(share for share in found if share is not None)

    def _share(self, rank: int) -> Share | None:
        amount, rate = self._decimal(f"montant_{rank}"), self._decimal(f"taux_{rank}")
        return None if amount is None or rate is None else Share(amount, rate, self._form.text("motif"))

    def _decimal(self, name: str) -> Decimal | None:
        plain = self._form.text(name).replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
        try:
            value = Decimal(plain)
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.errors[name] = _BAD_AMOUNT
            return None
        return value

    def _known_name(self, siret: Siret) -> str:
        known = [one for connection in senders(self._gateway) for one in self._structures(connection.id)]
        return next((label for number, label in known if number == str(siret)), str(siret))

    def _structures(self, connection_id: str) -> list[tuple[str, str]]:
        return [(one.siret, one.label) for one in self._gateway.connections.structures(connection_id)]

    def _public_name(self, siret: Siret) -> str:
        try:
            found = self._gateway.directory.find(siret)
        except RaccordError:
            found = None
        return found.name if found else str(siret)


def _as_fault(refusal: RaccordError) -> Fault:
    return Fault(refusal.code, Severity.ERROR, "", refusal.sentence, refusal.cure, "raccord")


router = Router(path="/", route_handlers=[blank, enter])
