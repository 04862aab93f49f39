"""The dossier of one invoice: everything that we hold of it in one ZIP, with the means to check it without us."""

import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from raccord.domain.answers import KeptFile
from raccord.domain.deposit import Deposit
from raccord.domain.errors import NotFound
from raccord.domain.journal import Event
from raccord.domain.reception import Reception
from raccord.engine.archiving.sealing import check
from raccord.engine.deposits.follow import shown
from raccord.engine.foundation.ground import Ground
from raccord.engine.receptions.readable import Reading
from raccord.formats import ReadError, read_invoice
from raccord.formats.pivot_files import safe_name
from raccord.formats.problems import NotDrawable
from raccord.formats.render import render_pdf
from raccord.store import answers, deposits, entries, flux, journal, posts, receptions
from raccord.store.archive import rows as archive_rows
from raccord.store.archive.rows import Seal

MOST_LINKS = 20_000
"""Links of the chain copied between the last event of an invoice and the seal that covers it."""
_SEAL, _STAMP = "preuve/sceau.txt", "preuve/sceau.tsr"
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""The date of every entry: the same dossier asked twice gives the same bytes, but for what happened in between."""


@dataclass(frozen=True)
class Dossier:
    """A ZIP, and the name under which to save it."""

    name: str
    data: bytes


@dataclass(frozen=True)
class _File:
    path: str
    data: bytes
    origin: str


def dossier(ground: Ground, subject: str) -> Dossier:
    """The dossier of `reception/<id>` or of `deposit/<id>`.

    Raises `NotFound` (`DOSSIER_INCONNU`, `RECEPTION_INCONNUE`, `DEPOT_INCONNU`), `Unavailable` when bytes were altered.
    """
    kind, _, key = subject.partition("/")
    makers = {"reception": _of_reception, "deposit": _of_deposit}
    if kind not in makers:
        raise NotFound(
            "DOSSIER_INCONNU",
            f"« {subject} » ne désigne pas une facture.",
            "Écrivez reception/ ou deposit/ suivi de l’identifiant donné par la page de la facture.",
        )
    number, files = makers[kind](ground, key)
    everything = [*files, *_proof(ground, subject)]
    return Dossier(f"dossier_{safe_name(number)}_{key[:8]}.zip", _packed(number, subject, everything))


def _of_reception(ground: Ground, key: str) -> tuple[str, list[_File]]:
    with ground.store.read() as conn:
        reception = receptions.get(conn, key)
        asked = [asdict(post) for post in posts.of_reception(conn, key)]
        gone = archive_rows.purged(conn, f"reception/{key}")
    files = [_json("facture/fiche.json", _plain(reception), "ce que Chorus Pro et Raccord savent de la facture")]
    if asked:
        files.append(_json("rapports/statuts_transmis.json", asked, "statuts transmis à Chorus Pro, avec ses réponses"))
    if gone is None:
        files += _documents(ground, reception)
        files += _readable_reception(ground, key)
    return reception.number or "facture", files


def _readable_reception(ground: Ground, key: str) -> Iterator[_File]:
    try:
        readable = Reading(ground).readable(key)
    except NotDrawable:
        return
    how = "dessinée par Raccord d’après les données" if readable.drawn else "copie du PDF reçu"
    yield _File("facture/lisible.pdf", readable.data, f"forme lisible, {how}")


def _documents(ground: Ground, reception: Reception) -> Iterator[_File]:
    folders = {"original": "facture/original", "pivot": "facture/pivot", "pdf": "facture/pdf"}
    for rank, document in enumerate(reception.documents, 1):
        folder = folders.get(document.kind, "pieces")
        data = ground.archive.get(document.sha256)
        origin = f"octets reçus de Chorus Pro, archivés sous {document.sha256}"
        if document.kind == "pivot":
            origin = f"part du fichier pivot de Chorus Pro qui décrit cette facture, archivée sous {document.sha256}"
        yield _File(f"{folder}/{rank:02d}_{safe_name(document.name)}", data, origin)


def _of_deposit(ground: Ground, key: str) -> tuple[str, list[_File]]:
    with ground.store.read() as conn:
        deposit = deposits.get(conn, key)
        sent = shown(ground, conn, flux.get(conn, deposit.flux_id)) if deposit.flux_id else None
        beside = entries.files_of(conn, key, owner=None)
        replies = [asdict(answer) for answer in answers.of_deposit(conn, key)]
        gone = archive_rows.purged(conn, f"deposit/{key}")
    files = [_json("facture/fiche.json", _plain(deposit), "ce que Chorus Pro et Raccord savent de la facture")]
    if sent is not None:
        facts = {name: value for name, value in asdict(sent).items() if name not in ("looks", "look_at")}
        files.append(_json("rapports/flux.json", facts, "flux qui a porté la facture, et son compte rendu"))
    if replies:
        files.append(_json("rapports/reponses.json", replies, "réponses faites au destinataire public"))
    if gone is None:
        files += _beside(ground, beside)
        data = ground.archive.get(deposit.sha256)
        origin = f"octets déposés, archivés sous {deposit.sha256}"
        files.append(_File(f"facture/original/{safe_name(deposit.filename)}", data, origin))
        files += _readable_deposit(data, deposit.filename)
    return deposit.number or "facture", files


def _beside(ground: Ground, files: Sequence[KeptFile]) -> Iterator[_File]:
    for rank, file in enumerate(files, 1):
        origin = f"{file.designation or 'donné avec la facture'}, archivé sous {file.sha256}"
        yield _File(f"pieces/{rank:02d}_{safe_name(file.name)}", ground.archive.get(file.sha256), origin)


def _readable_deposit(data: bytes, filename: str) -> Iterator[_File]:
    if data.startswith(b"%PDF"):
        return  # the original is readable as it is
    try:
        drawn = render_pdf(read_invoice(data, filename))
    except (ReadError, NotDrawable):
        return
    yield _File("facture/lisible.pdf", drawn, "forme lisible, dessinée par Raccord d’après les données")


# The proof


def _proof(ground: Ground, subject: str) -> Iterator[_File]:
    with ground.store.read() as conn:
        own = _events(conn, subject)
        yield _json("evenements.json", [_event(event) for event in own], "événements de la facture, avec leurs scellés")
        if not own:
            return
        seal = archive_rows.seal_after(conn, own[-1].seq)
        end = seal.seq if seal else archive_rows.head(conn)[0]
    with ground.store.whole.read() as conn:  # places and hashes alone: the chain goes through everybody's events
        links, whole = _links(conn, own[0].seq, end)
    yield _File("preuve/chaine.csv", links, "maillons du journal" if whole else "maillons du journal (début)")
    if seal is not None:
        yield from _seal_files(seal)


def _events(conn: sa.Connection, subject: str) -> list[Event]:
    found: list[Event] = []
    while batch := journal.read(conn, subject, after=found[-1].seq if found else 0, limit=1000):
        found += batch
    return found


def _links(conn: sa.Connection, first: int, last: int) -> tuple[bytes, bool]:
    """One line per event from `first` to `last`: its place, the hash before, its own; nothing of what it says."""
    lines, after, end = ["numero;precedent;empreinte"], first - 1, min(last, first + MOST_LINKS - 1)
    while batch := journal.read(conn, after=after, limit=min(1000, end - after)) if after < end else ():
        lines += [f"{event.seq};{event.previous};{event.hash}" for event in batch]
        after = batch[-1].seq
    return ("\n".join(lines) + "\n").encode(), end == last


def _seal_files(seal: Seal) -> Iterator[_File]:
    yield _File(_SEAL, seal.message, f"tête du journal au {seal.day:%d/%m/%Y}")
    if seal.token is not None:
        yield _File(_STAMP, seal.token, f"horodatage RFC 3161 de preuve/sceau.txt par {seal.authority}")


def _event(event: Event) -> dict[str, Any]:
    return {
        "numero": event.seq,
        "objet": event.subject,
        "nature": event.kind,
        "date": event.at.isoformat(),
        "auteur": event.actor,
        "donnees": dict(event.data),
        "precedent": event.previous,
        "empreinte": event.hash,
    }


# The ZIP


def _packed(number: str, subject: str, files: list[_File]) -> bytes:
    files = [*files, _File("LISEZMOI.txt", _read_me(number, files).encode(), "mode d’emploi")]
    listed = [
        {"chemin": file.path, "octets": len(file.data), "sha256": sha256(file.data).hexdigest(), "origine": file.origin}
        for file in files
    ]
    manifest = _json("manifest.json", {"objet": subject, "facture": number, "fichiers": listed}, "")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in [*files, manifest]:
            entry = zipfile.ZipInfo(file.path, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o440 << 16
            archive.writestr(entry, file.data)
    return target.getvalue()


def _plain(thing: Deposit | Reception) -> dict[str, Any]:
    return asdict(thing)


def _json(path: str, value: Any, origin: str) -> _File:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=_readable_value)
    return _File(path, text.encode() + b"\n", origin)


def _readable_value(value: Any) -> Any:
    return (
        value.isoformat() if isinstance(value, datetime | date) else str(value) if isinstance(value, Decimal) else value
    )


def _read_me(number: str, files: Sequence[_File]) -> str:
    paths = {file.path: file for file in files}
    parts = [_INTRODUCTION.format(number=number)]
    if "facture/lisible.pdf" in paths:
        parts.append("facture/lisible.pdf : la facture, à lire et à imprimer.\n")
    if not any(path.startswith(("facture/original/", "facture/pivot/")) for path in paths):
        parts.append(_DESTROYED)
    parts.append(_CHECKING)
    if stamp := paths.get(_STAMP):
        at = check(stamp.data, paths[_SEAL].data, None)
        parts.append(_STAMPED.format(at=at, seconds=int(at.timestamp())))
    elif _SEAL in paths:
        parts.append(_SEALED)
    return "\n".join(parts)


_INTRODUCTION = """\
DOSSIER DE LA FACTURE {number}

