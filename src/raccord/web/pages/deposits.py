"""Dépôts: the list with its filters, many files dropped at once, one deposit with its time line and its PDF."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Response, Router, get, post
from litestar.params import FromQuery
from litestar.response import Redirect, Template

from raccord.domain.clock import PARIS
from raccord.domain.deposit import Deposit, DepositState, NewDeposit
from raccord.domain.errors import Invalid, RaccordError
from raccord.domain.faults import Fault, has_errors
from raccord.domain.next_steps import next_step
from raccord.domain.statuses import AFNOR
from raccord.engine.deposits.outlook import Outlook
from raccord.engine.gateway import Gateway
from raccord.store.deposits import DepositQuery
from raccord.web.documents import attached, readable_pdf, shown
from raccord.web.forms import Form, Received
from raccord.web.given import PathText, QueryText, TheForm, TheGateway
from raccord.web.guards import deposits as may_deposit
from raccord.web.guards import reads
from raccord.web.render import PageRequest, actor_of, go, page

_GROUPS = {
    "attente": (DepositState.READY, DepositState.SENDING, DepositState.UNCERTAIN),
    "a-traiter": (DepositState.FAULTY, DepositState.REFUSED, DepositState.TO_DECIDE),
}


@dataclass(frozen=True)
class Outcome:
    """What became of one dropped file: a deposit, its faults where it was only checked, or what refuses it."""

    filename: str
    deposit: Deposit | None = None
    replayed: bool = False
    refusal: RaccordError | None = None
    checked: tuple[Fault, ...] | None = None
    outlook: Outlook | None = None

    @property
    def wrong(self) -> bool:
        """Whether a person has something to correct."""
        if self.checked is not None:
            return has_errors(self.checked)
        return self.deposit is None or self.deposit.state is DepositState.FAULTY


@get("/depots", sync_to_thread=True, guards=[reads])
def deposit_list(request: PageRequest, gateway: TheGateway, suite: QueryText = "") -> Template:
    """The deposits, newest first, with the filters of the address."""
    return _list(request, gateway, suite=suite)


def _list(request: PageRequest, gateway: Gateway, status: int = 200, suite: str = "", **facts: Any) -> Template:
    asked = {name: request.query_params.get(name, "") for name in ("etat", "texte", "du", "au")}
    errors, query = _query(asked)
    found = gateway.outbox.search(query, after=suite)
    shared = {
        "deposits": found.items,
        "next": found.next,
        "asked": asked,
        "query": urlencode({name: value for name, value in asked.items() if value}),
        "connections": gateway.outbox.senders(),
        "states": _state_choices(),
        "errors": errors,
        "outcomes": (),
    }
    return page(request, gateway, "deposits.html", status=status, **(shared | facts))


def _state_choices() -> list[tuple[str, str]]:
    groups = [("attente", "En attente ou en cours d’envoi"), ("a-traiter", "À traiter par vous")]
    return groups + [(state.value, state.label) for state in DepositState]


def _query(asked: dict[str, str]) -> tuple[dict[str, str], DepositQuery]:
    form, errors, days = Form(asked), {}, {}
    for name in ("du", "au"):
        try:
            days[name] = form.day(name)
        except ValueError:
            errors[name] = "Cette date n’est pas lisible. Saisissez-la sous la forme JJ/MM/AAAA."
    return errors, DepositQuery(
        states=_states(asked["etat"]), text=asked["texte"].strip(), since=days.get("du"), until=days.get("au")
    )


def _states(asked: str) -> tuple[DepositState, ...]:
    return _GROUPS.get(asked) or tuple(state for state in DepositState if state.value == asked)


@post("/depots", sync_to_thread=True, guards=[may_deposit], status_code=200)
def deposit_files(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """Take every dropped file; each gets its own answer, one bad file keeps none of the others back."""
    files = _paired(form.files("fichiers"))
    if not files:
        return _nothing_chosen(request, gateway)
    outcomes = [_deposit(gateway, file, terms, form, actor_of(request)) for file, terms in files]
    outlooks = gateway.outlooks.of([one.deposit for one in outcomes if one.deposit])
    told = [replace(one, outlook=outlooks[one.deposit.id]) if one.deposit else one for one in outcomes]
    return _list(request, gateway, outcomes=told)


@get("/depots/{deposit_id:str}/suite", sync_to_thread=True, guards=[reads])
def outlook(request: PageRequest, gateway: TheGateway, deposit_id: PathText, tour: FromQuery[int] = 0) -> Template:
    """What becomes of a deposit, alone: the result of a deposit asks for it again, less and less often."""
    deposit = gateway.outbox.get(deposit_id)
    found = gateway.outlooks.of([deposit])[deposit.id]
    turn = max(0, min(tour, 20))
    return page(request, gateway, "deposit_outlook.html", deposit=deposit, outlook=found, turn=turn)


@post("/depots/controler", sync_to_thread=True, guards=[may_deposit], status_code=200)
def check_files(request: PageRequest, gateway: TheGateway, form: TheForm) -> Template:
    """Say of every dropped file what a deposit of it would; nothing is kept, nothing is sent."""
    files = _paired(form.files("fichiers"))
    if not files:
        return _nothing_chosen(request, gateway)
    outcomes = [_check(gateway, file, terms, form) for file, terms in files]
    return _list(request, gateway, outcomes=outcomes)


def _nothing_chosen(request: PageRequest, gateway: Gateway) -> Template:
    errors = {"fichiers": "Aucun fichier n’a été choisi. Choisissez au moins une facture."}
    return _list(request, gateway, status=400, errors=errors)


def _paired(files: tuple[Received, ...]) -> list[tuple[Received, bytes]]:
    """Each file with its data: F1.json dropped with F1.pdf are one invoice."""
    data = {_stem(file.name): file for file in files if file.name.lower().endswith(".json")}
    pages = {_stem(file.name) for file in files if file.name.lower().endswith(".pdf")}
    paired = []
    for file in files:
        stem, known = _stem(file.name), data.get(_stem(file.name))
        if file is known and stem in pages:
            continue
        is_page = known is not None and file.name.lower().endswith(".pdf")
        paired.append((file, known.data if is_page and known else b""))
    return paired


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()


def _deposit(gateway: Gateway, file: Received, terms: bytes, form: Form, actor: str) -> Outcome:
    try:
        new = NewDeposit(
            form.text("connexion"), file.data, file.name, author=actor, source="web", terms=terms,
            urgent=form.ticked("urgent"), not_before=_hour(form.text("pas_avant")), corrects=form.text("corrige"),
        )  # fmt: skip
        accepted = gateway.outbox.accept(new)
    except RaccordError as refusal:
        return Outcome(file.name, refusal=refusal)
    return Outcome(file.name, accepted.deposit, accepted.replayed)


def _check(gateway: Gateway, file: Received, terms: bytes, form: Form) -> Outcome:
    try:
        report = gateway.outbox.examine(NewDeposit(form.text("connexion"), file.data, file.name, terms=terms))
    except RaccordError as refusal:
        return Outcome(file.name, refusal=refusal)
    return Outcome(file.name, checked=report.faults)


def _hour(typed: str) -> datetime | None:
    """An hour of Paris as browsers send it. Raises `Invalid` (`HEURE_ILLISIBLE`)."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=PARIS) if typed else None
    except ValueError as error:
        cure = "Saisissez la date et l’heure proposées par votre navigateur, ou laissez ce champ vide."
        raise Invalid("HEURE_ILLISIBLE", "L’heure d’envoi demandée n’est pas lisible.", cure) from error


