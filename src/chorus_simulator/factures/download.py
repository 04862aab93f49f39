"""`telecharger/groupe`: the pivot, a PDF, or a ZIP; fetching is what sets the recipient's « downloaded » flag."""

from __future__ import annotations

import base64

from chorus_simulator import fields
from chorus_simulator.factures.damage import spoil
from chorus_simulator.factures.pivot import pivot, zipped
from chorus_simulator.factures.readable import pdf_of
from chorus_simulator.factures.rights import is_recipient, note, readable
from chorus_simulator.faults import Fault
from chorus_simulator.model import Facture
from chorus_simulator.operations import OK, Answer, Body, Call
from chorus_simulator.refusals import TooLarge, malformed
from chorus_simulator.world import World

MEGABYTE = 1024 * 1024


def telecharger_groupe(call: Call) -> Answer:
    """`telecharger/groupe` (api/factures.md §16): pivot, PDF or ZIP in base64, in `fichierResultat`; refuses as
    `downloaded` does."""
    data, fault = downloaded(call, call.body), _fault(call)
    if fault is not None and fault.kind == "damaged_pivot":
        return {**OK, "fichierResultat": spoil(data, fault)}
    return {**OK, "fichierResultat": base64.b64encode(data).decode("ascii")}


def _fault(call: Call) -> Fault | None:
    """The fault that strikes this download, when it bears on one of its invoices."""
    fault = call.fault
    if fault is None or not fault.facture:
        return fault
    return fault if fault.facture in _asked(call.body) else None


def _asked(body: Body) -> list[int]:
    return [fields.needed_number(row, "idFacture") for row in fields.records(body, "listeFacture")]


def downloaded(call: Call, body: Body) -> bytes:
    """What the caller gets, with its side effects. Raises `TooLarge` beyond 120 MB."""
    kind = fields.choice(call, body, "format", ("PDF", "PIVOT"), needed=True)
    with_others = fields.choice(call, body, "avecPiecesJointesComplementaires", ("OUI", "NON", "Oui", "Non"))
    if not (asked := _asked(body)):
        raise malformed("Le champ listeFacture est obligatoire.")
    factures, fault = [readable(call, number) for number in asked], _fault(call)
    if fault is not None and fault.kind == "too_large" and (fault.facture or len(asked) > fault.most):
        raise TooLarge
    limit = call.world.switches.number("telechargement_mo") * MEGABYTE
    if sum(piece.blob.size for facture in factures for piece in facture.pieces) > limit:
        raise TooLarge
    others = with_others.upper() == "OUI"
    data = pivot(call.world, factures) if kind == "PIVOT" else _pdf(call.world, factures, others)
    if len(data) > limit:
        raise TooLarge
    for facture in factures:
        _flag(call, facture)
    return data


def _flag(call: Call, facture: Facture) -> None:
    if is_recipient(call, facture):
        facture.telechargee = True
    note(call, facture, "TELECHARGEMENT_FACTURE")


def _pdf(world: World, factures: list[Facture], with_others: bool) -> bytes:
    """One PDF, or a ZIP: flat for one invoice, a directory per invoice for several."""
    folders = [(facture, _files(world, facture, with_others)) for facture in factures]
    if len(folders) == 1:
        files = folders[0][1]
        return files[0][1] if len(files) == 1 else zipped(files)
    return zipped(
        [(f"{facture.numero.replace('/', '_')}/{name}", data) for facture, files in folders for name, data in files]
    )


def _files(world: World, facture: Facture, with_others: bool) -> list[tuple[str, bytes]]:
    name, data = pdf_of(world, facture)
    files = [(name, data)]
    if with_others:
        others = (piece for piece in facture.pieces if piece.type_pj != "01" and piece.nom != name)
        files += [(piece.nom, world.spool.read(piece.blob)) for piece in others]
    return files
