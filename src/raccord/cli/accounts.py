"""`raccord accounts`: technical accounts by the hundred, from a file; and when their passwords end."""

from typing import BinaryIO

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json, show, table


@click.group()
def accounts() -> None:
    """Importer des comptes techniques, suivre leurs échéances."""


@accounts.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--like", default="", help="Connexion dont les nouvelles prennent l’environnement et l’application.")
@click.option("--apply", "apply_it", is_flag=True, help="Faire l’import ; sans elle, rien n’est changé.")
@as_json
def import_accounts(*, file: BinaryIO, like: str, apply_it: bool, as_json: bool) -> int:
    """Lire FILE (nom;identifiant;mot_de_passe;date_expiration) et dire ce que chaque ligne ferait.

    Code de sortie 1 quand une ligne est refusée ; les autres sont prises.
    """
    from raccord.domain.requests import ImportOutcome

    with opened() as gateway:
        report = gateway.connections.import_accounts(file.read(), ACTOR, like=like, dry_run=not apply_it)
    if as_json:
        print_json({"dry_run": report.dry_run, "lines": list(report.lines)})
    else:
        lines = table("Ligne", "Nom", "Compte", "Résultat", "Explication")
        for one in report.lines:
            lines.add_row(str(one.number), one.label, one.login, one.outcome.value, one.sentence)
        show(lines)
        click.echo("Essai : rien n’a été changé. Pour importer : --apply" if report.dry_run else "Import fait.")
    return Exit.REFUSED if report.count(ImportOutcome.REFUSED) else Exit.OK


@accounts.command("digest")
def digest() -> int:
    """Dire ce qui est en panne et ce qui va expirer, le plus pressé d’abord."""
    with opened() as gateway:
        click.echo(gateway.expiry.digest())
    return Exit.OK


@accounts.command("calendar")
def calendar() -> int:
    """Écrire les dates d’expiration sous forme de calendrier (.ics)."""
    with opened() as gateway:
        click.echo(gateway.expiry.all_ics().decode(), nl=False)
    return Exit.OK