@get("/depots/{deposit_id:str}", sync_to_thread=True, guards=[reads])
def one_deposit(request: PageRequest, gateway: TheGateway, deposit_id: PathText) -> Template:
    """Everything about one deposit."""
    deposit = gateway.outbox.get(deposit_id)
    return page(
        request,
        gateway,
        "deposit.html",
        deposit=deposit,
        events=gateway.outbox.events(deposit_id),
        view=gateway.light.of(deposit.connection_id),
        paused=any(one.paused for one in gateway.outbox.senders() if one.id == deposit.connection_id),
        State=DepositState,
        **_afterwards(gateway, deposit),
    )


def _afterwards(gateway: Gateway, deposit: Deposit) -> dict[str, Any]:
    """What follows the sending: the next step, the answers, what this deposit replaces and what replaces it."""
    former = gateway.outbox.corrects(deposit.id)
    return {
        "step": next_step(deposit.platform_status),
        "possible": gateway.answering.possible(deposit.id),
        "answers": gateway.answering.answers(deposit.id),
        "given": [file for file in gateway.outbox.files(deposit.id) if file.kind != "joined"],
        "former": gateway.outbox.get(former) if former else None,
        "later": [gateway.outbox.get(one) for one in gateway.outbox.corrected_by(deposit.id)],
        "due": gateway.boards.of_deposit(deposit.id) if deposit.state is DepositState.INTEGRATED else None,
        "afnor": AFNOR.get(deposit.platform_status, ""),
    }


