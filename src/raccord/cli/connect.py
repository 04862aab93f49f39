"""`raccord connect`: a connection from the terminal. The password comes from a prompt, a file or the standard input."""

import sys
from typing import TYPE_CHECKING, BinaryIO

import click

from raccord.cli.exits import Exit
from raccord.cli.house import ACTOR, as_json, opened, print_json
from raccord.cli.secret_files import first_line

if TYPE_CHECKING:
    from raccord.domain.connection import Connection
    from raccord.domain.secrets import Secret
    from raccord.engine.gateway import Gateway
    from raccord.vault.portal_file import PortalAccount

_WHERE_FROM = "Fichier du mot de passe, ou fichier enregistré depuis le portail (- : entrée standard)."
_ENVIRONMENTS = ["production", "qualification", "simulator"]


@click.command()
@click.argument("label")
@click.option("--environment", type=click.Choice(_ENVIRONMENTS), default="production", help="Où mène la connexion.")
@click.option("--base-url", default="", help="Adresse du simulateur, par exemple http://127.0.0.1:8095.")
@click.option("--client-id", default="", help="Identifiant de l’application PISTE.")
@click.option("--client-secret-file", type=click.File("rb"), help="Fichier qui contient le secret PISTE.")
@click.option("--login", default="", help="Identifiant du compte technique.")
@click.option("--password-file", type=click.File("rb"), help=_WHERE_FROM)
@as_json
def connect(
    *, label: str, environment: str, base_url: str, client_id: str, client_secret_file: BinaryIO | None,
    login: str, password_file: BinaryIO | None, as_json: bool,
) -> int:  # fmt: skip
    """Créer ou modifier la connexion LABEL à Chorus Pro, et la tester.

    Ce qui manque est demandé. Le mot de passe n’est jamais pris sur la ligne de commande, où d’autres le liraient.
    """
    from raccord.domain.secrets import Secret

    secret = Secret(first_line(client_secret_file.read())) if client_secret_file else None
    with opened() as gateway:
        connection = _ready(
            gateway, label=label, environment=environment, base_url=base_url, client_id=client_id, secret=secret
        )
        account = _account(login or connection.login, password_file.read() if password_file else None)
        result = gateway.connections.enter_candidate(
            connection.id, account.login, account.password, ACTOR, expires_at=account.expires_at
        )
        if result.promoted:
            gateway.connections.discover_structures(connection.id, ACTOR)
    sentence = result.verdict.light.sentence
    reasons = [one.sentence for one in result.verdict.suspicions]
    if as_json:
        print_json({"connection": connection.id, "promoted": result.promoted, "light": result.verdict.light.value,
                    "sentence": sentence, "causes": [one.cause.code for one in result.verdict.suspicions]})  # fmt: skip
    else:
        click.echo("\n".join([sentence, *reasons, *(remark.sentence for remark in result.remarks)]))
    return Exit.OK if result.promoted else Exit.CONNECTION_RED


def _ready(
    gateway: "Gateway", *, label: str, environment: str, base_url: str, client_id: str, secret: "Secret | None"
) -> "Connection":
    from raccord.domain.connection import EnvironmentName
    from raccord.domain.requests import ConnectionChange, NewConnection
    from raccord.engine.connections import addresses_at

    addresses = addresses_at(base_url) if base_url else None
    existing = next((one for one in gateway.connections.all() if label in (one.id, one.label)), None)
    if existing is not None:
        change = ConnectionChange(addresses=addresses, client_id=client_id or None, client_secret=secret)
        return gateway.connections.edit(existing.id, change, ACTOR)
    new = NewConnection(
        label=label, environment=EnvironmentName(environment), addresses=addresses,
        client_id=client_id or _ask("Identifiant de l’application PISTE (client id)"),
        client_secret=secret or _ask_secret("Secret de l’application PISTE (client secret)"),
    )  # fmt: skip
    return gateway.connections.create(new, ACTOR)


def _account(login: str, given: bytes | None) -> "PortalAccount":
    """The login and the password: from the portal's own file, from a file of one line, or asked for."""
    from raccord.domain.errors import Invalid
    from raccord.domain.secrets import Secret
    from raccord.vault.portal_file import PortalAccount, read_portal_file

    if given is None:
        login = login or _ask("Identifiant du compte technique")
        return PortalAccount(login, _ask_secret("Mot de passe du compte technique"))
    try:
        return read_portal_file(given)
    except Invalid:
        return PortalAccount(login or _ask("Identifiant du compte technique"), Secret(first_line(given)))


def _ask(words: str) -> str:
    _need_a_person(words)
    return str(click.prompt(words)).strip()


def _ask_secret(words: str) -> "Secret":
    from raccord.domain.secrets import Secret

    _need_a_person(words)
    return Secret(click.prompt(words, hide_input=True))


def _need_a_person(words: str) -> None:
    if not sys.stdin.isatty():
        raise click.UsageError(
            f"« {words} » manque, et personne n’est au clavier pour répondre. Voir raccord connect --help."
        )
