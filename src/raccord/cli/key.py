"""`raccord key`: the keys of programs, limited and revoked; the key of the vault, changed without changing a secret."""

import os
from typing import TYPE_CHECKING

import click

from raccord.cli.exits import Exit
from raccord.cli.house import (
    ACTOR,
    as_json,
    find_person,
    moment,
    opened,
    print_json,
    reach_in_words,
    reach_of,
    show,
    structures,
    table,
)
from raccord.domain.clock import last_instant
from raccord.domain.roles import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from raccord.settings import Settings

_SCOPES = [scope.value for scope in Permission if scope is not Permission.MANAGE_USERS]


@click.group()
def key() -> None:
    """Créer et révoquer les clés d’API ; changer la clé du coffre."""


@key.command("create")
@click.argument("name")
@click.option("--owner", required=True, metavar="EMAIL", help="Personne à qui elle appartient : jamais plus de droits.")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(_SCOPES), help="Droit ; à répéter.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="AAAA-MM-JJ", help="Dernier jour de validité.")
@structures
@as_json
def create(
    *,
    name: str,
    owner: str,
    scopes: tuple[str, ...],
    until: "datetime | None",
    structures: tuple[str, ...],
    as_json: bool,
) -> int:
    """Créer une clé d’API pour le programme NAME ; elle n’est affichée qu’une fois."""
    with opened() as gateway:
        wanted = frozenset(map(Permission, scopes))
        end = last_instant(until.date()) if until else None
        made = gateway.users.create_key(name, wanted, find_person(gateway, owner).id, end, reach=reach_of(structures))
    if as_json:
        print_json({"id": made.view.id, "key": made.key.reveal()})
    else:
        click.echo(f"Copiez cette clé maintenant, elle ne sera plus affichée :\n  {made.key.reveal()}")
    return Exit.OK


@key.command("list")
@as_json
def listing(*, as_json: bool) -> int:
    """Montrer chaque clé d’API : ses droits, ses structures, sa fin."""
    with opened() as gateway:
        found = gateway.users.keys()
    if as_json:
        print_json(found)
        return Exit.OK
    lines = table("Identifiant", "Nom", "Droits", "Structures", "Expire le", "État")
    for one in found:
        scopes = ", ".join(sorted(one.scopes))
        state = "révoquée" if one.revoked else "en service"
        lines.add_row(one.id, one.label, scopes, reach_in_words(one.reach), moment(one.expires_at), state)
    show(lines)
    return Exit.OK


@key.command("revoke")
@click.argument("key_id")
def revoke(*, key_id: str) -> int:
    """Fermer pour de bon la clé d’API KEY_ID : le programme qui l’emploie est refusé aussitôt."""
    with opened() as gateway:
        gateway.users.revoke_key(key_id, ACTOR)
    click.echo("La clé est révoquée.")
    return Exit.OK


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