@get("/depots/{deposit_id:str}/pdf", sync_to_thread=True, guards=[reads])
def deposit_pdf(gateway: TheGateway, deposit_id: PathText) -> Response[bytes]:
    """The invoice as a person reads it: its own PDF, or one drawn from its XML."""
    deposit = gateway.outbox.get(deposit_id)
    return shown(readable_pdf(gateway.outbox.original(deposit_id), deposit.filename), f"{deposit.number}.pdf")


@get("/depots/{deposit_id:str}/original", sync_to_thread=True, guards=[reads])
def deposit_original(gateway: TheGateway, deposit_id: PathText) -> Response[bytes]:
    """The very bytes that were deposited."""
    deposit = gateway.outbox.get(deposit_id)
    return attached(gateway.outbox.original(deposit_id), deposit.filename)


@post("/depots/{deposit_id:str}/annuler", sync_to_thread=True, guards=[may_deposit], status_code=303)
def cancel(request: PageRequest, gateway: TheGateway, deposit_id: PathText) -> Redirect:
    """Take a deposit back before it leaves."""
    gateway.outbox.cancel(deposit_id, actor_of(request))
    return go(f"/depots/{deposit_id}", "annule")


@post("/depots/{deposit_id:str}/renvoyer", sync_to_thread=True, guards=[may_deposit], status_code=303)
def resubmit(request: PageRequest, gateway: TheGateway, deposit_id: PathText) -> Redirect:
    """Check and queue the same bytes again."""
    return go(f"/depots/{gateway.outbox.resubmit(deposit_id, actor_of(request)).id}", "renvoye")


@post("/depots/{deposit_id:str}/decider", sync_to_thread=True, guards=[may_deposit], status_code=303)
def decide(request: PageRequest, gateway: TheGateway, deposit_id: PathText, form: TheForm) -> Redirect:
    """The word of a person who looked on the portal, where Chorus Pro's API could not tell."""
    gateway.outbox.decide(deposit_id, sent=form.text("trouvee") == "oui", actor=actor_of(request))
    return go(f"/depots/{deposit_id}", "decide")


@post("/depots/{deposit_id:str}/actualiser", sync_to_thread=True, guards=[reads], status_code=303)
def refresh(request: PageRequest, gateway: TheGateway, deposit_id: PathText) -> Redirect:
    """Ask Chorus Pro for news of this connection now."""
    gateway.follow.refresh(gateway.outbox.get(deposit_id).connection_id, actor_of(request))
    return go(f"/depots/{deposit_id}", "actualise")


router = Router(
    path="/",
    route_handlers=[
        deposit_list, deposit_files, check_files, one_deposit, outlook, deposit_pdf, deposit_original, cancel, resubmit,
        decide, refresh,
    ],
)  # fmt: skip
