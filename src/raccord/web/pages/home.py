"""The dashboard, the light that refreshes itself, and the accessibility statement."""

from litestar import Router, get
from litestar.response import Redirect, Template

from raccord.domain.deposit import DepositState
from raccord.store.deposits import DepositQuery
from raccord.store.receptions import ReceptionQuery
from raccord.web.given import TheGateway
from raccord.web.guards import anyone, reads
from raccord.web.render import PageRequest, go, page

_WAITING = (DepositState.READY, DepositState.SENDING, DepositState.UNCERTAIN)


@get("/", sync_to_thread=True, guards=[reads])
def home(request: PageRequest, gateway: TheGateway) -> Template:
    """What waits, what went wrong, what came in."""
    counts = gateway.outbox.count()
    return page(
        request,
        gateway,
        "home.html",
        waiting=sum(counts.get(state, 0) for state in _WAITING),
        to_do=gateway.to_dos.waiting(limit=10),
        sent=counts.get(DepositState.SENT, 0),
        integrated=counts.get(DepositState.INTEGRATED, 0),
        received=sum(gateway.inbox.count().values()),
        deposits=gateway.outbox.search(DepositQuery(), limit=6).items,
        receptions=gateway.inbox.search(ReceptionQuery(), limit=6).items,
        connections=gateway.connections.all(),
    )


@get("/voyant", sync_to_thread=True, guards=[reads])
def light(request: PageRequest, gateway: TheGateway) -> Template:
    """The light alone, for the page that asks again every few seconds."""
    return page(request, gateway, "light.html")


@get("/accessibilite", sync_to_thread=True, guards=[anyone])
def accessibility(request: PageRequest, gateway: TheGateway) -> Template:
    """What is promised to people who use a keyboard, a screen reader or a zoom."""
    return page(request, gateway, "accessibility.html")


@get(["/options", "/options/parametres", "/options/parametres/systeme"], sync_to_thread=False, guards=[reads])
def options() -> Redirect:
    """The way to the settings, one step at a time, as the help pages write it."""
    return go("/options/parametres/systeme/chorus-pro")


router = Router(path="/", route_handlers=[home, light, accessibility, options])
