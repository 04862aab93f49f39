"""What brings a file: `deposer/flux` (specifications/flux.md) and `deposer/pdf` (specifications/saisie.md)."""

from __future__ import annotations

import re

import msgspec

from chorus_simulator import deposits, fields, rules, values
from chorus_simulator.clock import paris_day
from chorus_simulator.documents import container
from chorus_simulator.documents.document import Document, Inadmissible
from chorus_simulator.factures.errors import file_too_large
from chorus_simulator.model import PieceJointe
from chorus_simulator.operations import OK_GCU, Answer, Body, Call
from chorus_simulator.refusals import TooLarge, malformed

FORBIDDEN_IN_NAMES = re.compile(r"[%$!&/\\:;«»\"#@\x00-\x1f]")
MEGABYTE = 1024 * 1024
READ_BY_OCR = (
    "numeroFacture",
    "dateFacture",
    "codeDestinataire",
    "codeServiceExecutant",
    "codeFournisseur",
    "codeDeviseFacture",
    "typeFacture",
    "typeTva",
    "numeroBonCommande",
    "montantTtcAvantRemiseGlobalTTC",
    "montantAPayer",
    "montantHtTotal",
    "montantTVA",
)


def decoded(body: Body, name: str) -> bytes:
    """The bytes of a base64 field. Raises a 400 when it is missing or is not base64."""
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise malformed(f"Le champ {name} est obligatoire et doit être encodé en base64.")
    try:
        return msgspec.convert(value, bytes)  # ten times faster than binascii on a flux
    except msgspec.ValidationError:
        raise malformed(f"Le champ {name} n'est pas du base64 valide.") from None


def file_name(body: Body, name: str = "nomFichier") -> str:
    """The name announced for a file, of 200 characters at most. Refuses a forbidden one with 400 (flux.md §6)."""
    value = fields.required(body, name, 200)
    if FORBIDDEN_IN_NAMES.search(value):
        raise malformed(f"Le champ {name} contient un caractère interdit.")
    return value


def deposer_flux(call: Call) -> Answer:
    """`deposer/flux` (api/factures.md §1): keep the bytes, give a number; they are judged later, by `integration`.
    Refuses an unknown or withdrawn syntax, a forbidden name, and a file too large (20001)."""
    world, body = call.world, call.body
    syntaxe = fields.required(body, "syntaxeFlux")
    withdrawn = syntaxe in deposits.WITHDRAWN and not world.switches.on("syntaxes_retirees")
    if syntaxe not in deposits.INTERFACES or withdrawn:
        raise fields.bad_enumeration(call, "syntaxeFlux", syntaxe, "syntaxe_inconnue")
    name, data = file_name(body), decoded(body, "fichierFlux")
    fields.boolean(body, "avecSignature")
    if len(data) > world.switches.number("flux_mo") * MEGABYTE:
        raise file_too_large(call)
    fault = call.fault
    delay = fault.seconds if fault and fault.kind == "delayed_integration" else None
    stuck = fault.state if fault and fault.kind == "internal_state" else ""
    flux = deposits.deposit_flux(world, data, name, syntaxe, call.login, delay=delay, stuck=stuck)
    return {
        "codeRetour": 0,
        "libelle": world.switches.text("flux_libelle"),
        "numeroFluxDepot": flux.numero,
        "dateDepot": paris_day(flux.dateDepot),
        "syntaxeFlux": syntaxe,
    }


def deposer_pdf(call: Call) -> Answer:
    """Store a PDF; what recognition reads is null, except in a PDF that carries its own data (G)."""
    world, body = call.world, call.body
    fields.choice(call, body, "formatDepot", values.FORMATS_PDF, needed=True)
    name, data = file_name(body), decoded(body, "fichierFacture")
    if len(data) > world.switches.number("fichier_mo") * MEGABYTE:
        raise TooLarge
    if not data.startswith(container.PDF):
        raise malformed("Le champ fichierFacture n'est pas un fichier PDF.")
    number = world.next_id("piece")
    world.pieces[number] = PieceJointe(number, name, "application/pdf", world.spool.add(data), proprietaire=call.login)
    world.ledger.deposited("deposer/pdf", f"piece:{number}", world.now(), call.login, name)
    world.touch()
    read = dict.fromkeys(READ_BY_OCR, None) | _recognised(data)
    return {**OK_GCU, **read, "pieceJointeId": number}


def _recognised(data: bytes) -> Answer:
    try:
        document = container.read_any(data)
    except Inadmissible:
        return {}
    return _suggestions(document)


def _suggestions(document: Document) -> Answer:
    return {
        "numeroFacture": document.numero[:20] or None,
        "dateFacture": document.jour.isoformat() if document.jour else None,
        "codeDestinataire": document.destinataire.identifiant[:14] or None,
        "codeServiceExecutant": document.service or None,
        "codeFournisseur": document.fournisseur.identifiant[:18] or None,
        "codeDeviseFacture": document.devise or None,
        "typeFacture": "AVOIR" if rules.is_credit(document) else "FACTURE",
        "numeroBonCommande": document.engagement or None,
        "montantTtcAvantRemiseGlobalTTC": document.ttc,
        "montantAPayer": document.a_payer,
        "montantHtTotal": document.ht,
        "montantTVA": document.tva,
    }