Ce dossier réunit tout ce que Raccord, passerelle vers Chorus Pro, conserve de cette facture.

facture/        la facture : fichier d’origine, pivot de Chorus Pro, forme lisible, fiche
pieces/         les pièces jointes
rapports/       ce que Chorus Pro a répondu : compte rendu du flux, statuts transmis
evenements.json tout ce qui est arrivé à cette facture, dans l’ordre
preuve/         de quoi vérifier que rien n’a été modifié depuis
manifest.json   la liste des fichiers, avec leur taille et leur empreinte SHA-256
"""

_DESTROYED = """\
Les fichiers de cette facture ont été détruits ou n’ont jamais été récupérés : evenements.json dit quand et par qui.
"""

_CHECKING = """\
VÉRIFIER CE DOSSIER SANS RACCORD

1. Les fichiers. Calculez le SHA-256 de chaque fichier (sous Linux : sha256sum ; sous Windows : Get-FileHash) et
   comparez-le avec manifest.json. Pour les fichiers d’origine, cette empreinte figure aussi dans evenements.json,
   dans l’événement de dépôt ou de récupération.
2. Les événements. L’empreinte d’un événement est le SHA-256 du texte « precedent|[objet,nature,date,auteur,donnees] »,
   où le crochet est un tableau JSON sans espace, aux clés triées, en UTF-8. Chacune se recalcule.
