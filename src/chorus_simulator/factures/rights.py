"""Whose invoice is it: the account's structures decide what it may read, and on which side it may act."""

from __future__ import annotations

from collections.abc import Callable

from chorus_simulator import lifecycle
from chorus_simulator.model import Facture
from chorus_simulator.operations import Call
from chorus_simulator.parties import Structure
from chorus_simulator.refusals import Refusal, not_yours, unknown_invoice


def existing(call: Call, number: int) -> Facture:
    """The invoice of this id, whoever asks. Refuses an unknown one with 20000 `GDP_MSG_11.008`."""
    facture = call.world.invoices.by_id.get(number)
    if facture is None:
        raise unknown_invoice()
    return facture


def is_supplier(call: Call, facture: Facture) -> bool:
    """The supplier's account, or the account that deposited it (an operator, gateway-and-authentication.md §6.4)."""
    return facture.idFournisseur in call.reach or (bool(facture.par) and facture.par == call.login)


def is_recipient(call: Call, facture: Facture) -> bool:
    """Its recipient's account, once the invoice has been made available: never before (life-cycle.md §3)."""
    return facture.idDestinataire in call.reach and facture.id in call.world.invoices.shown


def is_validator(call: Call, facture: Facture) -> bool:
    """The account of its first or second validator, whether or not its turn has come."""
    return facture.idValideur1 in call.reach or facture.idValideur2 in call.reach


def is_in_works(call: Call, facture: Facture) -> bool:
    """The MOE or the MOA of a works document."""
    return facture.idMoe in call.reach or facture.idMoa in call.reach


def of_supplier(call: Call, number: int) -> Facture:
    """The invoice, for its supplier's side. Refuses 20000 when unknown, 20001 when another's."""
    return _on_sides(call, number, is_supplier)


def of_recipient(call: Call, number: int) -> Facture:
    """The invoice, for its recipient. Refuses 20000 when unknown, 20001 when another's or not yet available."""
    return _on_sides(call, number, is_recipient)


def of_validator(call: Call, number: int) -> Facture:
    """The invoice, for one of its validators. Refuses 20000 when unknown, 20001 when another's."""
    return _on_sides(call, number, is_validator)


def readable(call: Call, number: int) -> Facture:
    """The invoice, for whoever is on any of its sides. Refuses 20000 when unknown, 20001 when others'."""
    return _on_sides(call, number, is_supplier, is_recipient, is_validator, is_in_works)


def _on_sides(call: Call, number: int, *sides: Callable[[Call, Facture], bool]) -> Facture:
    facture = existing(call, number)
    if not any(side(call, facture) for side in sides):
        raise not_yours()
    return facture


def open_recipient(structure: Structure | None) -> Structure:
    """The structure, when an invoice may be sent to it. Refuses with 20005 (a guess) any but an active public one."""
    if structure is None or not structure.publique or not structure.active:
        raise Refusal(20005, "Le destinataire n'existe pas ou n'est pas une structure publique active.")
    return structure


def note(call: Call, facture: Facture, code: str) -> None:
    """Record what the caller did in the history of the invoice."""
    lifecycle.note(call.world, facture, code, call.login)
