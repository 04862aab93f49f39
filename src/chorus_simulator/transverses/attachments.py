"""Files of an account, a structure or an invoice (specifications/api/transverses.md §2)."""

from __future__ import annotations

import base64

from chorus_simulator import fields, values
from chorus_simulator.factures.deposit import decoded
from chorus_simulator.factures.download import downloaded
from chorus_simulator.model import PieceJointe
from chorus_simulator.operations import OK, OK_GCU, Answer, Call
from chorus_simulator.pdf import text_pdf
from chorus_simulator.refusals import malformed
from chorus_simulator.rules import EXTENSIONS
from chorus_simulator.transverses.errors import file_too_large, unknown_object
from chorus_simulator.writing import counters, page_of, paging

MEGABYTE = 1024 * 1024


def ajouter_fichier(call: Call) -> Answer:
    """`ajouter/fichier` (api/transverses.md §2): keep a file of the account, its id in `pieceJointeId`.
    Refuses more than 10 MB (20003), an unknown extension, a name above 50 characters."""
    body, world = call.body, call.world
    name = fields.required(body, "pieceJointeNom", 50)
    extension = fields.required(body, "pieceJointeExtension", 10).lower().lstrip(".")
    mime = fields.required(body, "pieceJointeTypeMime", 100)
    data = decoded(body, "pieceJointeFichier")
    if len(data) > world.switches.number("fichier_mo") * MEGABYTE:
        raise file_too_large()
    if extension not in EXTENSIONS:
        raise malformed("Le champ pieceJointeExtension n'est pas une extension autorisée.")
    if not name.lower().endswith(f".{extension}"):
        name = f"{name}.{extension}"
    number = world.next_id("piece")
    piece = PieceJointe(number, name, mime, world.spool.add(data), proprietaire=call.login, designation=name)
    world.pieces[number] = piece
    world.touch()
    return {**OK_GCU, "pieceJointeId": number}


def detacher(call: Call) -> Answer:
    """`detacherPieceJointe` (api/transverses.md §2): forget a file that the account added; 20000 for any other."""
    number = fields.needed_number(call.body, "idPieceJointeObjet")
    piece = call.world.pieces.get(number)
    if piece is None or piece.proprietaire != call.login:
        raise unknown_object("La pièce jointe")
    del call.world.pieces[number]
    call.world.touch()
    return dict(OK)


def _rows(call: Call) -> list[PieceJointe]:
    wanted = fields.text(call.body, "pieceJointeDesignation").casefold()
    mine = (piece for piece in call.world.pieces.values() if piece.proprietaire == call.login)
    return [piece for piece in mine if wanted in (piece.designation or piece.nom).casefold()]


def _row(piece: PieceJointe) -> Answer:
    return {
        "pieceJointeDesignation": piece.designation or piece.nom,
        "pieceJointeExtension": piece.extension,
        "pieceJointeId": piece.id,
        "pieceJointeObjetId": piece.id,
        "pieceJointeTypeCode": piece.code_type,
        "pieceJointeTypeLibelle": piece.code_type.replace("_", " ").capitalize(),
        "pieceJointeUtilisateurId": 0,
    }


def pj_moncompte(call: Call) -> Answer:
    """`rechercher/pj/moncompte` (api/transverses.md §2): the files that the account added."""
    asked = paging(fields.record(call.body, "parametresRecherche"))
    rows = _rows(call)
    listed = [_row(piece) for piece in page_of(rows, asked)]
    return {**OK, "listePiecesJointes": listed, "parametresRetour": counters(asked, len(rows))}


def pj_structure(call: Call) -> Answer:
    """`rechercher/pj/structure` (api/transverses.md §2): the same files, said to be those of one of its structures."""
    number = fields.needed_number(call.body, "idStructureCPP")
    if number not in call.reach:
        raise unknown_object("La structure")
    structure = call.world.structures[number]
    asked = paging(fields.record(call.body, "parametresRecherche"))
    rows = _rows(call)
    listed = [
        {
            **_row(piece),
            "pieceJointeStructureCode": structure.identifiant,
            "pieceJointeStructureId": structure.idStructureCPP,
            "pieceJointeStructureRaisonSociale": structure.designation,
        }
        for piece in page_of(rows, asked)
    ]
    return {**OK, "listePiecesJointes": listed, "parametresRetour": counters(asked, len(rows))}


def telecharger(call: Call) -> Answer:
    """The files of a payment request; of the account; and, drawn for the occasion, of the other objects."""
    body = call.body
    kind = fields.choice(call, body, "objetPieceJointe", values.OBJETS_PJ, needed=True)
    if kind == "DEMANDE_PAIEMENT":
        data = downloaded(call, fields.record(body, "demandePaiement"))
    elif kind == "ENGAGEMENT_JURIDIQUE":
        number = fields.required(fields.record(body, "engagementJuridique"), "numeroEngagementJuridique")
        engagement = call.world.engagements.get(number)
        if engagement is None or not {engagement.idEmetteur, engagement.idRecepteur} & call.reach:
            raise unknown_object("L'engagement juridique")
        data = text_pdf(["Simulateur de Chorus Pro", f"Engagement juridique {number}"])
    else:
        data = _own(call)
    return {**OK, "pieceJointe": base64.b64encode(data).decode("ascii")}


def _own(call: Call) -> bytes:
    rows = _rows(call)
    if not rows:
        raise unknown_object("La pièce jointe")
    return call.world.spool.read(rows[-1].blob)