3. La chaîne. Dans preuve/chaine.csv, le « precedent » de chaque ligne est l’« empreinte » de la ligne qui la précède :
   modifier un événement changerait toutes les lignes suivantes. Les autres événements n’y montrent que leur empreinte,
   car ils ne concernent pas cette facture ; la commande « raccord events --verify » recalcule la chaîne entière.
"""

_SEALED = """\
4. Le sceau du jour. preuve/sceau.txt donne la tête de la chaîne ce jour-là. Aucune autorité ne l’a horodaté : il vaut
   ce que vaut la copie qui en a été gardée ailleurs.
"""

_STAMPED = """\
4. L’horodatage. preuve/sceau.tsr est la réponse d’une autorité d’horodatage (RFC 3161) sur preuve/sceau.txt, donnée le
   {at:%d/%m/%Y à %H:%M:%S} UTC. Enregistrez à côté de ce fichier, sous le nom certificats.pem, les certificats racines
   que cette autorité publie, puis lancez d’ici :
   openssl ts -verify -data preuve/sceau.txt -in preuve/sceau.tsr -CAfile certificats.pem -attime {seconds}
   La réponse doit être « Verification: OK ». « -attime » fait juger les certificats à l’heure de l’horodatage : ils
   auront expiré bien avant la fin de la conservation.
"""
