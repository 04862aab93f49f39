"""`raccord folder`: look into the watched folder, once or as long as the command runs."""

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import as_json, opened, print_json

if TYPE_CHECKING:
    from raccord.hotfolder import Look


@click.command()
@click.option(
    "--dir", "root", type=click.Path(file_okay=False, path_type=Path), help="Le dossier (RACCORD_HOTFOLDER_DIR)."
)
@click.option("--once", is_flag=True, help="Regarder une seule fois, puis rendre la main.")
@click.option(
    "--wait", type=click.FloatRange(0.1, 3600), default=2.0, show_default=True, help="Secondes entre deux regards."
)
@as_json
def folder(*, root: Path | None, once: bool, wait: float, as_json: bool) -> int:
    """Prendre les factures du dossier surveillé, y déposer celles qui sont reçues.

    Un fichier est pris quand il n’a pas bougé entre deux regards. « raccord serve » fait de même, sans cette commande.
    """
    from raccord.domain.errors import Misconfigured
    from raccord.settings import load_settings
    from raccord.wiring import build_folder

    settings = load_settings()
    with opened(settings, working=not once) as gateway:
        watched = build_folder(gateway, settings, root)
        if watched is None:
            raise Misconfigured(
                "DOSSIER_ABSENT",
                "Aucun dossier surveillé n’est réglé.",
                "Indiquez-le avec --dir, ou dans RACCORD_HOTFOLDER_DIR.",
            )
        if once:
            return _tell(watched.look_twice(lambda: time.sleep(wait)), as_json=as_json)
        while True:
            _tell(watched.look(), as_json=as_json, quiet=True)
            time.sleep(wait)


def _tell(look: "Look", *, as_json: bool, quiet: bool = False) -> int:
    if as_json:
        facts = [{"name": one.name, "accepted": one.accepted, "path": str(one.path)} for one in look.invoices]
        print_json({"invoices": facts, "laid": look.laid, "taken": look.taken, "statuses": dict(look.statuses)})
    else:
        for one in look.invoices:
            click.echo(f"{'prise' if one.accepted else 'à corriger':<10}  {one.name}")
        for name, words in look.statuses:
            click.echo(f"{'refusé' if words else 'envoyé':<10}  {name}  {words}".rstrip())
        if not quiet or look.laid or look.taken:
            click.echo(f"{look.laid} facture(s) reçue(s) déposée(s), {look.taken} prise(s) par le logiciel.")
    return Exit.REFUSED if look.refused else Exit.OK
