"""The pages of invoices: the list of a side, one invoice, and what is done to it by hand (`sides` says which)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import Response

from chorus_simulator.lifecycle import MOTIF_REQUIRED
from chorus_simulator.portal import words
from chorus_simulator.portal.desk import Page, Visit, not_found
from chorus_simulator.portal.paging import Sized, cut
from chorus_simulator.portal.sides import ISSUED, RECEIVED, REFUSED, SIDES, Side, may_close, may_decide, owners
from chorus_simulator.refusals import Refusal

if TYPE_CHECKING:
    from chorus_simulator.model import Facture
    from chorus_simulator.parties import Structure
    from chorus_simulator.world import World

NO_REPORT = (
    "Ce destinataire ne remonte pas la mise en paiement à Chorus Pro (réglage de sa structure) : "
    "le statut de la facture n’a pas changé."
)


@dataclass(frozen=True)
class Row:
    """An invoice as the lists show it."""

    id: int
    number: str
    date: str
    other: str
    amount: str
    status: str
    since: str


def listing(side: Side) -> Callable[[Visit], Response]:
    """The view of a list: number and status sought, newest first, cut in pages read no further than shown."""

    def view(visit: Visit) -> Response:
        found = side.listed(visit.world, _mine(visit))
        numero, statut = visit.asked("numero"), visit.asked("statut")
        page = cut(visit, _matching(found, numero.casefold(), statut) if numero or statut else found)
        return visit.render(
            "invoices.html",
            **_words(side),
            lead=side.lead,
            seed=side.seed,
            other=side.other,
            asked={"numero": numero, "statut": statut},
            statuses=side.statuses,
            rows=[_row(visit.world, side, facture) for facture in page.items],
            page=page,
        )

    return view


def _matching(found: Sized[Facture], numero: str, statut: str) -> list[Facture]:
    return [f for f in found if numero in f.numero.casefold() and statut in ("", f.statut)]


def detail(side: Side) -> Callable[[Visit], Response]:
    """The view of one invoice: facts, files, history, and the statuses that may be given now."""

    def view(visit: Visit) -> Response:
        return _invoice(visit, side, _wanted(visit, side), {}, "")

    return view


def treatment(side: Side) -> Callable[[Visit], Response]:
    """The view that gives a status, or closes a rejection; a refusal of the rules is shown on the page (422)."""

    def view(visit: Visit) -> Response:
        facture = _wanted(visit, side)
        if visit.field("acte") == "traiter-rejet" and may_close(side, facture):
            visit.world.close_rejection(facture, visit.person.login)
            return visit.go(f"{side.path}/{facture.id}", f"Le rejet de la facture {facture.numero} est traité.")
        statut = visit.field("statut")
        faults = _faults(visit, side, facture, statut)
        if faults:
            return _invoice(visit, side, facture, faults, "")
        steps = len(facture.historique)
        try:
            side.apply(visit, facture, statut)
        except Refusal as refusal:
            return _invoice(visit, side, facture, {}, f"Chorus Pro refuse ce statut : {refusal.libelle}")
        if len(facture.historique) == steps:
            return _invoice(visit, side, facture, {}, NO_REPORT)
        label = words.status(statut)
        return visit.go(f"{side.path}/{facture.id}", f"La facture {facture.numero} a reçu le statut « {label} ».")

    return view


def piece(side: Side) -> Callable[[Visit], Response]:
    """One file of an invoice, as a download: never shown inside the portal's pages."""

    def view(visit: Visit) -> Response:
        pieces = _wanted(visit, side).pieces
        rank = visit.wanted("rank")
        if not (rank.isascii() and rank.isdigit()) or int(rank[:9]) >= len(pieces):
            raise not_found("Cette pièce n’existe pas.")
        found = pieces[int(rank)]
        name = f"attachment; filename*=UTF-8''{quote(found.nom)}"
        body = visit.world.spool.read(found.blob)
        return Response(body, media_type="application/octet-stream", headers={"Content-Disposition": name})

    return view


def _mine(visit: Visit) -> list[int]:
    return [one.idStructureCPP for one in visit.world.structures_of(visit.person)]


