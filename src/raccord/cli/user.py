"""`raccord user`: who may come in, from the terminal of the machine; the way back in when nobody can sign in."""

import click

from raccord.cli.exits import Exit
from raccord.cli.house import (
    ACTOR,
    ROLES,
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
from raccord.domain.roles import Role


@click.group()
def user() -> None:
    """Voir, inviter ou dépanner les utilisateurs."""


@user.command("list")
@as_json
def listing(*, as_json: bool) -> int:
    """Montrer chaque personne, son rôle et son accès."""
    with opened() as gateway:
        found = gateway.users.all()
    if as_json:
        print_json(found)
        return Exit.OK
    lines = table("Adresse", "Nom", "Rôle", "Structures", "Accès", "2e facteur", "Dernière connexion")
    for one in found:
        access = "ouvert" if one.active else "fermé"
        factor = "oui" if one.totp_enabled else "non"
        lines.add_row(
            one.email, one.name, one.role.label, reach_in_words(one.reach), access, factor, moment(one.last_login_at)
        )
    show(lines)
    return Exit.OK


@user.command("invite")
@click.argument("email")
@click.option("--name", required=True, help="Nom de la personne : il signe ses actions.")
@click.option("--role", type=click.Choice(ROLES), default="lecteur", show_default=True, help="Ce qu’elle pourra faire.")
@structures
@as_json
def invite(*, email: str, name: str, role: str, structures: tuple[str, ...], as_json: bool) -> int:
    """Inviter EMAIL : affiche le lien qui lui fera choisir son mot de passe (une fois, sept jours)."""
    with opened() as gateway:
        token = gateway.users.invite(email, name, Role(role), ACTOR, reach=reach_of(structures))
    return _link("invitation", token, as_json=as_json)


@user.command("change")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), help="Son nouveau rôle.")
@click.option("--every-structure", is_flag=True, help="Lui montrer de nouveau toutes les structures.")
@structures
def change(*, email: str, role: str | None, every_structure: bool, structures: tuple[str, ...]) -> int:
    """Changer le rôle de EMAIL, ou les structures qu’il voit."""
    if every_structure and structures:
        raise click.UsageError("Choisissez --structure ou --every-structure, pas les deux.")
    reach = reach_of(structures) if structures or every_structure else None
    with opened() as gateway:
        person = find_person(gateway, email)
        changed = gateway.users.change_user(person.id, ACTOR, role=Role(role) if role else None, reach=reach)
    click.echo(f"{changed.email} : {changed.role.label}, structures : {reach_in_words(changed.reach)}.")
    return Exit.OK


@user.command("link")
@click.argument("email")
@as_json
def link(*, email: str, as_json: bool) -> int:
    """Donner à EMAIL un lien pour choisir un nouveau mot de passe (une fois, une heure)."""
    with opened() as gateway:
        person = find_person(gateway, email)
        token = gateway.users.reset_link(person.email)
    return _link("nouveau-mot-de-passe", token or "", as_json=as_json)


@user.command("forget-factor")
@click.argument("email")
def forget_factor(*, email: str) -> int:
    """Retirer le second facteur de EMAIL, qui a perdu son téléphone et ses codes de secours."""
    with opened() as gateway:
        gateway.users.totp_disable(find_person(gateway, email).id, ACTOR)
    click.echo(f"{email} entre de nouveau avec son seul mot de passe.")
    return Exit.OK


def _link(path: str, token: str, *, as_json: bool) -> int:
    from raccord.settings import load_settings

    address = f"{load_settings().public_url}/{path}/{token}"
    print_json({"link": address}) if as_json else click.echo(f"Ce lien ne sert qu’une fois :\n  {address}")
    return Exit.OK
