"""`raccord directory`: search the public structures, see what one demands, load or refresh the local copy."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, moment, opened, print_json, show, table

if TYPE_CHECKING:
    from raccord.domain.directory import DirectoryStatus, Edition
    from raccord.engine.gateway import Gateway


@click.group()
def directory() -> None:
    """Chercher une structure publique, ce qu’elle exige, et tenir l’annuaire à jour."""


@directory.command("search")
@click.argument("text", nargs=-1, required=True)
@click.option("--town", default="", help="Commune ou début du code postal.")
@click.option("--limit", type=click.IntRange(1, 200), default=20, show_default=True, help="Nombre de réponses.")
@as_json
def search(text: tuple[str, ...], town: str, limit: int, *, as_json: bool) -> int:
    """Chercher par nom, SIRET ou SIREN ; sans accent et malgré une faute de frappe."""
    from raccord.domain.directory import requirement

    with opened() as gateway:
        home = gateway.directory.home()
        found = gateway.directory.search(" ".join(text), town, limit, home)
        status = gateway.directory.status(home)
    if as_json:
        print_json([{"structure": one, "requirement": requirement(one).value} for one in found])
        return Exit.OK
    lines = table("SIRET", "Nom", "Commune", "Exigence")
    for one in found:
        closed = "" if one.active else " (fermée)"
        lines.add_row(one.siret, one.name + closed, f"{one.postcode} {one.town}", requirement(one).label)
    show(lines if found else _nothing(status))
    return Exit.OK


def _nothing(status: "DirectoryStatus") -> str:
    if status.current is None:
        return (
            "L’annuaire n’est pas encore chargé : lancez « raccord directory refresh » ou « raccord directory load »."
        )
    return "Aucune structure ne correspond."


@directory.command("show")
@click.argument("siret")
@as_json
def show_one(siret: str, *, as_json: bool) -> int:
    """Montrer ce qu’une structure exige, et ses services."""
    from raccord.domain.directory import requirement
    from raccord.domain.errors import NotFound

    with opened() as gateway:
        home = gateway.directory.home()
        found = gateway.directory.find(siret, home)
        if found is None:
            raise NotFound("STRUCTURE_PUBLIQUE_INCONNUE", f"Aucune structure publique n’a le SIRET {siret}.",
                           "Vérifiez le SIRET sur le bon de commande.")  # fmt: skip
        services = gateway.directory.services(siret, home)
    if as_json:
        print_json({"structure": found, "requirement": requirement(found).value, "services": list(services)})
        return Exit.OK
    click.echo(f"{found.name} ({found.siret}), {found.postcode} {found.town}")
    click.echo(requirement(found).sentence + ("" if found.active else " Cette structure est fermée."))
    for service in services:
        marks = [] if service.active else ["fermé"]
        marks += ["engagement obligatoire"] if service.commitment_required else []
        click.echo(f"  {service.code:<30} {service.name}{' — ' + ', '.join(marks) if marks else ''}")
    return Exit.OK


@directory.command("load")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FICHIERS"
)
@click.option("--shrink", is_flag=True, help="Accepter un annuaire bien plus petit que celui en place.")
@as_json
def load(files: tuple[Path, ...], *, shrink: bool, as_json: bool) -> int:
    """Charger l’annuaire public (CSV, XLSX, XML ou ZIP) ; structures et services ensemble."""
    from rich.progress import Progress, TextColumn, TimeElapsedColumn

    with opened() as gateway, Progress(
        TextColumn("Chargement : {task.completed:,} lignes"), TimeElapsedColumn(), transient=True, disable=as_json
    ) as bar:  # fmt: skip
        task = bar.add_task("load", total=None)
        edition = gateway.directory.load(
            files, ACTOR, shrink=shrink, progress=lambda rows: bar.update(task, completed=rows)
        )
    return _told(edition, as_json=as_json)


@directory.command("refresh")
@click.option("--connection", default="", help="Connexion par laquelle demander ; la première par défaut.")
@as_json
def refresh(connection: str, *, as_json: bool) -> int:
    """Télécharger l’annuaire de Chorus Pro et le mettre en place."""
    with opened() as gateway:
        edition = gateway.directory.refresh(_meant(gateway, connection), ACTOR)
    return _told(edition, as_json=as_json)


def _meant(gateway: "Gateway", connection: str) -> str:
    return gateway.connections.find(connection).id if connection else gateway.directory.home()


def _told(edition: "Edition", *, as_json: bool) -> int:
    if as_json:
        print_json(edition)
    else:
        click.echo(f"Annuaire en place : {edition.structures} structures, {edition.services} services, "
                   f"chargé le {moment(edition.loaded_at)}.")  # fmt: skip
    return Exit.OK


@directory.command("sample")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), metavar="DOSSIER")
@click.option("--structures", type=click.IntRange(1, 1_000_000), default=1000, show_default=True, help="Combien.")
@click.option("--seed", type=int, default=0, show_default=True, help="Même graine, même annuaire.")
def sample(folder: Path, structures: int, seed: int) -> int:
    """Écrire un annuaire inventé, pour essayer sans le vrai fichier."""
    from raccord.store.directory.sample import generate, write_csv

    folder.mkdir(parents=True, exist_ok=True)
    files = (folder / "structures.csv", folder / "services.csv")
    write_csv(generate(structures, seed), *files)
    click.echo(f"{files[0]}\n{files[1]}")
    return Exit.OK
