"""Recherche: an invoice, received or sent, by any of its words."""

from urllib.parse import urlencode

from litestar import Router, get
from litestar.response import Template

from raccord.domain.errors import Invalid
from raccord.store.pages import Page
from raccord.web.given import QueryText, TheGateway
from raccord.web.guards import reads
from raccord.web.render import PageRequest, page

KINDS = (("reception", "Factures reçues"), ("deposit", "Dépôts"))


@get("/recherche", sync_to_thread=True, guards=[reads])
def search(
    request: PageRequest, gateway: TheGateway, texte: QueryText = "", genre: QueryText = "", suite: QueryText = ""
) -> Template:
    """The invoices that answer, the last arrived first."""
    text = texte.strip()
    if suite and not suite.isdecimal():
        raise Invalid("PAGE_INCONNUE", "Cette page n’existe pas.", "Revenez à la première page de la liste.")
    kind = genre if genre in dict(KINDS) else ""
    found = gateway.finder.search(text, kind, after=int(suite or 0)) if text else Page((), "")
    asked = {"texte": text, "genre": kind}
    return page(
        request, gateway, "search.html", found=found.items, next=found.next, asked=asked, kinds=KINDS,
        query=urlencode({name: value for name, value in asked.items() if value}),
    )  # fmt: skip


router = Router(path="/", route_handlers=[search])