def _wanted(visit: Visit, side: Side) -> Facture:
    """The invoice of the path, when it belongs to a structure of the person on this side."""
    visit.world.settle()
    number = visit.wanted("id")
    facture = visit.world.factures.get(int(number)) if number.isascii() and number.isdigit() else None
    if facture is None or not owners(side, facture) & set(_mine(visit)):
        raise not_found("Cette facture n’existe pas dans vos espaces.")
    return facture


def _faults(visit: Visit, side: Side, facture: Facture, statut: str) -> dict[str, str]:
    if statut not in side.targets(visit.world, facture) or not may_decide(_mine(visit), side, facture):
        return {"statut": "Choisissez un statut de la liste : les autres ne sont pas permis pour cette facture."}
    motif = visit.field("motif")
    if statut in (*MOTIF_REQUIRED, *REFUSED) and not motif:
        return {"motif": "Indiquez le motif : le fournisseur le lira dans l’historique de la facture."}
    if len(motif) > 255:
        return {"motif": f"Ce motif compte {len(motif)} caractères : réduisez-le à 255 au plus."}
    return {}


def _row(world: World, side: Side, facture: Facture) -> Row:
    other = facture.idDestinataire if side is ISSUED else facture.idFournisseur
    return Row(
        facture.id,
        facture.numero,
        words.day(facture.dateFacture),
        _name(world.structure(other)),
        words.money(facture.montantTTC, facture.devise),
        facture.statut,
        words.stamp(facture.etat_depuis),
    )


def _name(structure: Structure | None) -> str:
    return f"{structure.designation} ({structure.identifiant})" if structure else ""


def _words(side: Side) -> dict[str, object]:
    return {
        "here": side.path,
        "heading": side.heading,
        "desk_heading": side.desk_heading,
        "motif_label": side.motif_label,
        "motif_hint": side.motif_hint,
    }


def _facts(world: World, facture: Facture) -> list[tuple[str, str]]:
    return [
        ("Fournisseur", _name(world.structure(facture.idFournisseur))),
        ("Destinataire", _name(world.structure(facture.idDestinataire))),
        ("Code service", facture.codeService),
        ("Numéro d’engagement", facture.numeroBonCommande),
        ("Numéro de marché", facture.numeroMarche),
        ("Cadre de facturation", facture.cadre),
        ("Date de facture", words.day(facture.dateFacture)),
        ("Date de dépôt", words.stamp(facture.dateDepot)),
        ("Flux de dépôt", facture.numeroFluxDepot or ""),
        ("Montant HT", words.money(facture.montantHT, facture.devise)),
        ("Montant TVA", words.money(facture.montantTVA, facture.devise)),
        ("Montant TTC", words.money(facture.montantTTC, facture.devise)),
        ("Montant à payer", words.money(facture.montantAPayer, facture.devise)),
        ("Numéro de mandat", facture.numeroDPMandat),
        ("Commentaire", facture.commentaire),
        ("Rejet traité", "Oui" if facture.rejetTraite else ""),
    ]


def _invoice(visit: Visit, side: Side, facture: Facture, faults: dict[str, str], refusal: str) -> Response:
    world = visit.world
    return visit.render(
        "invoice.html",
        422 if faults or refusal else 200,
        **_words(side),
        invoice=_row(world, side, facture),
        facts=_facts(world, facture),
        pieces=[{"name": one.nom, "size": _weight(one.blob.size)} for one in facture.pieces],
        targets=side.targets(world, facture) if may_decide(_mine(visit), side, facture) else (),
        may_close=may_close(side, facture),
        history=list(reversed(facture.historique)),
        with_mandate=side is RECEIVED,
        chosen=visit.field("statut"),
        motif=visit.field("motif"),
        mandate=visit.field("mandat"),
        refusal=refusal,
        faults=faults,
    )


def _weight(size: int) -> str:
    return f"{size}{words.NBSP}octets" if size < 1024 else f"{size // 1024}{words.NBSP}Ko"


def _pages(side: Side) -> list[Page]:
    return [
        Page(side.path, listing(side)),
        Page(side.path + "/{id}", detail(side)),
        Page(side.path + "/{id}", treatment(side), "POST"),
        Page(side.path + "/{id}/pieces/{rank}", piece(side)),
    ]


PAGES = tuple(page for side in SIDES for page in _pages(side))
