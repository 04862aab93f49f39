"""`raccord key`: the keys of the vault, changed without changing a secret."""

import os
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json

if TYPE_CHECKING:
    from raccord.settings import Settings


@click.group()
def key() -> None:
    """Changer les clés du coffre."""


@key.command("rotate")
@click.option("--reseal", is_flag=True, help="Chiffrer aussi chaque secret de nouveau, avec une clé de données neuve.")
@as_json
def rotate(*, reseal: bool, as_json: bool) -> int:
    """Remplacer la clé maîtresse par une clé neuve. Les secrets restent lisibles, l’ancienne clé ne sert plus.

    Arrêtez les autres processus de Raccord avant, et donnez-leur la nouvelle clé après.
    """
    from raccord.domain.errors import Conflict
    from raccord.settings import load_settings
    from raccord.vault import rotate_key_file

    settings = load_settings()
    with opened(settings) as gateway:
        if gateway.jobs.liveness.alive():
            raise Conflict(
                "RACCORD_EN_MARCHE",
                "Raccord travaille en ce moment avec la clé actuelle : rien n’a été changé.",
                "Arrêtez raccord serve et raccord worker, puis recommencez.",
            )
        _refuse_elsewhere(settings)
        secrets = gateway.vault.rotate_data_key() if reseal else 0
        keys = rotate_key_file(gateway.vault, settings.master_key_file)
        gateway.journal.note("house", "vault.key_rotated", ACTOR, keys=keys, secrets=secrets)
    if as_json:
        print_json({"keys": keys, "secrets": secrets, "file": str(settings.master_key_file)})
    else:
        click.echo(f"La clé du coffre est changée : {settings.master_key_file}. Sauvegardez-la à part, dès maintenant.")
    return Exit.OK


def _refuse_elsewhere(settings: "Settings") -> None:
    from raccord.domain.errors import Misconfigured

    if settings.master_key or settings.keyring or "CREDENTIALS_DIRECTORY" in os.environ:
        raise Misconfigured(
            "COFFRE_CLE_AILLEURS",
            "La clé du coffre vient de l’environnement ou du trousseau : Raccord ne peut pas la remplacer lui-même.",
            "Passez d’abord à un fichier de clé (RACCORD_MASTER_KEY_FILE), puis recommencez.",
        )
