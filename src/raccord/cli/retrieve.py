"""`raccord retrieve`: fetch the invoices received by the public bodies, and write them to a folder if one is given."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json

if TYPE_CHECKING:
    from raccord.domain.connection import Structure
    from raccord.domain.reception import Reception
    from raccord.engine.gateway import Gateway


@click.command()
@click.option("--structure", default="", help="SIRET de la structure publique ; toutes par défaut.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="À partir de ce jour ; obligatoire la première fois.")
@click.option(
    "--count",
    "counting",
    is_flag=True,
    help="Compter seulement, sur RACCORD_BACKFILL_DAYS jours sans --since ; rien n’est téléchargé.",
)
@click.option("--status", "states", multiple=True, help="La première fois : seulement ces statuts ; répétable.")
@click.option("--service", "services", multiple=True, help="Seulement ces codes de service ; répétable.")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), help="Dossier où écrire les fichiers."
)
@click.option("--after", type=click.IntRange(min=0), default=0, show_default=True, help="Dernier numéro déjà pris.")
@click.option(
    "--wait", type=click.FloatRange(min=0), default=30.0, show_default=True, help="Attente de nouvelles, en secondes."
)
@as_json
def retrieve(
    *,
    structure: str,
    since: datetime | None,
    counting: bool,
    states: tuple[str, ...],
    services: tuple[str, ...],
    folder: Path | None,
    after: int,
    wait: float,
    as_json: bool,
) -> int:
    """Récupérer les factures reçues, ou compter d’abord.

    Chaque facture a un numéro d’ordre : donnez le dernier reçu avec --after, aucune ne manque ni ne revient.
    """
    from raccord.domain.clock import first_instant

    if counting:
        return _count(structure, since, as_json=as_json)
    with opened(working=True, if_alone=True) as gateway:
        chosen = _chosen(gateway, structure)
        for one in chosen:
            _ask(gateway, one, first_instant(since.date()) if since else None, states, services)
        found = _gathered(gateway, after, wait)
        written = [_written(gateway, reception, folder) for _, reception in found] if folder else []
    if as_json:
        print_json({"next": found[-1][0] if found else after, "receptions": [reception for _, reception in found],
                    "files": [str(path) for paths in written for path in paths]})  # fmt: skip
    else:
        from raccord.domain.statuses import label

        for sequence, reception in found:
            standing = label(reception.platform_status)
            click.echo(f"{sequence:>6}  {reception.number:<20} {reception.supplier_name}  {standing}")
        click.echo(f"{len(found)} facture(s) récupérée(s).")
    return Exit.OK


def _chosen(gateway: "Gateway", siret: str) -> "list[Structure]":
    from raccord.domain.errors import NotFound

    everything = [
        one for connection in gateway.connections.all() for one in gateway.connections.structures(connection.id)
    ]
    found = [one for one in everything if one.is_recipient and siret in ("", one.siret)]
    if not found:
        sentence = "Aucune structure publique de ce SIRET n’est connue."
        cure = "Créez d’abord la connexion du compte technique de la collectivité : raccord connect NOM"
        raise NotFound("STRUCTURE_INCONNUE", sentence, cure)
    return found


def _count(siret: str, since: datetime | None, *, as_json: bool) -> int:
    """What a retrieval from that day would bring, by status and by service."""
    from raccord.domain.clock import PARIS
    from raccord.domain.statuses import label
    from raccord.settings import load_settings

    settings = load_settings()
    with opened(settings) as gateway:
        usual = gateway.clock().astimezone(PARIS).date() - timedelta(days=settings.backfill_days)
        day = since.date() if since else usual
        found = [(one, gateway.inbox.backlog(one.id, day)) for one in _chosen(gateway, siret)]
    if as_json:
        print_json([
            {"structure": one.siret, "since": day, "total": backlog.total, "missing": backlog.missing,
             "oldest": backlog.oldest,
             "by_status": dict(backlog.by_status),
             "by_service": {service.code: count for service, count in backlog.by_service.items()}}
            for one, backlog in found
        ])  # fmt: skip
        return Exit.OK
    for one, backlog in found:
        click.echo(f"{one.label} ({one.siret}) : {backlog.total} facture(s) depuis le {day:%d/%m/%Y}, "
                   f"dont {backlog.missing} pas encore dans Raccord")  # fmt: skip
        for status, count in backlog.by_status.items():
            click.echo(f"{count:>8}  {label(status)}")
        for service, count in backlog.by_service.items():
            click.echo(f"{count:>8}  service {service.code or '(aucun)'} {service.name}")
    return Exit.OK


def _ask(
    gateway: "Gateway",
    structure: "Structure",
    since: datetime | None,
    states: tuple[str, ...] = (),
    services: tuple[str, ...] = (),
) -> None:
    from raccord.domain.errors import Invalid

    if structure.receive_from is not None and not (since and (states or services)):
        gateway.inbox.retrieve(structure.id, ACTOR, since)
    elif since is not None:
        gateway.inbox.begin(structure.id, since, ACTOR, states=states, services=services)
    else:
        raise Invalid("DATE_DE_DEBUT_ABSENTE", f"La récupération de {structure.label} n’a jamais commencé.",
                      "Dites à partir de quel jour, avec --since AAAA-MM-JJ.")  # fmt: skip


def _gathered(gateway: "Gateway", after: int, wait: float) -> "list[tuple[int, Reception]]":
    """What is stored after that number, once nothing new has come for a moment."""
    end, quiet_since, count = time.monotonic() + wait, time.monotonic(), -1
    while time.monotonic() < end:
        found = gateway.inbox.since(after, limit=1000)
        if len(found) != count:
            count, quiet_since = len(found), time.monotonic()
        if count > 0 and time.monotonic() - quiet_since > 2:
            break
        time.sleep(0.25)
    return list(gateway.inbox.since(after, limit=1000))


def _written(gateway: "Gateway", reception: "Reception", folder: Path) -> list[Path]:
    """Each file of the reception, under a name that says whose it is."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for document in reception.documents:
        _, data = gateway.inbox.document(reception.id, document.sha256)
        path = folder / f"{reception.id_facture}_{document.kind}_{Path(document.name).name}"
        path.write_bytes(data)
        paths.append(path)
    return paths
