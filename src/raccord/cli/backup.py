"""`raccord backup` and `raccord restore`: the whole house in one file, secrets only under a passphrase."""

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json
from raccord.cli.passphrase import passphrase_given

if TYPE_CHECKING:
    from raccord.engine.backups import BackupReport, Backups
    from raccord.engine.gateway import Gateway

_PHRASE = "Fichier dont la première ligne est la phrase secrète (- : entrée standard)."


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Joindre les secrets, chiffrés par une phrase secrète.")
@click.option("--passphrase-file", type=click.File("rb"), help=_PHRASE)
@click.option("--without-originals", is_flag=True, help="Laisser de côté les factures d’origine.")
@as_json
def backup(
    *, file: Path, with_secrets: bool, passphrase_file: BinaryIO | None, without_originals: bool, as_json: bool
) -> int:
    """Sauvegarder tout Raccord dans FILE (.tar.gz), sans l’arrêter.

    Sans --with-secrets, rien dans le fichier n’ouvre quoi que ce soit : ni mot de passe, ni clé, ni session.
    """
    phrase = passphrase_given(passphrase_file, confirm=True) if with_secrets else None
    with opened() as gateway:
        report = _backups(gateway).write(file, ACTOR, phrase, originals=not without_originals)
    _tell(report, f"Sauvegarde écrite : {file}", as_json=as_json)
    return Exit.REFUSED if report.missing else Exit.OK


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--with-secrets", is_flag=True, help="Reprendre aussi les secrets : la phrase secrète est demandée.")
@click.option("--passphrase-file", type=click.File("rb"), help=_PHRASE)
@as_json
def restore(*, file: Path, with_secrets: bool, passphrase_file: BinaryIO | None, as_json: bool) -> int:
    """Reprendre la sauvegarde FILE dans une base neuve.

    Les envois restent suspendus : ce que la sauvegarde croit en attente a pu partir depuis.
    """
    phrase = passphrase_given(passphrase_file, confirm=False) if with_secrets else None
    with opened() as gateway:
        report = _backups(gateway).read(file, ACTOR, phrase)
    _tell(report, f"Sauvegarde reprise : {file}", as_json=as_json)
    if not as_json:
        click.echo("Les envois sont suspendus. Voyez ce qui s’est passé depuis : raccord reconcile")
        click.echo("Puis prenez-le en compte (raccord reconcile --apply) et reprenez : raccord outbox resume CONNEXION")
        if phrase is None:
            click.echo("Les mots de passe sont à saisir de nouveau. Pour entrer : raccord user link ADRESSE")
    return Exit.OK


def _backups(gateway: "Gateway") -> "Backups":
    from raccord.engine.backups import Backups

    return Backups(gateway.store, gateway.archive, gateway.vault, gateway.clock)


def _tell(report: "BackupReport", sentence: str, *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    secrets = f"{report.secrets} secrets chiffrés" if report.secrets else "aucun secret"
    click.echo(f"{sentence} ({report.rows} lignes, {report.originals} originaux, {secrets}).")
    for name in report.missing:
        click.echo(f"  absent des archives : {name}", err=True)
